/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * ebt_ph.h - process homeostasis: a program's normal behaviour as lookahead pairs of system calls,
 * and the state machine that learns it, freezes it, and then watches it.
 *
 * One text for the kernel (homeostasis.bpf.c) and for user space (training and testing on traces,
 * the unit tests): what is tested is what runs. The includer gives three things before it:
 *	EBT_PH_ADD(ptr, n)  atomic addition to a 64-bit word
 *	EBT_PH_OR(ptr, n)   atomic or into a 64-bit word
 *	EBT_PH_NOW(cfg)     the time profiles are by, in nanoseconds: CLOCK_REALTIME, which nobody
 *			    sets meanwhile (src/homeostasis/kernel.c); read only where time matters
 *
 * A pair says "prev was seen exactly d calls before curr", d = 1…8: bit d-1 of the byte (curr,
 * prev). A profile has two tables of them: A is trained at every call, B is the copy of A taken
 *when the profile became normal, and is what anomalies are measured against. The tables are kept by
 *row (all prevs of one curr). Columns are not call numbers but the order in which this program
 *first used a call: few programs use more than a hundred, so a row has 256 bytes a table, and the
 *eight calls before fit one 64-bit word.
 *
 * Sources: A. Somayaji, pH (2002); W. Findlay, ebpH (2020); order of steps as there.
 */
#ifndef EBT_PH_H
#define EBT_PH_H

#ifdef __clang__
#define EBT_PH_UNROLL	 _Pragma("clang loop unroll(full)")
#define EBT_PH_NO_UNROLL _Pragma("clang loop unroll(disable)")
#else
#define EBT_PH_UNROLL
#define EBT_PH_NO_UNROLL
#endif

#define EBT_PH_BEFORE	8 /* calls looked back at: a window of nine */
#define EBT_PH_COLS	256
#define EBT_PH_EMPTY	0    /* column of "nothing yet": never a miss */
#define EBT_PH_OTHER	255  /* column that all calls share once the others are used up */
#define EBT_PH_CALLS	1024 /* native calls, then those of another ABI (compat, x32) */
#define EBT_PH_COMPAT	512
#define EBT_PH_LOCALITY 128 /* calls of a locality frame */
#define EBT_PH_FRAMES	4   /* sequences that signal handlers interrupted */
#define EBT_PH_NEVER	0xffffffffffffffffull

/* ebt_ph_profile.state */
#define EBT_PH_FROZEN 0x1 /* nothing new for long enough: normal after the wait */
#define EBT_PH_NORMAL 0x2 /* B is valid, anomalies are counted */

/* What an executable is known by. */
struct ebt_ph_key {
	__u64 ino;
	__u32 dev;   /* kernel-internal dev_t */
	__u32 guard; /* inode generation, else its ctime: a reused inode is another program */
};

struct ebt_ph_profile {
	__u64 train_count; /* calls since training began, or since it became normal */
	__u64 mod_at;	   /* train_count when a pair was new for the last time */
	__u64 count_base;  /* calls before train_count was last set to 0 */
	__u64 sequences;   /* calls that brought a new pair */
	__u64 anomalies;   /* anomalous calls since it became normal */
	__u64 anomalies_base;
	__u64 normal_at_ns; /* frozen: EBT_PH_NOW from which on it is normal */
	__u64 changed_ns;   /* last new pair or change of state; EBT_PH_NOW */
	/* A new epoch empties A, or makes B a copy of A, without touching a row: each row follows
	 * when it is next used. */
	__u32 epoch_a, epoch_b;
	__u32 b_from; /* epoch_a when B was last taken */
	__u32 state;
	__u32 max_lfc;
	__u32 busy; /* kernel: a row is being given out */
	__u64 cols; /* columns given out */
	struct ebt_ph_key key;
	__u8 col_of[EBT_PH_CALLS];  /* 0: not seen yet */
	__u16 call_of[EBT_PH_COLS]; /* the other way */
	__u32 row_of[EBT_PH_COLS];  /* kernel: the column's row in the table of all rows; 0: none */
};

struct ebt_ph_row {
	__u32 epoch_a, epoch_b;	  /* of the contents; same order as in the profile */
	__u32 busy;		  /* being brought up to date */
	__u32 same;		  /* b is what a is: one look is enough */
	__u64 a[EBT_PH_COLS / 8]; /* a byte a prev */
	__u64 b[EBT_PH_COLS / 8];
};

/* One thread. Written by that thread only (and its parent, before it runs). */
struct ebt_ph_task {
	__u64 before; /* columns of the eight calls before, the last one lowest */
	__u64 frames[EBT_PH_FRAMES];
	__u64 count;
	__u64 anomalies; /* bit i: call i of the locality frame was anomalous */
	__u64 anomalies2;
	__u32 profile;
	__u32 alf_epoch; /* epoch_b that the locality frame belongs to */
	__u8 alf_at, lfc, max_lfc;
	__u8 wiped; /* this excursion over the tolerize limit has had its wipe */
	__u8 depth; /* of frames */
	__u8 pad[3];
	__u64 tid; /* kernel: whose place in the table this is; 0: free */
};

struct ebt_ph_config {
	__u64 normal_wait_ns;
	__u64 normal_factor, normal_factor_den; /* frozen when calls > factor/den * mod_at */
	__u64 anomaly_limit;			/* more anomalies: not normal any more */
	__u64 tolerize_limit;			/* a higher LFC: what was learned is forgotten */
	__u64 min_train;			/* calls before it may freeze */
	__u64 epoch_ns;				/* EBT_PH_NOW - CLOCK_BOOTTIME */
	__u32 monitoring;
	__u32 log_sequences;
	__u32 self_tgid;
	__u32 sigreturn[3]; /* calls that end a signal handler; unused ones are 0 */
	__u64 deny_limit; /* enforcing: a normal program's thread with a higher LFC may not exec */
	__u32 enforcing;
	__u32 pad;
};

/* What one call brought about. */
#define EBT_PH_EV_LEARNED      0x01
#define EBT_PH_EV_THAWED       0x02
#define EBT_PH_EV_FROZEN       0x04
#define EBT_PH_EV_NORMAL       0x08
#define EBT_PH_EV_ANOMALY      0x10
#define EBT_PH_EV_STOP_NORMAL  0x20
#define EBT_PH_EV_TOLERIZE     0x40
#define EBT_PH_EV_NEW_PROFILE  0x80
#define EBT_PH_EV_ASSOCIATED   0x100
#define EBT_PH_EV_DENIED       0x200
#define EBT_PH_EV_SENSITIZED   0x400  /* what was learned of late was forgotten */
#define EBT_PH_EV_ASKED	       0x800  /* user space: somebody asked for it, see ebt_ph_rec.uid */
#define EBT_PH_EV_NOTE	       0x1000 /* user space: of the monitor itself, no program's doing */
#define EBT_PH_EV_MISSED_SHIFT 16     /* number of missing pairs of an anomaly, 1…8 */

/* Column of a call; 0 when the program never used it. */
static inline __u32 ebt_ph_col(const struct ebt_ph_profile *p, __u32 call)
{
	return p->col_of[call & (EBT_PH_CALLS - 1)];
}

/* Gives a call its column: `n` is the place taken from p->cols (atomically, by the includer). */
static inline __u32 ebt_ph_set_col(struct ebt_ph_profile *p, __u32 call, __u64 n)
{
	/* The barrier: the verifier must see the test on the value that is used. */
	__asm__ volatile("" : "+r"(n));
	if (n > EBT_PH_OTHER)
		n = EBT_PH_OTHER;
	call &= EBT_PH_CALLS - 1;
	p->call_of[n] = call;
	p->col_of[call] = n;
	return n;
}

static inline void ebt_ph_profile_init(struct ebt_ph_profile *p)
{
	p->epoch_a = 1;
}

/* Bit d-1: the pair at distance d is not in the table. Column EMPTY is full in every row. */
static inline __u32 ebt_ph_missing(const __u64 *table, __u64 before)
{
	const __u8 *byte = (const __u8 *)table;
	__u32 there = 0;

	EBT_PH_UNROLL
	for (int d = 0; d < EBT_PH_BEFORE; d++)
		there |= byte[before >> 8 * d & 0xff] & 1u << d;
	return there ^ ((1u << EBT_PH_BEFORE) - 1);
}

#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
#define EBT_PH_LANE(prev) (56 - 8 * ((prev)&7))
#else
#define EBT_PH_LANE(prev) (8 * ((prev)&7))
#endif

static inline void ebt_ph_learn(__u64 *table, __u64 before, __u32 missing)
{
	EBT_PH_UNROLL
	for (int d = 0; d < EBT_PH_BEFORE; d++) {
		__u64 prev = before >> 8 * d & 0xff;

		if (missing & 1u << d)
			EBT_PH_OR(&table[prev >> 3 & 31], 1ull << d << EBT_PH_LANE(prev));
	}
}

static inline int ebt_ph_row_stale(const struct ebt_ph_profile *p, const struct ebt_ph_row *r)
{
	return r->epoch_a != p->epoch_a || r->epoch_b != p->epoch_b;
}

/* Brings a row into the profile's epochs: what A held when B was taken becomes B; then, if A was
 * wiped since, A is emptied. The caller holds the row. */
static inline void ebt_ph_row_sync(const struct ebt_ph_profile *p, struct ebt_ph_row *r)
{
	__u64 keep_b = r->epoch_a == p->b_from ? EBT_PH_NEVER : 0;
	__u64 keep_a = r->epoch_a == p->epoch_a ? EBT_PH_NEVER : 0;
	__u64 replace_b = r->epoch_b != p->epoch_b;

	/* Before the copy: a pair learned meanwhile makes it 0 again. */
	r->same = replace_b && keep_a == keep_b;
	EBT_PH_NO_UNROLL
	for (__u32 i = 0; i < EBT_PH_COLS / 8; i++) {
		if (replace_b)
			r->b[i] = r->a[i] & keep_b;
		r->a[i] &= keep_a;
	}
	((__u8 *)r->a)[EBT_PH_EMPTY] = 0xff;
	((__u8 *)r->b)[EBT_PH_EMPTY] = 0xff;
	r->epoch_a = p->epoch_a;
	r->epoch_b = p->epoch_b;
}

static inline void ebt_ph_alf_reset(struct ebt_ph_task *t)
{
	t->anomalies = t->anomalies2 = 0;
	t->lfc = t->max_lfc = t->alf_at = 0;
	t->wiped = 0;
}

/* Calls start to count anew. */
static inline void ebt_ph_restart(struct ebt_ph_profile *p)
{
	p->count_base += p->train_count;
	p->anomalies_base += p->anomalies;
	p->train_count = p->mod_at = p->anomalies = 0;
}

/* The verbs. They take effect at once, for every thread of the program. */
static inline void ebt_ph_start_normal(struct ebt_ph_profile *p, __u64 now_ns)
{
	p->b_from = p->epoch_a;
	p->epoch_b++;
	p->state = EBT_PH_NORMAL;
	p->normal_at_ns = 0;
	p->changed_ns = now_ns;
	ebt_ph_restart(p);
}

/* tolerize: what happened of late is accepted, for A has learned it. */
static inline void ebt_ph_stop_normal(struct ebt_ph_profile *p, __u64 now_ns)
{
	p->state = 0;
	p->changed_ns = now_ns;
	if (!p->mod_at)
		p->mod_at = 1; /* else it could freeze only after another new pair */
}

/* sensitize: what was learned of late is forgotten; B and the state stay. */
static inline void ebt_ph_wipe(struct ebt_ph_profile *p, __u64 now_ns)
{
	p->epoch_a++;
	p->changed_ns = now_ns;
	ebt_ph_restart(p);
}

static inline void ebt_ph_alf_put(struct ebt_ph_task *t, __u32 anomalous)
{
	__u32 at = t->alf_at = (t->alf_at + 1) & (EBT_PH_LOCALITY - 1);
	__u64 *word = at < 64 ? &t->anomalies : &t->anomalies2;
	__u64 bit = 1ull << (at & 63);

	if (anomalous && !(*word & bit)) {
		*word |= bit;
		t->lfc++;
		if (t->lfc > t->max_lfc)
			t->max_lfc = t->lfc;
	} else if (!anomalous && (*word & bit)) {
		*word &= ~bit;
		t->lfc--;
	}
}

/* Steps 4 to 6: an anomaly, its place in the locality frame, the two limits. */
static inline __u32 ebt_ph_watch(struct ebt_ph_profile *p, struct ebt_ph_task *t, __u32 missing,
				 const struct ebt_ph_config *cfg)
{
	__u32 events = 0;

	if (t->alf_epoch != p->epoch_b) {
		ebt_ph_alf_reset(t);
		t->alf_epoch = p->epoch_b;
	}
	if (missing) {
		events = EBT_PH_EV_ANOMALY | __builtin_popcount(missing) << EBT_PH_EV_MISSED_SHIFT;
		if (p->anomalies > cfg->anomaly_limit) {
			ebt_ph_stop_normal(p, EBT_PH_NOW(cfg));
			ebt_ph_alf_reset(t);
			return events | EBT_PH_EV_STOP_NORMAL;
		}
		EBT_PH_ADD(&p->anomalies, 1);
	}
	ebt_ph_alf_put(t, missing);
	if (t->lfc > p->max_lfc)
		p->max_lfc = t->lfc;
	if (t->lfc <= cfg->tolerize_limit) {
		t->wiped = 0;
	} else if (!t->wiped) {
		t->wiped = 1;
		ebt_ph_wipe(p, EBT_PH_NOW(cfg));
		events |= EBT_PH_EV_TOLERIZE;
	}
	return events;
}

/* Step 2, the part for a call that brings something new. */
static inline __u32 ebt_ph_train(struct ebt_ph_profile *p, struct ebt_ph_row *r, __u64 before,
				 __u32 missing, const struct ebt_ph_config *cfg)
{
	/* First, so that nobody takes the new bits for b's; and last, in case the row was being
	 * brought up to date. */
	*(volatile __u32 *)&r->same = 0;
	ebt_ph_learn(r->a, before, missing);
	*(volatile __u32 *)&r->same = 0;
	EBT_PH_ADD(&p->sequences, 1);
	p->mod_at = p->train_count;
	p->changed_ns = EBT_PH_NOW(cfg);
	if (!(p->state & EBT_PH_FROZEN))
		return EBT_PH_EV_LEARNED;
	p->state &= ~EBT_PH_FROZEN;
	return EBT_PH_EV_LEARNED | EBT_PH_EV_THAWED;
}

/* Steps 2 and 3, the part for a call that does not: freezes, and makes a frozen profile normal. */
static inline __u32 ebt_ph_settle(struct ebt_ph_profile *p, struct ebt_ph_task *t,
				  const struct ebt_ph_config *cfg)
{
	__u64 count = p->train_count, n = p->mod_at, now_ns;

	if (!(p->state & EBT_PH_FROZEN)) {
		if (!n || count < cfg->min_train ||
		    count * cfg->normal_factor_den <= n * cfg->normal_factor)
			return 0;
		now_ns = EBT_PH_NOW(cfg);
		p->state |= EBT_PH_FROZEN;
		p->normal_at_ns = now_ns + cfg->normal_wait_ns;
		p->changed_ns = now_ns;
		return EBT_PH_EV_FROZEN;
	}
	/* The clock is the dearest thing here: it is read at a thread's first call and then at
	 * every sixteenth. */
	if ((t->count & 15) != 1)
		return 0;
	now_ns = EBT_PH_NOW(cfg);
	if (now_ns <= p->normal_at_ns)
		return 0;
	ebt_ph_start_normal(p, now_ns);
	ebt_ph_alf_reset(t);
	return EBT_PH_EV_NORMAL;
}

/*
 * One system call of thread t, of which r is the row (of column col, up to date). Gives
 * EBT_PH_EV_*, and with EBT_PH_EV_ANOMALY the number of missing pairs.
 */
static inline __u32 ebt_ph_step(struct ebt_ph_profile *p, struct ebt_ph_row *r,
				struct ebt_ph_task *t, __u32 col, const struct ebt_ph_config *cfg)
{
	__u64 before = t->before;
	__u32 missing = ebt_ph_missing(r->a, before), missing_b = 0, events = 0;
	__u32 normal = p->state & EBT_PH_NORMAL;

	if (normal)
		missing_b = r->same ? missing : ebt_ph_missing(r->b, before);
	t->before = before << 8 | col;
	t->count++;
	EBT_PH_ADD(&p->train_count, 1);
	if (missing)
		events = ebt_ph_train(p, r, before, missing, cfg);
	else if (!normal)
		events = ebt_ph_settle(p, t, cfg);
	if (normal && (missing_b || t->lfc))
		events |= ebt_ph_watch(p, t, missing_b, cfg);
	return events;
}

/* A signal handler begins: its calls are a sequence of their own. With all frames in use the oldest
 * one goes (a handler that was left by longjmp never comes back for it). Gives 1 when one went. */
static inline __u32 ebt_ph_push(struct ebt_ph_task *t)
{
	__u32 full = t->depth >= EBT_PH_FRAMES;

	t->frames[3] = t->frames[2];
	t->frames[2] = t->frames[1];
	t->frames[1] = t->frames[0];
	t->frames[0] = t->before;
	t->before = 0;
	if (!full)
		t->depth++;
	return full;
}

/* It has called sigreturn: the interrupted sequence goes on. */
static inline void ebt_ph_pop(struct ebt_ph_task *t)
{
	if (!t->depth)
		return;
	t->depth--;
	t->before = t->frames[0];
	t->frames[0] = t->frames[1];
	t->frames[1] = t->frames[2];
	t->frames[2] = t->frames[3];
}

/* exec: nothing of before counts, so that no calls can be put in front of it. */
static inline void ebt_ph_task_begin(struct ebt_ph_task *t, __u32 profile)
{
	t->before = t->count = 0;
	t->depth = 0;
	t->profile = profile;
	ebt_ph_alf_reset(t);
}

#endif
