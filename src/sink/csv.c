/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * csv.c - prints CSV (RFC 4180): a header, CRLF, fields with comma or quote in quotes. All types
 * of events share one set of columns, named as in JSON; what an event does not have is empty.
 *
 * Texts that are not plain are quoted as for a shell: one event stays one line, no byte acts on a
 * terminal, and the exact bytes can be had back. A text that begins with one of = + - @ is put in
 * single quotes too, so that a spreadsheet does not take it for a formula.
 */
#include <string.h>

#include "base/format.h"
#include "base/json_write.h"
#include "base/text.h"
#include "sink/sink_format.h"
#include "sink/sink_names.h"

static void csv_insert(struct ebt_buf *out, size_t at, char c)
{
	if (ebt_buf_append(out, "", 1) < 0)
		return;
	memmove(out->data + at + 1, out->data + at, out->len - 1 - at);
	out->data[at] = c;
}

/* Turn the text from `from` on, which is safe and quoted as for a shell, into a cell. */
static void csv_finish_cell(struct ebt_buf *out, size_t from)
{
	size_t quotes = 0, len;
	char *end, *p;

	if (out->error || out->len == from)
		return;
	if (strchr("=+-@", out->data[from])) {
		const char *space = memchr(out->data + from, ' ', out->len - from);

		/* A word that begins so is not quoted yet, so there are no quotes in it. */
		csv_insert(out, space ? (size_t)(space - out->data) : out->len, '\'');
		csv_insert(out, from, '\'');
	}
	len = out->len - from;
	for (size_t i = 0; i < len; i++)
		quotes += out->data[from + i] == '"';
	if (!quotes && !memchr(out->data + from, ',', len))
		return;
	if (!ebt_buf_reserve(out, quotes + 2))
		return;
	/* Go from the end, so that nothing is overwritten before it is moved. */
	p = out->data + from + len;
	out->len += quotes + 2;
	end = out->data + out->len;
	*end = '\0';
	*--end = '"';
	while (p > out->data + from) {
		*--end = *--p;
		if (*p == '"')
			*--end = '"';
	}
	*--end = '"';
}

static void csv_text(struct ebt_buf *out, struct ebt_bytes text)
{
	size_t from = out->len;

	if (!text.len)
		return;
	ebt_text_quote(out, text, 0);
	csv_finish_cell(out, from);
}

static void csv_strings(struct ebt_buf *out, struct ebt_bytes block)
{
	size_t from = out->len;

	ebt_text_quote_args(out, block, 0, 0);
	csv_finish_cell(out, from);
}

static void csv_container(struct ebt_buf *out, const char *cgroup_path)
{
	_cleanup_buf_ struct ebt_buf word = { 0 };

	ebt_sink_put_container(&word, cgroup_path);
	if (word.error && !out->error)
		out->error = word.error;
	csv_text(out, (struct ebt_bytes){ word.data, word.len });
}

static void csv_number(struct ebt_buf *out, bool negative, uint64_t magnitude)
{
	char digits[24], *p = digits;

	if (negative)
		*p++ = '-';
	ebt_buf_append(out, digits, (size_t)(ebt_json_digits(p, magnitude) - digits));
}

static void csv_cell(struct ebt_buf *out, const struct ebt_value *v)
{
	char time[EBT_FMT_LEN];
	int64_t n = (int64_t)v->number;

	switch (v->type) {
	case EBT_VALUE_UNKNOWN:
	case EBT_VALUE_NONE:
		break;
	case EBT_VALUE_NUMBER:
	case EBT_VALUE_BOOL:
		csv_number(out, false, v->number);
		break;
	case EBT_VALUE_SIGNED:
		csv_number(out, n < 0, n < 0 ? -v->number : v->number);
		break;
	case EBT_VALUE_TIME:
		ebt_buf_puts(out, ebt_fmt_iso8601(time, v->number));
		break;
	case EBT_VALUE_FLAGS:
		ebt_sink_put_flags(out, (uint32_t)v->number);
		break;
	case EBT_VALUE_WORD:
		ebt_buf_append(out, v->bytes.data, v->bytes.len);
		break;
	case EBT_VALUE_TEXT:
		csv_text(out, v->bytes);
		break;
	case EBT_VALUE_STRINGS:
		csv_strings(out, v->bytes);
		break;
	case EBT_VALUE_CONTAINER:
		csv_container(out, v->bytes.data);
		break;
	}
}

static void csv_header(struct ebt_buf *out, const struct ebt_sink_line *line)
{
	for (unsigned i = 0; i < line->column_count; i++)
		ebt_buf_printf(out, "%s%s", i ? "," : "", line->column[i].name);
	ebt_buf_puts(out, "\r\n");
}

static void csv_event(struct ebt_buf *out, const struct ebt_sink_line *line,
		      const struct ebt_event *ev)
{
	for (unsigned i = 0; i < line->column_count; i++) {
		const struct ebt_field *f = line->column[i].of[ev->type];
		struct ebt_value v;

		if (i)
			ebt_buf_append(out, ",", 1);
		if (!f)
			continue;
		v = ebt_field_value(f, ev, &line->context);
		csv_cell(out, &v);
	}
	ebt_buf_append(out, "\r\n", 2);
}

const struct ebt_sink_format_ops ebt_sink_csv_ops = {
	.header = csv_header,
	.event = csv_event,
};
