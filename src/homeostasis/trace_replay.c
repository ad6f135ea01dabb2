/* SPDX-License-Identifier: BSD-3-Clause */
#include "homeostasis/trace_replay.h"

#include <errno.h>
#include <stdlib.h>

#include "homeostasis/trace_file.h"

struct file_run {
	struct ebt_replay *replay;
	size_t first; /* index of the first trace of this file */
};

void ebt_replay_begin(struct ebt_replay *r, struct ebt_ph_set *set, int test)
{
	*r = (struct ebt_replay){ .set = set };
	ebt_ph_config_default(&r->cfg);
	r->cfg.min_train = 0;
	/* Replaying takes hardly any time, so waiting is pointless: the caller decides when the
	 * profile becomes normal. */
	r->cfg.normal_wait_ns = EBT_PH_NEVER / 2;
	if (test) {
		r->cfg.anomaly_limit = EBT_PH_NEVER;
		r->cfg.tolerize_limit = EBT_PH_LOCALITY;
		if (!(set->profile.state & EBT_PH_NORMAL))
			ebt_ph_start_normal(&set->profile, ebt_clock_ns(CLOCK_REALTIME));
	}
}

void ebt_replay_free(struct ebt_replay *r)
{
	free(r->traces);
	*r = (struct ebt_replay){ 0 };
}

static struct ebt_replay_trace *trace_find(struct file_run *run, uint32_t id)
{
	struct ebt_replay *r = run->replay;

	if (r->last && r->last->id == id)
		return r->last;
	/* Search backwards, because interleaved traces overlap with recent ones. */
	for (size_t i = r->n; i > run->first; i--) {
		if (r->traces[i - 1].id == id)
			return r->last = &r->traces[i - 1];
	}
	if (r->n == EBT_TRACE_MAX_TRACES)
		return NULL;
	if (r->n == r->cap) {
		size_t cap = r->cap ? 2 * r->cap : 64;
		struct ebt_replay_trace *grown = reallocarray(r->traces, cap, sizeof(*grown));

		if (!grown)
			return NULL;
		r->traces = grown;
		r->cap = cap;
	}
	r->last = &r->traces[r->n++];
	*r->last = (struct ebt_replay_trace){ .id = id };
	r->last->task.alf_epoch = r->set->profile.epoch_b;
	return r->last;
}

static int one_call(uint32_t id, uint32_t call, void *arg)
{
	struct file_run *run = arg;
	struct ebt_replay *r = run->replay;
	struct ebt_replay_trace *t = trace_find(run, id);
	int64_t events = t ? ebt_ph_set_call(r->set, &t->task, call, &r->cfg) : -ENOMEM;

	if (events < 0)
		return -ENOMEM;
	r->calls++;
	t->calls++;
	if (events & EBT_PH_EV_LEARNED) {
		r->new_calls++;
		t->new_calls++;
	}
	if ((events & EBT_PH_EV_FROZEN) && !r->first_freeze)
		r->first_freeze = r->calls;
	if (events & EBT_PH_EV_ANOMALY) {
		uint32_t missed = (uint32_t)events >> EBT_PH_EV_MISSED_SHIFT;

		r->anomalous++;
		r->missed += missed;
		t->anomalous++;
		t->missed += missed;
		if (!t->first_call)
			t->first_call = t->calls;
	}
	if (t->task.max_lfc > r->max_lfc)
		r->max_lfc = t->task.max_lfc;
	return 0;
}

int ebt_replay_file(struct ebt_replay *r, const char *path, char *why, size_t why_len)
{
	struct file_run run = { r, r->n };

	r->last = NULL;
	return ebt_trace_read(path, one_call, &run, why, why_len);
}
