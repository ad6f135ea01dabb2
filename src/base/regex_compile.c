/* SPDX-License-Identifier: BSD-3-Clause */
#include "base/regex_compile.h"

#include <ctype.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

/* Return the ']' that ends the bracket expression whose '[' is before p, or the end of the text. A
 * ']' that comes first is a member; classes end in ":]". */
static const char *regex_skip_bracket(const char *p)
{
	if (*p == '^')
		p++;
	if (*p == ']')
		p++;
	while (*p && *p != ']') {
		if (p[0] == '[' && (p[1] == ':' || p[1] == '.' || p[1] == '=')) {
			char kind = p[1];

			for (p += 2; *p && !(p[0] == kind && p[1] == ']'); p++)
				;
			if (!*p)
				return p;
			p++;
		}
		p++;
	}
	return p;
}

/* Return the larger bound behind the '{' at *p, and move *p to its last digit. x{500,} is 500 copies
 * of x, too. */
static unsigned long regex_bound(const char **p)
{
	unsigned long n = 0, most = 0;

	for (; isdigit((unsigned char)(*p)[1]) || (*p)[1] == ','; (*p)++) {
		n = (*p)[1] == ',' ? 0 : (n * 10 + (unsigned)((*p)[1] - '0')) % 100000;
		most = n > most ? n : most;
	}
	return most > 1 ? most : 1;
}

/* What the expression costs up to here. Each group keeps how deep repetitions are nested in it. */
struct regex_cost {
	unsigned long copies;
	unsigned level; /* of nested groups */
	unsigned last;	/* repetitions around the atom before, or in it */
	unsigned deepest[EBT_REGEX_PATTERN_MAX + 1];
};

static void regex_repeat(struct regex_cost *c)
{
	c->last++;
	if (c->last > c->deepest[c->level])
		c->deepest[c->level] = c->last;
}

static void regex_begin_group(struct regex_cost *c)
{
	c->deepest[++c->level] = 0;
	c->last = 0;
}

static void regex_end_group(struct regex_cost *c)
{
	if (!c->level)
		return;
	c->last = c->deepest[c->level--];
	if (c->last > c->deepest[c->level])
		c->deepest[c->level] = c->last;
}

static bool regex_costs_too_much(const struct regex_cost *c)
{
	return c->last > 30 || c->copies << (c->last > 1 ? c->last - 1 : 0) > EBT_REGEX_COPIES_MAX;
}

static const char *regex_beyond_limits(const char *pattern)
{
	struct regex_cost c = { .copies = 1 };

	if (strlen(pattern) > EBT_REGEX_PATTERN_MAX)
		return "allowed are at most 1024 bytes";
	for (const char *p = pattern; *p; p++) {
		if (strchr("*+?", *p)) {
			regex_repeat(&c);
		} else if (*p == '{') {
			c.copies *= regex_bound(&p);
		} else if (*p == ')') {
			regex_end_group(&c);
		} else if (*p == '(') {
			regex_begin_group(&c);
		} else {
			c.last = 0;
		}
		if (regex_costs_too_much(&c))
			return "its repetitions multiply to more than 1000 copies";
		if (*p == '[') {
			p = regex_skip_bracket(p + 1);
			if (!*p)
				break;
		} else if (*p == '\\' && p[1]) {
			p++;
			if (isdigit((unsigned char)*p))
				return "back references are not supported";
		}
	}
	return NULL;
}

static int regex_fail(char *why, size_t why_len, const char *reason)
{
	if (why)
		snprintf(why, why_len, "%s", reason);
	return -EINVAL;
}

int ebt_regex_check_limits(const char *pattern, char *why, size_t why_len)
{
	const char *beyond = regex_beyond_limits(pattern);

	return beyond ? regex_fail(why, why_len, beyond) : 0;
}

int ebt_regex_compile(regex_t *out, const char *pattern, int flags, char *why, size_t why_len)
{
	int err = ebt_regex_check_limits(pattern, why, why_len), r;
	char reason[128];

	if (err)
		return err;
	r = regcomp(out, pattern, REG_EXTENDED | flags);
	if (r == 0)
		return 0;
	regerror(r, out, reason, sizeof(reason));
	if (why)
		snprintf(why, why_len, "a POSIX extended regular expression is wanted (%s)",
			 reason);
	return r == REG_ESPACE ? -ENOMEM : -EINVAL;
}
