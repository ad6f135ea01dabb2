/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/* exec.bpf.c - send one complete event for each successful exec
 *
 * It runs at sched_process_exec. The new image is in place, and argv and the environment lie in its
 * fresh stack pages, so that they can be read once, without a race and without a fault. The record
 * is built in the per-CPU scratch buffer by a chain of programs, each of which starts the next by a
 * tail call: ebt_on_exec (process and user), ebt_on_walk (paths), ebt_on_build (names and
 * arguments; it sends the record), ebt_on_more (the rest, in chunks). */
#define EBT_EXEC_ROOM (EBT_BUF_BYTES - sizeof(struct ebt_rec_exec))
/* A name or path of at most this length is part of the first record; a longer one follows after the
 * environment. */
#define EBT_INLINE_STR \
	(EBT_EXEC_ROOM / 8 < EBT_INLINE_STR_MAX ? EBT_EXEC_ROOM / 8 : EBT_INLINE_STR_MAX)
/* Bytes of arguments in the first record; the rest of its payload is for the three strings before
 * them. */
#define EBT_INLINE_ARGS (EBT_EXEC_ROOM - 3 * EBT_INLINE_STR)

static inline u32 ebt_min(u32 a, u32 b)
{
	return a < b ? a : b;
}

/* Size of a piece when a string's length is measured. The record's memory, which is still unused
 * then, serves as its buffer. The piece is large because the verifier follows everything after the
 * loop once for each round that EBT_PATH_MAX takes. */
#define EBT_STRLEN_BYTES (EBT_EXEC_ROOM / 2)

/* Return the length of a kernel string without its NUL, at most EBT_PATH_MAX - 1. buf is a scratch
 * area of EBT_STRLEN_BYTES bytes. */
static inline u32 ebt_kernel_strlen(u64 str, char *buf)
{
	u32 len = 0;

#pragma clang loop unroll(disable)
	for (u32 i = 0; i < EBT_PATH_MAX / (EBT_STRLEN_BYTES - 1) + 1; i++) {
		long n = bpf_probe_read_kernel_str(buf, EBT_STRLEN_BYTES, (void *)(str + len));

		if (n <= 0)
			break;
		len += n - 1;
		if (n < EBT_STRLEN_BYTES)
			break;
	}
	return len;
}

/* Put the name as it was passed (bprm->filename) into the record if it is short, otherwise note it
 * for a continuation. Return the number of bytes put. */
static inline u64 ebt_put_filename(struct ebt_scratch *s, struct ebt_rec_exec *r)
{
	char *payload = s->buf + sizeof(*r);
	u64 str = s->st.filename;
	long n = bpf_probe_read_kernel_str(payload, EBT_INLINE_STR, (void *)str);

	if (n <= 0)
		return 0;
	if (n < EBT_INLINE_STR) {
		r->sect_len[EBT_SECT_FILENAME] = n - 1;
		return n - 1;
	}
	s->st.filename_left = ebt_kernel_strlen(str, payload);
	r->sect_len[EBT_SECT_FILENAME] = s->st.filename_left;
	r->late |= 1 << EBT_SECT_FILENAME;
	return 0;
}

#ifdef EBT_WITH_PATHS
/* Put a walked path after off if it is short, otherwise note it for a continuation. Return the new
 * end. */
static inline u64 ebt_put_path(struct ebt_scratch *s, struct ebt_rec_exec *r, struct ebt_paths *p,
			       u32 sect, u32 at, u64 off)
{
	u64 len = p->walk[at].len;

	r->sect_len[sect] = len;
	if (len > EBT_INLINE_STR) {
		r->late |= 1 << sect;
		return off;
	}
	len = ebt_bound(len, EBT_INLINE_STR);
	off = ebt_bound(off, 2 * EBT_INLINE_STR);
	bpf_probe_read_kernel(s->buf + sizeof(*r) + off, len, p->buf[at]);
	return off + len;
}

static inline u32 ebt_path_flags(u32 flags, u32 has, u32 cut, u32 unreachable, u32 deleted)
{
	return has | (flags & EBT_WALK_CUT ? cut : 0) |
	       (flags & EBT_WALK_UNREACHABLE ? unreachable : 0) |
	       (flags & EBT_WALK_DELETED ? deleted : 0);
}

static inline u64 ebt_put_paths(struct ebt_scratch *s, struct ebt_rec_exec *r, u64 off)
{
	u32 slot = s->slot;
	struct ebt_paths *p = ebt_paths.lookup(&slot);

	if (!p)
		return off;
	r->flags |= ebt_path_flags(p->walk[EBT_WALK_EXE].flags, EBT_EXEC_HAS_EXE, EBT_EXEC_EXE_CUT,
				   EBT_EXEC_EXE_UNREACHABLE, EBT_EXEC_EXE_DELETED);
	r->flags |= ebt_path_flags(p->walk[EBT_WALK_CWD].flags, EBT_EXEC_HAS_CWD, EBT_EXEC_CWD_CUT,
				   EBT_EXEC_CWD_UNREACHABLE, EBT_EXEC_CWD_DELETED);
	if (p->walk[EBT_WALK_EXE].flags & EBT_WALK_ANONYMOUS)
		r->flags |= EBT_EXEC_EXE_MEMFD;
	s->st.exe_left = p->walk[EBT_WALK_EXE].len;
	s->st.cwd_left = p->walk[EBT_WALK_CWD].len;
	off = ebt_put_path(s, r, p, EBT_SECT_EXE, EBT_WALK_EXE, off);
	return ebt_put_path(s, r, p, EBT_SECT_CWD, EBT_WALK_CWD, off);
}
#endif

/* Put the part of argv that fits after `off`, and note the rest and the environment in the stream
 * state. */
static inline u64 ebt_put_args(struct ebt_scratch *s, struct ebt_rec_exec *r, u64 off)
{
	u64 start = s->st.src, want, n;

	want = ebt_min(r->args_bytes, EBT_ARGS_LIMIT);
	r->sect_len[EBT_SECT_ARGS] = want;
	n = ebt_bound(want, EBT_INLINE_ARGS);
	off = ebt_bound(off, 3 * EBT_INLINE_STR);
	if (bpf_probe_read_user(s->buf + sizeof(*r) + off, n, (void *)start)) {
		r->hdr.flags |= EBT_RECF_FAULT_ARGS;
		r->fault_bytes += n;
	}
	s->st.src = start + n;
	s->st.left = want - n;
	s->st.env_left = ebt_min(r->env_bytes, EBT_ENV_LIMIT);
	r->sect_len[EBT_SECT_ENV] = s->st.env_left;
	if (EBT_ENV_LIMIT)
		r->flags |= EBT_EXEC_HAS_ENV;
	return off + n;
}

/* Note what ebt_on_more has to send. Return true if there is anything. */
static inline bool ebt_plan_more(struct ebt_scratch *s, struct ebt_rec_exec *r)
{
	s->st.sect = EBT_SECT_ARGS;
	s->st.todo = r->late;
	if (s->st.env_left)
		s->st.todo |= 1 << EBT_SECT_ENV;
	return s->st.left || s->st.todo;
}

/* Complete the record, whose fixed part and paths are ready: add names, paths and arguments, and
 * send it. */
int ebt_on_build(struct bpf_raw_tracepoint_args *ctx)
{
	struct ebt_cpu_counters *c = ebt_my_counters();
	struct ebt_scratch *s = ebt_mine();
	struct ebt_rec_exec *r;
	u64 off;

	if (!s || !c)
		return 0;
	r = (void *)s->buf;
	off = ebt_put_filename(s, r);
#ifdef EBT_WITH_PATHS
	off = ebt_put_paths(s, r, off);
#endif
	off = ebt_put_args(s, r, off);
	s->st.offset = off;
	s->st.event_bytes = sizeof(*r) + off;
	r->hdr.size = sizeof(*r) + off;
	if (ebt_plan_more(s, r))
		r->hdr.flags |= EBT_RECF_MORE;
	if (r->sect_len[EBT_SECT_ARGS] < r->args_bytes)
		ebt_add(&c->truncated, 1);
	s->st.fault = r->hdr.flags & (EBT_RECF_FAULT_ARGS | EBT_RECF_FAULT_ENV);
	if (ebt_ship(ctx, c, s->buf, ebt_bound(sizeof(*r) + off, EBT_BUF_BYTES))) {
		ebt_lose(c, EBT_LOST_RING);
		ebt_finish(c, s);
		return 0;
	}
	ebt_add(&c->delivered, 1);
	ebt_high_water(c, s->st.event_bytes);
	if (r->hdr.flags & EBT_RECF_MORE) {
		ebt_slots.call(ctx, EBT_SLOT_MORE + EBT_OFF(PARITY));
		ebt_add(&c->cut_ring, 1);
	}
	ebt_finish(c, s);
	return 0;
}

/* The part of the kernel's struct linux_binprm that is needed. These members have always been
 * neighbours, so one read gets them all. */
struct ebt_bprm {
	u32 argc, envc;
	u64 filename, interp;
};

#define EBT_BPRM_KNOWN                                       \
	(EBT_OFF(BPRM_ENVC) - EBT_OFF(BPRM_ARGC) == 4 &&     \
	 EBT_OFF(BPRM_FILENAME) - EBT_OFF(BPRM_ARGC) == 8 && \
	 EBT_OFF(BPRM_INTERP) - EBT_OFF(BPRM_ARGC) == 16)

static inline void ebt_read_bprm(struct ebt_bprm *b, u64 bprm)
{
	if (EBT_BPRM_KNOWN) {
		bpf_probe_read_kernel(b, sizeof(*b), (void *)(bprm + EBT_OFF(BPRM_ARGC)));
		return;
	}
	b->argc = EBT_GET32(bprm, BPRM_ARGC);
	b->envc = EBT_GET32(bprm, BPRM_ENVC);
	b->filename = EBT_GET(bprm, BPRM_FILENAME);
	b->interp = EBT_GET(bprm, BPRM_INTERP);
}

static inline void ebt_fill_exec(struct ebt_rec_exec *r, struct ebt_stream *st, u64 task, u64 bprm,
				 u32 old_tid)
{
	struct ebt_bprm b;

	ebt_read_bprm(&b, bprm);
	st->filename = b.filename;
	r->tid = old_tid;
	r->argc = b.argc;
	r->envc = b.envc;
	if (b.filename != b.interp)
		r->flags |= EBT_EXEC_SCRIPT;
	ebt_fill_ids(r, task);
	r->flags |= ebt_take_ending(r->pid);
	ebt_fill_namespaces(r, task);
	ebt_fill_tty(r, task);
	ebt_fill_prev_comm(r);
}

/* Note where argv and the environment lie. */
struct ebt_areas {
	u64 arg_start, arg_end, env_start, env_end;
};

static inline void ebt_read_areas(struct ebt_areas *a, u64 mm)
{
	a->arg_start = EBT_FOLLOW(mm, MM_ARG_START);
	a->arg_end = EBT_FOLLOW(mm, MM_ARG_END);
	a->env_start = EBT_FOLLOW(mm, MM_ENV_START);
	a->env_end = EBT_FOLLOW(mm, MM_ENV_END);
	if (a->arg_end < a->arg_start)
		a->arg_end = a->arg_start;
	if (a->env_end < a->env_start)
		a->env_end = a->env_start;
}

/* Count an exec and apply the filters. Return its sequence number, or 0 if it is not wanted. */
static inline u64 ebt_count_exec(struct ebt_cpu_counters *c, u64 task)
{
	u32 tgid = bpf_get_current_pid_tgid() >> 32;

	ebt_add(&c->seen, 1);
	ebt_add(&c->execs, 1);
	ebt_add(&c->runs, 1);
	if (!ebt_note_shown(c, tgid, ebt_wanted(tgid, task))) {
		ebt_add(&c->filtered, 1);
		return 0;
	}
	return ebt_next_seq(c);
}

int ebt_on_exec(struct bpf_raw_tracepoint_args *ctx)
{
	u64 begin_ns = bpf_ktime_get_ns(), task = ebt_task(), seq;
	struct ebt_cpu_counters *c = ebt_my_counters();
	u64 mm = EBT_FOLLOW(task, TASK_MM);
	struct ebt_exe_key exe;
	struct ebt_areas areas;
	struct ebt_scratch *s;
	struct ebt_rec_exec *r;

	if (!c || !ebt_enabled())
		return 0;
	seq = ebt_count_exec(c, task);
	if (!seq)
		return 0;
	ebt_read_exe(&exe, mm);
	ebt_read_areas(&areas, mm);
	ebt_count_exe(c, &exe, false, areas.arg_end - areas.arg_start, begin_ns);
	s = ebt_claim_any();
	if (!s) {
		ebt_lose(c, EBT_LOST_BUSY);
		return 0;
	}
	ebt_add(&c->slot_used[s->slot & 1], 1);
	__builtin_memset(&s->st, 0, sizeof(s->st));
	s->st.owner = bpf_get_current_pid_tgid();
	s->st.begin_ns = begin_ns;
	s->st.seq = seq;
	r = (void *)s->buf;
	__builtin_memset(r, 0, sizeof(*r));
	ebt_fill_hdr(&r->hdr, EBT_REC_EXEC, s->slot, seq, begin_ns);
	r->exe_ino = exe.ino;
	r->exe_dev = exe.dev;
	r->exe_version = exe.version;
	r->args_bytes = areas.arg_end - areas.arg_start;
	r->env_bytes = areas.env_end - areas.env_start;
	s->st.src = areas.arg_start;
	s->st.env_start = areas.env_start;
	ebt_fill_exec(r, &s->st, task, ctx->args[2], ctx->args[1]);
#ifdef EBT_WITH_PATHS
	{
		u32 slot = s->slot;
		struct ebt_paths *p = ebt_paths.lookup(&slot);

		if (p)
			ebt_walk_start(p, task, mm);
	}
	ebt_slots.call(ctx, EBT_SLOT_WALK + EBT_OFF(PARITY));
#else
	ebt_slots.call(ctx, EBT_SLOT_BUILD + EBT_OFF(PARITY));
#endif
	/* This is reached only if the slot is empty: the loader fills it before it fills this
	 * program's slot. */
	ebt_lose(c, EBT_LOST_BUSY);
	ebt_finish(c, s);
	return 0;
}
