/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * expr.h - the language of filters: a text becomes a tree of conditions, and the tree judges execs.
 *
 * Words stand side by side for "and"; `and`, `or`, `not`, `!` and parentheses combine them. A word is
 * a regular expression (base/match.h) that the command line, the command name or the path of the
 * executable matches; in quotes it is taken as it is. key:value and key>value compare a field
 * (expr/keys.h). docs/filters.md describes the language for users.
 *
 * What is not known before a process ends makes a condition undecided; an expression that holds
 * whatever such conditions will be is decided at once. An expression is bounded by EBT_EXPR_*_MAX.
 * It owns its memory; matching changes its patterns, so one thread at a time may use it.
 */
#ifndef EBT_EXPR_EXPR_H
#define EBT_EXPR_EXPR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"

#define EBT_EXPR_TEXT_MAX     511u /* bytes of an expression: what a prompt holds */
#define EBT_EXPR_TERMS_MAX    64u
#define EBT_EXPR_PATTERNS_MAX 16u /* regular expressions in it, which may need 5 MiB each */
#define EBT_EXPR_DEPTH_MAX    32u /* parentheses and nots within each other */

struct ebt_expr;

/* How what is judged has ended. */
enum ebt_expr_end {
	EBT_EXPR_RUNS,	   /* it has not, or that is not known yet */
	EBT_EXPR_EXITED,   /* status, run, life and cpu are known */
	EBT_EXPR_REPLACED, /* by the next exec of the process: only run is known */
	EBT_EXPR_LOST,	   /* it has, but nothing is known of it */
	EBT_EXPR_FAILED,   /* the exec failed with -ret */
};

/* An exec and, when it has ended, its end. Everything is borrowed; what is not known is empty. */
struct ebt_expr_subject {
	uint32_t pid, uid, euid;
	int32_t ret, status; /* 0 or -errno; wait(2) status word */
	struct ebt_bytes args, comm, exe, parent, cwd, tty;
	bool args_incomplete; /* what is missing of args may match a word */
	const char *cgroup;   /* path; NULL: not known */
	uint64_t args_bytes;
	uint64_t life_ns, run_ns, cpu_ns; /* from fork, from this exec; of the process */
	bool life_unknown, run_unknown;	  /* when the process began, or when it called exec */
	enum ebt_expr_end end;
	/* It is printed once and never taken back: whether it runs is undecided while it does. */
	bool once;
	/* Return the name of a user or NULL; it may be NULL itself. */
	const char *(*user)(const void *names, uint32_t uid);
	const void *names;
};

enum ebt_expr_result {
	EBT_EXPR_NO,
	EBT_EXPR_YES,
	EBT_EXPR_LATER, /* undecided before the end; it is not shown until then */
};

struct ebt_expr_error {
	size_t at;	/* byte of the text at which it is wrong */
	char text[256]; /* what is wrong, and what is allowed: a sentence without its place */
};

/* Make an expression; an empty text or blanks give NULL, which matches everything. Return 0, -ENOMEM,
 * or -EINVAL with the reason in *error (which may be NULL). */
int ebt_expr_new(struct ebt_expr **out, const char *text, struct ebt_expr_error *error);
void ebt_expr_free(struct ebt_expr **expr);

enum ebt_expr_result ebt_expr_match(struct ebt_expr *expr, const struct ebt_expr_subject *subject);
/* Return true if the last answer, of either function, assumed that a text matches which is incomplete, or over which a
 * pattern gave up. */
bool ebt_expr_unsure(const struct ebt_expr *expr);
/* Judge a bare name, or NUL-separated arguments, by the words of an expression that has no keys. What is
 * missing of a name that is incomplete may match. */
bool ebt_expr_match_name(struct ebt_expr *expr, struct ebt_bytes name, bool is_args,
			 bool incomplete);
/* Find the leftmost match of a word of the expression, negated ones left out, from byte `from` on. */
bool ebt_expr_find(struct ebt_expr *expr, struct ebt_bytes text, size_t from, size_t *at,
		   size_t *len);

/* Return the bytes that an expression needs, but for its patterns. */
size_t ebt_expr_bytes(const struct ebt_expr *expr);
const char *ebt_expr_text(const struct ebt_expr *expr); /* as it was given */
bool ebt_expr_has_keys(const struct ebt_expr *expr);
bool ebt_expr_has_end(const struct ebt_expr *expr); /* a condition that the end decides */
/* Return how often a pattern gave up over a text, which then counts as shown. */
uint64_t ebt_expr_given_up(const struct ebt_expr *expr);

#endif
