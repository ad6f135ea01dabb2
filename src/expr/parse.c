/* SPDX-License-Identifier: BSD-3-Clause */
/* parse.c - the text of an expression becomes a tree. The recursion is bounded by EBT_EXPR_DEPTH_MAX. */
#include <ctype.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "expr/expr_internal.h"

struct parser {
	struct ebt_expr *expr;
	const char *text;
	size_t at;
	unsigned depth;
	bool negated;
	int err; /* the first; nothing is parsed behind it */
	struct ebt_expr_error *error;
};

static uint8_t parse_or(struct parser *p);

static void parse_fail(struct parser *p, size_t at, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

static void parse_fail(struct parser *p, size_t at, const char *fmt, ...)
{
	va_list ap;

	if (p->err)
		return;
	p->err = -EINVAL;
	p->error->at = at;
	va_start(ap, fmt);
	vsnprintf(p->error->text, sizeof(p->error->text), fmt, ap);
	va_end(ap);
}

static void parse_blanks(struct parser *p)
{
	while (p->text[p->at] && isspace((unsigned char)p->text[p->at]))
		p->at++;
}

static uint8_t parse_node(struct parser *p, enum ebt_expr_node_kind kind, unsigned a, unsigned b)
{
	struct ebt_expr *x = p->expr;

	if (x->node_count == EBT_EXPR_NODES_MAX) {
		parse_fail(p, p->at, "this is too much: at most %u conditions are allowed",
			   EBT_EXPR_TERMS_MAX);
		return 0;
	}
	x->nodes[x->node_count] = (struct ebt_expr_node){ (uint8_t)kind, (uint8_t)a, (uint8_t)b };
	return (uint8_t)x->node_count++;
}

/* Copy the text in quotes that begins at p->at into out. \" gives a quote and \\ a backslash. */
static void parse_quoted(struct parser *p, struct ebt_buf *out)
{
	size_t start = p->at++;

	for (; p->text[p->at] != '"'; p->at++) {
		if (p->text[p->at] == '\\' && p->text[p->at + 1])
			p->at++;
		if (!p->text[p->at]) {
			parse_fail(p, start, "the quotes are not closed: a \" is missing");
			return;
		}
		ebt_buf_append(out, p->text + p->at, 1);
	}
	p->at++;
	if (p->text[p->at] && !isspace((unsigned char)p->text[p->at]) && p->text[p->at] != ')')
		parse_fail(p, p->at, "a blank is missing behind the quotes");
}

/* Read the operator at p->at. Return false, and stay, when there is none. */
static bool parse_operator(struct parser *p, const struct ebt_expr_key *key, enum ebt_expr_op *op)
{
	static const struct {
		const char *text;
		enum ebt_expr_op op;
	} ops[] = { { ">=", EBT_EXPR_GE }, { "<=", EBT_EXPR_LE }, { ">", EBT_EXPR_GT },
		    { "<", EBT_EXPR_LT },  { "=", EBT_EXPR_EQ },  { ":", EBT_EXPR_EQ } };

	for (size_t i = 0; i < EBT_ARRAY_SIZE(ops); i++) {
		size_t len = strlen(ops[i].text);

		if (strncmp(p->text + p->at, ops[i].text, len) != 0)
			continue;
		if (ops[i].text[0] != ':' && !ebt_expr_is_ordered(key->kind))
			return false;
		*op = ops[i].op;
		p->at += len;
		return true;
	}
	return false;
}

/* Find the key at p->at and read it and its operator. Return NULL, and stay, when the word is text. */
static const struct ebt_expr_key *parse_key(struct parser *p, enum ebt_expr_op *op)
{
	size_t start = p->at, len = 0;
	const struct ebt_expr_key *key;

	while (islower((unsigned char)p->text[start + len]))
		len++;
	key = ebt_expr_key_find(p->text + start, len);
	if (!key)
		return NULL;
	p->at += len;
	if (parse_operator(p, key, op))
		return key;
	p->at = start;
	return NULL;
}

static uint8_t parse_term(struct parser *p)
{
	_cleanup_buf_ struct ebt_buf value = { 0 };
	struct ebt_expr *x = p->expr;
	struct ebt_expr_term term = { .negated = p->negated };
	size_t start = p->at, value_at;
	char why[sizeof(p->error->text)] = "";
	bool quoted;
	int err;

	if (x->term_count == EBT_EXPR_TERMS_MAX) {
		parse_fail(p, start, "this is too much: at most %u conditions are allowed",
			   EBT_EXPR_TERMS_MAX);
		return 0;
	}
	term.key = parse_key(p, &term.op);
	value_at = p->at;
	quoted = p->text[p->at] == '"';
	if (quoted) {
		parse_quoted(p, &value);
	} else {
		size_t end = ebt_expr_word_end(p->text, p->at);

		ebt_buf_append(&value, p->text + p->at, end - p->at);
		p->at = end;
	}
	ebt_buf_append(&value, "", 1);
	if (value.error)
		p->err = p->err ? p->err : -ENOMEM;
	if (p->err)
		return 0;
	if (term.key ? term.key->kind == EBT_EXPR_PATTERN : true)
		x->pattern_count++;
	if (x->pattern_count > EBT_EXPR_PATTERNS_MAX) {
		parse_fail(p, start, "this is too much: at most %u regular expressions are allowed",
			   EBT_EXPR_PATTERNS_MAX);
		return 0;
	}
	err = ebt_expr_value(&term, value.data, quoted, why, sizeof(why));
	if (err == -EINVAL)
		parse_fail(p, value_at, "%s", why);
	else if (err)
		p->err = err;
	x->terms[x->term_count++] = term; /* owned also when it is refused */
	return parse_node(p, EBT_EXPR_TERM, x->term_count - 1, 0);
}

/* Return whether the word at p->at is this one, whole, and read it. */
static bool parse_takes(struct parser *p, const char *word)
{
	size_t len = strlen(word);
	char next = p->text[p->at + (strncmp(p->text + p->at, word, len) == 0 ? len : 0)];

	if (strncmp(p->text + p->at, word, len) != 0 ||
	    (next && !isspace((unsigned char)next) && next != '(' && next != ')'))
		return false;
	p->at += len;
	return true;
}

static uint8_t parse_group(struct parser *p)
{
	size_t start = p->at++;
	uint8_t node;

	parse_blanks(p);
	node = parse_or(p);
	parse_blanks(p);
	if (p->err)
		return 0;
	if (p->text[p->at] != ')') {
		parse_fail(p, start, "the parenthesis is not closed: a ) is missing");
		return 0;
	}
	p->at++;
	return node;
}

/* Parse a condition, a group, or what a not stands before. */
static uint8_t parse_unit(struct parser *p)
{
	bool is_not = false;
	uint8_t node;

	parse_blanks(p);
	if (p->err)
		return 0;
	if (p->depth == EBT_EXPR_DEPTH_MAX) {
		parse_fail(p, p->at, "this is nested too deep: at most %u levels are allowed",
			   EBT_EXPR_DEPTH_MAX);
		return 0;
	}
	p->depth++;
	if (p->text[p->at] == '!') {
		p->at++;
		is_not = true;
	} else {
		is_not = parse_takes(p, "not");
	}
	if (is_not) {
		p->negated = !p->negated;
		node = parse_unit(p);
		p->negated = !p->negated;
		node = p->err ? 0 : parse_node(p, EBT_EXPR_NOT, node, 0);
	} else if (!p->text[p->at] || p->text[p->at] == ')') {
		parse_fail(p, p->at, "a condition is missing here, such as a word or user:root");
		node = 0;
	} else if (p->text[p->at] == '(' && !ebt_expr_is_word(p->text, p->at)) {
		node = parse_group(p);
	} else {
		node = parse_term(p);
	}
	p->depth--;
	return node;
}

/* Return whether "or" is next, which ends what "and" joins. */
static bool parse_is_or(const struct parser *p)
{
	struct parser look = *p;

	return parse_takes(&look, "or");
}

static uint8_t parse_and(struct parser *p)
{
	uint8_t node;

	parse_blanks(p);
	if (parse_is_or(p) || parse_takes(p, "and")) {
		parse_fail(
			p, p->at,
			"a condition is missing here; put \"and\" or \"or\" in quotes to look for it");
		return 0;
	}
	node = parse_unit(p);
	for (;;) {
		uint8_t right;

		parse_blanks(p);
		if (p->err || !p->text[p->at] || p->text[p->at] == ')' || parse_is_or(p))
			return node;
		parse_takes(p, "and");
		right = parse_unit(p);
		if (!p->err)
			node = parse_node(p, EBT_EXPR_AND, node, right);
	}
}

static uint8_t parse_or(struct parser *p)
{
	uint8_t node = parse_and(p);

	for (;;) {
		uint8_t right;

		parse_blanks(p);
		if (p->err || !parse_takes(p, "or"))
			return node;
		right = parse_and(p);
		if (!p->err)
			node = parse_node(p, EBT_EXPR_OR, node, right);
	}
}

static int parse_all(struct parser *p)
{
	p->expr->root = parse_or(p);
	parse_blanks(p);
	if (!p->err && p->text[p->at])
		parse_fail(p, p->at, "this ) closes nothing; put \")\" in quotes to look for it");
	return p->err;
}

int ebt_expr_parse(struct ebt_expr *expr, struct ebt_expr_error *error)
{
	struct parser p = { .expr = expr, .text = expr->text, .error = error };

	return parse_all(&p);
}
