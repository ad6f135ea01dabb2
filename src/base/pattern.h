/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * pattern.h - POSIX extended regular expressions over bytes, with a bound on time and memory.
 *
 * The arguments that are matched come from strangers, so no expression may take long over any of
 * them. A pattern becomes an automaton whose states are made when a text first needs them: a byte
 * costs one look-up, and making states costs at most EBT_PATTERN_WORK_MAX steps a call. A call that
 * would need more gives up and says so.
 *
 * Texts are bytes in every locale: "." is any byte, and invalid UTF-8 hides nothing. A character of
 * a pattern outside of ASCII is one unit, also in a bracket expression. \w \W \s \S \b \B \< \> are
 * understood as the C library does, and classes such as [:alpha:] are those of ASCII.
 *
 * A pattern owns all its memory, at most EBT_PATTERN_MEMORY_MAX bytes. Matching changes the states
 * that it keeps, so one thread at a time may use a pattern. No function here allocates but
 * ebt_pattern_new.
 */
#ifndef EBT_BASE_PATTERN_H
#define EBT_BASE_PATTERN_H

#include <stdbool.h>
#include <stddef.h>

#include "base/bytes.h"

#define EBT_PATTERN_TEXT_MAX   1024u	/* bytes of an expression */
#define EBT_PATTERN_REPEAT_MAX 1000u	/* largest number in x{n} */
#define EBT_PATTERN_NODES_MAX  4096u	/* places in an expression, repetitions multiplied */
#define EBT_PATTERN_WORK_MAX   1500000u /* places looked at in making states, a call: some 10 ms */
#define EBT_PATTERN_MEMORY_MAX (5u << 20) /* bytes */

enum ebt_pattern_result {
	EBT_PATTERN_NO,
	EBT_PATTERN_YES,
	EBT_PATTERN_GAVE_UP, /* the text may match; it must not be hidden */
};

struct ebt_pattern;

/* Compile an expression. ignore_case also covers characters outside of ASCII as far as the locale
 * knows their case. Return 0, or -EINVAL or -ENOMEM with the reason in why (may be NULL), as it
 * follows "… cannot be 'PATTERN': ". */
int ebt_pattern_new(struct ebt_pattern **out, const char *text, bool ignore_case, char *why,
		    size_t why_len);
void ebt_pattern_free(struct ebt_pattern **pattern);

/* Say whether any part of the text matches. */
enum ebt_pattern_result ebt_pattern_match(struct ebt_pattern *pattern, struct ebt_bytes text);

/* Find the leftmost match that begins at from or later, the longest of those that begin there. With
 * EBT_PATTERN_YES it lies at *at and is *len bytes long, which may be 0. */
enum ebt_pattern_result ebt_pattern_find(struct ebt_pattern *pattern, struct ebt_bytes text,
					 size_t from, size_t *at, size_t *len);

#endif
