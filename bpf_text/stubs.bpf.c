/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/* stubs.bpf.c - the programs that are attached
 *
 * Each stub only jumps to the program in its slot, so that a retune is one atomic store into the
 * program array: every event is handled either by the old program or by the new one. */
int ebt_stub_exec(struct bpf_raw_tracepoint_args *ctx)
{
	ebt_slots.call(ctx, EBT_SLOT_EXEC);
	return 0;
}

int ebt_stub_exit(struct bpf_raw_tracepoint_args *ctx)
{
	ebt_slots.call(ctx, EBT_SLOT_EXIT);
	return 0;
}

int ebt_stub_fork(struct bpf_raw_tracepoint_args *ctx)
{
	ebt_slots.call(ctx, EBT_SLOT_FORK);
	return 0;
}

int ebt_stub_rename(struct bpf_raw_tracepoint_args *ctx)
{
	ebt_slots.call(ctx, EBT_SLOT_RENAME);
	return 0;
}
