/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * pattern_states.c - make the states of a pattern's automaton.
 *
 * A state is a set of places in the program, with what came before them as far as an assertion
 * asks for it. Behind each state and class of bytes a table holds the next state. When the table is
 * full it is emptied and filled anew.
 */
#include <string.h>

#include "base/pattern_internal.h"

bool pattern_is_word(unsigned c)
{
	return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
	       c == '_';
}

/* Give bytes that no set tells apart the same class, set after set. */
void pattern_classify(struct ebt_pattern *p, unsigned n_sets)
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

	if (p->n_members + EBT_PATTERN_NODES_MAX > PATTERN_MEMBERS_MAX ||
	    p->n_states == p->states_max) {
		pattern_forget_states(p);
		return 0;
	}
	for (unsigned w = 0; w * 64 < p->program.n; w++)
		for (uint64_t left = p->next.has[w]; left; left &= left - 1)
			members[n++] = (uint16_t)(w * 64 + (unsigned)__builtin_ctzll(left));
	p->work += n + PATTERN_STATE_WORK;
	for (at = pattern_hash(members, n, before) % PATTERN_BUCKETS; p->bucket[at];
	     at = (at + 1) % PATTERN_BUCKETS) {
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
	bool word_before = before & PATTERN_BEFORE_WORD;
	bool word_next = class < p->classes && pattern_is_word(p->byte_of[class]);

	switch (what) {
	case PATTERN_AT_BEGIN:
		return before & PATTERN_BEFORE_BEGIN;
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

uint32_t pattern_first_state(struct ebt_pattern *p, uint8_t before)
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

uint32_t pattern_make_next(struct ebt_pattern *p, uint32_t at, unsigned class)
{
	struct pattern_state state = p->state[at / p->stride];
	uint8_t before = state.before & PATTERN_ANCHORED;
	uint32_t entry, number;
	bool any = false;

	entry = pattern_follow(p, &state, class) ? PATTERN_NEXT_MATCH : 0;
	if (!(before & PATTERN_ANCHORED)) /* a match may begin at every byte */
		p->next.has[p->program.start >> 6] |= UINT64_C(1) << (p->program.start & 63);
	for (unsigned w = 0; !any && w < PATTERN_PLACE_WORDS; w++)
		any = p->next.has[w] != 0;
	if (class == p->classes || !any || (entry && !(before & PATTERN_ANCHORED)))
		return p->table[at + class] = entry | PATTERN_NEXT_DEAD;
	if (p->program.asks_word && pattern_is_word(p->byte_of[class]))
		before |= PATTERN_BEFORE_WORD;
	number = pattern_state_of(p, before);
	if (number)
		return p->table[at + class] = entry | number * p->stride;
	/* All states are forgotten, also the one to come from. */
	return entry | pattern_state_of(p, before) * p->stride;
}
