/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/* exit.bpf.c - send one event when the last thread of a process ends, with the resources that the
 * process used; the programs for fork and rename only maintain helper tables */
#define EBT_SIGNAL_GROUP_EXIT 0x4 /* SIGNAL_GROUP_EXIT, include/linux/sched/signal.h */
#define EBT_EEXIST	      17

/* When several threads exit at the same time, more than one may find that no thread is alive any
 * more; the first to arrive here reports the end. A process that never had a second thread is told
 * apart without this table: its list has one entry, and no thread has added its times to signal. */
static inline bool ebt_is_first(u64 task, u64 signal)
{
	struct ebt_ended key = {};
	u8 one = 1;

	if (EBT_FOLLOW32(signal, SIGNAL_NR_THREADS) <= 1 && !EBT_FOLLOW(signal, SIGNAL_RUNTIME))
		return true;
	key.tgid = bpf_get_current_pid_tgid() >> 32;
	key.start_ns = EBT_FOLLOW(EBT_FOLLOW(task, TASK_GROUP_LEADER), TASK_START_NS);
	return ebt_ended.insert(&key, &one) != -EBT_EEXIST;
}

/* Return whether all threads are dead. Since 6.16 the tracepoint has an argument for that; before,
 * the count of live threads is 0. */
static inline bool ebt_group_dead(struct bpf_raw_tracepoint_args *ctx, u64 task, u64 signal)
{
	u64 argc = EBT_OFF(EXIT_ARGC);

	if (argc != EBT_MISSING && argc >= 2)
		return ctx->args[1] & 1;
	return EBT_FOLLOW32(signal, SIGNAL_LIVE) == 0 && ebt_is_first(task, signal);
}

/* Return the status of the process: that of exit_group or of the fatal signal, otherwise that of
 * its leader. */
static inline s32 ebt_exit_status(u64 signal, u64 leader)
{
	if (EBT_FOLLOW32(signal, SIGNAL_FLAGS) & EBT_SIGNAL_GROUP_EXIT)
		return EBT_FOLLOW32(signal, SIGNAL_GROUP_EXIT_CODE);
	return EBT_FOLLOW32(leader, TASK_EXIT_CODE);
}

static inline void ebt_fill_exit(struct ebt_rec_exit *r, u64 task, u64 signal)
{
	u64 leader = EBT_FOLLOW(task, TASK_GROUP_LEADER);
	u64 parent = EBT_FOLLOW(leader, TASK_REAL_PARENT);

	r->pid = EBT_FOLLOW32(leader, TASK_TGID);
	r->ppid = EBT_FOLLOW32(parent, TASK_TGID);
	r->uid = ebt_uid_of(task);
	r->exit_code = ebt_exit_status(signal, leader);
	r->loginuid = ebt_loginuid_of(task);
	r->sessionid = ebt_sessionid_of(task);
	r->start_ns = EBT_FOLLOW(leader, TASK_START_NS);
	/* Read the times that exited threads have added to signal. */
	r->utime_ns = EBT_FOLLOW(signal, SIGNAL_UTIME);
	r->stime_ns = EBT_FOLLOW(signal, SIGNAL_STIME);
	r->rtime_ns = EBT_FOLLOW(signal, SIGNAL_RUNTIME);
	r->maxrss_pages = EBT_FOLLOW(signal, SIGNAL_MAXRSS);
	EBT_READ(&r->comm, leader, TASK_COMM);
}

static inline void ebt_add_own_times(struct ebt_rec_exit *r, u64 task)
{
	r->utime_ns += EBT_FOLLOW(task, TASK_UTIME);
	r->stime_ns += EBT_FOLLOW(task, TASK_STIME);
	r->rtime_ns += EBT_FOLLOW(task, TASK_RUNTIME);
}

static inline void ebt_ship_exit(void *ctx, struct ebt_cpu_counters *c, struct ebt_scratch *s)
{
	struct ebt_rec_exit *r = (void *)s->buf;
	u64 begin_ns = r->hdr.mono_ns;

	if (ebt_ship(ctx, c, r, sizeof(*r)))
		ebt_lose(c, EBT_LOST_RING);
	else
		ebt_add(&c->delivered, 1);
	ebt_release(s);
	ebt_add(&c->run_ns, bpf_ktime_get_ns() - begin_ns);
}

/* Threads per run. The program then jumps to itself, because the verifier follows every round of a
 * loop at every load. All runs together look at 240 threads, including the ends of the list and
 * those that are looked at twice; 5.8 allows 32 tail calls, of which two were needed to get here.
 */
#define EBT_THREADS_ROUNDS 8
#define EBT_THREADS_RUNS   30

/* Sum up the times of a process that ends with more than one thread. Exited threads have added
 * theirs to signal. All others are in its list: this one, a leader that exited earlier and waits
 * for the rest, and threads that are exiting now (all of them do at the same time after
 * exit_group). A thread that leaves while the list is read would be counted twice or not at all;
 * then the sum in signal has changed, and the reading starts again. Return true when the sum is
 * complete. */
static inline bool ebt_add_thread(struct ebt_rec_exit *r, struct ebt_stream *st)
{
	u64 head = st->signal + EBT_OFF(SIGNAL_THREADS), task = st->src - EBT_OFF(TASK_THREAD_NODE);

	if (st->src != head) {
		r->utime_ns += EBT_GET(task, TASK_UTIME);
		r->stime_ns += EBT_GET(task, TASK_STIME);
		r->rtime_ns += EBT_GET(task, TASK_RUNTIME);
		st->src = EBT_GET(task, TASK_THREAD_NODE);
		return false;
	}
	if (EBT_GET(st->signal, SIGNAL_RUNTIME) == st->gone_ns)
		return true;
	r->utime_ns = EBT_GET(st->signal, SIGNAL_UTIME);
	r->stime_ns = EBT_GET(st->signal, SIGNAL_STIME);
	r->rtime_ns = EBT_GET(st->signal, SIGNAL_RUNTIME);
	st->gone_ns = r->rtime_ns;
	st->src = EBT_GET(st->signal, SIGNAL_THREADS);
	return false;
}

int ebt_on_threads(struct bpf_raw_tracepoint_args *ctx)
{
	struct ebt_cpu_counters *c = ebt_my_counters();
	struct ebt_scratch *s = ebt_mine();
	bool done = false;

	if (!s || !c)
		return 0;
#pragma clang loop unroll(disable)
	for (u32 i = 0; i < EBT_THREADS_ROUNDS; i++) {
		EBT_FORGET();
		done = ebt_add_thread((void *)s->buf, &s->st);
		if (done)
			break;
	}
	EBT_FORGET();
	s->st.walks++;
	if (!done && s->st.walks < EBT_THREADS_RUNS)
		ebt_slots.call(ctx, EBT_SLOT_THREADS + EBT_OFF(PARITY));
	ebt_ship_exit(ctx, c, s);
	return 0;
}

static inline void ebt_untrack(u32 tgid)
{
	u32 zero = 0;
	struct ebt_config *cfg = ebt_config.lookup(&zero);

	if (cfg && (cfg->filter & EBT_FILTER_TREE))
		ebt_tracked.delete(&tgid);
}

/* Jump to the program that sums up the threads, if there are others. Returns if there are none, or
 * if the program is missing. */
static inline void ebt_add_times(struct bpf_raw_tracepoint_args *ctx, struct ebt_scratch *s,
				 u64 task, u64 signal)
{
	struct ebt_rec_exit *r = (void *)s->buf;

	if (EBT_FOLLOW32(signal, SIGNAL_NR_THREADS) > 1) {
		s->st.owner = bpf_get_current_pid_tgid();
		s->st.signal = signal;
		s->st.src = EBT_FOLLOW(signal, SIGNAL_THREADS);
		s->st.gone_ns = r->rtime_ns;
		s->st.walks = 0;
		ebt_slots.call(ctx, EBT_SLOT_THREADS + EBT_OFF(PARITY));
	}
	ebt_add_own_times(r, task);
}

int ebt_on_exit(struct bpf_raw_tracepoint_args *ctx)
{
	u64 begin_ns = bpf_ktime_get_ns();
	struct ebt_cpu_counters *c = ebt_my_counters();
	u64 task = ebt_task();
	u64 signal = EBT_FOLLOW(task, TASK_SIGNAL);
	u32 tgid = bpf_get_current_pid_tgid() >> 32;
	struct ebt_scratch *s;
	struct ebt_rec_exit *r;
	bool wanted;
	u64 seq;

	if (!c || !ebt_enabled() || !ebt_group_dead(ctx, task, signal))
		return 0;
	ebt_add(&c->seen, 1);
	ebt_add(&c->exits, 1);
	ebt_add(&c->runs, 1);
	/* Apply the filters while the process is still in the table, then remove it whatever they
	 * say, because its number will be used again. */
	wanted = ebt_wanted(tgid, task);
	ebt_untrack(tgid);
	if (!ebt_forget_shown(tgid) && !wanted) {
		ebt_add(&c->filtered, 1);
		return 0;
	}
	seq = ebt_next_seq(c);
	s = ebt_claim_any();
	if (!s) {
		ebt_lose(c, EBT_LOST_BUSY);
		return 0;
	}
	ebt_add(&c->slot_used[s->slot & 1], 1);
	r = (void *)s->buf;
	__builtin_memset(r, 0, sizeof(*r));
	ebt_fill_hdr(&r->hdr, EBT_REC_EXIT, s->slot, seq, begin_ns);
	r->hdr.size = sizeof(*r);
	ebt_fill_exit(r, task, signal);
	ebt_add_times(ctx, s, task, signal);
	ebt_ship_exit(ctx, c, s);
	return 0;
}

/* A child of a tracked process is tracked in the same way. A new thread (same tgid) is no new
 * process. */
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
			ebt_add(&c->untracked, 1);
	}
	return 0;
}

/* Keep the old name for the exec event: exec renames its task just before sched_process_exec. */
int ebt_on_rename(struct bpf_raw_tracepoint_args *ctx)
{
	u32 tid = bpf_get_current_pid_tgid();
	u32 at = tid & (EBT_RENAMES - 1);
	struct ebt_rename *prev = ebt_prev_comm.lookup(&at);

	/* Ignore a task that renames another one through /proc/PID/comm, which is no exec. */
	if (!prev || !ebt_enabled() || ctx->args[0] != bpf_get_current_task())
		return 0;
	EBT_READ(&prev->comm, ctx->args[0], TASK_COMM);
	prev->tid = tid;
	return 0;
}
