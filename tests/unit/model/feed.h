/* SPDX-License-Identifier: BSD-3-Clause */
/* feed.h - a model and short ways to tell it things and to ask it. */
#ifndef EBT_TEST_FEED_H
#define EBT_TEST_FEED_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "model/model.h"
#include "model/snapshot.h"

#define S	  1000000000ull
#define MS	  1000000ull
#define REAL_BASE 5000000000ull /* mono_to_real_ns */

static inline struct ebt_model *model_make(size_t history_bytes)
{
	struct ebt_model_options options = { .history_bytes = history_bytes,
					     .ncpu = 2,
					     .mono_to_real_ns = (int64_t)REAL_BASE };
	struct ebt_model *model = NULL;

	assert_int_equal(ebt_model_new(&model, &options), 0);
	return model;
}

static inline int model_setup(void **state)
{
	*state = model_make(1 << 20);
	return 0;
}

static inline int model_teardown(void **state)
{
	struct ebt_model *model = *state;

	ebt_model_free(&model);
	assert_null(model);
	return 0;
}

#define WITH_MODEL(test) cmocka_unit_test_setup_teardown(test, model_setup, model_teardown)

/* An exec; what is not given is 0 or made from comm. args: with '\0' between, args_len 0 means
 * strlen + 1. */
struct spec {
	uint64_t at;
	uint32_t pid, ppid, uid;
	int32_t ret;
	uint32_t flags;
	const char *comm, *prev, *parent, *exe, *filename, *args;
	size_t args_len;
	struct ebt_bytes env;
	uint64_t start, parent_start, cgroup;
};

static inline struct ebt_bytes str(const char *s)
{
	return ebt_bytes_from(s);
}

static inline void feed_exec(struct ebt_model *model, struct spec s)
{
	struct ebt_event ev = { .type = EBT_EVENT_EXEC, .mono_ns = s.at, .seq = 1, .cpu = 1 };
	struct ebt_event_exec *x = &ev.exec;
	size_t len = s.args && !s.args_len ? strlen(s.args) + 1 : s.args_len;

	x->pid = x->tid = x->vpid = s.pid;
	x->ppid = s.ppid;
	x->uid = x->euid = s.uid;
	x->ret = s.ret;
	x->flags = s.flags;
	x->comm = str(s.comm ? s.comm : "prog");
	x->prev_comm = str(s.prev);
	x->parent_comm = str(s.parent);
	x->exe = str(s.exe);
	x->filename = str(s.filename);
	x->args = (struct ebt_bytes){ s.args, len };
	x->args_bytes = x->args_captured = (uint32_t)len;
	x->env = s.env;
	x->env_bytes = x->env_captured = (uint32_t)s.env.len;
	x->start_ns = s.start;
	x->parent_start_ns = s.parent_start;
	x->cgroup_id = s.cgroup;
	ebt_model_event(model, &ev);
}
#define EXEC(model, ...) feed_exec(model, (struct spec){ __VA_ARGS__ })

static inline void feed_exit(struct ebt_model *model, uint64_t at, uint32_t pid, uint64_t start,
			     int status, uint64_t cpu)
{
	struct ebt_event ev = { .type = EBT_EVENT_EXIT, .mono_ns = at, .seq = 1 };

	ev.exit.pid = pid;
	ev.exit.start_ns = start;
	ev.exit.status = status;
	ev.exit.utime_ns = cpu;
	ev.exit.stime_ns = cpu / 2;
	ev.exit.maxrss_bytes = 4096;
	ebt_model_event(model, &ev);
}

static inline struct ebt_snapshot take(struct ebt_model *model, enum ebt_list list, uint64_t now)
{
	struct ebt_query query = { .list = list, .count = 1000000 };
	struct ebt_snapshot snap;

	ebt_snapshot_take(model, &query, now, &snap);
	return snap;
}

static inline struct ebt_snapshot take_groups(struct ebt_model *model, enum ebt_group_by by,
					      uint64_t now)
{
	struct ebt_query query = {
		.list = EBT_LIST_GROUPS, .count = 1000000, .group_by = by, .sort = EBT_COL_COUNT
	};
	struct ebt_snapshot snap;

	ebt_snapshot_take(model, &query, now, &snap);
	return snap;
}

static inline bool same(struct ebt_bytes got, const char *want)
{
	return ebt_bytes_equal(got, str(want));
}

/* The group of that name; NULL when there is none. */
static inline const struct ebt_group *group_of(const struct ebt_snapshot *snap, const char *name)
{
	for (size_t i = 0; i < snap->count; i++)
		if (same(snap->groups[i].name, name))
			return &snap->groups[i];
	return NULL;
}

#define assert_text(got, want)                                                             \
	do {                                                                               \
		struct ebt_bytes g_ = (got);                                               \
		if (!same(g_, want))                                                       \
			fail_msg("got \"%.*s\", want \"%s\"", (int)g_.len, g_.data, want); \
	} while (0)

static inline uint32_t rnd(uint32_t *x)
{
	*x ^= *x << 13;
	*x ^= *x >> 17;
	*x ^= *x << 5;
	return *x;
}

#endif
