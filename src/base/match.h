/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * match.h - match one pattern against commands, for the filter and the search.
 *
 * A pattern is a POSIX extended regular expression within the limits of base/pattern.h. Case is
 * ignored unless the pattern has a capital letter (one after a backslash does not count: \W). Each
 * text is matched by itself and whole, so ^ and $ mean its ends. A pattern without special
 * characters is searched for as it is. A text over which the pattern gave up counts as a match: what
 * may have been asked for is not hidden.
 */
#ifndef EBT_BASE_MATCH_H
#define EBT_BASE_MATCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"
#include "base/pattern.h"

struct ebt_matcher {
	char *pattern; /* owned; NULL matches everything */
	size_t len;
	bool literal; /* no automaton needed */
	bool icase;
	struct ebt_pattern *compiled; /* also of a literal one, for its places */
	struct ebt_buf text;	      /* the command line at hand */
	uint64_t given_up;	      /* texts over which the pattern gave up */
};

/* Set the pattern; NULL or "" matches everything. Return 0, -EINVAL with a message in err (may be
 * NULL), or -ENOMEM; on failure the matcher is unchanged. */
int ebt_matcher_set(struct ebt_matcher *m, const char *pattern, char *err, size_t err_len);
void ebt_matcher_deinit(struct ebt_matcher *m);

bool ebt_matcher_text(struct ebt_matcher *m, struct ebt_bytes text);
/* Find the leftmost match that begins at from or later; *at and *len say where it lies. */
bool ebt_matcher_find(struct ebt_matcher *m, struct ebt_bytes text, size_t from, size_t *at,
		      size_t *len);
/* Match NUL-separated arguments as they were passed, joined by single blanks. */
bool ebt_matcher_args(struct ebt_matcher *m, struct ebt_bytes args);

#endif
