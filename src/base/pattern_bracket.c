/* SPDX-License-Identifier: BSD-3-Clause */
/* pattern_bracket.c - read a bracket expression, such as [^a-z] or [[:digit:]_]. */
#include <ctype.h>
#include <string.h>

#include "base/pattern_internal.h"

/* A bracket under way: its bytes of ASCII in a set, its other characters in a tree. */
struct bracket {
	struct pattern_set set;
	uint16_t others; /* 0: none */
	bool negated;
};

static const struct {
	const char *name;
	int (*has)(int c);
} bracket_classes[] = {
	{ "alnum", isalnum }, { "alpha", isalpha }, { "blank", isblank }, { "cntrl", iscntrl },
	{ "digit", isdigit }, { "graph", isgraph }, { "lower", islower }, { "print", isprint },
	{ "punct", ispunct }, { "space", isspace }, { "upper", isupper }, { "xdigit", isxdigit },
};

static void bracket_add_byte(struct pattern_parsed *p, struct bracket *b, unsigned c)
{
	pattern_set_add(&b->set, c);
	if (p->ignore_case && c < 0x80 && isalpha((int)c))
		pattern_set_add(&b->set, c ^ 0x20);
}

/* Read the class behind "[:". */
static void bracket_class(struct pattern_parsed *p, struct bracket *b)
{
	const char *end = strstr(p->at, ":]");

	for (unsigned i = 0; end && i < sizeof(bracket_classes) / sizeof(*bracket_classes); i++) {
		size_t n = strlen(bracket_classes[i].name);

		if ((size_t)(end - p->at) != n || memcmp(p->at, bracket_classes[i].name, n) != 0)
			continue;
		for (int c = 0; c < 0x80; c++)
			if (bracket_classes[i].has(c))
				bracket_add_byte(p, b, (unsigned)c);
		p->at = end + 2;
		return;
	}
	p->why = "there is no character class of that name";
}

/* Take one character, also in the forms [.x.] and [=x=]. Return its first byte; *n is its length. */
static const char *bracket_char(struct pattern_parsed *p, unsigned *n)
{
	const char *c = p->at;
	char kind = c[0] == '[' && (c[1] == '.' || c[1] == '=') ? c[1] : '\0';

	if (kind)
		c += 2;
	*n = *c ? pattern_char_len(c) : 0;
	p->at = c + *n;
	if (!*n)
		p->why = "a '[' is not closed";
	else if (kind && (p->at[0] != kind || p->at[1] != ']'))
		p->why = "[. .] and [= =] may hold one character only";
	else if (kind)
		p->at += 2;
	return c;
}

static void bracket_range(struct pattern_parsed *p, struct bracket *b, const char *from, unsigned n)
{
	unsigned first = (unsigned char)*from, last;
	const char *to;

	p->at++; /* the '-' */
	to = bracket_char(p, &n);
	if (p->why)
		return;
	last = (unsigned char)*to;
	if (first >= 0x80 || last >= 0x80)
		p->why = "a range in brackets may hold ASCII characters only";
	else if (first > last)
		p->why = "a range in brackets ends before it begins";
	for (unsigned c = first; !p->why && c <= last; c++)
		bracket_add_byte(p, b, c);
}

static void bracket_member(struct pattern_parsed *p, struct bracket *b)
{
	unsigned n;
	const char *c = bracket_char(p, &n);
	uint16_t tree;

	if (p->why)
		return;
	if (p->at[0] == '-' && p->at[1] && p->at[1] != ']') {
		bracket_range(p, b, c, n);
	} else if (n == 1) {
		bracket_add_byte(p, b, (unsigned char)*c);
	} else {
		tree = pattern_tree_char(p, c, n);
		b->others =
			b->others ? pattern_tree_pair(p, PATTERN_TREE_ALT, b->others, tree) : tree;
	}
}

uint16_t pattern_parse_bracket(struct pattern_parsed *p)
{
	struct bracket b = { 0 };
	uint16_t tree;

	if (*p->at == '^') {
		b.negated = true;
		p->at++;
	}
	/* A ']' that comes first is a member. */
	for (const char *begin = p->at; !p->why && (*p->at != ']' || p->at == begin);) {
		if (p->at[0] == '[' && p->at[1] == ':') {
			p->at += 2;
			bracket_class(p, &b);
		} else {
			bracket_member(p, &b);
		}
	}
	if (!p->why && b.negated && b.others)
		p->why = "[^…] may hold ASCII characters only";
	if (p->why)
		return 0;
	p->at++;
	for (unsigned i = 0; b.negated && i < 8; i++)
		b.set.has[i] = ~b.set.has[i];
	tree = pattern_tree_set(p, &b.set);
	return b.others ? pattern_tree_pair(p, PATTERN_TREE_ALT, tree, b.others) : tree;
}
