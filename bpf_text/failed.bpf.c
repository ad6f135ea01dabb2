/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/* failed.bpf.c - send an event for each exec that failed (-x): errno, name, and the arguments as
 * far as they can be read after the call */
#ifdef EBT_WITH_FAILED

#define EBT_FAILED_ARGS 128 /* arguments looked at */
#define EBT_ENOENT	2
#define EBT_SIGKILL	9

/* A failed call: its pointers, and what else is known about it. */
struct ebt_call {
	u64 filename, argv;
	u64 name; /* kernel address of the file name that was read at the entry; 0 if it was not read */
	u32 flags; /* EBT_EXEC_NO_ENTRY, EBT_EXEC_IMAGE_GONE, or 0 */
	u32 tid;   /* tid of the thread that made the call */
};

/* bytes of the file name that are kept from the entry of a call to its end */
#define EBT_ENTRY_NAME 256

#define EBT_FAILED_ROOM (EBT_BUF_BYTES - sizeof(struct ebt_rec_exec))
#define EBT_FAILED_NAME (EBT_FAILED_ROOM / 4)
/* bytes that are read of one argument at most */
#define EBT_FAILED_STEP	     (EBT_FAILED_ROOM / 4)
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

#endif
