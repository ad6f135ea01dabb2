/* SPDX-License-Identifier: BSD-3-Clause */
/* programs.c - generations come and go: prepared beside what runs, switched to, retired. */
#include "bpf/programs.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/clock.h"
#include "bpf/counters.h"
#include "bpf/failed_execs.h"
#include "bpf/fdinfo.h"
#include "bpf/generation.h"
#include "bpf/grace.h"
#include "bpf/hooks.h"
#include "bpf/kernel_filters.h"

struct ebt_programs {
	struct ebt_persistent persistent;
	struct ebt_generation *current, *next, *old;
	struct ebt_hooks hooks;
	struct ebt_failed_execs failed;
	struct ebt_kernel_filters filters;
	struct ebt_counters counters;
	bool at_rest; /* after the last ebt_programs_quiesce */
	uint32_t last_number;
};

int ebt_programs_new(struct ebt_programs **out)
{
	struct ebt_programs *p = calloc(1, sizeof(*p));
	int ncpu = libbpf_num_possible_cpus();
	int err;

	if (!p)
		return -ENOMEM;
	ebt_hooks_init(&p->hooks);
	p->filters.hooks = &p->hooks;
	err = ncpu > 0 ? ebt_counters_init(&p->counters, (unsigned)ncpu) : ncpu ? ncpu : -EINVAL;
	if (err) {
		ebt_programs_free(&p);
		return err;
	}
	*out = p;
	return 0;
}

void ebt_programs_free(struct ebt_programs **programs)
{
	struct ebt_programs *p = *programs;

	if (!p)
		return;
	ebt_programs_detach(p);
	ebt_generation_free(&p->next);
	ebt_generation_free(&p->old);
	ebt_generation_free(&p->current);
	ebt_hooks_free(&p->hooks);
	for (unsigned i = 0; i < p->persistent.n; i++)
		close(p->persistent.fds[i]);
	ebt_counters_free(&p->counters);
	free(p);
	*programs = NULL;
}

int ebt_programs_prepare(struct ebt_programs *p, const struct ebt_image *image,
			 const uint32_t *values, const struct ebt_params *params,
			 struct ebt_failure *failure)
{
	int err;

	ebt_programs_discard(p);
	/* One that would not come to rest has had the time since then; the next has its place. */
	ebt_programs_retire(p);
	err = ebt_generation_new(&p->next, &p->persistent, image, values, params,
				 p->last_number + 1, failure);
	return err;
}

void ebt_programs_discard(struct ebt_programs *p)
{
	ebt_generation_free(&p->next);
}

/* What finds no room in the table of executables is counted under this key, which must therefore be
 * there first. */
static void make_room_for_others(const struct ebt_generation *g)
{
	int fd = ebt_generation_map(g, "ebt_exe_counts");
	struct ebt_exe_key others = { 0 };
	struct ebt_exe_count none = { 0 };

	if (fd >= 0)
		bpf_map_update_elem(fd, &others, &none, BPF_NOEXIST);
}

int ebt_programs_switch(struct ebt_programs *p, struct ebt_failure *failure)
{
	int err;

	if (!p->next)
		return -EINVAL;
	err = ebt_failed_check(&p->failed, p->next, failure);
	if (err)
		return err;
	make_room_for_others(p->next);
	if (ebt_hooks_attached(&p->hooks)) {
		err = ebt_failed_attach(&p->failed, &p->persistent, p->next, p->current, failure);
		if (err)
			return err;
	}
	err = ebt_hooks_fill(p->next, failure);
	if (!err)
		err = ebt_failed_fill(&p->failed, &p->persistent, p->next, failure);
	if (err)
		return err;
	if (!p->next->params.failed)
		ebt_failed_detach(&p->failed);
	p->last_number = p->next->number;
	p->old = p->current;
	p->current = TAKE_PTR(p->next);
	p->filters.current = p->current;
	/* The first generation's stubs stay attached. */
	ebt_hooks_drop_stubs(&p->hooks, p->current);
	return 0;
}

static bool generation_is_busy(struct ebt_programs *p, const struct ebt_generation *g)
{
	int fd = ebt_generation_map(g, "ebt_scratch");
	size_t stride = (g->params.scratch_bytes + 7) & ~7u;
	_cleanup_free_ char *values = fd >= 0 ? malloc(stride * p->counters.ncpu) : NULL;

	for (uint32_t slot = 0; values && slot < EBT_SCRATCH_SLOTS; slot++) {
		if (bpf_map_lookup_elem(fd, &slot, values))
			continue;
		for (unsigned cpu = 0; cpu < p->counters.ncpu; cpu++) {
			uint32_t busy;

			memcpy(&busy, values + cpu * stride, sizeof(busy));
			if (busy)
				return true;
		}
	}
	return false;
}

/* g may be NULL: at rest. */
static bool generation_settle(struct ebt_programs *p, const struct ebt_generation *g,
			      unsigned timeout_ms)
{
	uint64_t end_ns = ebt_mono_ns() + timeout_ms * 1000000ull;
	struct timespec pause = { 0, 200000 };

	while (g && generation_is_busy(p, g)) {
		if (ebt_mono_ns() > end_ns)
			return false;
		nanosleep(&pause, NULL);
	}
	return true;
}

bool ebt_programs_settle(struct ebt_programs *p, unsigned timeout_ms)
{
	ebt_grace();
	return generation_settle(p, p->old, timeout_ms);
}

bool ebt_programs_quiesce(struct ebt_programs *p, unsigned timeout_ms)
{
	ebt_grace();
	p->at_rest = generation_settle(p, p->old, timeout_ms) &&
		     generation_settle(p, p->current, timeout_ms);
	return p->at_rest;
}

void ebt_programs_retire(struct ebt_programs *p)
{
	if (p->old && p->current) {
		ebt_hooks_empty(p->old, p->current);
		ebt_counters_close(&p->counters, ebt_programs_map_fd(p, "ebt_counters"),
				   p->old->number);
	}
	ebt_generation_free(&p->old);
}

int ebt_programs_map_fd(const struct ebt_programs *p, const char *name)
{
	return p->current ? ebt_generation_map(p->current, name) : -ENOENT;
}

int ebt_programs_prog_fd(const struct ebt_programs *p, const char *name)
{
	return p->current ? ebt_generation_prog(p->current, name) : -ENOENT;
}

const struct ebt_generation *ebt_programs_current(const struct ebt_programs *p)
{
	return p->current;
}

unsigned ebt_programs_ncpu(const struct ebt_programs *p)
{
	return p->counters.ncpu;
}

int ebt_programs_ring_fd(const struct ebt_programs *p)
{
	return ebt_programs_map_fd(p, "ebt_ring");
}

const struct ebt_perf_events *ebt_programs_perf(const struct ebt_programs *p)
{
	return p->current ? p->current->perf : NULL;
}

uint32_t ebt_programs_generation(const struct ebt_programs *p)
{
	return p->current ? p->current->number : 0;
}

const struct ebt_params *ebt_programs_params(const struct ebt_programs *p)
{
	return p->current ? &p->current->params : NULL;
}

int ebt_programs_attach(struct ebt_programs *p, struct ebt_failure *failure)
{
	int err = ebt_hooks_attach(&p->hooks, p->current, failure);

	if (!err)
		err = ebt_failed_attach(&p->failed, &p->persistent, p->current, p->current,
					failure);
	if (err)
		ebt_programs_detach(p);
	return err;
}

void ebt_programs_detach(struct ebt_programs *p)
{
	ebt_hooks_detach(&p->hooks);
	ebt_failed_detach(&p->failed);
}

void ebt_programs_hooks(const struct ebt_programs *p, char *out, size_t out_len)
{
	const char *failed = ebt_failed_hook(&p->failed);
	size_t at;

	ebt_hooks_names(&p->hooks, out, out_len);
	at = strlen(out);
	if (failed)
		snprintf(out + at, out_len - at, " failed:%s", failed);
}

int ebt_programs_stub_fd(const struct ebt_programs *p, const char *name)
{
	return ebt_hooks_stub_fd(&p->hooks, name);
}

int ebt_programs_set_filters(struct ebt_programs *p, const struct ebt_filter_set *set,
			     struct ebt_failure *failure)
{
	return ebt_kernel_filters_set(&p->filters, set, failure);
}

int ebt_programs_counters(struct ebt_programs *p, struct ebt_cpu_counters *out)
{
	return ebt_counters_all(&p->counters, ebt_programs_map_fd(p, "ebt_counters"),
				p->last_number, out);
}

int ebt_programs_counters_old(struct ebt_programs *p, struct ebt_cpu_counters *out)
{
	if (!p->old)
		return -ENOENT;
	return ebt_counters_of(&p->counters, ebt_programs_map_fd(p, "ebt_counters"), p->old->number,
			       out);
}

int ebt_programs_counters_current(struct ebt_programs *p, struct ebt_cpu_counters *out)
{
	if (!p->at_rest)
		return -EBUSY;
	if (!p->current)
		return -ENOENT;
	return ebt_counters_of(&p->counters, ebt_programs_map_fd(p, "ebt_counters"),
			       p->current->number, out);
}

int ebt_programs_exe_counts(struct ebt_programs *p, struct ebt_exe_entry *out, uint32_t max)
{
	int fd = ebt_programs_map_fd(p, "ebt_exe_counts");
	struct ebt_exe_key *before = NULL;
	uint32_t n = 0;

	while (fd >= 0 && n < max && bpf_map_get_next_key(fd, before, &out[n].key) == 0) {
		before = &out[n].key;
		if (bpf_map_lookup_elem(fd, before, &out[n].count) == 0)
			n++;
		else
			break; /* entries are never removed: this cannot be */
	}
	return (int)n;
}

static uint64_t generation_bytes(const struct ebt_generation *g)
{
	uint64_t sum = 0;

	for (uint32_t i = 0; g && i < g->n_maps; i++) {
		if (g->map_owned[i])
			sum += ebt_memlock_bytes(g->map_fds[i]);
	}
	if (g && g->perf)
		sum += g->perf->n * (g->perf->bytes + (size_t)sysconf(_SC_PAGESIZE));
	return sum;
}

uint64_t ebt_programs_map_bytes(const struct ebt_programs *p)
{
	uint64_t sum =
		generation_bytes(p->current) + generation_bytes(p->old) + generation_bytes(p->next);

	for (unsigned i = 0; i < p->persistent.n; i++)
		sum += ebt_memlock_bytes(p->persistent.fds[i]);
	return sum;
}

uint64_t ebt_programs_recursion_misses(const struct ebt_programs *p)
{
	uint64_t sum = ebt_failed_misses(&p->failed);

	for (size_t i = 0; i < EBT_HOOKS; i++)
		sum += ebt_prog_misses(p->hooks.stubs[i]);
	return sum;
}
