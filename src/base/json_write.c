/* SPDX-License-Identifier: BSD-3-Clause */
/* json_write.c - members, objects and arrays of JSON; json_string.c writes the strings. */
#include "base/json_write.h"

#include "base/text.h"

/* The longest number: a sign and 20 digits. */
#define JSON_NUMBER_MAX (EBT_JSON_DIGITS_MAX + 1)

/* Return how many digits v has. 1233 / 4096 is log10(2), so the number of bits gives the number of
 * digits or one less. */
static unsigned json_digits_count(uint64_t v)
{
	static const uint64_t powers[] = {
		0,
		10,
		100,
		1000,
		10000,
		100000,
		1000000,
		10000000,
		100000000,
		1000000000,
		10000000000,
		100000000000,
		1000000000000,
		10000000000000,
		100000000000000,
		1000000000000000,
		10000000000000000,
		100000000000000000,
		1000000000000000000,
		10000000000000000000u,
	};
	unsigned bits = 64u - (unsigned)__builtin_clzll(v | 1);
	unsigned n = bits * 1233 >> 12;

	return n + (v >= powers[n]);
}

char *ebt_json_digits(char *p, uint64_t v)
{
	/* Two digits at a time: a division is most of the cost, and lines are full of numbers. They go
	 * to their places at once: to copy them from elsewhere, the processor would have to wait until
	 * they are written. */
	static const char pairs[] = "00010203040506070809101112131415161718192021222324"
				    "25262728293031323334353637383940414243444546474849"
				    "50515253545556575859606162636465666768697071727374"
				    "75767778798081828384858687888990919293949596979899";
	char *end = p + json_digits_count(v), *at = end;

	for (; v >= 100; v /= 100) {
		at -= 2;
		memcpy(at, pairs + 2 * (v % 100), 2);
	}
	if (v >= 10)
		memcpy(p, pairs + 2 * v, 2);
	else
		*p = (char)('0' + v);
	return end;
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
