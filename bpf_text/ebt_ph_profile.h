/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * ebt_ph_profile.h - process homeostasis: the profile of a program as lookahead pairs.
 *
 * A pair says "prev was seen exactly d calls before curr", with d from 1 to 8: it is bit d-1 of the
 * byte (curr, prev). A profile has two tables of pairs. A is trained at every call. B is the copy of A
 * that was taken when the profile became normal; anomalies are measured against B. A row of a table
 * holds all prevs of one curr. Columns are numbered in the order in which this program first used a
 * call: few programs use more than a hundred different calls, so a row takes 256 bytes a table, and
 * the columns of the eight calls before fit into one 64-bit word.
 *
 * The includer defines EBT_PH_OR(ptr, n), an atomic or into a 64-bit word.
 *
 * Sources: A. Somayaji, pH (2002); W. Findlay, ebpH (2020).
 */
#ifndef EBT_PH_PROFILE_H
#define EBT_PH_PROFILE_H

#ifdef __clang__
#define EBT_PH_UNROLL	 _Pragma("clang loop unroll(full)")
#define EBT_PH_NO_UNROLL _Pragma("clang loop unroll(disable)")
#else
#define EBT_PH_UNROLL
#define EBT_PH_NO_UNROLL
#endif

#define EBT_PH_BEFORE	8 /* calls looked back at: with curr, a window of nine */
#define EBT_PH_COLS	256
#define EBT_PH_EMPTY	0    /* column that stands for "no call yet"; it never misses */
#define EBT_PH_OTHER	255  /* column that all further calls share once the others are taken */
#define EBT_PH_CALLS	1024 /* native calls, then those of another ABI (compat, x32) */
#define EBT_PH_COMPAT	512
#define EBT_PH_LOCALITY 128 /* calls of a locality frame */
#define EBT_PH_FRAMES	4   /* sequences kept while signal handlers interrupt them */
#define EBT_PH_NEVER	0xffffffffffffffffull

/* ebt_ph_profile.state */
#define EBT_PH_FROZEN 0x1 /* no new pair for long enough; becomes normal after the wait */
#define EBT_PH_NORMAL 0x2 /* B is valid, anomalies are counted */

/* The identity of an executable. */
struct ebt_ph_key {
	__u64 ino;
	__u32 dev;   /* kernel-internal dev_t */
	__u32 guard; /* inode generation, or ctime if there is none: tells a reused inode apart */
};

struct ebt_ph_profile {
	__u64 train_count; /* calls since training began, or since it became normal */
	__u64 mod_at;	   /* train_count at the last new pair */
	__u64 count_base;  /* calls counted before train_count was last reset */
	__u64 sequences;   /* calls that brought a new pair */
	__u64 anomalies;   /* anomalous calls since it became normal */
	__u64 anomalies_base;
	__u64 normal_at_ns; /* while frozen: EBT_PH_NOW at which it becomes normal */
	__u64 changed_ns;   /* EBT_PH_NOW at the last new pair or change of state */
	/* A new epoch empties A, or makes B a copy of A, without touching any row. Each row is
	 * brought up to date when it is next used (ebt_ph_row_sync). */
	__u32 epoch_a, epoch_b;
	__u32 b_from; /* epoch_a when B was last copied from A */
	__u32 state;
	__u32 max_lfc;
	__u32 busy; /* kernel: a row is being assigned */
	__u64 cols; /* columns assigned */
	struct ebt_ph_key key;
	__u8 col_of[EBT_PH_CALLS];  /* by call number; 0: not seen yet */
	__u16 call_of[EBT_PH_COLS]; /* by column */
	__u32 row_of[EBT_PH_COLS];  /* kernel: index into the table of all rows; 0: none */
};

struct ebt_ph_row {
	__u32 epoch_a, epoch_b;	  /* the epochs that the contents belong to */
	__u32 busy;		  /* kernel: being brought up to date */
	__u32 same;		  /* a and b are equal, so that one lookup is enough */
	__u64 a[EBT_PH_COLS / 8]; /* one byte a prev */
	__u64 b[EBT_PH_COLS / 8];
};

/* Return the column of a call, or 0 if the program never used it. */
static inline __u32 ebt_ph_col(const struct ebt_ph_profile *p, __u32 call)
{
	return p->col_of[call & (EBT_PH_CALLS - 1)];
}

/* Assign a column to a call and return it. The caller has taken n from p->cols atomically. */
static inline __u32 ebt_ph_set_col(struct ebt_ph_profile *p, __u32 call, __u64 n)
{
	/* The barrier keeps the bound check on the very value that is used as an index; the verifier
	 * would lose it otherwise. */
	__asm__ volatile("" : "+r"(n));
	if (n > EBT_PH_OTHER)
		n = EBT_PH_OTHER;
	call &= EBT_PH_CALLS - 1;
	p->call_of[n] = call;
	p->col_of[call] = n;
	return n;
}

/* Start a profile whose memory is all zeros. */
static inline void ebt_ph_profile_init(struct ebt_ph_profile *p)
{
	p->epoch_a = 1;
}

/* Return the missing pairs: bit d-1 is set if the pair at distance d is not in the table. Column
 * EMPTY is full in every row. */
static inline __u32 ebt_ph_missing(const __u64 *table, __u64 before)
{
	const __u8 *byte = (const __u8 *)table;
	__u32 there = 0;

	EBT_PH_UNROLL
	for (int d = 0; d < EBT_PH_BEFORE; d++)
		there |= byte[before >> 8 * d & 0xff] & 1u << d;
	return there ^ ((1u << EBT_PH_BEFORE) - 1);
}

/* The shift of the byte of prev in its 64-bit word. */
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
#define EBT_PH_LANE(prev) (56 - 8 * ((prev)&7))
#else
#define EBT_PH_LANE(prev) (8 * ((prev)&7))
#endif

/* Add the missing pairs to the table. */
static inline void ebt_ph_learn(__u64 *table, __u64 before, __u32 missing)
{
	EBT_PH_UNROLL
	for (int d = 0; d < EBT_PH_BEFORE; d++) {
		__u64 prev = before >> 8 * d & 0xff;

		if (missing & 1u << d)
			EBT_PH_OR(&table[prev >> 3 & 31], 1ull << d << EBT_PH_LANE(prev));
	}
}

/* Return 1 if the row belongs to an older epoch than its profile. */
static inline int ebt_ph_row_stale(const struct ebt_ph_profile *p, const struct ebt_ph_row *r)
{
	return r->epoch_a != p->epoch_a || r->epoch_b != p->epoch_b;
}

/* Bring a row into the epochs of its profile. B becomes the A of the time when B was taken, and A is
 * emptied if it was wiped since. The caller holds the row (r->busy). */
static inline void ebt_ph_row_sync(const struct ebt_ph_profile *p, struct ebt_ph_row *r)
{
	__u64 keep_b = r->epoch_a == p->b_from ? EBT_PH_NEVER : 0;
	__u64 keep_a = r->epoch_a == p->epoch_a ? EBT_PH_NEVER : 0;
	__u64 replace_b = r->epoch_b != p->epoch_b;

	/* Set this before the copy: a thread that learns a pair during the copy resets it to 0. */
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

#endif
