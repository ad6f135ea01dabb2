/* SPDX-License-Identifier: BSD-3-Clause */
/* pattern_program.c - turn the tree of an expression into a program of places, repetitions written
 * out. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/pattern_internal.h"

/* Pieces of the tree that are written: (((){1000}){1000}){1000} makes no places, but takes for ever. */
#define PROGRAM_PIECES_MAX (8 * EBT_PATTERN_NODES_MAX)

struct program_writer {
	struct pattern_program *program;
	const struct pattern_tree *tree;
	unsigned pieces;
	bool full;
};

static uint16_t program_put(struct program_writer *w, struct pattern_node node)
{
	if (w->program->n == EBT_PATTERN_NODES_MAX) {
		w->full = true;
		return 0;
	}
	w->program->node[w->program->n] = node;
	return (uint16_t)w->program->n++;
}

static uint16_t program_write(struct program_writer *w, uint16_t piece, uint16_t next);

/* Write x{min,max}, of which what is more than min may be left out. */
static uint16_t program_write_repeat(struct program_writer *w, const struct pattern_tree *t,
				     uint16_t next)
{
	unsigned copies = t->min;
	uint16_t begin = next;

	if (t->max == PATTERN_UNBOUNDED) {
		uint16_t loop =
			program_put(w, (struct pattern_node){ .kind = PATTERN_SPLIT, .alt = next });
		uint16_t body = program_write(w, t->left, loop);

		w->program->node[loop].out = body;
		begin = copies ? body : loop;
		copies -= copies > 0;
	}
	for (unsigned i = t->min; t->max != PATTERN_UNBOUNDED && i < t->max && !w->full; i++)
		begin = program_put(w,
				    (struct pattern_node){ .kind = PATTERN_SPLIT,
							   .out = program_write(w, t->left, begin),
							   .alt = next });
	for (unsigned i = 0; i < copies && !w->full; i++)
		begin = program_write(w, t->left, begin);
	return begin;
}

/* Write a piece of the tree, which goes on at next. Return where it begins. */
static uint16_t program_write(struct program_writer *w, uint16_t piece, uint16_t next)
{
	const struct pattern_tree *t = &w->tree[piece];

	if (w->full || ++w->pieces > PROGRAM_PIECES_MAX) {
		w->full = true;
		return 0;
	}
	switch ((enum pattern_tree_kind)t->kind) {
	case PATTERN_TREE_EMPTY:
		return next;
	case PATTERN_TREE_SET:
		return program_put(
			w, (struct pattern_node){ PATTERN_SET, .set = t->set, .out = next });
	case PATTERN_TREE_ASSERT:
		return program_put(
			w, (struct pattern_node){ PATTERN_ASSERT, .value = t->value, .out = next });
	case PATTERN_TREE_CAT:
		return program_write(w, t->left, program_write(w, t->right, next));
	case PATTERN_TREE_ALT: {
		uint16_t left = program_write(w, t->left, next);

		return program_put(
			w, (struct pattern_node){ PATTERN_SPLIT, .out = left,
						  .alt = program_write(w, t->right, next) });
	}
	case PATTERN_TREE_REPEAT:
		return program_write_repeat(w, t, next);
	}
	return next;
}

int pattern_program_make(struct pattern_program *program, const struct pattern_parsed *parsed)
{
	struct program_writer w = { .program = program, .tree = parsed->tree };
	size_t bytes = (parsed->n_sets + 1) * sizeof(*program->sets);
	uint16_t match;

	program->n = 0;
	program->asks_word = parsed->asks_word;
	match = program_put(&w, (struct pattern_node){ .kind = PATTERN_MATCH });
	program->start = program_write(&w, parsed->root, match);
	/* No loop comes back to the start, so a state of it alone means that nothing has matched yet. */
	program->start = program_put(&w, (struct pattern_node){ .kind = PATTERN_SPLIT,
								.out = program->start,
								.alt = program->start });
	if (w.full)
		return -EINVAL;
	program->sets = malloc(bytes);
	if (!program->sets)
		return -ENOMEM;
	memcpy(program->sets, parsed->sets, parsed->n_sets * sizeof(*program->sets));
	return 0;
}
