/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * homeostasis_tasks.h - the maps of homeostasis.bpf.c, and how profiles, threads, columns and rows
 * are found in them, added and reported.
 */
#ifndef EBT_HOMEOSTASIS_TASKS_H
#define EBT_HOMEOSTASIS_TASKS_H

BPF_RINGBUF_OUTPUT(ebt_ph_ring, 1024 /* pages: 10000 execs */);
BPF_ARRAY(ebt_ph_config, struct ebt_ph_config, 1);
BPF_ARRAY(ebt_ph_global, struct ebt_ph_global, 1);
BPF_ARRAY(ebt_ph_profiles, struct ebt_ph_profile, EBT_PH_PROFILES);
BPF_HASH(ebt_ph_ids, struct ebt_ph_key, u32, EBT_PH_PROFILES);
/* Array elements start as zeros, so a new row needs no initialisation. */
BPF_ARRAY(ebt_ph_rows, struct ebt_ph_row, EBT_PH_ROWS);
BPF_ARRAY(ebt_ph_tasks, struct ebt_ph_task, EBT_PH_TASKS);
BPF_HASH(ebt_ph_more_tasks, u32, struct ebt_ph_task, EBT_PH_MORE_TASKS);
/* The initial value of a new hash element: it is too big for the stack. Never written. */
BPF_ARRAY(ebt_ph_zero_task, struct ebt_ph_task, 1);
BPF_PERCPU_ARRAY(ebt_ph_counters, struct ebt_ph_counters, 1);

struct ebt_ph_scratch {
	u32 busy; /* claimed by whoever raises it from 0 to 1 */
	u32 pad;
	struct ebt_ph_rec rec;
};
BPF_PERCPU_ARRAY(ebt_ph_scratch, struct ebt_ph_scratch, 2);

static inline struct ebt_ph_counters *ebt_ph_my_counters(void)
{
	u32 zero = 0;

	return ebt_ph_counters.lookup(&zero);
}

#define EBT_PH_COUNT(field)                                        \
	({                                                         \
		struct ebt_ph_counters *c_ = ebt_ph_my_counters(); \
		if (c_)                                            \
			__sync_fetch_and_add(&c_->field, 1);       \
	})

/* Claim a record buffer of this CPU. Return 0 if a program that this one interrupted holds it. */
static inline struct ebt_ph_scratch *ebt_ph_claim(u32 slot)
{
	struct ebt_ph_scratch *s = ebt_ph_scratch.lookup(&slot);

	if (!s)
		return 0;
	__sync_fetch_and_add(&s->busy, 1);
	if (*(volatile u32 *)&s->busy == 1)
		return s;
	__sync_fetch_and_add(&s->busy, -1);
	return 0;
}

/* Send one record to user space. bprm is the one of the exec that it reports, or 0. */
static inline void ebt_ph_report(struct ebt_ph_profile *p, struct ebt_ph_task *t, u32 events,
				 u32 call, u64 bprm)
{
	struct ebt_ph_scratch *s = ebt_ph_claim(0);
	u64 id = bpf_get_current_pid_tgid(), size;
	struct ebt_ph_rec *r;
	long n;

	if (!s)
		s = ebt_ph_claim(1);
	if (!s) {
		EBT_PH_COUNT(scratch_busy);
		return;
	}
	r = &s->rec;
	r->events = events & ((1 << EBT_PH_EV_MISSED_SHIFT) - 1);
	r->missed = events >> EBT_PH_EV_MISSED_SHIFT;
	r->pid = id >> 32;
	r->tid = id;
	r->profile = t->profile;
	r->mono_ns = bpf_ktime_get_ns();
	r->count = t->count;
	r->train_count = p->train_count;
	r->anomalies = p->anomalies;
	r->key = p->key;
	r->call = call;
	r->lfc = t->lfc;
	r->max_lfc = t->max_lfc;
	r->path_len = 0;
	r->uid = 0;
	bpf_get_current_comm(r->comm, sizeof(r->comm));
	size = sizeof(*r) - EBT_PH_PATH_LEN;
	if (bprm) {
		/* interp is the file that runs, also for a script. */
		n = bpf_probe_read_kernel_str(r->path, EBT_PH_PATH_LEN,
					      (void *)EBT_GET(bprm, BPRM_INTERP));
		if (n > 0 && n <= EBT_PH_PATH_LEN) {
			r->path_len = n;
			size = sizeof(*r);
		}
	}
	if (ebt_ph_ring.ringbuf_output(r, size & 511, 0))
		EBT_PH_COUNT(ring_lost);
	else
		EBT_PH_COUNT(records);
	__sync_fetch_and_add(&s->busy, -1);
}

/* Return the settings, or 0 while monitoring is off. */
static inline struct ebt_ph_config *ebt_ph_settings(void)
{
	u32 zero = 0;
	struct ebt_ph_config *cfg = ebt_ph_config.lookup(&zero);

	return cfg && cfg->monitoring ? cfg : 0;
}

/* Get the identity of the executable of a task. Return false for kernel threads. */
static inline bool ebt_ph_key_of(u64 task, struct ebt_ph_key *key)
{
	u64 mm = EBT_GET(task, TASK_MM), file = mm ? EBT_GET(mm, MM_EXE_FILE) : 0;
	u64 inode = file ? EBT_GET(file, FILE_INODE) : 0;

	if (!inode)
		return false;
	key->ino = EBT_GET(inode, INODE_INO);
	key->dev = EBT_GET32(EBT_GET(inode, INODE_SB), SB_DEV);
	key->guard = EBT_GET32(inode, INODE_GENERATION);
	if (!key->guard) /* the filesystem keeps no generation */
		key->guard = EBT_GET32(inode, INODE_CTIME);
	return true;
}

/* Return the profile slot of an executable, adding a profile if there is none, or 0 if the table is
 * full. */
static inline u32 ebt_ph_profile_of(struct ebt_ph_key *key, u32 *events)
{
	u32 *known = ebt_ph_ids.lookup(key), zero = 0, id;
	struct ebt_ph_global *g;
	struct ebt_ph_profile *p;

	if (known)
		return *known;
	g = ebt_ph_global.lookup(&zero);
	if (!g || g->profiles >= EBT_PH_PROFILES - 1)
		goto full;
	id = __sync_fetch_and_add(&g->profiles, 1) + 1;
	p = ebt_ph_profiles.lookup(&id);
	if (!p)
		goto full;
	ebt_ph_profile_init(p);
	p->key = *key;
	if (ebt_ph_ids.insert(key, &id)) {
		/* Another CPU has added the profile in the meantime: use its slot. */
		known = ebt_ph_ids.lookup(key);
		if (known)
			return *known;
		goto full;
	}
	*events |= EBT_PH_EV_NEW_PROFILE;
	return id;
full:
	EBT_PH_COUNT(profiles_full);
	return 0;
}

/* Return the array element that a thread would have; another thread may own it. */
static inline struct ebt_ph_task *ebt_ph_place_of(u32 tid)
{
	u32 place = tid & (EBT_PH_TASKS - 1);

	return ebt_ph_tasks.lookup(&place);
}

/* Return the state of a thread, or 0 if it has none. */
static inline struct ebt_ph_task *ebt_ph_task_of(u32 tid)
{
	struct ebt_ph_task *t = ebt_ph_place_of(tid);

	if (t && t->tid == tid)
		return t;
	return ebt_ph_more_tasks.lookup(&tid);
}

/* Return the state of a thread, adding one if there is none. The caller sets its contents. */
static inline struct ebt_ph_task *ebt_ph_task_add(u32 tid)
{
	struct ebt_ph_task *t = ebt_ph_task_of(tid);
	u32 zero = 0;

	if (t)
		return t;
	t = ebt_ph_place_of(tid);
	if (t && !__sync_val_compare_and_swap(&t->tid, 0, tid))
		return t;
	t = ebt_ph_zero_task.lookup(&zero);
	if (t && ebt_ph_more_tasks.update(&tid, t)) {
		EBT_PH_COUNT(tasks_full);
		return 0;
	}
	return ebt_ph_more_tasks.lookup(&tid);
}

static inline void ebt_ph_task_end(u32 tid)
{
	struct ebt_ph_task *t = ebt_ph_place_of(tid);

	if (t && t->tid == tid)
		t->tid = 0;
	else
		ebt_ph_more_tasks.delete(&tid);
}

/* Start the state of the current thread: it has just called exec, or ran before the monitor started.
 * A thread without a profile (0) keeps a state as well, so that this is not repeated at every call. */
static inline struct ebt_ph_task *ebt_ph_begin(u32 tid, u32 *events)
{
	u64 task = bpf_get_current_task();
	struct ebt_ph_key key = {};
	struct ebt_ph_task *t;
	u32 id;

	if (!ebt_ph_key_of(task, &key))
		return 0;
	id = ebt_ph_profile_of(&key, events);
	t = ebt_ph_task_add(tid);
	if (!t)
		return 0;
	ebt_ph_task_begin(t, id);
	*events |= EBT_PH_EV_ASSOCIATED;
	return t;
}

/* Assign a column to a call of a profile. */
static inline u32 ebt_ph_new_column(struct ebt_ph_profile *p, u32 call)
{
	u64 n;

	if (p->cols >= EBT_PH_OTHER - 1) {
		EBT_PH_COUNT(columns_full);
		return ebt_ph_set_col(p, call, EBT_PH_OTHER);
	}
	n = __sync_fetch_and_add(&p->cols, 1) + 1;
	return ebt_ph_set_col(p, call, n);
}

/* Assign a row to a column. Return its index, or 0 if the table is full or the profile is busy. */
static inline u32 ebt_ph_new_row(struct ebt_ph_profile *p, u32 col)
{
	u32 zero = 0, id = 0;
	struct ebt_ph_global *g = ebt_ph_global.lookup(&zero);

	if (!g || g->rows >= EBT_PH_ROWS - 1) {
		EBT_PH_COUNT(rows_full);
		return 0;
	}
	__sync_fetch_and_add(&p->busy, 1);
	if (*(volatile u32 *)&p->busy == 1) {
		id = *(volatile u32 *)&p->row_of[col & (EBT_PH_COLS - 1)];
		if (!id) {
			id = __sync_fetch_and_add(&g->rows, 1) + 1;
			p->row_of[col & (EBT_PH_COLS - 1)] = id;
		}
	} else {
		EBT_PH_COUNT(row_clashes);
	}
	__sync_fetch_and_add(&p->busy, -1);
	return id;
}

/* Return the row of a column, up to date, or 0 if the table is full or another CPU holds the row. */
static inline struct ebt_ph_row *ebt_ph_row_of(struct ebt_ph_profile *p, u32 col)
{
	u32 id = p->row_of[col & (EBT_PH_COLS - 1)];
	struct ebt_ph_row *r;

	if (!id)
		id = ebt_ph_new_row(p, col);
	if (!id)
		return 0;
	r = ebt_ph_rows.lookup(&id);
	if (!r || !ebt_ph_row_stale(p, r))
		return r;
	__sync_fetch_and_add(&r->busy, 1);
	if (*(volatile u32 *)&r->busy == 1) {
		ebt_ph_row_sync(p, r);
		__sync_fetch_and_add(&r->busy, -1);
		return r;
	}
	__sync_fetch_and_add(&r->busy, -1);
	EBT_PH_COUNT(row_clashes);
	return 0;
}

/* Count the results of a call and report those that user space wants to know. */
static inline void ebt_ph_tell(struct ebt_ph_config *cfg, struct ebt_ph_profile *p,
			       struct ebt_ph_task *t, u32 events, u32 call)
{
	if (events & EBT_PH_EV_LEARNED)
		EBT_PH_COUNT(learned);
	if (events & EBT_PH_EV_ANOMALY)
		EBT_PH_COUNT(anomalies);
	if (!cfg->log_sequences)
		events &= ~EBT_PH_EV_LEARNED;
	if (events)
		ebt_ph_report(p, t, events, call, 0);
}

#endif
