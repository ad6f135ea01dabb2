/* SPDX-License-Identifier: BSD-3-Clause */
/* expr_internal.h - the tree of an expression, for src/expr/ only */
#ifndef EBT_EXPR_INTERNAL_H
#define EBT_EXPR_INTERNAL_H

#include "base/match.h"
#include "expr/expr.h"
#include "expr/keys.h"

enum ebt_expr_op { EBT_EXPR_EQ, EBT_EXPR_LT, EBT_EXPR_LE, EBT_EXPR_GT, EBT_EXPR_GE };

/* Words in place of a number, in struct ebt_expr_term. */
enum ebt_expr_word {
	EBT_EXPR_IS_NUMBER,
	EBT_EXPR_OK,
	EBT_EXPR_FAIL,
	EBT_EXPR_RUNNING,
	EBT_EXPR_ANY
};

struct ebt_expr_term {
	bool unsure; /* the last exec may match or not: its text is incomplete, or the pattern gave up */
	const struct ebt_expr_key *key; /* NULL: a word on the command line */
	enum ebt_expr_op op;
	enum ebt_expr_word word;
	uint64_t number;
	struct ebt_matcher matcher;
	char *text;   /* owned; of an exact value or a user */
	bool numeric; /* number holds the text of a user too */
	bool negated; /* below an odd number of nots: when it is not sure, it does not hold */
};

enum ebt_expr_node_kind { EBT_EXPR_TERM, EBT_EXPR_NOT, EBT_EXPR_AND, EBT_EXPR_OR };

struct ebt_expr_node {
	uint8_t kind; /* enum ebt_expr_node_kind */
	uint8_t a, b; /* nodes below it; of a term, a is its index */
};

#define EBT_EXPR_NODES_MAX 255u

struct ebt_expr {
	char *text;
	struct ebt_expr_term terms[EBT_EXPR_TERMS_MAX];
	struct ebt_expr_node nodes[EBT_EXPR_NODES_MAX];
	unsigned term_count, node_count, pattern_count;
	uint8_t root;
};

/* Return the byte behind a bare word that begins at `at`. A blank ends it, and a parenthesis that the
 * word did not open; not those behind a backslash or in brackets. */
size_t ebt_expr_word_end(const char *text, size_t at);
/* Return whether the parenthesis at `at` belongs to a regular expression such as (a|b)c: its match is
 * not at the end of a condition. */
bool ebt_expr_is_word(const char *text, size_t at);

/* Parse the text of an expression into its tree. Return 0, -EINVAL with *error set, or -ENOMEM. */
int ebt_expr_parse(struct ebt_expr *expr, struct ebt_expr_error *error);

/* Read the value of a key into the term, whose key and op are set. quoted: it stood in quotes. Return
 * 0, -ENOMEM, or -EINVAL with what is wrong in why. */
int ebt_expr_value(struct ebt_expr_term *term, const char *value, bool quoted, char *why,
		   size_t why_len);

#endif
