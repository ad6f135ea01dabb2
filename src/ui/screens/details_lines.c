/* SPDX-License-Identifier: BSD-3-Clause */
/* details_lines.c - one exec as lines: summary, arguments, ancestry, environment. Holds a copy, so
 * that it stays on the screen when the history forgets it. */
#include "ui/screens/details_lines.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/format.h"
#include "base/text.h"
#include "model/model.h"
#include "ui/core/frozen.h"
#include "ui/core/ui_state.h"
#include "ui/screens/details_fields.h"

#define ARG_INDENT 12 /* " 1234  5678 " */

void ebt_details_close(struct ebt_details *d)
{
	free(d->text);
	free(d->lines);
	free(d->args);
	free(d->envs);
	*d = (struct ebt_details){ 0 };
}

static struct ebt_bytes *split(struct ebt_bytes strings, size_t *count)
{
	struct ebt_bytes rest = strings, one;
	size_t n = 0;

	while (ebt_text_next_arg(&rest, &one))
		n++;
	struct ebt_bytes *list = calloc(n ? n : 1, sizeof(*list));

	*count = 0;
	if (!list)
		return NULL;
	while (*count < n && ebt_text_next_arg(&strings, &one))
		list[(*count)++] = one;
	return list;
}

static void note_text(char *out, size_t len, struct ebt_bytes text)
{
	size_t n = text.len < len - 1 ? text.len : len - 1;

	if (n)
		memcpy(out, text.data, n);
	out[n] = '\0';
}

static bool is_ancestor(const struct ebt_details *d, uint64_t id)
{
	for (unsigned i = 0; i < d->ancestor_count; i++)
		if (d->ancestors[i].id == id)
			return true;
	return false;
}

/* Up the parents, as far as they are known; each once. */
static void find_ancestors(struct ebt_ui *ui, struct ebt_details *d)
{
	struct ebt_row row = d->row;

	while (d->ancestor_count < EBT_ANCESTORS_MAX) {
		struct ebt_ancestor *a = &d->ancestors[d->ancestor_count];
		uint64_t id = ebt_snapshot_parent(ui->model, &row);

		if (!id || id == d->row.id || is_ancestor(d, id) ||
		    !ebt_snapshot_row(ui->model, id, &row))
			break;
		a->pid = row.pid;
		a->id = id;
		note_text(a->comm, sizeof(a->comm), row.comm);
		ebt_buf_reset(&ui->scratch);
		if (row.args.len > 4096)
			row.args.len = 4096;
		ebt_text_quote_args(&ui->scratch, row.args, sizeof(a->command) - 1, 0);
		note_text(a->command, sizeof(a->command),
			  (struct ebt_bytes){ ui->scratch.data, ui->scratch.len });
		d->ancestor_count++;
	}
}

bool ebt_details_open(struct ebt_ui *ui, uint64_t id)
{
	struct ebt_details d = { .from = ui->screen, .wrap = true };
	const char *text;

	if (!ebt_snapshot_row(ui->model, id, &d.row))
		return false;
	if (ebt_row_copy(&d.row, &d.text, &d.text_len) < 0)
		return false;
	if (ui->screen == EBT_SCREEN_DETAILS) { /* from one to its parent */
		d.from = ui->details.from;
		d.wrap = ui->details.wrap;
	}
	d.args = split(d.row.args, &d.arg_count);
	d.envs = split(d.row.env, &d.env_count);
	if (ui->options.describe_exe) {
		text = ui->options.describe_exe(&d.row, ui->options.describe_arg);
		snprintf(d.describe, sizeof(d.describe), "%s", text ? text : "");
	}
	text = ebt_model_cgroup(ui->model, d.row.cgroup_id);
	snprintf(d.cgroup, sizeof(d.cgroup), "%s", text ? text : "");
	find_ancestors(ui, &d);
	ebt_details_close(&ui->details);
	ui->details = d;
	if (ui->screen != EBT_SCREEN_DETAILS)
		ebt_ui_go(ui, EBT_SCREEN_DETAILS);
	return true;
}

int ebt_details_indent(const struct ebt_dline *line)
{
	switch (line->kind) {
	case EBT_DL_ARG:
	case EBT_DL_ENV:
		/* Without blanks before it, what goes on in the next line can be copied with the mouse. */
		return line->more ? 0 : ARG_INDENT;
	case EBT_DL_FIELD:
		return EBT_DETAILS_INDENT;
	case EBT_DL_ANCESTOR:
		return EBT_DETAILS_INDENT + 10;
	default:
		return 1;
	}
}

const char *ebt_details_label(const struct ebt_dline *line)
{
	return line->kind == EBT_DL_FIELD ? ebt_details_field_label(line->index) : "";
}

static struct ebt_bytes heading(const struct ebt_details *d, unsigned index, char *buf, size_t len)
{
	char n[EBT_FMT_LEN], m[EBT_FMT_LEN];
	const struct ebt_row *row = &d->row;

	if (index == EBT_DL_ARG && row->kind == EBT_ROW_HOMEO)
		snprintf(buf, len, "Cause");
	else if (index == EBT_DL_ARG && row->args_captured < row->args_bytes)
		snprintf(buf, len, "Arguments (%s of %s bytes, %zu of %u)",
			 ebt_fmt_count(n, row->args_captured), ebt_fmt_count(m, row->args_bytes),
			 d->arg_count, row->argc);
	else if (index == EBT_DL_ARG)
		snprintf(buf, len, "Arguments (%zu, %s bytes)", d->arg_count,
			 ebt_fmt_count(n, row->args_bytes));
	else if (index == EBT_DL_ENV && row->env_captured < row->env_bytes)
		snprintf(buf, len, "Environment (%s of %s bytes)",
			 ebt_fmt_count(n, row->env_captured), ebt_fmt_count(m, row->env_bytes));
	else if (index == EBT_DL_ENV)
		snprintf(buf, len, "Environment (%zu, %s bytes)", d->env_count,
			 ebt_fmt_count(n, row->env_bytes));
	else
		snprintf(buf, len, "%s", index == EBT_DL_ANCESTOR ? "Ancestry" : "More");
	return ebt_bytes_from(buf);
}

static struct ebt_bytes note(const struct ebt_details *d, unsigned index)
{
	if (index == EBT_DL_ARG)
		return ebt_bytes_from("  none were recorded");
	if (index == EBT_DL_ANCESTOR)
		return ebt_bytes_from("  the parent is not known");
	return ebt_bytes_from(d->row.flags & EBT_EV_HAS_ENV
				      ? "  empty"
				      : "  not recorded; --env or F2 turns it on");
}

struct ebt_bytes ebt_details_text(const struct ebt_details *d, const struct ebt_dline *line,
				  char *buf, size_t buf_len, enum ebt_role *role)
{
	*role = EBT_ROLE_TEXT;
	switch (line->kind) {
	case EBT_DL_HEADING:
		*role = EBT_ROLE_STRONG;
		return heading(d, line->index, buf, buf_len);
	case EBT_DL_FIELD:
		return ebt_details_field(d, line->index, buf, buf_len, role);
	case EBT_DL_ARG:
		if (line->index == 0)
			*role = EBT_ROLE_STRONG;
		else if (d->args[line->index].len && d->args[line->index].data[0] == '-')
			*role = EBT_ROLE_OPTION;
		return d->args[line->index];
	case EBT_DL_ENV:
		return d->envs[line->index];
	case EBT_DL_ANCESTOR:
		return ebt_bytes_from(d->ancestors[line->index].command[0]
					      ? d->ancestors[line->index].command
					      : d->ancestors[line->index].comm);
	case EBT_DL_NOTE:
		*role = EBT_ROLE_DIM;
		return note(d, line->index);
	default:
		return (struct ebt_bytes){ 0 };
	}
}

static bool add(struct ebt_details *d, struct ebt_dline line)
{
	if (d->count == d->cap) {
		size_t cap = d->cap ? d->cap * 2 : 256;
		struct ebt_dline *lines = realloc(d->lines, cap * sizeof(*lines));

		if (!lines)
			return false;
		d->lines = lines;
		d->cap = cap;
	}
	d->lines[d->count++] = line;
	return true;
}

/* An item and, wrapped, the lines it goes on in. */
static void add_item(struct ebt_details *d, enum ebt_dline_kind kind, size_t index, int width,
		     bool unicode)
{
	struct ebt_dline line = { .kind = (uint8_t)kind, .index = (uint32_t)index };
	int room = width - ebt_details_indent(&line), used = 0;
	char buf[640];
	enum ebt_role role;
	struct ebt_bytes text, rest;
	struct ebt_glyph glyph;

	if (!add(d, line) || !d->wrap || room < 2)
		return;
	text = rest = ebt_details_text(d, &line, buf, sizeof(buf), &role);
	line.more = true;
	for (;;) {
		size_t at = text.len - rest.len;

		if (!ebt_text_next(&rest, unicode ? 0 : EBT_TEXT_ASCII, &glyph))
			break;
		if (used + glyph.width > room) {
			line.at = (uint32_t)at;
			if (!add(d, line))
				return;
			used = 0;
			room = width - ebt_details_indent(&line);
		}
		used += glyph.width;
	}
}

static void add_section(struct ebt_details *d, enum ebt_dline_kind kind, size_t count, int width,
			bool unicode)
{
	add(d, (struct ebt_dline){ .kind = EBT_DL_BLANK });
	add(d, (struct ebt_dline){ .kind = EBT_DL_HEADING, .index = kind });
	for (size_t i = 0; i < count; i++)
		add_item(d, kind, i, width, unicode);
	if (!count)
		add(d, (struct ebt_dline){ .kind = EBT_DL_NOTE, .index = kind });
}

/* Of an event of homeostasis: what it has of the fields, its cause, whence its process comes. */
static void event_lines(struct ebt_details *d, int width, bool unicode)
{
	for (unsigned i = 0; i < ebt_details_field_late(); i++)
		if (ebt_details_field_of_event(i))
			add_item(d, EBT_DL_FIELD, i, width, unicode);
	add_section(d, EBT_DL_ARG, d->args ? d->arg_count : 0, width, unicode);
	add_section(d, EBT_DL_ANCESTOR, d->ancestor_count, width, unicode);
}

static void exec_lines(struct ebt_details *d, int width, bool unicode)
{
	unsigned late = ebt_details_field_late();

	for (unsigned i = 0; i < late; i++)
		add_item(d, EBT_DL_FIELD, i, width, unicode);
	add_section(d, EBT_DL_ARG, d->args ? d->arg_count : 0, width, unicode);
	add_section(d, EBT_DL_ANCESTOR, d->ancestor_count, width, unicode);
	add(d, (struct ebt_dline){ .kind = EBT_DL_BLANK });
	add(d, (struct ebt_dline){ .kind = EBT_DL_HEADING, .index = EBT_DL_FIELD });
	for (unsigned i = late; i < ebt_details_field_count(); i++)
		add_item(d, EBT_DL_FIELD, i, width, unicode);
	add_section(d, EBT_DL_ENV, d->envs ? d->env_count : 0, width, unicode);
}

void ebt_details_lines(struct ebt_details *d, int width, bool unicode)
{

	if (d->count && d->made_width == width && d->made_wrap == d->wrap &&
	    d->made_unicode == unicode)
		return;
	d->count = 0;
	d->match_len = 0;
	if (d->row.kind == EBT_ROW_HOMEO)
		event_lines(d, width, unicode);
	else
		exec_lines(d, width, unicode);
	d->made_width = width;
	d->made_wrap = d->wrap;
	d->made_unicode = unicode;
}
