/* SPDX-License-Identifier: BSD-3-Clause */
/* options_values.c - turn the text of an option into its value, or say why it is not allowed. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/format.h"
#include "base/log.h"
#include "base/number.h"
#include "cli/options_table.h"
#include "cli/suggest.h"

const char *ebt_option_form(const struct ebt_option *option, char out[EBT_OPTION_FORM])
{
	if (option->letter)
		snprintf(out, EBT_OPTION_FORM, "-%c/--%s", option->letter, option->name);
	else
		snprintf(out, EBT_OPTION_FORM, "--%s", option->name);
	return out;
}

bool ebt_option_bad(const struct ebt_option *option, const char *arg, const char *allowed, ...)
{
	const char *meant = option->words.count ? ebt_suggest_word(&option->words, arg) : NULL;
	char text[1280], form[EBT_OPTION_FORM];
	va_list ap;

	va_start(ap, allowed);
	vsnprintf(text, sizeof(text), allowed, ap);
	va_end(ap);
	if (meant)
		snprintf(text + strlen(text), sizeof(text) - strlen(text), "; did you mean '%s'?",
			 meant);
	ebt_error("%s cannot be '%s': %s", ebt_option_form(option, form), arg, text);
	return false;
}

void ebt_option_store(struct ebt_command_line *line, const struct ebt_option *option,
		      uint64_t value)
{
	void *at = (char *)line + option->offset;

	switch (option->size) {
	case sizeof(uint8_t):
		*(uint8_t *)at = (uint8_t)value;
		break;
	case sizeof(uint32_t):
		*(uint32_t *)at = (uint32_t)value;
		break;
	default:
		*(uint64_t *)at = value;
	}
}

bool ebt_option_set_flag(struct ebt_command_line *line, const struct ebt_option *option,
			 const char *arg)
{
	*(bool *)((char *)line + option->offset) = true;
	return true;
}

bool ebt_option_set_value(struct ebt_command_line *line, const struct ebt_option *option,
			  const char *arg)
{
	ebt_option_store(line, option, (uint64_t)option->value);
	return true;
}

bool ebt_option_set_text(struct ebt_command_line *line, const struct ebt_option *option,
			 const char *arg)
{
	if (!*arg)
		return ebt_option_bad(option, arg, "it must not be empty");
	*(const char **)((char *)line + option->offset) = arg;
	return true;
}

/* Write a size as people would type it: 64K, 1G. */
static void range_size(char out[EBT_FMT_LEN], unsigned long long n)
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

/* Write the range in words, "512 to 32768 bytes, in multiples of 8" for one. */
static const char *range_words(char *out, size_t len, const struct ebt_option *option,
			       const char *unit)
{
	char min[EBT_FMT_LEN], max[EBT_FMT_LEN];
	unsigned long long lo = option->range.min, hi = option->range.max;

	range_size(min, lo);
	range_size(max, hi);
	if (option->range.multiple == 0)
		snprintf(out, len, "allowed is a power of two from %s to %s%s", min, max, unit);
	else if (option->range.multiple > 1)
		snprintf(out, len, "allowed are %s to %s%s, in multiples of %llu", min, max, unit,
			 (unsigned long long)option->range.multiple);
	else
		snprintf(out, len, "allowed are %s to %s%s", min, max, unit);
	return out;
}

static bool range_has(const struct ebt_option *option, uint64_t value)
{
	if (value < option->range.min || value > option->range.max)
		return false;
	if (option->range.multiple == 0)
		return (value & (value - 1)) == 0;
	return value % option->range.multiple == 0;
}

bool ebt_option_set_size(struct ebt_command_line *line, const struct ebt_option *option,
			 const char *arg)
{
	char words[160];
	uint64_t value;

	if (ebt_parse_size(arg, &value) < 0 || !range_has(option, value))
		return ebt_option_bad(option, arg, "%s",
				      range_words(words, sizeof(words), option, " bytes"));
	ebt_option_store(line, option, value);
	return true;
}

/* BYTES; without it, the usual limit. */
bool ebt_option_set_auto(struct ebt_command_line *line, const struct ebt_option *option,
			 const char *arg)
{
	if (arg)
		return ebt_option_set_size(line, option, arg);
	line->options.auto_bytes = EBT_AUTO_DEFAULT;
	return true;
}

/* BYTES or all; without it, all. */
bool ebt_option_set_limit(struct ebt_command_line *line, const struct ebt_option *option,
			  const char *arg)
{
	uint64_t value;
	char words[160];

	if (!arg || strcmp(arg, "all") == 0) {
		ebt_option_store(line, option, EBT_PARAMS_ALL);
		return true;
	}
	if (ebt_parse_size(arg, &value) < 0 || !range_has(option, value))
		return ebt_option_bad(option, arg, "%s, or the word all",
				      range_words(words, sizeof(words), option, " bytes"));
	ebt_option_store(line, option, value);
	return true;
}

bool ebt_option_set_number(struct ebt_command_line *line, const struct ebt_option *option,
			   const char *arg)
{
	char words[160];
	uint64_t value;

	if (!ebt_number_digits(arg, strlen(arg), &value) || !range_has(option, value)) {
		if (option->range.max == UINT64_MAX)
			return ebt_option_bad(option, arg, "allowed is a whole number from %llu",
					      (unsigned long long)option->range.min);
		return ebt_option_bad(option, arg, "%s",
				      range_words(words, sizeof(words), option, ""));
	}
	ebt_option_store(line, option, value);
	return true;
}

/* Read the digits behind a decimal point as nanoseconds. Nine of them count; programs that compute
 * with floating point print more. */
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

/* Read seconds with a decimal point, which no locale changes: 1, 0.5, .25. */
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

bool ebt_option_set_seconds(struct ebt_command_line *line, const struct ebt_option *option,
			    const char *arg)
{
	uint64_t ns;

	if (!ebt_option_seconds(arg, &ns) || !range_has(option, ns))
		return ebt_option_bad(option, arg, "allowed are %g to %g seconds",
				      (double)option->range.min / 1e9,
				      (double)option->range.max / 1e9);
	ebt_option_store(line, option, ns);
	return true;
}
