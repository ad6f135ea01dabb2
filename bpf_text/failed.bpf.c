/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * failed.bpf.c - execs that did not happen (-x): errno, name and arguments as far as they can be
 * read after the call.
 *
 * Two ways to the same handler. fexit on the system calls themselves (ebt_fx_*) costs nobody else
 * anything, where the kernel allows it. The syscall tracepoints (ebt_tp_*) work everywhere, but put
 * every system call of the machine on the slow path. The loader takes one of them. What is attached
 * stays so over a retune and jumps on to the program in its slot, as the stubs do for an exec: a
 * failure is counted by the old program or by the new one. (Two attached side by side cannot share
 * them out: fexit programs that are attached or detached during a call are not run at its end.)
 */
#ifdef EBT_WITH_FAILED

#define EBT_FAILED_ARGS 128 /* arguments looked at */
#define EBT_ENOENT	2

/* Pointers of a call under way, from its entry to its end. */
struct ebt_call {
	u64 filename, argv;
};
BPF_TABLE("lru_hash", u64, struct ebt_call, ebt_calls, 4096);
/* A program array holds programs of one type, and those for fexit must be for functions of one
 * prototype: these have their own. */
BPF_PROG_ARRAY(ebt_slots_tp, 1);
BPF_PROG_ARRAY(ebt_slots_fx, 1);   /* execve */
BPF_PROG_ARRAY(ebt_slots_fxat, 1); /* execveat */

#define EBT_FAILED_ROOM	     (EBT_BUF_BYTES - sizeof(struct ebt_rec_exec))
#define EBT_FAILED_NAME	     (EBT_FAILED_ROOM / 4)
#define EBT_FAILED_STEP	     (EBT_FAILED_ROOM / 4) /* longest piece of one argument */
#define EBT_FAILED_ARGS_ROOM (EBT_FAILED_ROOM - EBT_FAILED_NAME - EBT_FAILED_STEP)

/* A user string, with its NUL: the length, or negative. Before 6.13 the kernel said 0 for an empty
 * one (strncpy_from_user_nofault), with the NUL written all the same. */
static inline long ebt_user_str(char *to, u32 size, u64 from)
{
	long n = bpf_probe_read_user_str(to, size, (void *)from);

	return n ? n : 1;
}

/* One argument behind the others; 0 when there is no more, or it cannot be had. */
static inline int ebt_failed_arg(struct ebt_scratch *s, struct ebt_rec_exec *r, char *args)
{
	u64 used = r->sect_len[EBT_SECT_ARGS], ptr = 0;
	long n;

	if (bpf_probe_read_user(&ptr, sizeof(ptr), (void *)s->st.src)) {
		r->flags |= EBT_EXEC_ARGS_PARTIAL;
		return 0;
	}
	if (!ptr)
		return 0;
	if (used > EBT_FAILED_ARGS_ROOM) {
		r->flags |= EBT_EXEC_ARGS_CUT;
		return 0;
	}
	n = ebt_user_str(args + ebt_bound(used, EBT_FAILED_ARGS_ROOM), EBT_FAILED_STEP, ptr);
	if (n < 0) {
		r->flags |= EBT_EXEC_ARGS_PARTIAL;
		return 0;
	}
	if (n == EBT_FAILED_STEP)
		r->flags |= EBT_EXEC_ARGS_CUT;
	r->sect_len[EBT_SECT_ARGS] = used + n;
	r->argc++;
	s->st.src += sizeof(ptr);
	return 1;
}

static inline void ebt_failed_args(struct ebt_scratch *s, struct ebt_rec_exec *r, char *args)
{
	u64 ptr = 0;

#pragma clang loop unroll(disable)
	for (u32 i = 0; i < EBT_FAILED_ARGS; i++) {
		EBT_FORGET();
		if (!ebt_failed_arg(s, r, args))
			return;
	}
	if (!bpf_probe_read_user(&ptr, sizeof(ptr), (void *)s->st.src) && ptr)
		r->flags |= EBT_EXEC_ARGS_CUT;
}

/* The payload: name, arguments. Gives its length. */
static inline u64 ebt_failed_payload(struct ebt_cpu_counters *c, struct ebt_scratch *s,
				     struct ebt_rec_exec *r, u64 filename)
{
	char *payload = s->buf + sizeof(*r);
	u64 name = 0;
	long n = ebt_user_str(payload, EBT_FAILED_NAME, filename);

	if (n > 0)
		name = ebt_bound(n - 1, EBT_FAILED_NAME);
	if (n < 0 || n == EBT_FAILED_NAME)
		r->flags |= EBT_EXEC_FILENAME_CUT;
	r->sect_len[EBT_SECT_FILENAME] = name;
	ebt_failed_args(s, r, payload + name);
	r->args_bytes = r->sect_len[EBT_SECT_ARGS];
	if (r->args_bytes > EBT_ARGS_LIMIT) {
		r->sect_len[EBT_SECT_ARGS] = EBT_ARGS_LIMIT;
		r->flags |= EBT_EXEC_ARGS_CUT;
		ebt_add(&c->truncated, 1);
	}
	return name + r->sect_len[EBT_SECT_ARGS];
}

static inline void ebt_ship_failed(void *ctx, struct ebt_cpu_counters *c, struct ebt_scratch *s,
				   u64 task, s32 ret, struct ebt_call *call)
{
	struct ebt_rec_exec *r = (void *)s->buf;
	u64 size;

	r->ret = ret;
	r->flags = EBT_EXEC_FAILED;
	r->tid = bpf_get_current_pid_tgid();
	ebt_fill_ids(r, task);
	ebt_fill_namespaces(r, task);
	ebt_fill_tty(r, task);
	s->st.src = call->argv;
	size = sizeof(*r) + ebt_failed_payload(c, s, r, call->filename);
	r->hdr.size = size;
	s->st.event_bytes = size;
	if (ebt_ship(ctx, c, r, ebt_bound(size, EBT_BUF_BYTES))) {
		ebt_lose(c, EBT_LOST_RING);
		return;
	}
	ebt_add(&c->delivered, 1);
	ebt_high_water(c, size);
}

static inline bool ebt_failed_wanted(u64 task, s32 ret)
{
	struct ebt_config *cfg = ebt_filters();

	if (cfg && (cfg->filter & EBT_FILTER_NO_ENOENT) && ret == -EBT_ENOENT)
		return false;
	return ebt_wanted(bpf_get_current_pid_tgid() >> 32, task);
}

static inline int ebt_failed(void *ctx, s32 ret, struct ebt_call *call)
{
	u64 begin_ns = bpf_ktime_get_ns(), task = ebt_task(), seq;
	struct ebt_cpu_counters *c = ebt_my_counters();
	struct ebt_exe_key exe;
	struct ebt_rec_exec *r;
	struct ebt_scratch *s;

	if (!c || !ebt_enabled())
		return 0;
	ebt_add(&c->seen, 1);
	ebt_add(&c->failed, 1);
	ebt_add(&c->runs, 1);
	if (!ebt_failed_wanted(task, ret)) {
		ebt_add(&c->filtered, 1);
		return 0;
	}
	/* What runs on is the old program: its executable is the one that failed to start another.
	 */
	ebt_read_exe(&exe, EBT_FOLLOW(task, TASK_MM));
	ebt_count_exe(c, &exe, true, 0, begin_ns);
	seq = ebt_next_seq(c);
	s = ebt_claim_any();
	if (!s) {
		ebt_lose(c, EBT_LOST_BUSY);
		return 0;
	}
	ebt_add(&c->slot_used[s->slot & 1], 1);
	__builtin_memset(&s->st, 0, sizeof(s->st));
	r = (void *)s->buf;
	__builtin_memset(r, 0, sizeof(*r));
	r->exe_ino = exe.ino;
	r->exe_dev = exe.dev;
	s->st.begin_ns = begin_ns;
	ebt_fill_hdr((void *)s->buf, EBT_REC_EXEC, s->slot, seq, begin_ns);
	ebt_ship_failed(ctx, c, s, task, ret, call);
	ebt_finish(c, s);
	return 0;
}

/* What the tracepoints give: format files of events/syscalls. */
struct ebt_tp_enter {
	u64 common;
	s64 nr;
	u64 args[6];
};

struct ebt_tp_exit {
	u64 common;
	s64 nr;
	s64 ret;
};

static inline int ebt_begin_call(u64 filename, u64 argv)
{
	u64 id = bpf_get_current_pid_tgid();
	struct ebt_call call = { .filename = filename, .argv = argv };

	ebt_calls.update(&id, &call);
	return 0;
}

int ebt_tp_sys_enter_execve(struct ebt_tp_enter *ctx)
{
	return ebt_begin_call(ctx->args[0], ctx->args[1]);
}

int ebt_tp_sys_enter_execveat(struct ebt_tp_enter *ctx)
{
	return ebt_begin_call(ctx->args[1], ctx->args[2]);
}

static inline int ebt_end_call(struct ebt_tp_exit *ctx)
{
	u64 id = bpf_get_current_pid_tgid();

	if (ctx->ret < 0)
		ebt_slots_tp.call(ctx, 0);
	ebt_calls.delete(&id);
	return 0;
}

int ebt_tp_sys_exit_execve(struct ebt_tp_exit *ctx)
{
	return ebt_end_call(ctx);
}

int ebt_tp_sys_exit_execveat(struct ebt_tp_exit *ctx)
{
	return ebt_end_call(ctx);
}

/* In the slot of ebt_slots_tp. */
int ebt_tp_on_failed(struct ebt_tp_exit *ctx)
{
	u64 id = bpf_get_current_pid_tgid();
	struct ebt_call *call = ebt_calls.lookup(&id), copy;

	if (!call) /* begun before we were there */
		return 0;
	copy = *call;
	ebt_calls.delete(&id);
	return ebt_failed(ctx, ctx->ret, &copy);
}

/* fexit of __x64_sys_*(const struct pt_regs *): the registers as the caller left them, then the
 * result. */
int ebt_fx_execve(u64 *ctx)
{
	if ((s64)ctx[1] < 0)
		ebt_slots_fx.call(ctx, 0);
	return 0;
}

int ebt_fx_execveat(u64 *ctx)
{
	if ((s64)ctx[1] < 0)
		ebt_slots_fxat.call(ctx, 0);
	return 0;
}

/* In the slot of ebt_slots_fx. */
int ebt_fh_execve(u64 *ctx)
{
	u64 regs = ctx[0];
	struct ebt_call call = { .filename = EBT_GET(regs, REGS_ARG0),
				 .argv = EBT_GET(regs, REGS_ARG1) };

	return ebt_failed(ctx, ctx[1], &call);
}

/* In the slot of ebt_slots_fxat. */
int ebt_fh_execveat(u64 *ctx)
{
	u64 regs = ctx[0];
	struct ebt_call call = { .filename = EBT_GET(regs, REGS_ARG1),
				 .argv = EBT_GET(regs, REGS_ARG2) };

	return ebt_failed(ctx, ctx[1], &call);
}

#endif
