/* SPDX-License-Identifier: BSD-3-Clause */
#include "lab/source_lines.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"

void ebt_lab_source_free(struct ebt_lab_source *s)
{
	free(s->text);
	free(s->lines);
	*s = (struct ebt_lab_source){ 0 };
}

/* Return the name of a mark `#line 1 "dir/name"`, cut out in place, or NULL for another line. Only
 * marks at the beginning of a file count. */
static char *mark_name(char *line)
{
	static const char mark[] = "#line 1 \"";
	char *name = line + sizeof(mark) - 1, *end, *slash;

	if (strncmp(line, mark, sizeof(mark) - 1) != 0)
		return NULL;
	end = strrchr(name, '"');
	if (!end)
		return NULL;
	*end = '\0';
	slash = strrchr(name, '/');
	return slash ? slash + 1 : name;
}

static uint32_t count_lines(const char *text, size_t len)
{
	uint32_t n = 1;

	for (size_t i = 0; i < len; i++)
		n += text[i] == '\n';
	return n;
}

static int take_line(struct ebt_lab_source *s, char *line)
{
	char *name = mark_name(line);
	struct ebt_lab_file *f;

	if (name || !s->n_files) {
		if (s->n_files == EBT_LAB_FILES_MAX)
			return -EBADMSG;
		f = &s->files[s->n_files++];
		*f = (struct ebt_lab_file){ .name = name ? name : "", .first = s->n_lines };
		if (name)
			return 0;
	}
	f = &s->files[s->n_files - 1];
	s->lines[s->n_lines++] =
		(struct ebt_listing_line){ .file = f->name, .line = ++f->count, .text = line };
	return 0;
}

int ebt_lab_source_split(struct ebt_lab_source *s, struct ebt_bytes text)
{
	int err = 0;

	*s = (struct ebt_lab_source){ .text = malloc(text.len + 1) };
	s->lines = calloc(count_lines(text.data, text.len), sizeof(*s->lines));
	if (!s->text || !s->lines) {
		ebt_lab_source_free(s);
		return -ENOMEM;
	}
	/* Replace NULs, which would end a line early. */
	if (text.len)
		memcpy(s->text, text.data, text.len);
	s->text[text.len] = '\0';
	for (char *at = s->text, *end = at + text.len; !err && at < end;) {
		char *stop = memchr(at, '\n', (size_t)(end - at));

		if (!stop)
			stop = end;
		*stop = '\0';
		err = take_line(s, at);
		at = stop + 1;
	}
	if (err)
		ebt_lab_source_free(s);
	return err;
}

int ebt_lab_source_find(const struct ebt_lab_source *s, const char *name, size_t name_len)
{
	for (unsigned i = 0; i < s->n_files; i++) {
		if (strlen(s->files[i].name) == name_len &&
		    memcmp(s->files[i].name, name, name_len) == 0)
			return (int)i;
	}
	return -1;
}
