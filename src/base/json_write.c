/* SPDX-License-Identifier: BSD-3-Clause */
/* json_write.c - members, objects and arrays of JSON; json_string.c writes the strings. */
#include "base/json_write.h"

#include "base/text.h"

/* The longest number: a sign and 20 digits. */
#define JSON_NUMBER_MAX 21

char *ebt_json_digits(char *p, uint64_t v)
{
	char digits[20];
	unsigned n = 0;

	do
		digits[n++] = (char)('0' + v % 10);
	while (v /= 10);
	while (n)
		*p++ = digits[--n];
	return p;
}

void ebt_json_key(struct ebt_json_writer *w, const char *key)
{
	size_t len = key ? strlen(key) : 0;
	char *start = ebt_buf_reserve(w->out, len + 4), *p = start;

	if (!p)
		return;
	if (w->comma)
		*p++ = ',';
	w->comma = true;
	if (key) {
		*p++ = '"';
		memcpy(p, key, len);
		p += len;
		*p++ = '"';
		*p++ = ':';
	}
	w->out->len += (size_t)(p - start);
}

void ebt_json_open(struct ebt_json_writer *w, const char *key, const char *bracket)
{
	ebt_json_key(w, key);
	ebt_buf_append(w->out, bracket, 1);
	w->comma = false;
}

void ebt_json_close(struct ebt_json_writer *w, const char *bracket)
{
	ebt_buf_append(w->out, bracket, 1);
	w->comma = true;
}

static void json_number(struct ebt_buf *out, bool negative, uint64_t magnitude)
{
	char *start = ebt_buf_reserve(out, JSON_NUMBER_MAX), *p = start;

	if (!p)
		return;
	if (negative)
		*p++ = '-';
	out->len += (size_t)(ebt_json_digits(p, magnitude) - start);
}

void ebt_json_u64(struct ebt_json_writer *w, const char *key, uint64_t v)
{
	ebt_json_key(w, key);
	json_number(w->out, false, v);
}

void ebt_json_i64(struct ebt_json_writer *w, const char *key, int64_t v)
{
	ebt_json_key(w, key);
	json_number(w->out, v < 0, v < 0 ? -(uint64_t)v : (uint64_t)v);
}

void ebt_json_bool(struct ebt_json_writer *w, const char *key, bool v)
{
	ebt_json_key(w, key);
	ebt_buf_puts(w->out, v ? "true" : "false");
}

void ebt_json_null(struct ebt_json_writer *w, const char *key)
{
	ebt_json_key(w, key);
	ebt_buf_append(w->out, "null", 4);
}

void ebt_json_bytes(struct ebt_json_writer *w, const char *key, struct ebt_bytes v)
{
	ebt_json_key(w, key);
	ebt_json_string(w->out, v);
}

void ebt_json_text(struct ebt_json_writer *w, const char *key, const char *v)
{
	if (v && *v)
		ebt_json_bytes(w, key, ebt_bytes_from(v));
}

void ebt_json_id(struct ebt_json_writer *w, const char *key, uint64_t v)
{
	ebt_json_key(w, key);
	ebt_buf_append(w->out, "\"", 1);
	json_number(w->out, false, v);
	ebt_buf_append(w->out, "\"", 1);
}

void ebt_json_strings(struct ebt_json_writer *w, const char *key, struct ebt_bytes block)
{
	struct ebt_bytes rest = block, one;

	ebt_json_open(w, key, "[");
	while (ebt_text_next_arg(&rest, &one))
		ebt_json_bytes(w, NULL, one);
	ebt_json_close(w, "]");
}

void ebt_json_command(struct ebt_json_writer *w, const char *key, struct ebt_bytes args)
{
	_cleanup_buf_ struct ebt_buf line = { 0 };

	ebt_text_quote_args(&line, args, 0, 0);
	if (line.error && !w->out->error)
		w->out->error = line.error;
	ebt_json_bytes(w, key, (struct ebt_bytes){ line.data, line.len });
}
