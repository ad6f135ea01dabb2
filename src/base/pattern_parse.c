/* SPDX-License-Identifier: BSD-3-Clause */
/* pattern_parse.c - read a POSIX extended regular expression. */
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <wctype.h>

#include "base/pattern_internal.h"

uint16_t pattern_tree_add(struct pattern_parsed *p, struct pattern_tree node)
{
	if (p->n_tree == PATTERN_TREE_MAX) {
		p->why = "it is too long";
		return 0;
	}
	p->tree[p->n_tree] = node;
	return (uint16_t)p->n_tree++;
}

uint16_t pattern_tree_pair(struct pattern_parsed *p, enum pattern_tree_kind kind, uint16_t left,
			   uint16_t right)
{
	return pattern_tree_add(
		p, (struct pattern_tree){ .kind = (uint8_t)kind, .left = left, .right = right });
}

/* Equal sets share a place, so that there are never many to compare. */
uint16_t pattern_tree_set(struct pattern_parsed *p, const struct pattern_set *set)
{
	unsigned i = 0;

	while (i < p->n_sets && memcmp(&p->sets[i], set, sizeof(*set)) != 0)
		i++;
	if (i == PATTERN_SETS_MAX) {
		p->why = "it is too long";
		return 0;
	}
	if (i == p->n_sets)
		p->sets[p->n_sets++] = *set;
	return pattern_tree_add(
		p, (struct pattern_tree){ .kind = PATTERN_TREE_SET, .set = (uint16_t)i });
}

unsigned pattern_char_len(const char *text)
{
	const unsigned char *t = (const unsigned char *)text;
	unsigned n = *t >= 0xf0 && *t < 0xf5 ? 4 : *t >= 0xe0 ? 3 : *t >= 0xc2 ? 2 : 1;

	if (*t >= 0xf5)
		return 1;
	for (unsigned i = 1; i < n; i++)
		if ((t[i] & 0xc0) != 0x80)
			return 1;
	/* No longer form than needed, no half of a pair of UTF-16, nothing behind the last character. */
	if ((*t == 0xe0 && t[1] < 0xa0) || (*t == 0xed && t[1] > 0x9f) ||
	    (*t == 0xf0 && t[1] < 0x90) || (*t == 0xf4 && t[1] > 0x8f))
		return 1;
	return n;
}

static uint16_t parse_bytes(struct pattern_parsed *p, const char *text, unsigned n)
{
	uint16_t all = 0;

	for (unsigned i = 0; i < n; i++) {
		struct pattern_set set = { 0 };
		uint16_t one;

		pattern_set_add(&set, (unsigned char)text[i]);
		one = pattern_tree_set(p, &set);
		all = i ? pattern_tree_pair(p, PATTERN_TREE_CAT, all, one) : one;
	}
	return all;
}

static wint_t parse_decode(const char *text, unsigned n)
{
	wint_t c = (unsigned char)text[0] & (0xffu >> (n + 1));

	for (unsigned i = 1; i < n; i++)
		c = c << 6 | ((unsigned char)text[i] & 0x3f);
	return c;
}

static unsigned parse_encode(char out[4], wint_t c)
{
	unsigned n = c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;

	for (unsigned i = n - 1; i > 0; i--, c >>= 6)
		out[i] = (char)(0x80 | (c & 0x3f));
	out[0] = (char)(n == 1 ? c : (0xf00u >> n & 0xff) | c);
	return n;
}

uint16_t pattern_tree_char(struct pattern_parsed *p, const char *text, unsigned n)
{
	struct pattern_set set = { 0 };
	char other[4];
	wint_t c, turned;

	if (n > 1) {
		uint16_t tree = parse_bytes(p, text, n);

		c = parse_decode(text, n);
		turned = iswupper(c) ? towlower(c) : towupper(c);
		if (!p->ignore_case || turned == c)
			return tree;
		n = parse_encode(other, turned);
		return pattern_tree_pair(p, PATTERN_TREE_ALT, tree, parse_bytes(p, other, n));
	}
	pattern_set_add(&set, (unsigned char)*text);
	if (p->ignore_case && (unsigned char)*text < 0x80 && isalpha((unsigned char)*text))
		pattern_set_add(&set, (unsigned char)*text ^ 0x20);
	return pattern_tree_set(p, &set);
}

static uint16_t parse_class(struct pattern_parsed *p, char kind)
{
	struct pattern_set set = { 0 };
	bool word = kind == 'w' || kind == 'W', not = kind == 'W' || kind == 'S';

	for (unsigned c = 0; c < 256; c++) {
		bool in = c < 0x80 && (word ? isalnum((int)c) || c == '_' : isspace((int)c));

		if (in != not )
			pattern_set_add(&set, c);
	}
	return pattern_tree_set(p, &set);
}

static uint16_t parse_assert(struct pattern_parsed *p, enum pattern_assert what)
{
	if (what != PATTERN_AT_BEGIN && what != PATTERN_AT_END)
		p->asks_word = true;
	return pattern_tree_add(
		p, (struct pattern_tree){ .kind = PATTERN_TREE_ASSERT, .value = (uint8_t)what });
}

static uint16_t parse_escape(struct pattern_parsed *p)
{
	static const char asserts[] = "`'bB<>"; /* in the order of enum pattern_assert */
	const char *c = p->at;
	unsigned n = pattern_char_len(c);

	if (!*c) {
		p->why = "a backslash is at its end";
		return 0;
	}
	p->at += n;
	if (isdigit((unsigned char)*c)) {
		p->why = "back-references such as \\1 are not supported";
		return 0;
	}
	if (strchr("wWsS", *c))
		return parse_class(p, *c);
	if (strchr(asserts, *c))
		return parse_assert(p, (enum pattern_assert)(strchr(asserts, *c) - asserts));
	return pattern_tree_char(p, c, n);
}

static uint16_t parse_alternatives(struct pattern_parsed *p);

static uint16_t parse_group(struct pattern_parsed *p)
{
	uint16_t tree;

	p->depth++;
	tree = parse_alternatives(p);
	p->depth--;
	if (!p->why && *p->at != ')')
		p->why = "a '(' is not closed";
	if (!p->why)
		p->at++;
	return tree;
}

static uint16_t parse_atom(struct pattern_parsed *p)
{
	struct pattern_set any;
	const char *c = p->at;
	unsigned n = pattern_char_len(c);

	p->at += n;
	switch (*c) {
	case '(':
		return parse_group(p);
	case '[':
		return pattern_parse_bracket(p);
	case '\\':
		return parse_escape(p);
	case '.':
		memset(&any, 0xff, sizeof(any));
		return pattern_tree_set(p, &any);
	case '^':
		return parse_assert(p, PATTERN_AT_BEGIN);
	case '$':
		return parse_assert(p, PATTERN_AT_END);
	case '*':
	case '+':
	case '?':
	case '{':
		p->why =
			"a repetition has nothing before it; write \\*, \\+, \\? or \\{ for the character";
		return 0;
	default:
		return pattern_tree_char(p, c, n);
	}
}

/* Read a number of x{n,m}; missing is what it means if there is none. */
static uint16_t parse_number(struct pattern_parsed *p, uint16_t missing)
{
	unsigned long n = 0;

	if (!isdigit((unsigned char)*p->at))
		return missing;
	for (; isdigit((unsigned char)*p->at); p->at++)
		n = n > EBT_PATTERN_REPEAT_MAX ? n : n * 10 + (unsigned)(*p->at - '0');
	if (n > EBT_PATTERN_REPEAT_MAX)
		p->why = "a repetition may be at most 1000";
	return (uint16_t)n;
}

/* Read the numbers behind '{'. */
static void parse_interval(struct pattern_parsed *p, struct pattern_tree *t)
{
	const char *begin = p->at;

	t->min = parse_number(p, 0);
	t->max = t->min;
	if (p->why)
		return;
	if (*p->at == ',') {
		p->at++;
		t->max = parse_number(p, PATTERN_UNBOUNDED);
	} else if (p->at == begin) {
		p->why = "a '{' is not followed by a number; write \\{ for the character";
	}
	if (p->why)
		return;
	if (*p->at != '}')
		p->why = "a '{' is not closed; write \\{ for the character";
	else if (t->max < t->min)
		p->why = "the second number of a repetition is less than the first";
	else
		p->at++;
}

static uint16_t parse_repeated(struct pattern_parsed *p)
{
	uint16_t tree = parse_atom(p);

	while (!p->why && *p->at && strchr("*+?{", *p->at)) {
		struct pattern_tree t = { .kind = PATTERN_TREE_REPEAT, .left = tree };
		char c = *p->at++;

		t.min = c == '+';
		t.max = c == '?' ? 1 : PATTERN_UNBOUNDED;
		if (c == '{')
			parse_interval(p, &t);
		tree = pattern_tree_add(p, t);
	}
	return tree;
}

static uint16_t parse_sequence(struct pattern_parsed *p)
{
	uint16_t tree = 0; /* the empty one */

	/* A ')' without a '(' stands for itself. */
	while (!p->why && *p->at && *p->at != '|' && !(*p->at == ')' && p->depth)) {
		uint16_t next = parse_repeated(p);

		tree = tree ? pattern_tree_pair(p, PATTERN_TREE_CAT, tree, next) : next;
	}
	return tree;
}

static uint16_t parse_alternatives(struct pattern_parsed *p)
{
	uint16_t tree = parse_sequence(p);

	while (!p->why && *p->at == '|') {
		p->at++;
		tree = pattern_tree_pair(p, PATTERN_TREE_ALT, tree, parse_sequence(p));
	}
	return tree;
}

int pattern_parse(struct pattern_parsed *parsed, const char *text, bool ignore_case)
{
	memset(parsed, 0, sizeof(*parsed));
	parsed->at = text;
	parsed->ignore_case = ignore_case;
	pattern_tree_add(parsed, (struct pattern_tree){ .kind = PATTERN_TREE_EMPTY });
	parsed->root = parse_alternatives(parsed);
	return parsed->why ? -EINVAL : 0;
}
