/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * stack_depth.c - an abstract run over all paths. A register is unknown, a small constant, or an
 * address between r10 + lo and r10 + hi. States are kept where paths meet (block leaders); when one
 * keeps growing, a loop moves a pointer, and its bound is set to the end of the stack.
 */
#include "lab/stack_depth.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"

#define SLOTS	     (EBT_LAB_STACK_MAX / 8)
#define CONST_MAX    4096 /* constants further out are no offsets into the stack */
#define VISITS_EXACT 16	  /* changes of a leader's state before bounds are widened */

enum kind { UNKNOWN, CONSTANT, STACK };

struct value {
	uint8_t kind;
	int16_t lo, hi; /* CONSTANT: lo == hi */
};

struct state {
	struct value reg[MAX_BPF_REG];
	struct value slot[SLOTS]; /* what 8-byte stores left at r10 - 8 * (i + 1) */
};

struct block {
	struct state in;
	uint32_t changes;
	bool reached, queued;
};

struct analysis {
	const struct bpf_insn *insns;
	uint32_t count;
	int32_t *leader; /* index in blocks, -1: not a leader */
	struct block *blocks;
	uint32_t n_blocks;
	uint32_t *queue; /* instruction indices of leaders */
	uint32_t n_queue;
	int lowest;
};

static const struct value unknown = { .kind = UNKNOWN };

static bool is_wide(const struct bpf_insn *in)
{
	return in->code == (BPF_LD | BPF_DW | BPF_IMM);
}

static bool is_jump(const struct bpf_insn *in)
{
	uint8_t class = BPF_CLASS(in->code), op = BPF_OP(in->code);

	return (class == BPF_JMP || class == BPF_JMP32) && op != BPF_CALL && op != BPF_EXIT;
}

static bool is_local_call(const struct bpf_insn *in)
{
	return in->code == (BPF_JMP | BPF_CALL) && in->src_reg == BPF_PSEUDO_CALL;
}

/* Where a jump or a local call leads; -1: out of the program. */
static int64_t target(const struct analysis *a, uint32_t at)
{
	const struct bpf_insn *in = &a->insns[at];
	bool far = is_local_call(in) || in->code == (BPF_JMP32 | BPF_JA);
	int64_t to = (int64_t)at + 1 + (far ? in->imm : in->off);

	return to >= 0 && to < a->count ? to : -1;
}

static void make_leader(struct analysis *a, int64_t at)
{
	if (at < a->count && a->leader[at] < 0)
		a->leader[at] = (int32_t)a->n_blocks++;
}

static int find_leaders(struct analysis *a)
{
	make_leader(a, 0);
	for (uint32_t i = 0; i < a->count; i++) {
		const struct bpf_insn *in = &a->insns[i];

		if (is_wide(in)) {
			i++;
			continue;
		}
		if (!is_jump(in) && !is_local_call(in))
			continue;
		if (target(a, i) < 0)
			return -EINVAL;
		make_leader(a, target(a, i));
		make_leader(a, (int64_t)i + 1);
	}
	return 0;
}

static int clamp(int offset)
{
	return offset < -EBT_LAB_STACK_MAX ? -EBT_LAB_STACK_MAX : offset > 0 ? 0 : offset;
}

static struct value stack(int lo, int hi)
{
	return (struct value){ STACK, (int16_t)clamp(lo), (int16_t)clamp(hi) };
}

static struct value constant(int64_t n)
{
	if (n < -CONST_MAX || n > CONST_MAX)
		return unknown;
	return (struct value){ CONSTANT, (int16_t)n, (int16_t)n };
}

/* May be either. An address on one path stays an address: its use counts. */
static struct value join(struct value a, struct value b, bool widen)
{
	if (a.kind == STACK && b.kind == STACK) {
		int lo = a.lo < b.lo ? a.lo : b.lo, hi = a.hi > b.hi ? a.hi : b.hi;

		if (widen && lo < a.lo)
			lo = -EBT_LAB_STACK_MAX;
		if (widen && hi > a.hi)
			hi = 0;
		return stack(lo, hi);
	}
	if (a.kind == STACK || b.kind == STACK)
		return a.kind == STACK ? a : b;
	return a.kind == b.kind && a.lo == b.lo ? a : unknown;
}

static bool join_values(struct value *to, const struct value *from, unsigned n, bool widen)
{
	bool changed = false;

	for (unsigned i = 0; i < n; i++) {
		struct value v = join(to[i], from[i], widen);

		changed |= v.kind != to[i].kind || v.lo != to[i].lo || v.hi != to[i].hi;
		to[i] = v;
	}
	return changed;
}

static void flow(struct analysis *a, uint32_t to, const struct state *s)
{
	struct block *b;
	bool changed, widen;

	if (to >= a->count)
		return; /* falls off the end: the verifier's business */
	b = &a->blocks[a->leader[to]];
	changed = !b->reached;
	widen = b->changes > VISITS_EXACT;
	if (!b->reached) {
		b->in = *s;
		b->reached = true;
	} else {
		changed |= join_values(b->in.reg, s->reg, MAX_BPF_REG, widen);
		changed |= join_values(b->in.slot, s->slot, SLOTS, widen);
	}
	b->changes += changed;
	if (changed && !b->queued) {
		b->queued = true;
		a->queue[a->n_queue++] = to;
	}
}

static void use(struct analysis *a, struct value v, int off)
{
	int lo = v.kind == STACK ? clamp(v.lo + off) : 0;

	if (lo < a->lowest)
		a->lowest = lo;
}

/* The slot of an exact 8-byte access; NULL: none. */
static struct value *slot_of(struct state *s, struct value v, int off)
{
	int at = v.lo + off;

	if (v.kind != STACK || v.lo != v.hi || at >= 0 || at < -EBT_LAB_STACK_MAX || at % 8)
		return NULL;
	return &s->slot[-at / 8 - 1];
}

static struct value add(struct value a, struct value b, int sign)
{
	if (a.kind == CONSTANT && b.kind == CONSTANT)
		return constant((int64_t)a.lo + sign * b.lo);
	if (a.kind == CONSTANT && b.kind == STACK && sign > 0)
		return stack(b.lo + a.lo, b.hi + a.lo);
	if (a.kind == STACK && b.kind == CONSTANT)
		return stack(a.lo + sign * b.lo, a.hi + sign * b.lo);
	/* An index nobody knows: the verifier lets it only rise from where the address is. */
	if (a.kind == STACK && b.kind == UNKNOWN)
		return stack(a.lo, 0);
	if (a.kind == UNKNOWN && b.kind == STACK && sign > 0)
		return stack(b.lo, 0);
	return unknown;
}

static void step_alu(struct state *s, const struct bpf_insn *in)
{
	struct value *dst = &s->reg[in->dst_reg];
	struct value src = BPF_SRC(in->code) == BPF_X ? s->reg[in->src_reg] : constant(in->imm);

	if (in->dst_reg >= BPF_REG_10)
		return;			    /* read-only; the verifier refuses it */
	if (BPF_CLASS(in->code) == BPF_ALU) /* 32 bits of an address are none */
		*dst = BPF_OP(in->code) == BPF_MOV && src.kind == CONSTANT && src.lo >= 0 ? src
											  : unknown;
	else if (BPF_OP(in->code) == BPF_MOV && in->off == 0)
		*dst = src;
	else if (BPF_OP(in->code) == BPF_ADD)
		*dst = add(*dst, src, 1);
	else if (BPF_OP(in->code) == BPF_SUB)
		*dst = add(*dst, src, -1);
	else
		*dst = unknown;
}

static void step_store(struct analysis *a, struct state *s, const struct bpf_insn *in)
{
	struct value base = s->reg[in->dst_reg];
	struct value *slot = slot_of(s, base, in->off);

	use(a, base, in->off);
	if (!slot)
		return;
	*slot = unknown;
	if (in->code == (BPF_STX | BPF_MEM | BPF_DW))
		*slot = s->reg[in->src_reg];
	else if (in->code == (BPF_ST | BPF_MEM | BPF_DW))
		*slot = constant(in->imm);
}

static void step_load(struct analysis *a, struct state *s, const struct bpf_insn *in)
{
	struct value base = s->reg[in->src_reg];
	struct value *slot = slot_of(s, base, in->off);

	use(a, base, in->off);
	s->reg[in->dst_reg] = slot && in->code == (BPF_LDX | BPF_MEM | BPF_DW) ? *slot : unknown;
}

/* Addresses in argument registers are used; the registers are gone after the call. */
static void step_call(struct analysis *a, struct state *s)
{
	for (unsigned r = BPF_REG_1; r <= BPF_REG_5; r++) {
		use(a, s->reg[r], 0);
		s->reg[r] = unknown;
	}
	s->reg[BPF_REG_0] = unknown;
}

static void enter_function(struct analysis *a, uint32_t at)
{
	struct state s = { 0 };

	s.reg[BPF_REG_10] = stack(0, 0);
	flow(a, at, &s);
}

/* One instruction; false: the path ends here. */
static bool step(struct analysis *a, struct state *s, uint32_t at)
{
	const struct bpf_insn *in = &a->insns[at];

	switch (BPF_CLASS(in->code)) {
	case BPF_ALU:
	case BPF_ALU64:
		step_alu(s, in);
		return true;
	case BPF_LDX:
		step_load(a, s, in);
		return true;
	case BPF_ST:
	case BPF_STX:
		step_store(a, s, in);
		return true;
	case BPF_LD:
		if (is_wide(in))
			s->reg[in->dst_reg] = in->src_reg ? unknown : constant(in->imm);
		return true;
	}
	if (BPF_OP(in->code) == BPF_EXIT)
		return false;
	if (BPF_OP(in->code) == BPF_CALL) {
		if (is_local_call(in))
			enter_function(a, (uint32_t)target(a, at));
		step_call(a, s);
		return true;
	}
	flow(a, (uint32_t)target(a, at), s);
	return BPF_OP(in->code) != BPF_JA;
}

static void run_block(struct analysis *a, uint32_t at)
{
	struct block *b = &a->blocks[a->leader[at]];
	struct state s = b->in;

	b->queued = false;
	do {
		if (!step(a, &s, at))
			return;
		at += is_wide(&a->insns[at]) ? 2 : 1;
	} while (at < a->count && a->leader[at] < 0);
	flow(a, at, &s);
}

static bool registers_valid(const struct bpf_insn *insns, uint32_t count)
{
	for (uint32_t i = 0; i < count; i++) {
		if (insns[i].dst_reg >= MAX_BPF_REG || insns[i].src_reg >= MAX_BPF_REG)
			return false;
	}
	return true;
}

int ebt_lab_stack(const struct bpf_insn *insns, uint32_t count)
{
	_cleanup_free_ int32_t *leader = malloc(((size_t)count + 1) * sizeof(*leader));
	_cleanup_free_ struct block *blocks = NULL;
	_cleanup_free_ uint32_t *queue = NULL;
	struct analysis a = { .insns = insns, .count = count, .leader = leader };

	if (!leader)
		return -ENOMEM;
	if (!count || !registers_valid(insns, count))
		return -EINVAL;
	memset(leader, -1, ((size_t)count + 1) * sizeof(*leader));
	if (find_leaders(&a))
		return -EINVAL;
	a.blocks = blocks = calloc(a.n_blocks, sizeof(*blocks));
	a.queue = queue = calloc(a.n_blocks, sizeof(*queue));
	if (!blocks || !queue)
		return -ENOMEM;
	enter_function(&a, 0);
	while (a.n_queue)
		run_block(&a, a.queue[--a.n_queue]);
	return -a.lowest;
}
