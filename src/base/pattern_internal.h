/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * pattern_internal.h - what a compiled pattern consists of: its program (pattern_program.c makes it
 * of the tree that pattern_parse.c reads) and the states kept so far (pattern_states.c).
 */
#ifndef EBT_BASE_PATTERN_INTERNAL_H
#define EBT_BASE_PATTERN_INTERNAL_H

#include <stdint.h>

#include "base/pattern.h"

/* Things that hold between two bytes. */
enum pattern_assert {
	PATTERN_AT_BEGIN,
	PATTERN_AT_END,
	PATTERN_AT_WORD_EDGE,
	PATTERN_NOT_AT_WORD_EDGE,
	PATTERN_AT_WORD_BEGIN,
	PATTERN_AT_WORD_END,
};

/* A set of bytes. */
struct pattern_set {
	uint32_t has[8]; /* bit by byte */
};

static inline bool pattern_set_has(const struct pattern_set *set, unsigned byte)
{
	return set->has[byte >> 5 & 7] >> (byte & 31) & 1;
}

static inline void pattern_set_add(struct pattern_set *set, unsigned byte)
{
	set->has[byte >> 5 & 7] |= 1u << (byte & 31);
}

/* An expression as it is read: a tree. */
enum pattern_tree_kind {
	PATTERN_TREE_EMPTY,
	PATTERN_TREE_SET,    /* one byte of a set */
	PATTERN_TREE_ASSERT, /* enum pattern_assert in value */
	PATTERN_TREE_CAT,    /* left, then right */
	PATTERN_TREE_ALT,    /* left or right */
	PATTERN_TREE_REPEAT, /* left, min to max times */
};

#define PATTERN_UNBOUNDED UINT16_MAX

struct pattern_tree {
	uint8_t kind;
	uint8_t value;
	uint16_t left, right;
	uint16_t min, max;
	uint16_t set; /* index */
};

/* A byte of an expression makes at most a set, its other case, and what joins them; a character
 * outside of ASCII makes twice its four bytes. */
#define PATTERN_TREE_MAX (8 * EBT_PATTERN_TEXT_MAX + 16)
#define PATTERN_SETS_MAX (2 * EBT_PATTERN_TEXT_MAX + 16)

/* What parsing makes. The caller owns the struct, which is too large for the stack. */
struct pattern_parsed {
	struct pattern_tree tree[PATTERN_TREE_MAX];
	struct pattern_set sets[PATTERN_SETS_MAX];
	unsigned n_tree, n_sets;
	uint16_t root;
	bool asks_word; /* an assertion about words is in it */
	bool ignore_case;
	const char *at;	 /* next byte of the expression */
	unsigned depth;	 /* of open groups */
	const char *why; /* not NULL: it failed, and why */
};

/* Read an expression. Return 0, or -EINVAL with the reason in parsed->why. */
int pattern_parse(struct pattern_parsed *parsed, const char *text, bool ignore_case);

/* For the parser of brackets: add to the tree. Return the index. */
uint16_t pattern_tree_add(struct pattern_parsed *p, struct pattern_tree node);
uint16_t pattern_tree_set(struct pattern_parsed *p, const struct pattern_set *set);
uint16_t pattern_tree_pair(struct pattern_parsed *p, enum pattern_tree_kind kind, uint16_t left,
			   uint16_t right);
/* Add the character at text (n bytes, with its other case if case is ignored). */
uint16_t pattern_tree_char(struct pattern_parsed *p, const char *text, unsigned n);
/* Return the bytes of the valid UTF-8 character at text, 1 if there is none. */
unsigned pattern_char_len(const char *text);
/* Read the bracket expression behind its '['. */
uint16_t pattern_parse_bracket(struct pattern_parsed *p);

/* A place in the program. */
enum pattern_node_kind { PATTERN_MATCH, PATTERN_SET, PATTERN_SPLIT, PATTERN_ASSERT };

struct pattern_node {
	uint8_t kind;
	uint8_t value;	   /* enum pattern_assert */
	uint16_t set;	   /* index */
	uint16_t out, alt; /* where it goes on */
};

struct pattern_program {
	struct pattern_node node[EBT_PATTERN_NODES_MAX];
	struct pattern_set *sets; /* owned */
	unsigned n;
	uint16_t start;
	bool asks_word;
};

/* Make a program of the tree. Return 0, -EINVAL if it becomes too large, or -ENOMEM. */
int pattern_program_make(struct pattern_program *program, const struct pattern_parsed *parsed);

#define PATTERN_STATES_MAX  16384u
#define PATTERN_TABLE_MAX   (512u << 10) /* entries */
#define PATTERN_MEMBERS_MAX (1u << 20)	 /* places of all states */
#define PATTERN_BUCKETS	    (2 * PATTERN_STATES_MAX)
#define PATTERN_STATE_WORK  32u /* what making a state costs besides its places */
#define PATTERN_PLACE_WORDS (EBT_PATTERN_NODES_MAX / 64)

/* An entry of the table: the number of a state times the classes, and whether a match ends before
 * the byte. */
#define PATTERN_NEXT_UNKNOWN 0u
#define PATTERN_NEXT_DEAD    UINT32_C(0x7fffffff)
#define PATTERN_NEXT_MATCH   UINT32_C(0x80000000)

/* What came before the places of a state. */
enum { PATTERN_BEFORE_BEGIN = 1, PATTERN_BEFORE_WORD = 2, PATTERN_ANCHORED = 4 };

struct pattern_state {
	uint32_t first, n; /* of its places in members */
	uint8_t before; /* BEFORE_*, and PATTERN_ANCHORED: no match may begin behind the first byte */
};

struct pattern_places {
	uint64_t has[PATTERN_PLACE_WORDS];
};

struct ebt_pattern {
	struct pattern_program program;
	uint8_t class_of[256], byte_of[256]; /* and a byte of each class */
	unsigned classes;		     /* the end of the text is one more */
	unsigned stride, states_max;
	struct pattern_state state[PATTERN_STATES_MAX];
	uint32_t *table;
	uint16_t *members;
	unsigned n_states, n_members;
	unsigned flushes;		       /* times that all states were forgotten */
	uint16_t bucket[PATTERN_BUCKETS];      /* number of a state, 0: none */
	uint32_t first_state[8];	       /* by what came before, 0: none yet */
	uint16_t stack[EBT_PATTERN_NODES_MAX]; /* of places that are still to be followed */
	struct pattern_places seen, next;
	unsigned work; /* of the call under way */
};

/* Give each byte its class; the program has n_sets sets. */
void pattern_classify(struct ebt_pattern *p, unsigned n_sets);
bool pattern_is_word(unsigned c);
/* Return the state at the begin of a text, or behind a byte, at which a match may begin. */
uint32_t pattern_first_state(struct ebt_pattern *p, uint8_t before);
/* Make the entry of the table for a state (times the stride) and a class. */
uint32_t pattern_make_next(struct ebt_pattern *p, uint32_t at, unsigned class);

#endif
