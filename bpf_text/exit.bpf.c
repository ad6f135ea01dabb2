/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * exit.bpf.c - one event for each process that ends (its last thread), with what it cost; fork and
 * rename, which only keep helper tables.
 */
#define EBT_SIGNAL_GROUP_EXIT 0x4 /* SIGNAL_GROUP_EXIT, include/linux/sched/signal.h */

/* The whole group is dead: since 6.16 the tracepoint says so, before that the count of live threads
 * does (the last two may both see 0; user space gives out only the first). */
static inline bool ebt_group_dead(struct bpf_raw_tracepoint_args *ctx, u64 signal)
{
	u64 argc = EBT_OFF(EXIT_ARGC);

	if (argc != EBT_MISSING && argc >= 2)
		return ctx->args[1] & 1;
	return EBT_GET32(signal, SIGNAL_LIVE) == 0;
}

/* A process's status is that of exit_group or the fatal signal, else that of its leader. */
static inline s32 ebt_exit_status(u64 signal, u64 leader)
{
	if (EBT_GET32(signal, SIGNAL_FLAGS) & EBT_SIGNAL_GROUP_EXIT)
		return EBT_GET32(signal, SIGNAL_GROUP_EXIT_CODE);
	return EBT_GET32(leader, TASK_EXIT_CODE);
}

/* Threads that are gone have left their times in signal; this one and a leader that ended earlier
 * have not. */
static inline void ebt_fill_times(struct ebt_rec_exit *r, u64 task, u64 signal, u64 leader)
{
	r->utime_ns = EBT_GET(signal, SIGNAL_UTIME) + EBT_GET(task, TASK_UTIME);
	r->stime_ns = EBT_GET(signal, SIGNAL_STIME) + EBT_GET(task, TASK_STIME);
	r->rtime_ns = EBT_GET(signal, SIGNAL_RUNTIME) + EBT_GET(task, TASK_RUNTIME);
	if (leader != task) {
		r->utime_ns += EBT_GET(leader, TASK_UTIME);
		r->stime_ns += EBT_GET(leader, TASK_STIME);
		r->rtime_ns += EBT_GET(leader, TASK_RUNTIME);
	}
}

static inline void ebt_fill_exit(struct ebt_rec_exit *r, u64 task, u64 signal)
{
	u64 leader = EBT_GET(task, TASK_GROUP_LEADER);
	u64 parent = EBT_GET(leader, TASK_REAL_PARENT);

	r->pid = EBT_GET32(leader, TASK_TGID);
	r->ppid = EBT_GET32(parent, TASK_TGID);
	r->uid = ebt_uid_of(task);
	r->exit_code = ebt_exit_status(signal, leader);
	r->start_ns = EBT_GET(leader, TASK_START_NS);
	ebt_fill_times(r, task, signal, leader);
	r->maxrss_pages = EBT_GET(signal, SIGNAL_MAXRSS);
	EBT_READ(&r->comm, leader, TASK_COMM);
}

static inline void ebt_untrack(u32 tgid)
{
	u32 zero = 0;
	struct ebt_config *cfg = ebt_config.lookup(&zero);

	if (cfg && (cfg->filter & EBT_FILTER_TREE))
		ebt_tracked.delete(&tgid);
}

int ebt_on_exit(struct bpf_raw_tracepoint_args *ctx)
{
	u64 begin_ns = bpf_ktime_get_ns();
	struct ebt_cpu_counters *c = ebt_my_counters();
	u64 task = ctx->args[0];
	u64 signal = EBT_GET(task, TASK_SIGNAL);
	u32 tgid = bpf_get_current_pid_tgid() >> 32;
	struct ebt_scratch *s;
	struct ebt_rec_exit *r;
	u64 seq;

	if (!c || !ebt_enabled() || !ebt_group_dead(ctx, signal))
		return 0;
	ebt_add(&c->seen, 1);
	ebt_add(&c->exits, 1);
	ebt_add(&c->runs, 1);
	if (!ebt_wanted(tgid, task)) {
		ebt_add(&c->filtered, 1);
		return 0;
	}
	ebt_untrack(tgid);
	seq = __sync_fetch_and_add(&c->seq, 1) + 1;
	s = ebt_claim_any();
	if (!s) {
		ebt_add(&c->lost_busy, 1);
		return 0;
	}
	ebt_add(&c->slot_used[s->slot & 1], 1);
	r = (void *)s->buf;
	__builtin_memset(r, 0, sizeof(*r));
	ebt_fill_hdr(&r->hdr, EBT_REC_EXIT, s->slot, seq, begin_ns);
	r->hdr.size = sizeof(*r);
	ebt_fill_exit(r, task, signal);
	if (ebt_ship(ctx, c, r, sizeof(*r)))
		ebt_add(&c->lost_ring, 1);
	else
		ebt_add(&c->delivered, 1);
	ebt_release(s);
	ebt_add(&c->run_ns, bpf_ktime_get_ns() - begin_ns);
	return 0;
}

/* A child of a tracked process is tracked. Threads (same tgid) are not new. */
int ebt_on_fork(struct bpf_raw_tracepoint_args *ctx)
{
	u32 zero = 0, one = 1;
	struct ebt_config *cfg = ebt_config.lookup(&zero);
	struct ebt_cpu_counters *c;
	u32 parent, child;

	if (!cfg || !(cfg->filter & EBT_FILTER_TREE))
		return 0;
	parent = EBT_GET32(ctx->args[0], TASK_TGID);
	child = EBT_GET32(ctx->args[1], TASK_TGID);
	if (parent == child || !ebt_tracked.lookup(&parent))
		return 0;
	if (ebt_tracked.update(&child, &one)) {
		c = ebt_my_counters();
		if (c)
			ebt_add(&c->aux_lost, 1);
	}
	return 0;
}

/* Exec renames its task just before sched_process_exec: keep the old name for that event. */
int ebt_on_rename(struct bpf_raw_tracepoint_args *ctx)
{
	u64 task = ctx->args[0];
	u32 tid = bpf_get_current_pid_tgid();
	u32 at = tid & (EBT_RENAMES - 1);
	struct ebt_rename *prev = ebt_prev_comm.lookup(&at);

	if (!prev || !ebt_enabled() || EBT_GET32(task, TASK_PID) != tid)
		return 0;
	EBT_READ(&prev->comm, task, TASK_COMM);
	prev->tid = tid;
	return 0;
}
