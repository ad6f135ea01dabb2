/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * pattern.c - run a pattern over a text, making the states of its automaton as they are needed.
 *
 * A state is a set of places in the program, with what came before them as far as an assertion
 * asks for it. Behind each state and class of bytes a table holds the next state. When the table is
 * full it is emptied and filled anew.
 */
#include "base/pattern.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/pattern_internal.h"

#define STATES_MAX  16384u
#define TABLE_MAX   (512u << 10) /* entries */
#define MEMBERS_MAX (1u << 20)	 /* places of all states */
#define BUCKETS	    (2 * STATES_MAX)
#define STATE_WORK  32u /* what making a state costs besides its places */
#define PLACE_WORDS (EBT_PATTERN_NODES_MAX / 64)

/* An entry of the table: the number of a state times the classes, and whether a match ends before
 * the byte. */
#define NEXT_UNKNOWN 0u
#define NEXT_DEAD    UINT32_C(0x7fffffff)
#define NEXT_MATCH   UINT32_C(0x80000000)

/* What came before the places of a state. */
enum { BEFORE_BEGIN = 1, BEFORE_WORD = 2, STATE_ANCHORED = 4 };

struct pattern_state {
	uint32_t first, n; /* of its places in members */
	uint8_t before; /* BEFORE_*, and STATE_ANCHORED: no match may begin behind the first byte */
};

struct place_set {
	uint64_t has[PLACE_WORDS];
};

struct ebt_pattern {
	struct pattern_program program;
	uint8_t class_of[256], byte_of[256]; /* and a byte of each class */
	unsigned classes;		     /* the end of the text is one more */
	unsigned stride, states_max;
	struct pattern_state state[STATES_MAX];
	uint32_t *table;
	uint16_t *members;
	unsigned n_states, n_members;
	unsigned flushes;		       /* times that all states were forgotten */
	uint16_t bucket[BUCKETS];	       /* number of a state, 0: none */
	uint32_t first_state[8];	       /* by what came before, 0: none yet */
	uint16_t stack[EBT_PATTERN_NODES_MAX]; /* of places that are still to be followed */
	struct place_set seen, next;
	unsigned work; /* of the call under way */
};

static bool pattern_is_word(unsigned c)
{
	return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
	       c == '_';
}

/* Give bytes that no set tells apart the same class, set after set. */
static void pattern_classify(struct ebt_pattern *p, unsigned n_sets)
{
	p->classes = 1;
	for (unsigned s = 0; s < n_sets + p->program.asks_word; s++) {
		int fresh[256][2];
		unsigned classes = 0;

		memset(fresh, -1, sizeof(fresh));
		for (unsigned c = 0; c < 256; c++) {
			bool in = s < n_sets ? pattern_set_has(&p->program.sets[s], c)
					     : pattern_is_word(c);
			int *class = &fresh[p->class_of[c]][in];

			if (*class < 0)
				*class = (int)classes++;
			p->class_of[c] = (uint8_t) * class;
		}
		p->classes = classes;
	}
	for (unsigned c = 0; c < 256; c++)
		p->byte_of[p->class_of[c]] = (uint8_t)c;
}

static void pattern_forget_states(struct ebt_pattern *p)
{
	memset(p->table, 0, (size_t)p->n_states * p->stride * sizeof(*p->table));
	memset(p->bucket, 0, sizeof(p->bucket));
	memset(p->first_state, 0, sizeof(p->first_state));
	p->work += p->n_states;
	p->flushes++;
	p->n_states = 1; /* 0 is none */
	p->n_members = 0;
}

static uint32_t pattern_hash(const uint16_t *members, unsigned n, unsigned before)
{
	uint64_t h = before + 1;

	for (unsigned i = 0; i < n; i++)
		h = (h ^ members[i]) * UINT64_C(0x9e3779b97f4a7c15);
	return (uint32_t)(h >> 32);
}

/* Return the number of the state with the places of p->next, made if it is new; 0 if all states
 * had to be forgotten for want of room, so that the caller tries again. */
static uint32_t pattern_state_of(struct ebt_pattern *p, uint8_t before)
{
	uint16_t *members = p->members + p->n_members;
	struct pattern_state *state;
	unsigned n = 0, at;

	if (p->n_members + EBT_PATTERN_NODES_MAX > MEMBERS_MAX || p->n_states == p->states_max) {
		pattern_forget_states(p);
		return 0;
	}
	for (unsigned w = 0; w * 64 < p->program.n; w++)
		for (uint64_t left = p->next.has[w]; left; left &= left - 1)
			members[n++] = (uint16_t)(w * 64 + (unsigned)__builtin_ctzll(left));
	p->work += n + STATE_WORK;
	for (at = pattern_hash(members, n, before) % BUCKETS; p->bucket[at];
	     at = (at + 1) % BUCKETS) {
		state = &p->state[p->bucket[at]];
		if (state->n == n && state->before == before &&
		    memcmp(p->members + state->first, members, n * sizeof(*members)) == 0)
			return p->bucket[at];
	}
	p->state[p->n_states] =
		(struct pattern_state){ .first = p->n_members, .n = n, .before = before };
	p->n_members += n;
	p->bucket[at] = (uint16_t)p->n_states;
	return p->n_states++;
}

/* Does an assertion hold behind what was before, ahead of this class? */
static bool pattern_holds(const struct ebt_pattern *p, enum pattern_assert what, unsigned before,
			  unsigned class)
{
	bool word_before = before & BEFORE_WORD;
	bool word_next = class < p->classes && pattern_is_word(p->byte_of[class]);

	switch (what) {
	case PATTERN_AT_BEGIN:
		return before & BEFORE_BEGIN;
	case PATTERN_AT_END:
		return class == p->classes;
	case PATTERN_AT_WORD_EDGE:
		return word_before != word_next;
	case PATTERN_NOT_AT_WORD_EDGE:
		return word_before == word_next;
	case PATTERN_AT_WORD_BEGIN:
		return !word_before && word_next;
	case PATTERN_AT_WORD_END:
		return word_before && !word_next;
	}
	return false;
}

static void pattern_push(struct ebt_pattern *p, unsigned *depth, uint16_t place)
{
	uint64_t bit = UINT64_C(1) << (place & 63);

	if (p->seen.has[place >> 6] & bit)
		return;
	p->seen.has[place >> 6] |= bit;
	p->stack[(*depth)++] = place;
}

/* Follow the places of a state over a byte of that class into p->next. Return true if a match ends
 * before the byte. */
static bool pattern_follow(struct ebt_pattern *p, const struct pattern_state *state, unsigned class)
{
	unsigned depth = 0;
	bool match = false;

	memset(&p->seen, 0, sizeof(p->seen));
	memset(&p->next, 0, sizeof(p->next));
	for (unsigned i = 0; i < state->n; i++)
		pattern_push(p, &depth, p->members[state->first + i]);
	while (depth) {
		const struct pattern_node *node = &p->program.node[p->stack[--depth]];

		p->work++;
		switch ((enum pattern_node_kind)node->kind) {
		case PATTERN_MATCH:
			match = true;
			break;
		case PATTERN_SPLIT:
			pattern_push(p, &depth, node->alt);
			pattern_push(p, &depth, node->out);
			break;
		case PATTERN_ASSERT:
			if (pattern_holds(p, node->value, state->before, class))
				pattern_push(p, &depth, node->out);
			break;
		case PATTERN_SET:
			if (class < p->classes &&
			    pattern_set_has(&p->program.sets[node->set], p->byte_of[class]))
				p->next.has[node->out >> 6] |= UINT64_C(1) << (node->out & 63);
			break;
		}
	}
	return match;
}

/* Return the state at the begin of a text, or behind a byte, at which a match may begin. */
static uint32_t pattern_first_state(struct ebt_pattern *p, uint8_t before)
{
	uint32_t number = p->first_state[before];

	while (!number) {
		memset(&p->next, 0, sizeof(p->next));
		p->next.has[p->program.start >> 6] |= UINT64_C(1) << (p->program.start & 63);
		number = pattern_state_of(p, before);
	}
	p->first_state[before] = number;
	return number * p->stride;
}

/* Make the entry of the table for a state (times the stride) and a class. */
static uint32_t pattern_make_next(struct ebt_pattern *p, uint32_t at, unsigned class)
{
	struct pattern_state state = p->state[at / p->stride];
	uint8_t before = state.before & STATE_ANCHORED;
	uint32_t entry, number;
	bool any = false;

	entry = pattern_follow(p, &state, class) ? NEXT_MATCH : 0;
	if (!(before & STATE_ANCHORED)) /* a match may begin at every byte */
		p->next.has[p->program.start >> 6] |= UINT64_C(1) << (p->program.start & 63);
	for (unsigned w = 0; !any && w < PLACE_WORDS; w++)
		any = p->next.has[w] != 0;
	if (class == p->classes || !any || (entry && !(before & STATE_ANCHORED)))
		return p->table[at + class] = entry | NEXT_DEAD;
	if (p->program.asks_word && pattern_is_word(p->byte_of[class]))
		before |= BEFORE_WORD;
	number = pattern_state_of(p, before);
	if (number)
		return p->table[at + class] = entry | number * p->stride;
	/* All states are forgotten, also the one to come from. */
	return entry | pattern_state_of(p, before) * p->stride;
}

static uint8_t pattern_before(const struct ebt_pattern *p, struct ebt_bytes text, size_t at)
{
	if (!at)
		return BEFORE_BEGIN;
	return p->program.asks_word && pattern_is_word((unsigned char)text.data[at - 1])
		       ? BEFORE_WORD
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
		if (next == NEXT_UNKNOWN || next >= NEXT_DEAD)
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
		if (next == NEXT_UNKNOWN)
			next = pattern_make_next(p, at, class);
		if (next & NEXT_MATCH) {
			*end = i;
			return EBT_PATTERN_YES;
		}
		if (next == NEXT_DEAD)
			return EBT_PATTERN_NO;
		if (p->work > EBT_PATTERN_WORK_MAX)
			return EBT_PATTERN_GAVE_UP;
		if (flushes != p->flushes)
			first = NEXT_DEAD; /* its number is another one's now */
		at = next;
	}
}

/* Run from the byte at which a match is to begin. Return where the longest one ends, SIZE_MAX if
 * there is none. */
static size_t pattern_run_anchored(struct ebt_pattern *p, struct ebt_bytes text, size_t from)
{
	uint32_t at = pattern_first_state(p, pattern_before(p, text, from) | STATE_ANCHORED);
	size_t end = SIZE_MAX;

	for (size_t i = from; p->work <= EBT_PATTERN_WORK_MAX; i++) {
		unsigned class =
			i < text.len ? p->class_of[(unsigned char)text.data[i]] : p->classes;
		uint32_t next = p->table[at + class];

		p->work += i % 8 == 0;
		if (next == NEXT_UNKNOWN)
			next = pattern_make_next(p, at, class);
		if (next & NEXT_MATCH)
			end = i;
		at = next & ~NEXT_MATCH;
		if (at == NEXT_DEAD)
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
	p->states_max = TABLE_MAX / p->stride < STATES_MAX ? TABLE_MAX / p->stride : STATES_MAX;
	p->table = calloc((size_t)p->states_max * p->stride, sizeof(*p->table));
	p->members = malloc(MEMBERS_MAX * sizeof(*p->members));
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
