/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * keys.h - the one table of the keys of filter expressions. The parser, its messages, completion and
 * docs/filters.md follow from it.
 */
#ifndef EBT_EXPR_KEYS_H
#define EBT_EXPR_KEYS_H

#include <stddef.h>

/* What the value of a key is, and so how it is written and compared. */
enum ebt_expr_kind {
	EBT_EXPR_PATTERN,  /* regular expression, or a literal in quotes */
	EBT_EXPR_EXACT,	   /* the whole text */
	EBT_EXPR_USER,	   /* name or number */
	EBT_EXPR_NUMBER,   /* compared by size */
	EBT_EXPR_SIZE,	   /* likewise, with K, M, G */
	EBT_EXPR_DURATION, /* likewise, with ns, us, ms, s, m, h */
	EBT_EXPR_STATUS,   /* how a process ended */
	EBT_EXPR_SIGNAL,   /* number or name, or any */
	EBT_EXPR_ERRNO,	   /* likewise */
	EBT_EXPR_KINDS
};

enum ebt_expr_field {
	EBT_EXPR_OF_USER,
	EBT_EXPR_OF_UID,
	EBT_EXPR_OF_PID,
	EBT_EXPR_OF_COMM,
	EBT_EXPR_OF_EXE,
	EBT_EXPR_OF_PARENT,
	EBT_EXPR_OF_CWD,
	EBT_EXPR_OF_TTY,
	EBT_EXPR_OF_UNIT,
	EBT_EXPR_OF_CONTAINER,
	EBT_EXPR_OF_POD,
	EBT_EXPR_OF_CGROUP,
	EBT_EXPR_OF_ARGS,
	EBT_EXPR_OF_STATUS,
	EBT_EXPR_OF_SIGNAL,
	EBT_EXPR_OF_ERRNO,
	EBT_EXPR_OF_LIFE,
	EBT_EXPR_OF_RUN,
	EBT_EXPR_OF_CPU,
	EBT_EXPR_FIELDS
};

struct ebt_expr_key {
	const char *name;
	enum ebt_expr_field field;
	enum ebt_expr_kind kind;
	const char *help;    /* what it compares, in one line of Markdown */
	const char *example; /* an expression that works */
};

extern const struct ebt_expr_key ebt_expr_keys[];
extern const size_t ebt_expr_keys_count;

/* Return the key of that name, which is len bytes long, or NULL. */
const struct ebt_expr_key *ebt_expr_key_find(const char *name, size_t len);
/* Say what values of this kind are allowed, as it follows "allowed is ". */
const char *ebt_expr_allowed(enum ebt_expr_kind kind);
/* Return whether values of this kind are compared by > < >= <= = beside the colon. */
int ebt_expr_is_ordered(enum ebt_expr_kind kind);

#endif
