/* SPDX-License-Identifier: BSD-3-Clause */
/* places.c - source lines of instructions, and native code as text */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lab/lab_internal.h"

/* Parse one "INSN LINE FILE". Get the file's index and the line; -1 if it is not a file of the BPF
 * text. */
static int read_place(const struct ebt_lab *l, const char *line, uint32_t *insn, uint32_t *number)
{
	int used = 0, file;

	if (sscanf(line, "%u %u %n", insn, number, &used) != 2 || !used)
		return -1;
	file = ebt_lab_source_find(&l->source, line + used, strlen(line + used));
	if (file < 0 || !*number || *number > l->source.files[file].count)
		return -1;
	return file;
}

/* Return the lines between "prog NAME" and the next one, or NULL. */
const char *ebt_lab_section(const char *text, const char *name)
{
	char mark[EBT_IMAGE_NAME_LEN + 8];
	int len = snprintf(mark, sizeof(mark), "prog %s\n", name);

	for (const char *at = text; at && *at;) {
		if (strncmp(at, mark, (size_t)len) == 0)
			return at + len;
		at = strchr(at, '\n');
		at = at ? at + 1 : NULL;
	}
	return NULL;
}

/* Copy one line. Return NULL if the section has ended. */
static const char *next_line(const char *at, char *line, size_t len)
{
	const char *end = at ? strchr(at, '\n') : NULL;
	size_t n;

	if (!end || strncmp(at, "prog ", 5) == 0)
		return NULL;
	n = (size_t)(end - at) < len - 1 ? (size_t)(end - at) : len - 1;
	memcpy(line, at, n);
	line[n] = '\0';
	return end + 1;
}

int ebt_lab_mark_files(struct ebt_lab *l, struct ebt_lab_shown *p, const char *places)
{
	char line[256];
	uint32_t insn, number;

	p->first = malloc((EBT_LAB_FILES_MAX + 1) * sizeof(*p->first));
	if (!p->first)
		return -ENOMEM;
	for (unsigned f = 0; f < EBT_LAB_FILES_MAX; f++)
		p->first[f] = UINT32_MAX;
	for (const char *at = places; (at = next_line(at, line, sizeof(line)));) {
		int file = read_place(l, line, &insn, &number);

		if (file >= 0)
			p->first[file] = 0;
	}
	return 0;
}

static void set_sources(struct ebt_lab_shown *p, uint32_t from, uint32_t to, int32_t source)
{
	for (uint32_t i = from; i < to && i < p->spec->count; i++)
		p->insns[i].source = source;
}

/* A place is valid until the next one. */
void ebt_lab_place_insns(struct ebt_lab *l, struct ebt_lab_shown *p, const char *places)
{
	uint32_t from = 0, insn, number;
	int32_t source = -1;
	char line[256];

	for (const char *at = places; (at = next_line(at, line, sizeof(line)));) {
		int file = read_place(l, line, &insn, &number);

		if (file < 0 && sscanf(line, "%u", &insn) != 1)
			continue;
		set_sources(p, from, insn, source);
		from = insn;
		source = file < 0 ? -1 : (int32_t)(p->first[file] + number - 1);
	}
	set_sources(p, from, p->spec->count, source);
}

/* Return the instruction whose code is at an offset: that of the last entry at or before it. */
static int32_t insn_at(const struct ebt_lab_shown *p, uint32_t offset, uint32_t *entry)
{
	struct ebt_native_map m;
	int32_t insn = -1;

	while (*entry < p->info.map_count) {
		memcpy(&m, p->map + (size_t)*entry * sizeof(m), sizeof(m));
		if (m.offset > offset)
			break;
		++*entry;
	}
	if (*entry > 0) {
		memcpy(&m, p->map + (size_t)(*entry - 1) * sizeof(m), sizeof(m));
		insn = m.insn < p->spec->count ? (int32_t)m.insn : -1;
	}
	return insn;
}

static uint32_t count_native(const char *text)
{
	uint32_t n = 0;

	while (text && *text && strncmp(text, "prog ", 5) != 0) {
		text = strchr(text, '\n');
		text = text ? text + 1 : NULL;
		n++;
	}
	return n;
}

/* Each line is "OFFSET LENGTH TEXT". The text stays in place and its newline becomes a NUL. */
int ebt_lab_make_native(struct ebt_lab_shown *p, char *text, uint32_t *n)
{
	uint32_t count = count_native(text), entry = 0, offset, len;

	*n = 0;
	p->native = calloc((size_t)count + 1, sizeof(*p->native));
	if (!p->native)
		return -ENOMEM;
	for (char *at = text; at && *n < count;) {
		char *end = strchr(at, '\n');
		int used = 0;

		if (!end)
			break;
		*end = '\0';
		if (sscanf(at, "%u %u %n", &offset, &len, &used) != 2 || !used || !len ||
		    len > 16 || offset > p->info.code_bytes || len > p->info.code_bytes - offset)
			return -EBADMSG;
		p->native[(*n)++] = (struct ebt_listing_native){ .offset = offset,
								 .bytes = p->code + offset,
								 .len = (uint8_t)len,
								 .insn = insn_at(p, offset, &entry),
								 .text = at + used };
		at = end + 1;
	}
	return 0;
}
