/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/* failed.bpf.c - send an event for each exec that failed (-x): errno, name, and the arguments as
 * far as they can be read after the call
 *
 * Two kinds of hooks lead to the same handler. fexit on the system calls themselves (ebt_fx_*),
 * where the kernel allows it, costs other calls nothing. The syscall tracepoints (ebt_tp_*) work
 * everywhere, but put every system call of the machine on the slow path. The loader attaches one of
 * them. It stays attached during a retune and jumps to the program in its slot, as the stubs do for
 * an exec, so that a failure is counted either by the old program or by the new one. (Two programs
 * attached side by side could not share the events: an fexit program that is attached or detached
 * during a call does not run at its end.)
 *
 * A call that seccomp or a debugger refuses never begins: the tracepoint of the entry does not fire
 * and the function is not called. The tracepoint of the end fires all the same, and the arguments
 * are still in the registers. */
#ifdef EBT_WITH_FAILED

#define EBT_FAILED_ARGS 128 /* arguments looked at */
#define EBT_ENOENT	2
#define EBT_ENOSYS	38
#define EBT_SIGKILL	9
/* Results that never reach user space (include/linux/errno.h): the call is made again, or its
 * thread is killed before it returns. */
#define EBT_INTERNAL_MIN 512
#define EBT_INTERNAL_MAX 517

#ifdef __TARGET_ARCH_arm64
#define EBT_NR_EXECVEAT 281
#define EBT_ARG_AT(n)	(8 * (n)) /* REGS_ARG1 and REGS_ARG2 are the array of registers */
#else
#define EBT_NR_EXECVEAT 322
#define EBT_ARG_AT(n)	0
#endif

/* A failed call: its pointers, and what else is known about it. */
struct ebt_call {
	u64 filename, argv;
	u64 name; /* kernel address of the file name that was read at the entry; 0 if it was not read */
	u32 flags; /* EBT_EXEC_NO_ENTRY, EBT_EXEC_IMAGE_GONE, or 0 */
	u32 tid;   /* tid of the thread that made the call */
};

/* A call from its entry to its end, found by its task, because the thread id changes when a thread
 * that is not the leader calls exec. The name is copied at the entry, for execs that fail after the
 * old memory is gone; a longer name is cut. */
#define EBT_ENTRY_NAME 256
struct ebt_entry {
	u64 filename, argv, mm, pid_tgid;
	u64 name_len; /* bytes, with the NUL; 0 if unreadable */
	char name[EBT_ENTRY_NAME];
};
BPF_TABLE("lru_hash", u64, struct ebt_entry, ebt_calls, 4096);
/* A program array holds programs of one type, and fexit programs in one array must be for functions
 * with the same prototype. So these have arrays of their own. */
BPF_PROG_ARRAY(ebt_slots_tp, 1);
BPF_PROG_ARRAY(ebt_slots_fx, 1);   /* execve */
BPF_PROG_ARRAY(ebt_slots_fxat, 1); /* execveat */

#define EBT_FAILED_ROOM (EBT_BUF_BYTES - sizeof(struct ebt_rec_exec))
#define EBT_FAILED_NAME (EBT_FAILED_ROOM / 4)
#define EBT_FAILED_STEP \
	(EBT_FAILED_ROOM / 4) /* maximum bytes that are read of one argument at a time */
#define EBT_FAILED_ARGS_ROOM (EBT_FAILED_ROOM - EBT_FAILED_NAME - EBT_FAILED_STEP)

/* Read a user string. Return its length with the NUL, or a negative number. Before 6.13 the kernel
 * returned 0 for an empty string (strncpy_from_user_nofault), but wrote the NUL. */
static inline long ebt_user_str(char *to, u32 size, u64 from)
{
	long n = bpf_probe_read_user_str(to, size, (void *)from);

	return n ? n : 1;
}

/* Append one argument. Return 0 if there is no other, or if it cannot be read. */
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

/* Put the file name into the payload and return its length. When the old memory is gone it is the
 * one that was read at the entry, if any. */
static inline u64 ebt_failed_name(struct ebt_rec_exec *r, char *payload, struct ebt_call *call)
{
	long n, room = EBT_FAILED_NAME;

	if (!(call->flags & EBT_EXEC_IMAGE_GONE)) {
		n = ebt_user_str(payload, EBT_FAILED_NAME, call->filename);
	} else {
		room = EBT_ENTRY_NAME < EBT_FAILED_NAME ? EBT_ENTRY_NAME : EBT_FAILED_NAME;
		n = bpf_probe_read_kernel_str(payload, room, (void *)call->name);
	}
	if (n <= 0 || n == room)
		r->flags |= EBT_EXEC_FILENAME_CUT;
	return n > 0 ? ebt_bound(n - 1, EBT_FAILED_NAME) : 0;
}

/* Put the name and the arguments into the payload and return its length. */
static inline u64 ebt_failed_payload(struct ebt_cpu_counters *c, struct ebt_scratch *s,
				     struct ebt_rec_exec *r, struct ebt_call *call)
{
	char *payload = s->buf + sizeof(*r);
	u64 name = ebt_failed_name(r, payload, call);

	name = ebt_bound(name, EBT_FAILED_NAME);
	r->sect_len[EBT_SECT_FILENAME] = name;
	/* The addresses of the call mean something else in the new memory. */
	if (call->flags & EBT_EXEC_IMAGE_GONE)
		r->flags |= EBT_EXEC_ARGS_PARTIAL;
	else
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
	r->flags = EBT_EXEC_FAILED | call->flags;
	r->tid = call->tid;
	ebt_fill_ids(r, task);
	ebt_fill_namespaces(r, task);
	ebt_fill_tty(r, task);
	s->st.src = call->argv;
	size = sizeof(*r) + ebt_failed_payload(c, s, r, call);
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

/* Return true if the thread has been killed, as one is that loses a race of threads for an exec. It
 * never gets the result, which may be any error of the interrupted work. */
static inline bool ebt_failed_unheard(u64 task, struct ebt_call *call)
{
	if (call->flags & EBT_EXEC_IMAGE_GONE)
		return false;
	return EBT_FOLLOW(task, TASK_PENDING) >> (EBT_SIGKILL - 1) & 1;
}

static inline int ebt_failed(void *ctx, s32 ret, struct ebt_call *call)
{
	u64 begin_ns = bpf_ktime_get_ns(), task = ebt_task(), seq;
	struct ebt_cpu_counters *c = ebt_my_counters();
	struct ebt_exe_key exe;
	struct ebt_rec_exec *r;
	struct ebt_scratch *s;

	if (!c || !ebt_enabled() || ebt_failed_unheard(task, call))
		return 0;
	ebt_add(&c->seen, 1);
	ebt_add(&c->failed, 1);
	ebt_add(&c->runs, 1);
	if (!ebt_failed_wanted(task, ret)) {
		ebt_add(&c->filtered, 1);
		return 0;
	}
	/* The old program goes on, so exe is the program that failed to start another one. After
	 * the old memory is gone it is the new program. */
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
	r->exe_version = exe.version;
	s->st.begin_ns = begin_ns;
	ebt_fill_hdr((void *)s->buf, EBT_REC_EXEC, s->slot, seq, begin_ns);
	ebt_ship_failed(ctx, c, s, task, ret, call);
	ebt_finish(c, s);
	return 0;
}

/* Arguments of the tracepoints, as in the format files of events/syscalls. */
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
	u64 task = bpf_get_current_task();
	struct ebt_entry entry = { .filename = filename, .argv = argv };
	long n = ebt_user_str(entry.name, sizeof(entry.name), filename);

	entry.mm = EBT_GET(task, TASK_MM);
	entry.pid_tgid = bpf_get_current_pid_tgid();
	entry.name_len = n > 0 ? n : 0;
	ebt_calls.update(&task, &entry);
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

/* Return true if a program has seen the call fail, or got a SIGSYS instead: the kernel then leaves
 * the number of the call in the place of the result (syscall_rollback). */
static inline bool ebt_call_failed(s64 nr, s64 ret)
{
	if (ret >= 0)
		return ret && ret == nr;
	return ret > -EBT_INTERNAL_MIN || ret < -EBT_INTERNAL_MAX;
}

static inline int ebt_end_call(struct ebt_tp_exit *ctx)
{
	u64 task = bpf_get_current_task();

	if (ebt_call_failed(ctx->nr, ctx->ret))
		ebt_slots_tp.call(ctx, 0);
	ebt_calls.delete(&task);
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

/* Return the registers as the caller left them, or 0 if the kernel (before 5.15) cannot tell. */
static inline u64 ebt_caller_regs(void)
{
	if (!EBT_OFF(TYPED) || !EBT_HAS(HAS_TASK_REGS))
		return 0;
	/* BPF_FUNC_get_current_task_btf, BPF_FUNC_task_pt_regs: libbcc has no names for them. */
	return ((u64(*)(u64))175)(((u64(*)(void))158)());
}

/* Fill in a call from the caller's registers. at is set for execveat, whose first argument is the
 * directory. */
static inline void ebt_call_of_regs(struct ebt_call *call, u64 regs, bool at)
{
	u64 arg0 = EBT_GET(regs, REGS_ARG0), arg1 = EBT_GET(regs + EBT_ARG_AT(1), REGS_ARG1);

	call->filename = at ? arg1 : arg0;
	call->argv = at ? EBT_GET(regs + EBT_ARG_AT(2), REGS_ARG2) : arg1;
}

/* Report a call whose entry was not seen. If no program got its result, it was not made at all. */
static inline int ebt_failed_unseen(struct ebt_tp_exit *ctx)
{
	struct ebt_call call = { .flags = EBT_EXEC_NO_ENTRY, .tid = bpf_get_current_pid_tgid() };
	s64 ret = ctx->ret < 0 ? ctx->ret : -EBT_ENOSYS;
	u64 regs = ebt_caller_regs();

	if (regs)
		ebt_call_of_regs(&call, regs, ctx->nr == EBT_NR_EXECVEAT);
	return ebt_failed(ctx, ret, &call);
}

/* program for the slot of ebt_slots_tp */
int ebt_tp_on_failed(struct ebt_tp_exit *ctx)
{
	u64 task = bpf_get_current_task();
	struct ebt_entry *entry = ebt_calls.lookup(&task);
	struct ebt_call call = {};

	if (!entry || entry->pid_tgid >> 32 != bpf_get_current_pid_tgid() >> 32)
		return ebt_failed_unseen(ctx);
	call.filename = entry->filename;
	call.argv = entry->argv;
	call.tid = entry->pid_tgid;
	if (entry->mm != EBT_GET(task, TASK_MM)) {
		call.flags = EBT_EXEC_IMAGE_GONE;
		call.name = entry->name_len ? (u64)entry->name : 0;
	}
	ebt_failed(ctx, ctx->ret, &call);
	ebt_calls.delete(&task);
	return 0;
}

/* fexit of __x64_sys_*(const struct pt_regs *): its arguments are the registers as the caller left
 * them and the result. */
int ebt_fx_execve(u64 *ctx)
{
	if (ebt_call_failed(0, ctx[1]))
		ebt_slots_fx.call(ctx, 0);
	return 0;
}

int ebt_fx_execveat(u64 *ctx)
{
	if (ebt_call_failed(0, ctx[1]))
		ebt_slots_fxat.call(ctx, 0);
	return 0;
}

/* Nothing was noted at the entry. An exec sets the end of the environment last when it fills its
 * new memory: as long as it is 0, the old memory was not replaced. */
static inline int ebt_failed_fexit(u64 *ctx, bool at)
{
	struct ebt_call call = { .tid = bpf_get_current_pid_tgid() };

	ebt_call_of_regs(&call, ctx[0], at);
	if (!EBT_GET(EBT_GET(bpf_get_current_task(), TASK_MM), MM_ENV_END))
		call.flags = EBT_EXEC_IMAGE_GONE;
	return ebt_failed(ctx, ctx[1], &call);
}

/* program for the slot of ebt_slots_fx */
int ebt_fh_execve(u64 *ctx)
{
	return ebt_failed_fexit(ctx, false);
}

/* program for the slot of ebt_slots_fxat */
int ebt_fh_execveat(u64 *ctx)
{
	return ebt_failed_fexit(ctx, true);
}

#endif
