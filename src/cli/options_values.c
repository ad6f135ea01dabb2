/* SPDX-License-Identifier: BSD-3-Clause */
/* options_values.c - from the text of an option to its value, and the sentence when it is wrong. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/format.h"
#include "base/log.h"
#include "base/number.h"
#include "cli/options_table.h"

bool ebt_option_bad(const struct ebt_option *option, const char *arg, const char *allowed, ...)
{
	char text[512];
	va_list ap;

	va_start(ap, allowed);
	vsnprintf(text, sizeof(text), allowed, ap);
	va_end(ap);
	if (option->key < 256)
		ebt_error("-%c/--%s cannot be '%s': %s", option->key, option->name, arg, text);
	else
		ebt_error("--%s cannot be '%s': %s", option->name, arg, text);
	return false;
}

static void *field(struct ebt_options *o, const struct ebt_option *option)
{
	return (char *)o + option->offset;
}

bool ebt_option_set_flag(struct ebt_options *o, const struct ebt_option *option, const char *arg)
{
	*(bool *)field(o, option) = true;
	return true;
}

bool ebt_option_set_u8(struct ebt_options *o, const struct ebt_option *option, const char *arg)
{
	*(uint8_t *)field(o, option) = (uint8_t)option->value;
	return true;
}

bool ebt_option_set_text(struct ebt_options *o, const struct ebt_option *option, const char *arg)
{
	if (!*arg)
		return ebt_option_bad(option, arg, "it must not be empty");
	*(const char **)field(o, option) = arg;
	return true;
}

/* Mode is EBT_MODE_LIVE as long as none was chosen. */
bool ebt_option_set_mode(struct ebt_options *o, const struct ebt_option *option, const char *arg)
{
	if (o->mode != EBT_MODE_LIVE && o->mode != (enum ebt_mode)option->value) {
		ebt_error("--%s does not go together with another form of output or with a "
			  "subcommand",
			  option->name);
		return false;
	}
	o->mode = (enum ebt_mode)option->value;
	return true;
}

/* Large sizes as one would type them. */
static void as_typed(char out[EBT_FMT_LEN], unsigned long long n)
{
	if (n >= 1 << 30 && n % (1 << 30) == 0)
		snprintf(out, EBT_FMT_LEN, "%lluG", n >> 30);
	else if (n >= 1 << 20)
		snprintf(out, EBT_FMT_LEN, "%lluM", n >> 20);
	else if (n >= 1 << 16 && n % 1024 == 0)
		snprintf(out, EBT_FMT_LEN, "%lluK", n >> 10);
	else
		snprintf(out, EBT_FMT_LEN, "%llu", n);
}

/* A range in words: "512 to 32768 bytes in multiples of 8". */
static const char *range_words(char *out, size_t len, const struct ebt_option *option,
			       const char *unit)
{
	char min[EBT_FMT_LEN], max[EBT_FMT_LEN];
	unsigned long long lo = option->range.min, hi = option->range.max;

	as_typed(min, lo);
	as_typed(max, hi);
	if (option->range.multiple == 0)
		snprintf(out, len, "allowed is a power of two from %s to %s%s", min, max, unit);
	else if (option->range.multiple > 1)
		snprintf(out, len, "allowed are %s to %s%s, in multiples of %llu", min, max, unit,
			 (unsigned long long)option->range.multiple);
	else
		snprintf(out, len, "allowed are %s to %s%s", min, max, unit);
	return out;
}

static bool in_range(const struct ebt_option *option, uint64_t value)
{
	if (value < option->range.min || value > option->range.max)
		return false;
	if (option->range.multiple == 0)
		return (value & (value - 1)) == 0;
	return value % option->range.multiple == 0;
}

static bool get_size(const struct ebt_option *option, const char *arg, uint64_t *out)
{
	char words[160];
	uint64_t value;
	int r = ebt_parse_size(arg, &value);

	if (r == 0 && in_range(option, value)) {
		*out = value;
		return true;
	}
	return ebt_option_bad(option, arg, "%s",
			      range_words(words, sizeof(words), option, " bytes"));
}

bool ebt_option_set_u32_size(struct ebt_options *o, const struct ebt_option *option,
			     const char *arg)
{
	uint64_t value;

	if (!get_size(option, arg, &value))
		return false;
	*(uint32_t *)field(o, option) = (uint32_t)value;
	return true;
}

bool ebt_option_set_u64_size(struct ebt_options *o, const struct ebt_option *option,
			     const char *arg)
{
	return get_size(option, arg, field(o, option));
}

/* BYTES; nothing means the usual limit. */
bool ebt_option_set_auto(struct ebt_options *o, const struct ebt_option *option, const char *arg)
{
	if (arg)
		return ebt_option_set_u64_size(o, option, arg);
	o->auto_bytes = EBT_AUTO_DEFAULT;
	return true;
}

/* BYTES or all; nothing means all. */
bool ebt_option_set_limit(struct ebt_options *o, const struct ebt_option *option, const char *arg)
{
	uint32_t *limit = field(o, option);
	uint64_t value;
	char words[160];

	if (!arg || strcmp(arg, "all") == 0) {
		*limit = EBT_PARAMS_ALL;
		return true;
	}
	if (ebt_parse_size(arg, &value) < 0 || !in_range(option, value))
		return ebt_option_bad(option, arg, "%s, or the word all",
				      range_words(words, sizeof(words), option, " bytes"));
	*limit = (uint32_t)value;
	return true;
}

bool ebt_option_set_u64(struct ebt_options *o, const struct ebt_option *option, const char *arg)
{
	char words[160];
	uint64_t value;

	if (!ebt_number_digits(arg, strlen(arg), &value) || !in_range(option, value)) {
		if (option->range.max == UINT64_MAX)
			return ebt_option_bad(option, arg, "allowed is a whole number from %llu",
					      (unsigned long long)option->range.min);
		return ebt_option_bad(option, arg, "%s",
				      range_words(words, sizeof(words), option, ""));
	}
	*(uint64_t *)field(o, option) = value;
	return true;
}

bool ebt_option_set_u32(struct ebt_options *o, const struct ebt_option *option, const char *arg)
{
	char words[160];
	uint64_t value;

	if (!ebt_number_digits(arg, strlen(arg), &value) || !in_range(option, value))
		return ebt_option_bad(option, arg, "%s",
				      range_words(words, sizeof(words), option, ""));
	*(uint32_t *)field(o, option) = (uint32_t)value;
	return true;
}

/* The digits behind a point as nanoseconds: nine count, more are what floating point made. */
bool ebt_option_fraction(const char *digits, size_t len, uint64_t *out_ns)
{
	size_t places = len < 9 ? len : 9;

	*out_ns = 0;
	for (size_t i = places; i < len; i++)
		if (digits[i] < '0' || digits[i] > '9')
			return false;
	if (places && !ebt_number_digits(digits, places, out_ns))
		return false;
	for (; places < 9; places++)
		*out_ns *= 10;
	return true;
}

/* Seconds with a decimal point, whatever the locale: 1, 0.5, .25. */
bool ebt_option_seconds(const char *text, uint64_t *out_ns)
{
	const char *point = strchrnul(text, '.');
	size_t whole_len = point - text;
	uint64_t whole = 0, part = 0;

	if (whole_len && !ebt_number_digits(text, whole_len, &whole))
		return false;
	if (whole > UINT64_MAX / 2000000000u)
		return false;
	if (*point) {
		point++;
		if (!*point && !whole_len)
			return false;
		if (!ebt_option_fraction(point, strlen(point), &part))
			return false;
	} else if (!whole_len) {
		return false;
	}
	*out_ns = whole * 1000000000u + part;
	return true;
}

bool ebt_option_set_seconds(struct ebt_options *o, const struct ebt_option *option, const char *arg)
{
	uint64_t ns;

	if (!ebt_option_seconds(arg, &ns) || !in_range(option, ns))
		return ebt_option_bad(option, arg, "allowed are %g to %g seconds",
				      (double)option->range.min / 1e9,
				      (double)option->range.max / 1e9);
	*(uint64_t *)field(o, option) = ns;
	return true;
}
