/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * homeostasis.bpf.c - learns what each program does, and says when it does something else.
 *
 * Every system call of every thread comes through ebt_raw_sys_enter (raw tracepoint, typed). All it
 * needs is found by array indices, which the kernel turns into plain address arithmetic: the
 * thread's place follows from its tid, the row of (profile, call) stands in the profile. The
 * thinking is in ebt_ph.h. Needs 5.12 (atomic or, atomic add that gives the old value).
 */
#define EBT_TS_COMPAT 0x2	 /* arch/x86/include/asm/thread_info.h */
#define EBT_X32_BIT   0x40000000 /* __X32_SYSCALL_BIT */

BPF_RINGBUF_OUTPUT(ebt_ph_ring, 1024 /* pages: 10000 execs */);
BPF_ARRAY(ebt_ph_config, struct ebt_ph_config, 1);
BPF_ARRAY(ebt_ph_global, struct ebt_ph_global, 1);
BPF_ARRAY(ebt_ph_profiles, struct ebt_ph_profile, EBT_PH_PROFILES);
BPF_HASH(ebt_ph_ids, struct ebt_ph_key, u32, EBT_PH_PROFILES);
/* Array elements begin as zeros: a row is never made, only given out. */
BPF_ARRAY(ebt_ph_rows, struct ebt_ph_row, EBT_PH_ROWS);
BPF_ARRAY(ebt_ph_tasks, struct ebt_ph_task, EBT_PH_TASKS);
BPF_HASH(ebt_ph_more_tasks, u32, struct ebt_ph_task, EBT_PH_MORE_TASKS);
/* What a new element of the hash is made from, too big for a stack. Never written. */
BPF_ARRAY(ebt_ph_zero_task, struct ebt_ph_task, 1);
BPF_PERCPU_ARRAY(ebt_ph_counters, struct ebt_ph_counters, 1);

struct ebt_ph_scratch {
	u32 busy; /* claimed when it goes from 0 to 1 */
	u32 pad;
	struct ebt_ph_rec rec;
};
BPF_PERCPU_ARRAY(ebt_ph_scratch, struct ebt_ph_scratch, 2);

static inline struct ebt_ph_counters *ebt_ph_my_counters(void)
{
	u32 zero = 0;

	return ebt_ph_counters.lookup(&zero);
}

#define EBT_PH_COUNT(field)                                        \
	({                                                         \
		struct ebt_ph_counters *c_ = ebt_ph_my_counters(); \
		if (c_)                                            \
			__sync_fetch_and_add(&c_->field, 1);       \
	})

static inline struct ebt_ph_scratch *ebt_ph_claim(u32 slot)
{
	struct ebt_ph_scratch *s = ebt_ph_scratch.lookup(&slot);

	if (!s)
		return 0;
	__sync_fetch_and_add(&s->busy, 1);
	if (*(volatile u32 *)&s->busy == 1)
		return s;
	__sync_fetch_and_add(&s->busy, -1);
	return 0;
}

/* One record out. bprm: of the exec that it is about, or 0. */
static inline void ebt_ph_report(struct ebt_ph_profile *p, struct ebt_ph_task *t, u32 events,
				 u32 call, u64 bprm)
{
	struct ebt_ph_scratch *s = ebt_ph_claim(0);
	u64 id = bpf_get_current_pid_tgid(), size;
	struct ebt_ph_rec *r;
	long n;

	if (!s)
		s = ebt_ph_claim(1);
	if (!s) {
		EBT_PH_COUNT(scratch_busy);
		return;
	}
	r = &s->rec;
	r->events = events & ((1 << EBT_PH_EV_MISSED_SHIFT) - 1);
	r->missed = events >> EBT_PH_EV_MISSED_SHIFT;
	r->pid = id >> 32;
	r->tid = id;
	r->profile = t->profile;
	r->mono_ns = bpf_ktime_get_ns();
	r->count = t->count;
	r->train_count = p->train_count;
	r->anomalies = p->anomalies;
	r->key = p->key;
	r->call = call;
	r->lfc = t->lfc;
	r->max_lfc = t->max_lfc;
	r->path_len = 0;
	r->uid = 0;
	bpf_get_current_comm(r->comm, sizeof(r->comm));
	size = sizeof(*r) - EBT_PH_PATH_LEN;
	if (bprm) {
		/* interp: the file that is run, also for a script. */
		n = bpf_probe_read_kernel_str(r->path, EBT_PH_PATH_LEN,
					      (void *)EBT_GET(bprm, BPRM_INTERP));
		if (n > 0 && n <= EBT_PH_PATH_LEN) {
			r->path_len = n;
			size = sizeof(*r);
		}
	}
	if (ebt_ph_ring.ringbuf_output(r, size & 511, 0))
		EBT_PH_COUNT(ring_lost);
	else
		EBT_PH_COUNT(records);
	__sync_fetch_and_add(&s->busy, -1);
}

static inline struct ebt_ph_config *ebt_ph_settings(void)
{
	u32 zero = 0;
	struct ebt_ph_config *cfg = ebt_ph_config.lookup(&zero);

	return cfg && cfg->monitoring ? cfg : 0;
}

/* What runs in this task. False for kernel threads. */
static inline bool ebt_ph_key_of(u64 task, struct ebt_ph_key *key)
{
	u64 mm = EBT_GET(task, TASK_MM), file = mm ? EBT_GET(mm, MM_EXE_FILE) : 0;
	u64 inode = file ? EBT_GET(file, FILE_INODE) : 0;

	if (!inode)
		return false;
	key->ino = EBT_GET(inode, INODE_INO);
	key->dev = EBT_GET32(EBT_GET(inode, INODE_SB), SB_DEV);
	key->guard = EBT_GET32(inode, INODE_GENERATION);
	if (!key->guard) /* a filesystem that keeps none */
		key->guard = EBT_GET32(inode, INODE_CTIME);
	return true;
}

/* The profile slot of an executable, a new one when it has none; 0 when they are used up. */
static inline u32 ebt_ph_profile_of(struct ebt_ph_key *key, u32 *events)
{
	u32 *known = ebt_ph_ids.lookup(key), zero = 0, id;
	struct ebt_ph_global *g;
	struct ebt_ph_profile *p;

	if (known)
		return *known;
	g = ebt_ph_global.lookup(&zero);
	if (!g || g->profiles >= EBT_PH_PROFILES - 1)
		goto full;
	id = __sync_fetch_and_add(&g->profiles, 1) + 1;
	p = ebt_ph_profiles.lookup(&id);
	if (!p)
		goto full;
	ebt_ph_profile_init(p);
	p->key = *key;
	if (ebt_ph_ids.insert(key, &id)) {
		/* Another CPU was first: its slot is the one. */
		known = ebt_ph_ids.lookup(key);
		if (known)
			return *known;
		goto full;
	}
	*events |= EBT_PH_EV_NEW_PROFILE;
	return id;
full:
	EBT_PH_COUNT(profiles_full);
	return 0;
}

static inline struct ebt_ph_task *ebt_ph_place_of(u32 tid)
{
	u32 place = tid & (EBT_PH_TASKS - 1);

	return ebt_ph_tasks.lookup(&place);
}

static inline struct ebt_ph_task *ebt_ph_task_of(u32 tid)
{
	struct ebt_ph_task *t = ebt_ph_place_of(tid);

	if (t && t->tid == tid)
		return t;
	return ebt_ph_more_tasks.lookup(&tid);
}

/* The state of a thread that has none, or its old one. Contents are the caller's to set. */
static inline struct ebt_ph_task *ebt_ph_task_add(u32 tid)
{
	struct ebt_ph_task *t = ebt_ph_task_of(tid);
	u32 zero = 0;

	if (t)
		return t;
	t = ebt_ph_place_of(tid);
	if (t && !__sync_val_compare_and_swap(&t->tid, 0, tid))
		return t;
	t = ebt_ph_zero_task.lookup(&zero);
	if (t && ebt_ph_more_tasks.update(&tid, t)) {
		EBT_PH_COUNT(tasks_full);
		return 0;
	}
	return ebt_ph_more_tasks.lookup(&tid);
}

static inline void ebt_ph_task_end(u32 tid)
{
	struct ebt_ph_task *t = ebt_ph_place_of(tid);

	if (t && t->tid == tid)
		t->tid = 0;
	else
		ebt_ph_more_tasks.delete(&tid);
}

/* State of the current thread, made anew: it ran before we did, or has just exec'd. A thread
 * without profile (0) keeps a state, so that this is not tried at every call. */
static inline struct ebt_ph_task *ebt_ph_begin(u32 tid, u32 *events)
{
	u64 task = bpf_get_current_task();
	struct ebt_ph_key key = {};
	struct ebt_ph_task *t;
	u32 id;

	if (!ebt_ph_key_of(task, &key))
		return 0;
	id = ebt_ph_profile_of(&key, events);
	t = ebt_ph_task_add(tid);
	if (!t)
		return 0;
	ebt_ph_task_begin(t, id);
	*events |= EBT_PH_EV_ASSOCIATED;
	return t;
}

static inline u32 ebt_ph_new_column(struct ebt_ph_profile *p, u32 call)
{
	u64 n;

	if (p->cols >= EBT_PH_OTHER - 1) {
		EBT_PH_COUNT(columns_full);
		return ebt_ph_set_col(p, call, EBT_PH_OTHER);
	}
	n = __sync_fetch_and_add(&p->cols, 1) + 1;
	return ebt_ph_set_col(p, call, n);
}

/* A row for a column that has none; its number, 0 when there is none now. */
static inline u32 ebt_ph_new_row(struct ebt_ph_profile *p, u32 col)
{
	u32 zero = 0, id = 0;
	struct ebt_ph_global *g = ebt_ph_global.lookup(&zero);

	if (!g || g->rows >= EBT_PH_ROWS - 1) {
		EBT_PH_COUNT(rows_full);
		return 0;
	}
	__sync_fetch_and_add(&p->busy, 1);
	if (*(volatile u32 *)&p->busy == 1) {
		id = *(volatile u32 *)&p->row_of[col & (EBT_PH_COLS - 1)];
		if (!id) {
			id = __sync_fetch_and_add(&g->rows, 1) + 1;
			p->row_of[col & (EBT_PH_COLS - 1)] = id;
		}
	} else {
		EBT_PH_COUNT(row_clashes);
	}
	__sync_fetch_and_add(&p->busy, -1);
	return id;
}

/* The row of a column, there and up to date; 0 when it cannot be had now. */
static inline struct ebt_ph_row *ebt_ph_row_of(struct ebt_ph_profile *p, u32 col)
{
	u32 id = p->row_of[col & (EBT_PH_COLS - 1)];
	struct ebt_ph_row *r;

	if (!id)
		id = ebt_ph_new_row(p, col);
	if (!id)
		return 0;
	r = ebt_ph_rows.lookup(&id);
	if (!r || !ebt_ph_row_stale(p, r))
		return r;
	__sync_fetch_and_add(&r->busy, 1);
	if (*(volatile u32 *)&r->busy == 1) {
		ebt_ph_row_sync(p, r);
		__sync_fetch_and_add(&r->busy, -1);
		return r;
	}
	__sync_fetch_and_add(&r->busy, -1);
	EBT_PH_COUNT(row_clashes);
	return 0;
}

/* Calls of another ABI have numbers of their own. The barrier: 6.1's verifier knows no bound of
 * `a | b`, and the compiler would leave out the mask. */
static inline u64 ebt_ph_call_number(u64 task, u64 id)
{
	u64 call = id & (EBT_PH_COMPAT - 1);

	if (id & EBT_X32_BIT || EBT_FOLLOW32(task, TASK_ABI) & EBT_TS_COMPAT)
		call |= EBT_PH_COMPAT;
	asm volatile("" : "+r"(call));
	return call & (EBT_PH_CALLS - 1);
}

static inline bool ebt_ph_is_sigreturn(struct ebt_ph_config *cfg, u32 call)
{
	return call == cfg->sigreturn[0] || call == cfg->sigreturn[1] || call == cfg->sigreturn[2];
}

static inline void ebt_ph_tell(struct ebt_ph_config *cfg, struct ebt_ph_profile *p,
			       struct ebt_ph_task *t, u32 events, u32 call)
{
	if (events & EBT_PH_EV_LEARNED)
		EBT_PH_COUNT(learned);
	if (events & EBT_PH_EV_ANOMALY)
		EBT_PH_COUNT(anomalies);
	if (!cfg->log_sequences)
		events &= ~EBT_PH_EV_LEARNED;
	if (events)
		ebt_ph_report(p, t, events, call, 0);
}

int ebt_raw_sys_enter(struct bpf_raw_tracepoint_args *ctx)
{
	struct ebt_ph_config *cfg = ebt_ph_settings();
	u32 tid, call, col, id, events = 0;
	struct ebt_ph_profile *p;
	struct ebt_ph_task *t;
	struct ebt_ph_row *r;
	u64 task;

	if (!cfg || (long)ctx->args[1] < 0)
		return 0;
	task = ebt_task();
	if (EBT_FOLLOW32(task, TASK_TGID) == cfg->self_tgid)
		return 0;
	tid = EBT_FOLLOW32(task, TASK_PID);
	t = ebt_ph_task_of(tid);
	if (!t) {
		t = ebt_ph_begin(tid, &events);
		if (!t)
			return 0;
		EBT_PH_COUNT(adopted);
	}
	id = t->profile;
	p = ebt_ph_profiles.lookup(&id);
	if (!p || !id)
		return 0;
	call = ebt_ph_call_number(task, ctx->args[1]);
	col = ebt_ph_col(p, call);
	if (!col)
		col = ebt_ph_new_column(p, call);
	r = ebt_ph_row_of(p, col);
	if (r)
		events |= ebt_ph_step(p, r, t, col, cfg);
	if (t->depth && ebt_ph_is_sigreturn(cfg, call))
		ebt_ph_pop(t);
	if (events)
		ebt_ph_tell(cfg, p, t, events, call);
	return 0;
}

/* The child goes on where its parent is: forking breaks no sequence. */
int ebt_ph_on_fork(struct bpf_raw_tracepoint_args *ctx)
{
	struct ebt_ph_task *t, *c;
	u32 child;

	if (!ebt_ph_settings())
		return 0;
	t = ebt_ph_task_of(bpf_get_current_pid_tgid());
	if (!t)
		return 0;
	child = EBT_GET32(ctx->args[1], TASK_PID);
	c = ebt_ph_task_add(child);
	if (c) {
		*c = *t;
		c->tid = child;
	}
	return 0;
}

int ebt_ph_on_exec(struct bpf_raw_tracepoint_args *ctx)
{
	u32 tid = bpf_get_current_pid_tgid(), old = ctx->args[1], id, events = 0;
	struct ebt_ph_profile *p;
	struct ebt_ph_task *t;

	if (old != tid) /* a thread that took the leader's place */
		ebt_ph_task_end(old);
	/* Also while nothing is monitored: else the new program would go on under the old one's
	 * profile afterwards. */
	t = ebt_ph_settings() ? ebt_ph_begin(tid, &events) : 0;
	if (!t) {
		ebt_ph_task_end(tid);
		return 0;
	}
	id = t->profile;
	p = ebt_ph_profiles.lookup(&id);
	if (p && id)
		ebt_ph_report(p, t, events, 0, ctx->args[2]);
	return 0;
}

int ebt_ph_on_exit(struct bpf_raw_tracepoint_args *ctx)
{
	ebt_ph_task_end(bpf_get_current_pid_tgid());
	return 0;
}

/* args: signal, siginfo, k_sigaction. SIG_DFL is 0, SIG_IGN 1. */
int ebt_ph_on_signal(struct bpf_raw_tracepoint_args *ctx)
{
	struct ebt_ph_task *t;

	if (!ebt_ph_settings() || EBT_GET(ctx->args[2], KSIG_HANDLER) <= 1)
		return 0;
	t = ebt_ph_task_of(bpf_get_current_pid_tgid());
	if (t && ebt_ph_push(t))
		EBT_PH_COUNT(frames_lost);
	return 0;
}

#define EBT_EPERM 1

/* May this thread start another program? The anomalies of its own count, that of this execve call
 * among them. args: bprm. */
int ebt_lsm_bprm_check_security(struct bpf_raw_tracepoint_args *ctx)
{
	struct ebt_ph_config *cfg = ebt_ph_settings();
	struct ebt_ph_profile *p;
	struct ebt_ph_task *t;
	u32 id;

	if (!cfg || !cfg->enforcing)
		return 0;
	t = ebt_ph_task_of(bpf_get_current_pid_tgid());
	if (!t)
		return 0;
	id = t->profile;
	p = ebt_ph_profiles.lookup(&id);
	if (!p || !(p->state & EBT_PH_NORMAL) || t->alf_epoch != p->epoch_b ||
	    t->lfc <= cfg->deny_limit)
		return 0;
	EBT_PH_COUNT(denied);
	ebt_ph_report(p, t, EBT_PH_EV_DENIED, 0, ctx->args[0]);
	return -EBT_EPERM;
}

/* Not attached: run by the loader. args: profile, enum ebt_ph_verb. Gives 1 when it was done. */
int ebt_ph_on_verb(struct bpf_raw_tracepoint_args *ctx)
{
	u32 zero = 0, id = ctx->args[0], verb = ctx->args[1];
	struct ebt_ph_config *cfg = ebt_ph_config.lookup(&zero);
	struct ebt_ph_profile *p = ebt_ph_profiles.lookup(&id);
	u64 now_ns;

	if (!cfg || !p || !p->epoch_a)
		return 0;
	now_ns = EBT_PH_NOW(cfg);
	if (verb == EBT_PH_NORMALIZE)
		ebt_ph_start_normal(p, now_ns);
	else if (verb == EBT_PH_SENSITIZE)
		ebt_ph_wipe(p, now_ns);
	else if (verb == EBT_PH_TOLERIZE)
		ebt_ph_stop_normal(p, now_ns);
	else
		return 0;
	return 1;
}
