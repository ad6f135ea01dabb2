/* SPDX-License-Identifier: BSD-3-Clause */
#include "recording/parts_names.h"

#include <stdlib.h>

#define HASH_NONFATAL_OOM 1
#include <uthash.h>

#include "base/bytes.h"

struct ebt_parts_name {
	UT_hash_handle hh;
	struct {
		uint64_t number, kind;
	} key;
	size_t len;
	char data[]; /* data of the frame */
};

static void parts_forget(struct ebt_parts_names *names, struct ebt_parts_name *entry)
{
	HASH_DELETE(hh, names->table, entry);
	names->bytes -= sizeof(*entry) + entry->len;
	free(entry);
}

void ebt_parts_names_add(struct ebt_parts_names *names, const struct ebt_frame *f)
{
	struct ebt_parts_name find = { .key = { .kind = f->kind } }, *old, *entry;
	uint64_t limit = names->limit ? names->limit : EBT_PARTS_NAMES_MAX;
	uint64_t bytes = sizeof(*entry) + f->len;

	if (f->len < sizeof(find.key.number) || bytes > limit)
		return;
	memcpy(&find.key.number, f->data, sizeof(find.key.number));
	HASH_FIND(hh, names->table, &find.key, sizeof(find.key), old);
	if (old && old->len == f->len && memcmp(old->data, f->data, f->len) == 0)
		return;
	if (old)
		parts_forget(names, old);
	while (names->bytes + bytes > limit)
		parts_forget(names, names->table);
	entry = calloc(1, bytes);
	if (!entry)
		return;
	entry->key = find.key;
	entry->len = f->len;
	memcpy(entry->data, f->data, f->len);
	HASH_ADD(hh, names->table, key, sizeof(entry->key), entry);
	if (entry->hh.tbl)
		names->bytes += bytes;
	else
		free(entry);
}

int ebt_parts_names_write(const struct ebt_parts_names *names, struct ebt_file_writer *w)
{
	int err = 0;

	for (struct ebt_parts_name *e = names->table; !err && e; e = e->hh.next) {
		struct ebt_frame f = { (uint16_t)e->key.kind, e->data, e->len };

		err = ebt_file_writer_frame(w, &f, 0);
	}
	return err;
}

void ebt_parts_names_append(const struct ebt_parts_names *names, struct ebt_buf *out)
{
	for (struct ebt_parts_name *e = names->table; e; e = e->hh.next) {
		struct ebt_bytes data = { e->data, e->len };

		ebt_frame_append(out, (enum ebt_frame_kind)e->key.kind, &data, 1);
	}
}

void ebt_parts_names_deinit(struct ebt_parts_names *names)
{
	struct ebt_parts_name *entry = names->table, *next;

	HASH_CLEAR(hh, names->table);
	for (; entry; entry = next) {
		next = entry->hh.next;
		free(entry);
	}
	*names = (struct ebt_parts_names){ 0 };
}
