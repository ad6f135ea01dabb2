/* SPDX-License-Identifier: BSD-3-Clause */
/* complete.h - how the word of an expression goes on: its key, or a value of its key */
#ifndef EBT_EXPR_COMPLETE_H
#define EBT_EXPR_COMPLETE_H

#include <stddef.h>

#include "base/bytes.h"
#include "expr/keys.h"

/* How a word may go on. */
struct ebt_expr_completion {
	size_t at;	/* byte at which the word begins */
	char word[256]; /* what takes its place, as far as all candidates agree; "" without one */
	char list[320]; /* the candidates with blanks between them, as many as fit */
	unsigned count; /* of the candidates, at most one for each in the list */
	/* the value so far, and what stands before it in the word; for ebt_expr_offer() */
	char prefix[32];
	struct ebt_bytes typed;
};

/* Called for a key whose values come from what was seen: offer each by ebt_expr_offer(). */
typedef void (*ebt_expr_values_fn)(enum ebt_expr_field field,
				   struct ebt_expr_completion *completion, void *arg);

/* Complete the word that ends at the cursor. */
void ebt_expr_complete(struct ebt_expr_completion *out, const char *text, size_t cursor,
		       ebt_expr_values_fn values, void *arg);
/* Take a value as a candidate if it goes on as the word begins. */
void ebt_expr_offer(struct ebt_expr_completion *completion, struct ebt_bytes value);

#endif
