/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/* ebt_bpf.h - parameters, maps and functions that the programs for exec and exit share, such as
 * claiming a scratch slot
 *
 * Parameters are compiler definitions made from typed options (src/image/params.c):
 * EBT_SCRATCH_BYTES, EBT_RING_PAGES, EBT_ARGS_LIMIT, EBT_ENV_LIMIT, EBT_WITH_PATHS. EBT_GENERATION
 * is patched like a member. */
#ifndef EBT_SCRATCH_BYTES
#define EBT_SCRATCH_BYTES 8192
#endif
#ifndef EBT_RING_PAGES
#define EBT_RING_PAGES 2048
#endif
#ifndef EBT_ARGS_LIMIT
#define EBT_ARGS_LIMIT EBT_ARGS_MAX
#endif
#ifndef EBT_ENV_LIMIT
#define EBT_ENV_LIMIT 0
#endif

/* State of an event that does not fit into one record, between the runs of the program in
 * EBT_SLOT_MORE. */
struct ebt_stream {
	u64 owner; /* pid_tgid of the task that called exec */
	u64 seq;
	u64 begin_ns;
	u64 src;      /* next byte of the current section: a user or kernel address */
	u64 filename; /* kernel address */
	u64 env_start;
	u64 signal,
		gone_ns; /* for ebt_on_threads: the process, and the times of its exited threads */
	u32 left;	 /* bytes left of the current section */
	u32 offset;	 /* position of the next byte in the event's payload stream */
	u32 sect;	 /* the current section, an enum ebt_sect; EBT_SECT_MAX before the first */
	u32 todo;	 /* a bit for each section that is still to come */
	u32 env_left, filename_left, exe_left, cwd_left;
	u32 cut;	 /* the ring was full in the middle of the event */
	u32 event_bytes; /* bytes sent so far */
	u32 fault;	 /* EBT_RECF_FAULT_* seen */
	u32 walks;	 /* number of runs of ebt_on_walk before this one */
	u64 perf_buffer; /* kernel address of this CPU's perf buffer; 0 if not known */
};

#define EBT_CTL_BYTES (8 + sizeof(struct ebt_stream))
#define EBT_BUF_BYTES (EBT_SCRATCH_BYTES - EBT_CTL_BYTES)

/* An event that is being built. It is an element of a per-CPU array, because a stack of 512 bytes
 * cannot hold it. */
struct ebt_scratch {
	u32 busy; /* claimed by raising it from 0 to 1 */
	u32 slot;
	struct ebt_stream st;
	char buf[EBT_BUF_BYTES];
};

/* State of a walk from the leaf to the root. It is in a map and not on the stack, because the
 * verifier does not multiply paths by values that it cannot see. */
struct ebt_walk {
	u64 dentry, vfs, vfs_root;
	u64 parent, hash_len, name; /* in the order of struct dentry */
	u32 len;
	u32 flags;  /* EBT_WALK_* */
	u64 climbs; /* the last step went up */
};

enum ebt_walk_at { EBT_WALK_EXE, EBT_WALK_CWD, EBT_WALK_MAX };

#define EBT_PATH_SLACK \
	256 /* NAME_MAX and the NUL, because the last component may begin at the last byte */
#define EBT_PATH_BUF (EBT_PATH_MAX + EBT_PATH_SLACK)

struct ebt_paths {
	u64 root_dentry, root_vfs; /* the root of the process */
	u32 at;			   /* the current path, an enum ebt_walk_at */
	u32 pad;
	struct ebt_walk walk[EBT_WALK_MAX];
	char buf[EBT_WALK_MAX][EBT_PATH_BUF];
};

/* A name between the rename hook and the exec event of the same task, microseconds later. It is in
 * an array, not in a hash: if two tasks use the same entry in that time, the tid tells them apart,
 * and one of them has no previous name. */
#define EBT_RENAMES 1024 /* power of two */
struct ebt_rename {
	u32 tid;
	char comm[EBT_COMM_LEN];
};

/* A process whose end was reported, while other threads of it may still be exiting. */
struct ebt_ended {
	u64 start_ns, tgid;
};

/* This map must come first: libbcc numbers maps -1, -2, … in the order of declaration, and
 * EBT_RING_MAP needs the number. */
#ifdef EBT_WITH_PERF
BPF_PERF_OUTPUT(ebt_ring);
#else
BPF_RINGBUF_OUTPUT(ebt_ring, EBT_RING_PAGES);
#endif
/* The ring as an argument of a helper for which libbcc has no method. */
#define EBT_RING_MAP ((void *)bpf_pseudo_fd(1, -1))

BPF_PROG_ARRAY(ebt_slots, 12 /* EBT_SLOT_MAX */);
BPF_PERCPU_ARRAY(ebt_scratch, struct ebt_scratch, EBT_SCRATCH_SLOTS);
BPF_PERCPU_ARRAY(ebt_paths, struct ebt_paths, EBT_SCRATCH_SLOTS);
BPF_PERCPU_ARRAY(ebt_counters, struct ebt_counter_pair, 1);
BPF_ARRAY(ebt_config, struct ebt_config, 3 /* EBT_CONFIG_MAX */);
BPF_HASH(ebt_tracked, u32, u32, 16384);	    /* EBT_TRACKED_MAX */
BPF_HASH(ebt_shown_tgids, u32, u32, 16384); /* to enum ebt_shown */
BPF_HASH(ebt_exe_counts, struct ebt_exe_key, struct ebt_exe_count, EBT_EXE_MAX);
BPF_ARRAY(ebt_prev_comm, struct ebt_rename, EBT_RENAMES);
BPF_TABLE("lru_hash", struct ebt_ended, u8, ebt_ended, 1024);

/* Return v, limited to max (a constant) in a way that the verifier understands. It is in assembly
 * so that the compiler can neither remove the test, nor test one copy of the value and use another,
 * nor put the constant on the left: the verifier of 6.1 follows both branches of `if 1962 > r9`
 * even when it knows the outcome, with an impossible range in one. It has 64 bits because narrower
 * values need shifts, which lose the bound. */
static inline u64 ebt_bound(u64 v, u64 max)
{
	asm volatile("if %0 <= %1 goto +1\n%0 = %1" : "+r"(v) : "i"(max));
	return v;
}

/* Make the compiler read map memory again after this. Two paths that meet again then look alike to
 * the verifier, because no register remembers which one was taken, and it follows only one of them.
 * In a loop that makes the difference between a hundred and a thousand instructions per round. */
#define EBT_FORGET() asm volatile("" ::: "memory")

static inline void ebt_add(u64 *counter, u64 n)
{
	__sync_fetch_and_add(counter, n);
}

/* Claim scratch slot 0, or slot 1 if a program that this one has interrupted uses 0. Adding first
 * and looking afterwards makes this safe without compare-and-swap (which needs 5.12): a program
 * that sees 1 after its own addition is alone; two that meet both see 2 and both give up. */
static inline struct ebt_scratch *ebt_claim(u32 slot)
{
	struct ebt_scratch *s = ebt_scratch.lookup(&slot);

	if (!s)
		return 0;
	__sync_fetch_and_add(&s->busy, 1);
	if (*(volatile u32 *)&s->busy == 1) {
		s->slot = slot;
		return s;
	}
	__sync_fetch_and_add(&s->busy, -1);
	return 0;
}

static inline struct ebt_scratch *ebt_claim_any(void)
{
	struct ebt_scratch *s = ebt_claim(0);

	return s ? s : ebt_claim(1);
}

static inline void ebt_release(struct ebt_scratch *s)
{
	s->st.owner = 0;
	__sync_fetch_and_add(&s->busy, -1);
}

/* Return 1 if a and b differ, otherwise 0. It is in assembly, because the compiler would recognise
 * the arithmetic and make a branch of it. */
static inline u64 ebt_differ(u64 a, u64 b)
{
	u64 d = a ^ b, minus;

	asm volatile("%0 = %1\n%0 = -%0\n%0 |= %1\n%0 >>= 63" : "=&r"(minus) : "r"(d));
	return minus;
}

/* Return the slot that this task owns, because a tail call passes no arguments. The owner is
 * cleared when the slot is released. This is a second lookup instead of a second branch: the
 * verifier would follow everything after a branch twice. */
static inline struct ebt_scratch *ebt_mine(void)
{
	u64 me = bpf_get_current_pid_tgid();
	u32 slot = 0;
	struct ebt_scratch *s = ebt_scratch.lookup(&slot);

	if (!s)
		return 0;
	slot = ebt_differ(s->st.owner, me);
	s = ebt_scratch.lookup(&slot);
	if (s && s->st.owner != me)
		s = 0;
	/* Without this the compiler tests the owner a second time instead of the pointer. */
	asm volatile("" : "+r"(s));
	return s;
}

static inline struct ebt_cpu_counters *ebt_my_counters(void)
{
	u32 zero = 0;
	struct ebt_counter_pair *pair = ebt_counters.lookup(&zero);

	return pair ? &pair->of[EBT_OFF(PARITY)] : 0;
}

/* Return the number of the next event of this CPU, beginning at 1, in one sequence for all
 * generations. It is in assembly, because the compiler replaces the subtraction by a negation,
 * after which the verifier of 6.1 knows no bounds. */
static inline u64 ebt_next_seq(struct ebt_cpu_counters *c)
{
	u64 back = EBT_OFF(PARITY) * sizeof(*c);

	asm volatile("%0 -= %1" : "+r"(c) : "r"(back));
	return __sync_fetch_and_add(&c->seq, 1) + 1;
}

static inline void ebt_fill_hdr(struct ebt_rec_hdr *h, u32 type, u32 slot, u64 seq, u64 now_ns)
{
	h->type = type;
	h->slot = slot;
	h->flags = 0;
	h->seq = seq;
	h->mono_ns = now_ns;
	h->cpu = bpf_get_smp_processor_id();
	h->generation = EBT_OFF(GENERATION);
}

/* The generation stands in the upper half, so that a new generation, whose buffers have another size,
 * starts again. */
static inline void ebt_high_water(struct ebt_cpu_counters *c, u64 size)
{
	size |= (u64)EBT_OFF(GENERATION) << EBT_HIGH_WATER_BITS;
	if (size > c->high_water)
		c->high_water = size;
}

/* Finish the accounting of an event whose last record was sent, or that ends here, and release its
 * slot. */
static inline void ebt_finish(struct ebt_cpu_counters *c, struct ebt_scratch *s)
{
	if (s->st.fault)
		ebt_add(&c->faults, 1);
	if (s->st.event_bytes > c->max_event)
		c->max_event = s->st.event_bytes;
	ebt_add(&c->run_ns, bpf_ktime_get_ns() - s->st.begin_ns);
	ebt_release(s);
}

/* task: from ebt_task(). */
static inline u32 ebt_uid_of(u64 task)
{
	return EBT_FOLLOW32(EBT_FOLLOW(task, TASK_CRED), CRED_UID);
}

/* Return the filters in force, or 0 if there are none. */
static inline struct ebt_config *ebt_filters(void)
{
	u32 at = 0;
	struct ebt_config *cfg = ebt_config.lookup(&at);

	if (!cfg || !cfg->active)
		return 0;
	at = cfg->active;
	return ebt_config.lookup(&at);
}

/* Return whether the ends of reported images are sent whatever the filters say. */
static inline bool ebt_keeps_ends(void)
{
	u32 at = 0;
	struct ebt_config *cfg = ebt_config.lookup(&at);

	return cfg && (cfg->filter & EBT_FILTER_ENDS);
}

/* Note whether an exec is wanted. Return true if it is to be sent; one that is not wanted is sent
 * if it ends an image that was. */
static inline bool ebt_note_shown(struct ebt_cpu_counters *c, u32 tgid, bool wanted)
{
	u32 state = EBT_SHOWN, *before;

	if (!ebt_keeps_ends())
		return wanted;
	before = ebt_shown_tgids.lookup(&tgid);
	if (wanted && !before) {
		if (ebt_shown_tgids.update(&tgid, &state))
			ebt_add(&c->ends_lost, 1);
		return true;
	}
	if (!before || (!wanted && *before == EBT_SHOWN_ENDED))
		return wanted;
	*before = wanted ? EBT_SHOWN : EBT_SHOWN_ENDING;
	return true;
}

/* Return EBT_EXEC_UNWANTED if this exec is sent only as an end. */
static inline u32 ebt_take_ending(u32 tgid)
{
	u32 *state = ebt_shown_tgids.lookup(&tgid);

	if (!state || *state != EBT_SHOWN_ENDING)
		return 0;
	*state = EBT_SHOWN_ENDED;
	return EBT_EXEC_UNWANTED;
}

/* Forget a process that ends. Return true if its end is to be sent, whatever the filters say. */
static inline bool ebt_forget_shown(u32 tgid)
{
	return ebt_keeps_ends() && !ebt_shown_tgids.delete(&tgid);
}

static inline bool ebt_in_tree(u32 tgid, u32 tree)
{
	u32 *trees = ebt_tracked.lookup(&tgid);

	return trees && (*trees & tree);
}

/* Does the task have the uid of the filter? A setuid program has it as its effective one. */
static inline bool ebt_has_uid(u64 task, u32 filter, u32 uid)
{
	u64 cred = EBT_FOLLOW(task, TASK_CRED);

	return (!(filter & EBT_FILTER_EFFECTIVE) && EBT_FOLLOW32(cred, CRED_UID) == uid) ||
	       (!(filter & EBT_FILTER_REAL) && EBT_FOLLOW32(cred, CRED_EUID) == uid);
}

/* Return true if the filters want an event of this process. */
static inline bool ebt_wanted(u32 tgid, u64 task)
{
	struct ebt_config *cfg = ebt_filters();

	if (!cfg)
		return true;
	if ((cfg->filter & EBT_FILTER_UID) && !ebt_has_uid(task, cfg->filter, cfg->uid))
		return false;
	if ((cfg->filter & EBT_FILTER_TREE) && !ebt_in_tree(tgid, cfg->tree))
		return false;
	if ((cfg->filter & EBT_FILTER_CGROUP) &&
	    bpf_get_current_ancestor_cgroup_id(cfg->cgroup_level) != cfg->cgroup_id)
		return false;
	return true;
}

static inline bool ebt_enabled(void)
{
	u32 zero = 0;
	struct ebt_config *cfg = ebt_config.lookup(&zero);

	return cfg && cfg->enabled;
}
