/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * homeostasis.bpf.c - learn the system calls of each program and report when it does something else.
 *
 * Every system call of every thread passes ebt_raw_sys_enter (a typed raw tracepoint). Everything it
 * needs is found by array index, which the kernel turns into plain address arithmetic: the index of
 * the thread follows from its tid, and the profile holds the index of the row of a call. The state
 * machine is in ebt_ph.h and the maps are in homeostasis_tasks.h. Needs Linux 5.12 (atomic or, and
 * atomic add that returns the old value).
 */
#define EBT_X32_BIT 0x40000000 /* __X32_SYSCALL_BIT */

/* Return our number of a call; calls of another ABI have numbers of their own. The barrier keeps the
 * final mask: the verifier of 6.1 does not derive a bound for `a | b`, and the compiler would remove
 * the mask as redundant. */
static inline u64 ebt_ph_call_number(u64 task, u64 id)
{
	u64 call = id & (EBT_PH_COMPAT - 1);

	if (id & EBT_X32_BIT || ebt_is_compat(task))
		call |= EBT_PH_COMPAT;
	asm volatile("" : "+r"(call));
	return call & (EBT_PH_CALLS - 1);
}

static inline bool ebt_ph_is_sigreturn(struct ebt_ph_config *cfg, u32 call)
{
	return call == cfg->sigreturn[0] || call == cfg->sigreturn[1] || call == cfg->sigreturn[2];
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

/* Copy the state of the parent to the child, so that a fork does not interrupt the sequence. */
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

	if (old !=
	    tid) /* a thread that was not the leader has called exec and got the tid of the leader */
		ebt_ph_task_end(old);
	/* End the old state also while monitoring is off: otherwise the new program would continue
	 * under the profile of the old one later. */
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

/* Decide whether this thread may start another program. Its own recent anomalies count, that of this
 * execve call included. args: bprm. */
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

/* Carry out a verb. It is not attached; user space runs it. args: profile, enum ebt_ph_verb. Return 1
 * if it was carried out. */
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
