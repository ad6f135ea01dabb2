/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * match.h - match one pattern against commands, for the filter and the search.
 *
 * A pattern is a POSIX extended regular expression within the limits of base/regex.h. Case is
 * ignored unless the pattern has a capital letter (one after a backslash does not count: \W). Each
 * text is matched by itself, so ^ and $ mean its ends. Only the first EBT_MATCH_MAX bytes of a text
 * are looked at. A pattern without special characters is searched for as it is.
 */
#ifndef EBT_MODEL_MATCH_H
#define EBT_MODEL_MATCH_H

#include <regex.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/bytes.h"

#define EBT_MATCH_MAX ((size_t)64 << 10)

struct ebt_matcher {
	char *pattern; /* owned; NULL: matches everything */
	size_t len;
	bool literal; /* no regex needed */
	bool icase;
	regex_t regex;	     /* when pattern and not literal */
	struct ebt_buf text; /* quoted arguments */
};

/* NULL or "": matches everything. -EINVAL with a text in err (may be NULL), -ENOMEM; the matcher
 * stays as it was. */
int ebt_matcher_set(struct ebt_matcher *m, const char *pattern, char *err, size_t err_len);
void ebt_matcher_deinit(struct ebt_matcher *m);

bool ebt_matcher_text(struct ebt_matcher *m, struct ebt_bytes text);
/* NUL-separated arguments, as they are shown: quoted. */
bool ebt_matcher_args(struct ebt_matcher *m, struct ebt_bytes args);

#endif
