/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * pattern.c - run a pattern over a text, making the states of its automaton as they are
 * needed.
 */
#include "base/pattern.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/pattern_internal.h"

static uint8_t pattern_before(const struct ebt_pattern *p, struct ebt_bytes text, size_t at)
{
	if (!at)
		return PATTERN_BEFORE_BEGIN;
	return p->program.asks_word && pattern_is_word((unsigned char)text.data[at - 1])
		       ? PATTERN_BEFORE_WORD
		       : 0;
}

/* Run over the bytes whose next state is known. Stop at one whose is not, at a match and at the end
 * of the text. *begin is moved to each place where the state is first. */
static size_t pattern_run_known(const struct ebt_pattern *p, struct ebt_bytes text, size_t i,
				uint32_t *at, uint32_t first, size_t *begin)
{
	for (; i < text.len; i++) {
		uint32_t next = p->table[*at + p->class_of[(unsigned char)text.data[i]]];

		if (*at == first)
			*begin = i;
		if (next == PATTERN_NEXT_UNKNOWN || next >= PATTERN_NEXT_DEAD)
			break;
		*at = next;
	}
	return i;
}

/* Run from a byte on until a match ends, at *end. The leftmost match does not begin before *begin. */
static enum ebt_pattern_result pattern_run(struct ebt_pattern *p, struct ebt_bytes text,
					   size_t from, size_t *begin, size_t *end)
{
	uint32_t at, first;
	unsigned flushes;

	do { /* the second state may have pushed out the first */
		flushes = p->flushes;
		at = pattern_first_state(p, pattern_before(p, text, from));
		first = pattern_first_state(p, 0);
	} while (flushes != p->flushes);
	*begin = from;
	for (size_t i = from;; i++) {
		unsigned class;
		uint32_t next;

		i = pattern_run_known(p, text, i, &at, first, begin);
		class = i < text.len ? p->class_of[(unsigned char)text.data[i]] : p->classes;
		next = p->table[at + class];
		if (next == PATTERN_NEXT_UNKNOWN)
			next = pattern_make_next(p, at, class);
		if (next & PATTERN_NEXT_MATCH) {
			*end = i;
			return EBT_PATTERN_YES;
		}
		if (next == PATTERN_NEXT_DEAD)
			return EBT_PATTERN_NO;
		if (p->work > EBT_PATTERN_WORK_MAX)
			return EBT_PATTERN_GAVE_UP;
		if (flushes != p->flushes)
			first = PATTERN_NEXT_DEAD; /* its number is another one's now */
		at = next;
	}
}

/* Run from the byte at which a match is to begin. Return where the longest one ends, SIZE_MAX if
 * there is none. */
static size_t pattern_run_anchored(struct ebt_pattern *p, struct ebt_bytes text, size_t from)
{
	uint32_t at = pattern_first_state(p, pattern_before(p, text, from) | PATTERN_ANCHORED);
	size_t end = SIZE_MAX;

	for (size_t i = from; p->work <= EBT_PATTERN_WORK_MAX; i++) {
		unsigned class =
			i < text.len ? p->class_of[(unsigned char)text.data[i]] : p->classes;
		uint32_t next = p->table[at + class];

		p->work += i % 8 == 0;
		if (next == PATTERN_NEXT_UNKNOWN)
			next = pattern_make_next(p, at, class);
		if (next & PATTERN_NEXT_MATCH)
			end = i;
		at = next & ~PATTERN_NEXT_MATCH;
		if (at == PATTERN_NEXT_DEAD)
			break;
	}
	return end;
}

enum ebt_pattern_result ebt_pattern_match(struct ebt_pattern *pattern, struct ebt_bytes text)
{
	size_t begin, end;

	pattern->work = 0;
	return pattern_run(pattern, text, 0, &begin, &end);
}

enum ebt_pattern_result ebt_pattern_find(struct ebt_pattern *pattern, struct ebt_bytes text,
					 size_t from, size_t *at, size_t *len)
{
	enum ebt_pattern_result result;
	size_t begin, end;

	pattern->work = 0;
	result = pattern_run(pattern, text, from, &begin, &end);
	if (result != EBT_PATTERN_YES)
		return result;
	/* That match is the first to end; the leftmost begins no later than it. */
	for (; begin <= end; begin++) {
		size_t longest = pattern_run_anchored(pattern, text, begin);

		if (pattern->work > EBT_PATTERN_WORK_MAX)
			return EBT_PATTERN_GAVE_UP;
		if (longest != SIZE_MAX) {
			*at = begin;
			*len = longest - begin;
			return EBT_PATTERN_YES;
		}
		pattern->work++;
	}
	return EBT_PATTERN_NO;
}

/* Make the table and what else matching needs. */
static int pattern_prepare(struct ebt_pattern *p, unsigned n_sets)
{
	pattern_classify(p, n_sets);
	p->stride = p->classes + 1;
	p->states_max = PATTERN_TABLE_MAX / p->stride < PATTERN_STATES_MAX
				? PATTERN_TABLE_MAX / p->stride
				: PATTERN_STATES_MAX;
	p->table = calloc((size_t)p->states_max * p->stride, sizeof(*p->table));
	p->members = malloc(PATTERN_MEMBERS_MAX * sizeof(*p->members));
	p->n_states = 1;
	return p->table && p->members ? 0 : -ENOMEM;
}

static int pattern_fail(char *why, size_t why_len, const char *reason)
{
	if (why)
		snprintf(why, why_len, "%s", reason);
	return -EINVAL;
}

int ebt_pattern_new(struct ebt_pattern **out, const char *text, bool ignore_case, char *why,
		    size_t why_len)
{
	_cleanup_free_ struct pattern_parsed *parsed = malloc(sizeof(*parsed));
	struct ebt_pattern *p;
	char reason[200];
	int err;

	if (strlen(text) > EBT_PATTERN_TEXT_MAX)
		return pattern_fail(why, why_len, "allowed are at most 1024 bytes");
	p = calloc(1, sizeof(*p));
	if (!p || !parsed) {
		free(p);
		return -ENOMEM;
	}
	if (pattern_parse(parsed, text, ignore_case)) {
		snprintf(reason, sizeof(reason),
			 "a POSIX extended regular expression is wanted (%s)", parsed->why);
		err = pattern_fail(why, why_len, reason);
	} else {
		err = pattern_program_make(&p->program, parsed);
		if (err == -EINVAL)
			pattern_fail(why, why_len,
				     "its repetitions multiply to more than 4096 places");
	}
	if (!err)
		err = pattern_prepare(p, parsed->n_sets);
	if (err)
		ebt_pattern_free(&p);
	else
		*out = p;
	return err;
}

void ebt_pattern_free(struct ebt_pattern **pattern)
{
	struct ebt_pattern *p = *pattern;

	if (!p)
		return;
	free(p->program.sets);
	free(p->table);
	free(p->members);
	free(p);
	*pattern = NULL;
}
