/* SPDX-License-Identifier: BSD-3-Clause */
/* profile_file.c - encode and decode a profile file (profile_dir.c reads and writes the files) */
#include "homeostasis/profile_file.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "base/cleanup.h"

#define MAGIC	     "EBTPH\r\n\x1a" /* CR LF reveals a copy made in text mode */
#define HEADER_BYTES 32
#define OTHER_CALL   0xffffu
#define COUNTERS     8
#define FLAGS_AT     12
#define FLAG_KILL    0x1ull

static void profile_put(struct ebt_buf *b, uint64_t value, size_t bytes)
{
	unsigned char le[8];

	for (size_t i = 0; i < bytes; i++)
		le[i] = (unsigned char)(value >> 8 * i);
	ebt_buf_append(b, le, bytes);
}

/* A position in the bytes. Reading past the end returns 0 and sets `bad`. */
struct reader {
	const unsigned char *at;
	size_t left;
	bool bad;
};

static uint64_t profile_get(struct reader *r, size_t bytes)
{
	uint64_t value = 0;

	if (r->left < bytes) {
		r->bad = true;
		r->left = 0;
		return 0;
	}
	for (size_t i = 0; i < bytes; i++)
		value |= (uint64_t)r->at[i] << 8 * i;
	r->at += bytes;
	r->left -= bytes;
	return value;
}

/* Get the next column in the order of call numbers, with OTHER last, so that two profiles with the
 * same content have the same bytes, in whatever order they learned it. *call starts at 0. Return
 * false after the last column. */
static bool next_column(const struct ebt_ph_profile *p, uint32_t *call, uint32_t *col)
{
	while (*call < EBT_PH_CALLS) {
		*col = p->col_of[(*call)++];
		if (*col && *col != EBT_PH_OTHER)
			return true;
	}
	*col = EBT_PH_OTHER;
	return (*call)++ == EBT_PH_CALLS;
}

static uint32_t call_before(uint32_t next, uint32_t col)
{
	return col == EBT_PH_OTHER ? OTHER_CALL : next - 1;
}

static void put_row(struct ebt_buf *out, const struct ebt_ph_profile *p,
		    const struct ebt_ph_row *row)
{
	uint32_t n = 0, next = 0, prev;
	size_t count_at = out->len;

	profile_put(out, 0, 2);
	while (row && next_column(p, &next, &prev)) {
		uint8_t a = ebt_ph_bits(row->a, prev), b = ebt_ph_bits(row->b, prev);

		if (!a && !b)
			continue;
		profile_put(out, call_before(next, prev), 2);
		profile_put(out, a, 1);
		profile_put(out, b, 1);
		n++;
	}
	if (!out->error) {
		out->data[count_at] = (char)n;
		out->data[count_at + 1] = (char)(n >> 8);
	}
}

static uint32_t put_rows(struct ebt_buf *out, struct ebt_ph_set *set)
{
	uint32_t next = 0, col, rows = 0;

	while (next_column(&set->profile, &next, &col)) {
		if (!set->rows[col] && col == EBT_PH_OTHER)
			continue;
		if (set->rows[col])
			ebt_ph_set_row(set, col);
		profile_put(out, call_before(next, col), 2);
		put_row(out, &set->profile, set->rows[col]);
		rows++;
	}
	return rows;
}

static void put_counters(struct ebt_buf *out, const struct ebt_ph_profile *p)
{
	const uint64_t counters[COUNTERS] = { p->train_count,  p->mod_at,    p->count_base,
					      p->sequences,    p->anomalies, p->anomalies_base,
					      p->normal_at_ns, p->changed_ns };

	for (size_t i = 0; i < COUNTERS; i++)
		profile_put(out, counters[i], 8);
}

int ebt_ph_encode(struct ebt_ph_set *set, struct ebt_buf *out)
{
	const struct ebt_ph_profile *p = &set->profile;
	size_t begin = out->len, path_len = strnlen(set->path, sizeof(set->path));
	struct ebt_buf late = { 0 };
	size_t rows_at;

	ebt_buf_append(out, MAGIC, 8);
	profile_put(out, EBT_PH_FILE_VERSION, 4);
	profile_put(out, set->kill ? FLAG_KILL : 0, 4);
	profile_put(out, 0, 8); /* length and checksum, filled in below */
	profile_put(out, 0, 8);
	profile_put(out, p->key.ino, 8);
	profile_put(out, p->key.dev, 4);
	profile_put(out, p->key.guard, 4);
	put_counters(out, p);
	profile_put(out, p->state, 4);
	profile_put(out, p->max_lfc, 4);
	profile_put(out, path_len, 4);
	rows_at = out->len;
	profile_put(out, 0, 4);
	ebt_buf_append(out, set->path, path_len);
	profile_put(&late, put_rows(out, set), 4);
	if (out->error || late.error) {
		ebt_buf_free(&late);
		return out->error ? out->error : -ENOMEM;
	}
	memcpy(out->data + rows_at, late.data, 4);
	ebt_buf_reset(&late);
	profile_put(&late, out->len - begin, 8);
	profile_put(&late,
		    XXH3_64bits(out->data + begin + HEADER_BYTES, out->len - begin - HEADER_BYTES),
		    8);
	if (!late.error)
		memcpy(out->data + begin + 16, late.data, late.len);
	ebt_buf_free(&late);
	return 0;
}

static const char *check_header(const void *data, size_t len)
{
	struct reader r = { data, len, false };
	uint64_t version, flags, length, sum;

	if (len < HEADER_BYTES)
		return "it is too short";
	if (len > EBT_PH_FILE_MAX_BYTES)
		return "it is too long";
	if (memcmp(data, MAGIC, 8) != 0)
		return "it is not a profile";
	profile_get(&r, 8);
	version = profile_get(&r, 4);
	flags = profile_get(&r, 4);
	length = profile_get(&r, 8);
	sum = profile_get(&r, 8);
	if (version != EBT_PH_FILE_VERSION || flags & ~FLAG_KILL)
		return "it is of another version";
	if (length != len)
		return "its length is wrong";
	if (XXH3_64bits(r.at, r.left) != sum)
		return "its checksum is wrong";
	return NULL;
}

static void get_counters(struct reader *r, struct ebt_ph_profile *p)
{
	__u64 *const counters[COUNTERS] = { &p->train_count,  &p->mod_at,    &p->count_base,
					    &p->sequences,    &p->anomalies, &p->anomalies_base,
					    &p->normal_at_ns, &p->changed_ns };

	for (size_t i = 0; i < COUNTERS; i++)
		*counters[i] = profile_get(r, 8);
}

/* Return the column of a call in the file, or 0 if the call is out of range. */
static uint32_t profile_column(struct ebt_ph_set *set, uint64_t call)
{
	if (call == OTHER_CALL)
		return EBT_PH_OTHER;
	return call < EBT_PH_CALLS ? ebt_ph_set_column(set, (uint32_t)call) : 0;
}

static int get_row(struct reader *r, struct ebt_ph_set *set)
{
	uint32_t col = profile_column(set, profile_get(r, 2));
	struct ebt_ph_row *row = col ? ebt_ph_set_row(set, col) : NULL;
	uint64_t n = profile_get(r, 2);

	if (!row)
		return col ? -ENOMEM : -EBADMSG;
	for (uint64_t i = 0; i < n && !r->bad; i++) {
		uint32_t prev = profile_column(set, profile_get(r, 2));
		uint64_t a = profile_get(r, 1), b = profile_get(r, 1);

		if (!prev)
			return -EBADMSG;
		row->a[prev >> 3] |= a << EBT_PH_LANE(prev);
		row->b[prev >> 3] |= b << EBT_PH_LANE(prev);
	}
	return r->bad ? -EBADMSG : 0;
}

int ebt_ph_decode(struct ebt_ph_set **out, const void *data, size_t len, const char **why)
{
	_cleanup_ph_set_ struct ebt_ph_set *set = NULL;
	struct reader r = { data, len, false };
	struct ebt_ph_profile *p;
	uint64_t path_len, rows;
	int err;

	*why = check_header(data, len);
	if (*why)
		return -EBADMSG;
	err = ebt_ph_set_new(&set);
	if (err)
		return err;
	p = &set->profile;
	set->kill = r.at[FLAGS_AT] & FLAG_KILL;
	r.at += HEADER_BYTES;
	r.left -= HEADER_BYTES;
	p->key.ino = profile_get(&r, 8);
	p->key.dev = (uint32_t)profile_get(&r, 4);
	p->key.guard = (uint32_t)profile_get(&r, 4);
	get_counters(&r, p);
	p->state = (uint32_t)profile_get(&r, 4) & (EBT_PH_FROZEN | EBT_PH_NORMAL);
	p->max_lfc = (uint32_t)profile_get(&r, 4);
	path_len = profile_get(&r, 4);
	rows = profile_get(&r, 4);
	p->epoch_b = 1;
	*why = "its contents are out of range";
	if (r.bad || path_len >= sizeof(set->path) || path_len > r.left || rows > EBT_PH_COLS ||
	    p->max_lfc > EBT_PH_LOCALITY)
		return -EBADMSG;
	memcpy(set->path, r.at, path_len);
	r.at += path_len;
	r.left -= path_len;
	for (uint64_t i = 0; i < rows && !err; i++)
		err = get_row(&r, set);
	if (!err && r.left)
		err = -EBADMSG;
	for (uint32_t col = 0; col < EBT_PH_COLS && !err; col++) {
		struct ebt_ph_row *row = set->rows[col];

		if (row)
			row->same = memcmp(row->a, row->b, sizeof(row->a)) == 0;
	}
	if (!err)
		*out = TAKE_PTR(set);
	return err;
}
