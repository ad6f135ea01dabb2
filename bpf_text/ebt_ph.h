/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * ebt_ph.h - process homeostasis: the state machine that trains a profile, freezes it, makes it
 * normal and then reports anomalies.
 *
 * The same text is compiled for the kernel (homeostasis.bpf.c) and for user space (traces and unit
 * tests), so that the tests exercise the code that runs. ebt_ph_profile.h must come before it, and the
 * includer defines:
 *	EBT_PH_ADD(ptr, n)  atomic addition to a 64-bit word
 *	EBT_PH_OR(ptr, n)   atomic or into a 64-bit word
 *	EBT_PH_NOW(cfg)     the time of profiles in nanoseconds: CLOCK_REALTIME at the start of the
 *			    monitor, continued by CLOCK_BOOTTIME (src/homeostasis/kernel.c). Reading it is
 *			    expensive.
 *
 * Sources: A. Somayaji, pH (2002); W. Findlay, ebpH (2020). The steps are in the same order as there.
 */
#ifndef EBT_PH_H
#define EBT_PH_H

/* One thread. Only that thread writes it, and its parent before it runs. */
struct ebt_ph_task {
	__u64 before; /* columns of the last eight calls, the latest in the lowest byte */
	__u64 frames[EBT_PH_FRAMES];
	__u64 count;
	__u64 anomalies; /* bit i is set if call i of the locality frame was anomalous */
	__u64 anomalies2;
	__u32 profile;
	__u32 alf_epoch; /* epoch_b that the locality frame belongs to */
	__u8 alf_at, lfc, max_lfc;
	__u8 wiped; /* A was wiped since lfc last exceeded the tolerize limit */
	__u8 depth; /* frames in use */
	__u8 pad[3];
	__u64 tid; /* kernel: the thread that owns this table element; 0: free */
};

struct ebt_ph_config {
	__u64 normal_wait_ns;
	__u64 normal_factor, normal_factor_den; /* freezes when calls > factor/den * mod_at */
	__u64 anomaly_limit;			/* more anomalies end the normal state */
	__u64 tolerize_limit;			/* a higher LFC wipes A */
	__u64 min_train;			/* calls before a profile may freeze */
	__u64 epoch_ns;				/* EBT_PH_NOW - CLOCK_BOOTTIME */
	__u32 monitoring;
	__u32 log_sequences;
	__u32 self_tgid;
	__u32 sigreturn[3]; /* calls that end a signal handler; 0: unused */
	__u64 deny_limit; /* enforcing: a thread of a normal program with a higher LFC may not exec */
	__u32 enforcing;
	__u32 pad;
};

/* Results of one call, or of another event of a program. */
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
#define EBT_PH_EV_SENSITIZED   0x400  /* A was wiped on request */
#define EBT_PH_EV_ASKED	       0x800  /* user space: on request of ebt_ph_rec.uid */
#define EBT_PH_EV_NOTE	       0x1000 /* user space: a message of the monitor itself */
#define EBT_PH_EV_MISSED_SHIFT 16     /* number of missing pairs of an anomaly, 1…8 */

/* Empty the locality frame. */
static inline void ebt_ph_alf_reset(struct ebt_ph_task *t)
{
	t->anomalies = t->anomalies2 = 0;
	t->lfc = t->max_lfc = t->alf_at = 0;
	t->wiped = 0;
}

/* Restart the counts of calls and anomalies. */
static inline void ebt_ph_restart(struct ebt_ph_profile *p)
{
	p->count_base += p->train_count;
	p->anomalies_base += p->anomalies;
	p->train_count = p->mod_at = p->anomalies = 0;
}

/* normalize: make the profile normal now. Like the other verbs it takes effect at once for every
 * thread of the program. */
static inline void ebt_ph_start_normal(struct ebt_ph_profile *p, __u64 now_ns)
{
	p->b_from = p->epoch_a;
	p->epoch_b++;
	p->state = EBT_PH_NORMAL;
	p->normal_at_ns = 0;
	p->changed_ns = now_ns;
	ebt_ph_restart(p);
}

/* tolerize: train again. Recent behaviour is accepted because A has learned it. */
static inline void ebt_ph_stop_normal(struct ebt_ph_profile *p, __u64 now_ns)
{
	p->state = 0;
	p->changed_ns = now_ns;
	if (!p->mod_at)
		p->mod_at = 1; /* with 0 it could only freeze after another new pair */
}

/* sensitize: forget recent behaviour by wiping A. B and the state stay. */
static inline void ebt_ph_wipe(struct ebt_ph_profile *p, __u64 now_ns)
{
	p->epoch_a++;
	p->changed_ns = now_ns;
	ebt_ph_restart(p);
}

/* Put one call into the locality frame and keep the counts of anomalous calls in it. */
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

/* Steps 4 to 6: count an anomaly, update the locality frame and check the two limits. */
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

/* Step 2 for a call with new pairs: learn them. */
static inline __u32 ebt_ph_train(struct ebt_ph_profile *p, struct ebt_ph_row *r, __u64 before,
				 __u32 missing, const struct ebt_ph_config *cfg)
{
	/* Clear it before the bits are set, so that no thread takes them for bits of b, and again
	 * afterwards, because ebt_ph_row_sync may have set it in between. */
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

/* Steps 2 and 3 for a call without new pairs: freeze the profile, or make a frozen one normal. */
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
	/* Reading the clock is the most expensive step, so do it only at the first call of a thread
	 * and then at every sixteenth. */
	if ((t->count & 15) != 1)
		return 0;
	now_ns = EBT_PH_NOW(cfg);
	if (now_ns <= p->normal_at_ns)
		return 0;
	ebt_ph_start_normal(p, now_ns);
	ebt_ph_alf_reset(t);
	return EBT_PH_EV_NORMAL;
}

/* Process one system call of thread t. r is the row of its column col and up to date. Return
 * EBT_PH_EV_*; with EBT_PH_EV_ANOMALY the number of missing pairs is in the high bits
 * (EBT_PH_EV_MISSED_SHIFT). */
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

/* Start a new sequence for a signal handler. If all frames are in use, drop the oldest one and return
 * 1: a handler that was left by longjmp never pops its frame. */
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

/* Continue the interrupted sequence: the signal handler has called sigreturn. */
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

/* Forget the past of a thread at exec, so that earlier calls cannot serve as harmless context. */
static inline void ebt_ph_task_begin(struct ebt_ph_task *t, __u32 profile)
{
	t->before = t->count = 0;
	t->depth = 0;
	t->profile = profile;
	ebt_ph_alf_reset(t);
}

#endif
