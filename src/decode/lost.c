/* SPDX-License-Identifier: BSD-3-Clause */
#include "decode/lost.h"

#include <stddef.h>
#include <string.h>

_Static_assert(EBT_LOST_RING == 0 && EBT_LOST_BUSY == 1, "the causes index ebt_loser.lost");

/* Return the entry of a user, a free one made theirs, or NULL when all belong to others. */
static struct ebt_loser *lost_entry(struct ebt_lost_told *told, uint64_t who)
{
	for (unsigned i = 0; i < EBT_LOSERS; i++) {
		if (!told->by_user[i].who)
			told->by_user[i].who = who;
		if (told->by_user[i].who == who)
			return &told->by_user[i];
	}
	return NULL;
}

static void lost_give(struct ebt_event *ev, uint64_t count, uint32_t uid, ebt_event_fn fn,
		      void *arg)
{
	ev->lost.count = count;
	ev->lost.uid = uid;
	fn(ev, arg);
}

static void lost_tell_cause(struct ebt_lost_told *told, const struct ebt_cpu_counters *now,
			    struct ebt_event *ev, ebt_event_fn fn, void *arg)
{
	enum ebt_lost_cause cause = ev->lost.cause;
	uint64_t total = cause == EBT_LOST_RING ? now->lost_ring : now->lost_busy;
	uint64_t rest = total - told->total[cause];

	if (total <= told->total[cause])
		return;
	told->total[cause] = total;
	for (unsigned i = 0; i < EBT_LOSERS && rest; i++) {
		const struct ebt_loser *loser = &now->losers[i];
		struct ebt_loser *before = loser->who ? lost_entry(told, loser->who) : NULL;
		uint64_t more;

		if (!before || loser->lost[cause] <= before->lost[cause])
			continue;
		/* The counters of users may be ahead of the total: what is too much waits. */
		more = loser->lost[cause] - before->lost[cause];
		more = more < rest ? more : rest;
		before->lost[cause] += more;
		rest -= more;
		lost_give(ev, more, (uint32_t)(loser->who - 1), fn, arg);
	}
	if (rest)
		lost_give(ev, rest, EBT_EV_UNSET, fn, arg);
}

void ebt_lost_tell(struct ebt_lost_told *told, const struct ebt_cpu_counters *now, uint32_t cpu,
		   uint64_t mono_ns, ebt_event_fn fn, void *arg)
{
	struct ebt_event ev = { .type = EBT_EVENT_LOST, .cpu = cpu, .mono_ns = mono_ns };

	for (unsigned cause = 0; cause < EBT_LOSS_CAUSES; cause++) {
		ev.lost.cause = cause;
		lost_tell_cause(told, now, &ev, fn, arg);
	}
}

void ebt_lost_skip(struct ebt_lost_told *told, const struct ebt_cpu_counters *now)
{
	told->total[EBT_LOST_RING] = now->lost_ring;
	told->total[EBT_LOST_BUSY] = now->lost_busy;
	memcpy(told->by_user, now->losers, sizeof(told->by_user));
}
