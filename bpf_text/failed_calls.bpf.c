/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/* failed_calls.bpf.c - find the execs that fail (-x), for ebt_failed()
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
 * are still in the registers. Beside fexit on the system calls a third program (ebt_kfx_*) looks at
 * what seccomp decides; calls that a debugger refuses are then not seen. */
#ifdef EBT_WITH_FAILED

#define EBT_ENOSYS 38
/* Results that never reach user space (include/linux/errno.h): the call is made again, or its
 * thread is killed before it returns. */
#define EBT_INTERNAL_MIN 512
#define EBT_INTERNAL_MAX 517

#ifdef __TARGET_ARCH_arm64
#define EBT_NR_EXECVE	221
#define EBT_NR_EXECVEAT 281
#define EBT_ARG_AT(n)	(8 * (n)) /* REGS_ARG1 and REGS_ARG2 are the array of registers */
#else
#define EBT_NR_EXECVE	59
#define EBT_NR_EXECVEAT 322
#define EBT_ARG_AT(n)	0
#endif

/* A call from its entry to its end, found by its task, because the thread id changes when a thread
 * that is not the leader calls exec. The name is copied at the entry, for execs that fail after the
 * old memory is gone; a longer name is cut. */
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
BPF_PROG_ARRAY(ebt_slots_sc, 1);   /* __secure_computing */

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

/* Return true if __secure_computing lets the call pass. Its result follows its arguments: one up to
 * 6.14, none later. */
static inline bool ebt_seccomp_allows(u64 *ctx)
{
	s32 verdict;

	if (EBT_OFF(SECCOMP_ARGC)) {
		verdict = *(volatile u64 *)&ctx[1];
		EBT_FORGET();
	} else {
		verdict = *(volatile u64 *)&ctx[0];
	}
	return !verdict;
}

/* fexit of __secure_computing, which the kernel calls at the entry of each system call of a thread
 * under seccomp */
int ebt_kfx___secure_computing(u64 *ctx)
{
	if (!ebt_seccomp_allows(ctx))
		ebt_slots_sc.call(ctx, 0);
	return 0;
}

/* Return the result that seccomp gave to a call it refused, or -ENOSYS if it sends a SIGSYS: then it
 * has put back into the register of the result what was there before (syscall_rollback). */
static inline s64 ebt_seccomp_result(u64 regs, u32 nr)
{
	s64 ret = EBT_GET(regs, REGS_RET);
#ifdef __TARGET_ARCH_arm64
	s64 before = EBT_GET(regs, REGS_ARG0);
#else
	s64 before = nr;
#endif

	return ret == before ? -EBT_ENOSYS : ret;
}

/* program for the slot of ebt_slots_sc; 32-bit programs count their calls otherwise */
int ebt_kfh___secure_computing(u64 *ctx)
{
	struct ebt_call call = { .flags = EBT_EXEC_NO_ENTRY, .tid = bpf_get_current_pid_tgid() };
	u64 regs = ebt_caller_regs();
	u32 nr = EBT_GET32(regs, REGS_NR);
	s64 ret;

	if (!regs || (nr != EBT_NR_EXECVE && nr != EBT_NR_EXECVEAT) || ebt_is_compat(ebt_task()))
		return 0;
	ret = ebt_seccomp_result(regs, nr);
	if (!ebt_call_failed(0, ret))
		return 0;
	ebt_call_of_regs(&call, regs, nr == EBT_NR_EXECVEAT);
	return ebt_failed(ctx, ret, &call);
}

#endif
