/* SPDX-License-Identifier: BSD-3-Clause */
/* values.c - the values of keys: numbers, sizes, times, and the names of statuses, signals, errors. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "base/cleanup.h"
#include "base/number.h"
#include "expr/expr_internal.h"

#define ERRNO_MAX 4095 /* the kernel's MAX_ERRNO */

/* Read a number with a unit, such as 10K or 1.5s. A number without unit counts in the first. */
static bool values_with_unit(const char *text, enum ebt_expr_kind kind, uint64_t *out)
{
	static const struct {
		enum ebt_expr_kind kind;
		const char *name;
		uint64_t factor;
	} units[] = {
		{ EBT_EXPR_SIZE, "", 1 },
		{ EBT_EXPR_SIZE, "K", 1u << 10 },
		{ EBT_EXPR_SIZE, "M", 1u << 20 },
		{ EBT_EXPR_SIZE, "G", 1u << 30 },
		{ EBT_EXPR_DURATION, "ns", 1 },
		{ EBT_EXPR_DURATION, "us", 1000 },
		{ EBT_EXPR_DURATION, "ms", 1000000 },
		{ EBT_EXPR_DURATION, "s", 1000000000 },
		{ EBT_EXPR_DURATION, "m", 60000000000 },
		{ EBT_EXPR_DURATION, "h", 3600000000000 },
	};
	size_t digits = strspn(text, "0123456789"), more = 0;
	const char *unit = text + digits;
	uint64_t whole, part = 0, scale = 1;

	if (!ebt_number_digits(text, digits, &whole))
		return false;
	if (*unit == '.') {
		more = strspn(unit + 1, "0123456789");
		if (!more || more > 9 || !ebt_number_digits(unit + 1, more, &part))
			return false;
		unit += 1 + more;
	}
	for (size_t i = 0; i < more; i++)
		scale *= 10;
	for (size_t i = 0; i < EBT_ARRAY_SIZE(units); i++) {
		uint64_t factor = units[i].factor;

		if (units[i].kind != kind || strcmp(units[i].name, unit) != 0)
			continue;
		if (whole >= UINT64_MAX / factor)
			return false;
		/* part is below scale, so this is below the factor. */
		*out = whole * factor + (uint64_t)((double)part / (double)scale * (double)factor);
		return true;
	}
	return false;
}

static bool values_status(struct ebt_expr_term *t, const char *value)
{
	static const struct {
		const char *name;
		enum ebt_expr_word word;
	} words[] = { { "ok", EBT_EXPR_OK },
		      { "fail", EBT_EXPR_FAIL },
		      { "running", EBT_EXPR_RUNNING } };

	for (size_t i = 0; i < EBT_ARRAY_SIZE(words); i++) {
		if (strcmp(words[i].name, value) != 0)
			continue;
		t->word = words[i].word;
		return t->op == EBT_EXPR_EQ;
	}
	return ebt_number_digits(value, strlen(value), &t->number) && t->number <= 255;
}

static bool values_signal(struct ebt_expr_term *t, const char *value)
{
	const char *name = strncasecmp(value, "SIG", 3) == 0 ? value + 3 : value;

	if (strcmp(value, "any") == 0) {
		t->word = EBT_EXPR_ANY;
		return true;
	}
	for (int i = 1; i < NSIG; i++) {
		const char *abbrev = sigabbrev_np(i);

		if (abbrev && strcasecmp(abbrev, name) == 0) {
			t->number = (uint64_t)i;
			return true;
		}
	}
	return ebt_number_digits(value, strlen(value), &t->number) && t->number >= 1 &&
	       t->number < NSIG;
}

static bool values_errno(struct ebt_expr_term *t, const char *value)
{
	if (strcmp(value, "any") == 0) {
		t->word = EBT_EXPR_ANY;
		return true;
	}
	for (int i = 1; i <= ERRNO_MAX; i++) {
		const char *name = strerrorname_np(i);

		if (name && strcasecmp(name, value) == 0) {
			t->number = (uint64_t)i;
			return true;
		}
	}
	return ebt_number_digits(value, strlen(value), &t->number) && t->number >= 1 &&
	       t->number <= ERRNO_MAX;
}

/* Make a regular expression that means the text itself. */
static int values_literal(struct ebt_matcher *m, const char *text, char *why, size_t why_len)
{
	_cleanup_buf_ struct ebt_buf pattern = { 0 };

	for (; *text; text++) {
		if (strchr("\\^$.[]|()*+?{}", *text))
			ebt_buf_append(&pattern, "\\", 1);
		ebt_buf_append(&pattern, text, 1);
	}
	ebt_buf_append(&pattern, "", 1);
	if (pattern.error)
		return -ENOMEM;
	return ebt_matcher_set(m, pattern.data, why, why_len);
}

static int values_pattern(struct ebt_expr_term *t, const char *value, bool quoted, char *why,
			  size_t why_len)
{
	char reason[160] = "";
	int err = quoted ? values_literal(&t->matcher, value, reason, sizeof(reason))
			 : ebt_matcher_set(&t->matcher, value, reason, sizeof(reason));

	if (err == -EINVAL)
		snprintf(why, why_len,
			 "'%.60s' cannot be compared: %s; in quotes it is taken as it is", value,
			 reason);
	return err;
}

static int values_text(struct ebt_expr_term *t, const char *value)
{
	t->text = strdup(value);
	t->numeric = ebt_number_digits(value, strlen(value), &t->number);
	return t->text ? 0 : -ENOMEM;
}

int ebt_expr_value(struct ebt_expr_term *t, const char *value, bool quoted, char *why,
		   size_t why_len)
{
	enum ebt_expr_kind kind = t->key ? t->key->kind : EBT_EXPR_PATTERN;
	bool good = false;

	switch (*value ? kind : EBT_EXPR_KINDS) {
	case EBT_EXPR_PATTERN:
		return values_pattern(t, value, quoted, why, why_len);
	case EBT_EXPR_EXACT:
	case EBT_EXPR_USER:
		return values_text(t, value);
	case EBT_EXPR_NUMBER:
		good = ebt_number_digits(value, strlen(value), &t->number);
		break;
	case EBT_EXPR_SIZE:
	case EBT_EXPR_DURATION:
		good = values_with_unit(value, kind, &t->number);
		break;
	case EBT_EXPR_STATUS:
		good = values_status(t, value);
		break;
	case EBT_EXPR_SIGNAL:
		good = values_signal(t, value);
		break;
	case EBT_EXPR_ERRNO:
		good = values_errno(t, value);
		break;
	case EBT_EXPR_KINDS:
		break;
	}
	if (good)
		return 0;
	if (*value)
		snprintf(why, why_len, "%s cannot be '%.60s': allowed is %s",
			 t->key ? t->key->name : "a word", value, ebt_expr_allowed(kind));
	else
		snprintf(why, why_len, "%s needs a value: allowed is %s",
			 t->key ? t->key->name : "a word", ebt_expr_allowed(kind));
	return -EINVAL;
}
