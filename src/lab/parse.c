/* SPDX-License-Identifier: BSD-3-Clause */
/* parse.c - decode the loader's memory file for the ui; the input is untrusted, so every offset and
 * length is checked */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arch.h"
#include "base/cleanup.h"
#include "ebt_abi.h"
#include "lab/lab.h"
#include "lab/lab_internal.h"

const struct ebt_listing *ebt_lab_ui(const struct ebt_lab *lab)
{
	return &lab->ui;
}

void ebt_lab_free(struct ebt_lab **lab)
{
	struct ebt_lab *l = *lab;

	if (!l)
		return;
	for (uint32_t i = 0; l->progs && i < l->n_progs; i++) {
		free(l->progs[i].lines);
		free(l->progs[i].insns);
		free(l->progs[i].native);
		free(l->progs[i].first);
	}
	free(l->progs);
	free(l->programs);
	ebt_image_free(&l->image);
	ebt_lab_source_free(&l->source);
	free(l->blob);
	free(l->lines_text);
	free(l->native_text);
	free(l->notes);
	free(l);
	*lab = NULL;
}

/* A position in bytes. */
static int take(struct ebt_bytes *from, uint64_t len, struct ebt_bytes *out)
{
	if (len > from->len)
		return -EBADMSG;
	*out = (struct ebt_bytes){ from->data, (size_t)len };
	from->data += len;
	from->len -= (size_t)len;
	return 0;
}

static int take_copy(struct ebt_bytes *from, void *to, size_t len)
{
	struct ebt_bytes part;
	int err = take(from, len, &part);

	if (!err)
		memcpy(to, part.data, len);
	return err;
}

static char *copy_text(struct ebt_bytes text)
{
	char *copy = malloc(text.len + 1);

	if (copy) {
		if (text.len)
			memcpy(copy, text.data, text.len);
		copy[text.len] = '\0';
	}
	return copy;
}

static int take_programs(struct ebt_lab *l, struct ebt_bytes *in)
{
	if (l->head.n_progs > EBT_IMAGE_MAX_PROGS)
		return -EBADMSG;
	l->progs = calloc(l->head.n_progs + 1, sizeof(*l->progs));
	l->programs = calloc(l->head.n_progs + 1, sizeof(*l->programs));
	if (!l->progs || !l->programs)
		return -ENOMEM;
	l->n_progs = l->head.n_progs;
	for (uint32_t i = 0; i < l->n_progs; i++) {
		struct ebt_lab_prog *p = &l->progs[i].info;

		if (take_copy(in, p, sizeof(*p)))
			return -EBADMSG;
		p->name[sizeof(p->name) - 1] = '\0';
		p->why_native[sizeof(p->why_native) - 1] = '\0';
	}
	return 0;
}

static int take_codes(struct ebt_lab *l, struct ebt_bytes *in)
{
	for (uint32_t i = 0; i < l->n_progs; i++) {
		struct ebt_lab_shown *p = &l->progs[i];
		struct ebt_bytes code, map;

		if (take(in, p->info.code_bytes, &code) ||
		    take(in, (uint64_t)p->info.map_count * sizeof(struct ebt_native_map), &map))
			return -EBADMSG;
		p->code = (const uint8_t *)code.data;
		p->map = map.data;
	}
	return 0;
}

/* Check that program i is one of the image's and that no other program is the same one. */
static int find_spec(struct ebt_lab *l, uint32_t i)
{
	int at = ebt_image_find_prog(l->image, l->progs[i].info.name);

	for (uint32_t j = 0; at >= 0 && j < i; j++) {
		if (l->progs[j].spec == &l->image->progs[at])
			return -EBADMSG;
	}
	if (at < 0)
		return -EBADMSG;
	l->progs[i].spec = &l->image->progs[at];
	return 0;
}

static int take_built(struct ebt_lab *l, struct ebt_bytes built, const char **why)
{
	struct ebt_bytes image;
	uint64_t len;
	int err;

	if (take_copy(&built, &len, sizeof(len)) || take(&built, len, &image))
		return -EBADMSG;
	err = ebt_image_parse(&l->image, image.data, image.len, why);
	if (err)
		return err;
	for (uint32_t i = 0; !err && i < l->n_progs; i++)
		err = find_spec(l, i);
	if (err)
		return err;
	l->lines_text = copy_text(built);
	return l->lines_text ? 0 : -ENOMEM;
}

static int make_insns(struct ebt_lab *l, struct ebt_lab_shown *p)
{
	const struct bpf_insn *from = &l->image->insns[p->spec->first];

	p->insns = calloc((size_t)p->spec->count + 1, sizeof(*p->insns));
	if (!p->insns)
		return -ENOMEM;
	for (uint32_t i = 0; i < p->spec->count; i++) {
		memcpy(&p->insns[i].raw, &from[i], sizeof(p->insns[i].raw));
		p->insns[i].source = -1;
	}
	return ebt_lab_note_insns(l, p);
}

/* Find the files that a program shows, in the order of the text, and all their lines. */
static int make_lines(struct ebt_lab *l, struct ebt_lab_shown *p, uint32_t *n)
{
	uint32_t count = 0;

	for (unsigned f = 0; f < l->source.n_files; f++) {
		if (p->first[f] != UINT32_MAX)
			count += l->source.files[f].count;
	}
	p->lines = calloc((size_t)count + 1, sizeof(*p->lines));
	if (!p->lines)
		return -ENOMEM;
	*n = 0;
	for (unsigned f = 0; f < l->source.n_files; f++) {
		const struct ebt_lab_file *file = &l->source.files[f];

		if (p->first[f] == UINT32_MAX)
			continue;
		p->first[f] = *n;
		memcpy(p->lines + *n, l->source.lines + file->first,
		       file->count * sizeof(*p->lines));
		*n += file->count;
	}
	return 0;
}

static void fill_numbers(const struct ebt_lab *l, struct ebt_lab_shown *p,
			 struct ebt_listing_program *u)
{
	u->name = p->info.name;
	u->lines = p->lines;
	u->insns = p->insns;
	u->insns_count = p->spec->count;
	u->native = p->native;
	u->native_arch = EBT_ARCH_NAME;
	u->native_why = p->info.why_native[0] ? p->info.why_native : l->head.why_native;
	u->verified_insns = p->info.verified_insns;
	u->verify_us = p->info.verify_us;
	u->run_cnt = p->info.run_cnt;
	u->run_ns = p->info.run_ns;
	u->stack_bytes = p->info.stack_bytes;
	u->jited_bytes = p->info.jited_bytes;
	u->memlock_bytes = p->info.memlock_bytes;
	u->id = p->info.id;
	for (int i = 0; i < 4; i++) {
		u->tag_hi = u->tag_hi << 8 | p->info.tag[i];
		u->tag_lo = u->tag_lo << 8 | p->info.tag[i + 4];
	}
}

static int make_program(struct ebt_lab *l, uint32_t i, char *native)
{
	struct ebt_lab_shown *p = &l->progs[i];
	struct ebt_listing_program *u = &l->programs[i];
	const char *places = ebt_lab_section(l->lines_text, p->info.name);
	int err = make_insns(l, p);

	if (!err)
		err = ebt_lab_mark_files(l, p, places);
	if (!err)
		err = make_lines(l, p, &u->lines_count);
	if (err)
		return err;
	ebt_lab_place_insns(l, p, places);
	err = ebt_lab_make_native(p, native, &u->native_count);
	if (!err)
		fill_numbers(l, p, u);
	return err;
}

/* Find the sections of the disassembly before any of it is split. */
static int make_programs(struct ebt_lab *l)
{
	_cleanup_free_ char **native = calloc((size_t)l->n_progs + 1, sizeof(*native));

	l->max_notes = l->image->n_insns / 2 + 1;
	l->notes = calloc(l->max_notes, EBT_LAB_NOTE_LEN);
	if (!native || !l->notes)
		return -ENOMEM;
	for (uint32_t i = 0; i < l->n_progs; i++) {
		char number[16];

		snprintf(number, sizeof(number), "%u", i);
		native[i] = (char *)ebt_lab_section(l->native_text, number);
	}
	for (uint32_t i = 0; i < l->n_progs; i++) {
		int err = make_program(l, i, native[i]);

		if (err)
			return err;
	}
	l->ui.programs = l->programs;
	l->ui.programs_count = l->n_progs;
	l->ui.event_fixed_bytes = sizeof(struct ebt_rec_exec);
	return 0;
}

static int parse(struct ebt_lab *l, struct ebt_bytes in, const char **why)
{
	struct ebt_bytes text, built, native;
	int err;

	if (take_copy(&in, &l->head, sizeof(l->head)) ||
	    memcmp(l->head.magic, EBT_LAB_MAGIC, sizeof(l->head.magic)) != 0)
		return -EBADMSG;
	l->head.why_native[sizeof(l->head.why_native) - 1] = '\0';
	err = take_programs(l, &in);
	if (err)
		return err;
	if (take(&in, l->head.text_bytes, &text) || take(&in, l->head.built_bytes, &built) ||
	    take(&in, l->head.native_bytes, &native) || take_codes(l, &in) || in.len)
		return -EBADMSG;
	err = take_built(l, built, why);
	if (!err)
		err = ebt_lab_source_split(&l->source, text);
	if (err)
		return err;
	l->native_text = copy_text(native);
	return l->native_text ? make_programs(l) : -ENOMEM;
}

static int parse_owned(struct ebt_lab **out, char *blob, size_t len, const char **why)
{
	struct ebt_lab *l = calloc(1, sizeof(*l));
	int err;

	*why = "it is damaged";
	if (!l) {
		free(blob);
		return -ENOMEM;
	}
	l->blob = blob;
	err = parse(l, (struct ebt_bytes){ blob, len }, why);
	if (err && !*why) /* the image is valid, but the data around it is not */
		*why = "it is damaged";
	if (err)
		ebt_lab_free(&l);
	else
		*out = l;
	return err;
}

int ebt_lab_parse(struct ebt_lab **out, struct ebt_bytes blob, const char **why)
{
	char *copy = copy_text(blob);

	*why = "it is damaged";
	return copy ? parse_owned(out, copy, blob.len, why) : -ENOMEM;
}

int ebt_lab_read(struct ebt_lab **out, int fd, const char **why)
{
	_cleanup_buf_ struct ebt_buf buf = { .limit = EBT_LAB_MAX_BYTES };
	struct stat st;

	*why = "it cannot be read";
	if (fstat(fd, &st))
		return -errno;
	if (st.st_size < 0 || st.st_size > EBT_LAB_MAX_BYTES - 1)
		return -E2BIG;
	while (buf.len < (size_t)st.st_size) {
		size_t want = (size_t)st.st_size - buf.len;
		char *at = ebt_buf_reserve(&buf, want);
		ssize_t n = at ? pread(fd, at, want, (off_t)buf.len) : -1;

		if (!at)
			return buf.error;
		if (n < 0 && errno != EINTR)
			return -errno;
		if (n == 0)
			break;
		buf.len += n > 0 ? (size_t)n : 0;
	}
	if (!buf.data)
		return -EBADMSG;
	return parse_owned(out, TAKE_PTR(buf.data), buf.len, why);
}
