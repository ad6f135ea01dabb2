/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * exit.bpf.c - one event for each process that ends (its last thread), with what it cost; fork and
 * rename, which only keep helper tables.
 */
#define EBT_SIGNAL_GROUP_EXIT 0x4 /* SIGNAL_GROUP_EXIT, include/linux/sched/signal.h */
#define EBT_EEXIST	      17

/*
 * Of threads that leave at the same time several may find that none is alive any more: the first
 * that comes here tells of the end. A process that never had a second thread needs no such care:
 * there is one in its list, and none has left its time in signal.
 */
static inline bool ebt_is_first(u64 task, u64 signal)
{
	struct ebt_ended key = {};
	u8 one = 1;

	if (EBT_GET32(signal, SIGNAL_NR_THREADS) <= 1 && !EBT_GET(signal, SIGNAL_RUNTIME))
		return true;
	key.tgid = bpf_get_current_pid_tgid() >> 32;
	key.start_ns = EBT_GET(EBT_GET(task, TASK_GROUP_LEADER), TASK_START_NS);
	return ebt_ended.insert(&key, &one) != -EBT_EEXIST;
}

/* The whole group is dead: since 6.16 the tracepoint says so, before that the count of live threads
 * does. */
static inline bool ebt_group_dead(struct bpf_raw_tracepoint_args *ctx, u64 task, u64 signal)
{
	u64 argc = EBT_OFF(EXIT_ARGC);

	if (argc != EBT_MISSING && argc >= 2)
		return ctx->args[1] & 1;
	return EBT_GET32(signal, SIGNAL_LIVE) == 0 && ebt_is_first(task, signal);
}

/* A process's status is that of exit_group or the fatal signal, else that of its leader. */
static inline s32 ebt_exit_status(u64 signal, u64 leader)
{
	if (EBT_GET32(signal, SIGNAL_FLAGS) & EBT_SIGNAL_GROUP_EXIT)
		return EBT_GET32(signal, SIGNAL_GROUP_EXIT_CODE);
	return EBT_GET32(leader, TASK_EXIT_CODE);
}

/* Threads looked at when a process ends with more than one: the ends of their list included, and
 * what is looked at again. */
#define EBT_EXIT_THREADS 192

static inline void ebt_begin_times(struct ebt_rec_exit *r, u64 signal)
{
	r->utime_ns = EBT_GET(signal, SIGNAL_UTIME);
	r->stime_ns = EBT_GET(signal, SIGNAL_STIME);
	r->rtime_ns = EBT_GET(signal, SIGNAL_RUNTIME);
}

static inline void ebt_add_times(struct ebt_rec_exit *r, u64 task)
{
	r->utime_ns += EBT_GET(task, TASK_UTIME);
	r->stime_ns += EBT_GET(task, TASK_STIME);
	r->rtime_ns += EBT_GET(task, TASK_RUNTIME);
}

/*
 * Threads that are gone have left their times in signal. All others are in its list: this one, a
 * leader that ended earlier and waits for the rest, and threads that are on their way out (with
 * exit_group all are, at the same time). One that goes while the list is read is counted twice or
 * not at all: then the sum in signal has changed, and it begins again.
 */
static inline void ebt_add_threads(struct ebt_rec_exit *r, struct ebt_stream *st, u64 signal)
{
	u64 head = signal + EBT_OFF(SIGNAL_THREADS);

	st->src = EBT_GET(signal, SIGNAL_THREADS);
	st->begin_ns = r->rtime_ns;
#pragma clang loop unroll(disable)
	for (u32 i = 0; i < EBT_EXIT_THREADS; i++) {
		EBT_FORGET();
		if (st->src == head) {
			if (EBT_GET(signal, SIGNAL_RUNTIME) == st->begin_ns)
				return;
			ebt_begin_times(r, signal);
			st->begin_ns = r->rtime_ns;
			st->src = EBT_GET(signal, SIGNAL_THREADS);
			continue;
		}
		ebt_add_times(r, st->src - EBT_OFF(TASK_THREAD_NODE));
		st->src = EBT_GET(st->src - EBT_OFF(TASK_THREAD_NODE), TASK_THREAD_NODE);
	}
}

static inline void ebt_fill_times(struct ebt_rec_exit *r, struct ebt_stream *st, u64 task,
				  u64 signal)
{
	ebt_begin_times(r, signal);
	if (EBT_GET32(signal, SIGNAL_NR_THREADS) > 1)
		ebt_add_threads(r, st, signal);
	else
		ebt_add_times(r, task);
}

static inline void ebt_fill_exit(struct ebt_rec_exit *r, struct ebt_stream *st, u64 task,
				 u64 signal)
{
	u64 leader = EBT_GET(task, TASK_GROUP_LEADER);
	u64 parent = EBT_GET(leader, TASK_REAL_PARENT);

	r->pid = EBT_GET32(leader, TASK_TGID);
	r->ppid = EBT_GET32(parent, TASK_TGID);
	r->uid = ebt_uid_of(task);
	r->exit_code = ebt_exit_status(signal, leader);
	r->start_ns = EBT_GET(leader, TASK_START_NS);
	ebt_fill_times(r, st, task, signal);
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

	if (!c || !ebt_enabled() || !ebt_group_dead(ctx, task, signal))
		return 0;
	ebt_add(&c->seen, 1);
	ebt_add(&c->exits, 1);
	ebt_add(&c->runs, 1);
	if (!ebt_wanted(tgid, task)) {
		ebt_add(&c->filtered, 1);
		return 0;
	}
	ebt_untrack(tgid);
	seq = ebt_next_seq(c);
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
	ebt_fill_exit(r, &s->st, task, signal);
	if (ebt_ship(ctx, c, r, sizeof(*r)))
		ebt_add(&c->lost_ring, 1);
	else
		ebt_add(&c->delivered, 1);
	ebt_release(s);
	ebt_add(&c->run_ns, bpf_ktime_get_ns() - begin_ns);
	return 0;
}

/* A child of a tracked process is tracked as that is. Threads (same tgid) are not new. */
int ebt_on_fork(struct bpf_raw_tracepoint_args *ctx)
{
	u32 zero = 0, trees, *parents;
	struct ebt_config *cfg = ebt_config.lookup(&zero);
	struct ebt_cpu_counters *c;
	u32 parent, child;

	if (!cfg || !(cfg->filter & EBT_FILTER_TREE))
		return 0;
	parent = EBT_GET32(ctx->args[0], TASK_TGID);
	child = EBT_GET32(ctx->args[1], TASK_TGID);
	if (parent == child)
		return 0;
	parents = ebt_tracked.lookup(&parent);
	if (!parents)
		return 0;
	trees = *parents;
	if (ebt_tracked.update(&child, &trees)) {
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
