/* SPDX-License-Identifier: BSD-3-Clause */
#include "expr/expr.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "expr/expr_internal.h"

void ebt_expr_free(struct ebt_expr **xp)
{
	struct ebt_expr *x = *xp;

	if (!x)
		return;
	for (unsigned i = 0; i < x->term_count; i++) {
		ebt_matcher_deinit(&x->terms[i].matcher);
		free(x->terms[i].text);
	}
	free(x->text);
	free(x);
	*xp = NULL;
}

size_t ebt_expr_bytes(const struct ebt_expr *x)
{
	size_t bytes = x ? sizeof(*x) : 0;

	for (unsigned i = 0; x && i < x->term_count; i++)
		bytes += x->terms[i].matcher.text.cap;
	return bytes;
}

static bool expr_is_blank(const char *text)
{
	while (*text && isspace((unsigned char)*text))
		text++;
	return !*text;
}

int ebt_expr_new(struct ebt_expr **out, const char *text, struct ebt_expr_error *error)
{
	struct ebt_expr_error unused = { 0 };
	struct ebt_expr *x;
	int err;

	*out = NULL;
	if (!error)
		error = &unused;
	*error = (struct ebt_expr_error){ 0 };
	if (expr_is_blank(text))
		return 0;
	if (strnlen(text, EBT_EXPR_TEXT_MAX + 1) > EBT_EXPR_TEXT_MAX) {
		error->at = EBT_EXPR_TEXT_MAX;
		snprintf(error->text, sizeof(error->text),
			 "this is too long: at most %u bytes are allowed", EBT_EXPR_TEXT_MAX);
		return -EINVAL;
	}
	x = calloc(1, sizeof(*x));
	if (!x)
		return -ENOMEM;
	x->text = strdup(text);
	err = x->text ? ebt_expr_parse(x, error) : -ENOMEM;
	if (err)
		ebt_expr_free(&x);
	*out = x;
	return err;
}
