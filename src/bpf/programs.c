/* SPDX-License-Identifier: BSD-3-Clause */
/* programs.c - generations come and go: prepared beside what runs, switched to, retired. */
#include "bpf/programs.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
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

struct ebt_loader {
	struct ebt_persistent persistent;
	struct ebt_generation *current, *next, *old;
	struct ebt_hooks hooks;
	struct ebt_failed_execs failed;
	struct ebt_kernel_filters filters;
	struct ebt_counters counters;
	bool attached;
	bool at_rest; /* after the last ebt_loader_quiesce */
	uint32_t last_number;
};

int ebt_loader_new(struct ebt_loader **out)
{
	struct ebt_loader *l = calloc(1, sizeof(*l));
	int ncpu = libbpf_num_possible_cpus();
	int err;

	if (!l)
		return -ENOMEM;
	ebt_hooks_init(&l->hooks);
	err = ncpu > 0 ? ebt_counters_init(&l->counters, (unsigned)ncpu) : ncpu ? ncpu : -EINVAL;
	if (err) {
		ebt_loader_free(&l);
		return err;
	}
	*out = l;
	return 0;
}

void ebt_loader_free(struct ebt_loader **loader)
{
	struct ebt_loader *l = *loader;

	if (!l)
		return;
	ebt_loader_detach(l);
	ebt_generation_free(&l->next);
	ebt_generation_free(&l->old);
	ebt_generation_free(&l->current);
	ebt_hooks_free(&l->hooks);
	for (unsigned i = 0; i < l->persistent.n; i++)
		close(l->persistent.fds[i]);
	ebt_counters_free(&l->counters);
	free(l);
	*loader = NULL;
}

int ebt_loader_prepare(struct ebt_loader *l, const struct ebt_image *image, const uint32_t *values,
		       const struct ebt_params *params, struct ebt_failure *failure)
{
	int err;

	ebt_loader_discard(l);
	/* One that would not come to rest has had the time since then; the next has its place. */
	ebt_loader_retire(l);
	err = ebt_generation_new(&l->next, &l->persistent, image, values, params,
				 l->last_number + 1, failure);
	return err;
}

void ebt_loader_discard(struct ebt_loader *l)
{
	ebt_generation_free(&l->next);
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

int ebt_loader_switch(struct ebt_loader *l, struct ebt_failure *failure)
{
	int err;

	if (!l->next)
		return -EINVAL;
	err = ebt_failed_check(&l->failed, l->next, failure);
	if (err)
		return err;
	make_room_for_others(l->next);
	if (l->attached) {
		err = ebt_failed_attach(&l->failed, &l->persistent, l->next, l->current, failure);
		if (err)
			return err;
	}
	err = ebt_hooks_fill(l->next, failure);
	if (!err)
		err = ebt_failed_fill(&l->failed, &l->persistent, l->next, failure);
	if (err)
		return err;
	if (!l->next->params.failed)
		ebt_failed_detach(&l->failed);
	l->last_number = l->next->number;
	l->old = l->current;
	l->current = TAKE_PTR(l->next);
	l->filters.current = l->current;
	/* The first generation's stubs stay attached. */
	ebt_hooks_drop_stubs(&l->hooks, l->current);
	return 0;
}

static bool generation_is_busy(struct ebt_loader *l, const struct ebt_generation *g)
{
	int fd = ebt_generation_map(g, "ebt_scratch");
	size_t stride = (g->params.scratch_bytes + 7) & ~7u;
	_cleanup_free_ char *values = fd >= 0 ? malloc(stride * l->counters.ncpu) : NULL;

	for (uint32_t slot = 0; values && slot < EBT_SCRATCH_SLOTS; slot++) {
		if (bpf_map_lookup_elem(fd, &slot, values))
			continue;
		for (unsigned cpu = 0; cpu < l->counters.ncpu; cpu++) {
			uint32_t busy;

			memcpy(&busy, values + cpu * stride, sizeof(busy));
			if (busy)
				return true;
		}
	}
	return false;
}

/* g may be NULL: at rest. */
static bool generation_settle(struct ebt_loader *l, const struct ebt_generation *g,
			      unsigned timeout_ms)
{
	uint64_t end_ns = ebt_mono_ns() + timeout_ms * 1000000ull;
	struct timespec pause = { 0, 200000 };

	while (g && generation_is_busy(l, g)) {
		if (ebt_mono_ns() > end_ns)
			return false;
		nanosleep(&pause, NULL);
	}
	return true;
}

bool ebt_loader_settle(struct ebt_loader *l, unsigned timeout_ms)
{
	ebt_grace();
	return generation_settle(l, l->old, timeout_ms);
}

bool ebt_loader_quiesce(struct ebt_loader *l, unsigned timeout_ms)
{
	ebt_grace();
	l->at_rest = generation_settle(l, l->old, timeout_ms) &&
		     generation_settle(l, l->current, timeout_ms);
	return l->at_rest;
}

void ebt_loader_retire(struct ebt_loader *l)
{
	if (l->old && l->current) {
		ebt_hooks_empty(l->old, l->current);
		ebt_counters_close(&l->counters, ebt_loader_map_fd(l, "ebt_counters"),
				   l->old->number);
	}
	ebt_generation_free(&l->old);
}

int ebt_loader_map_fd(const struct ebt_loader *l, const char *name)
{
	return l->current ? ebt_generation_map(l->current, name) : -ENOENT;
}

int ebt_loader_prog_fd(const struct ebt_loader *l, const char *name)
{
	return l->current ? ebt_generation_prog(l->current, name) : -ENOENT;
}

const struct ebt_generation *ebt_loader_current(const struct ebt_loader *l)
{
	return l->current;
}

unsigned ebt_loader_ncpu(const struct ebt_loader *l)
{
	return l->counters.ncpu;
}

int ebt_loader_ring_fd(const struct ebt_loader *l)
{
	return ebt_loader_map_fd(l, "ebt_ring");
}

const struct ebt_perf_events *ebt_loader_perf(const struct ebt_loader *l)
{
	return l->current ? l->current->perf : NULL;
}

uint32_t ebt_loader_generation(const struct ebt_loader *l)
{
	return l->current ? l->current->number : 0;
}

const struct ebt_params *ebt_loader_params(const struct ebt_loader *l)
{
	return l->current ? &l->current->params : NULL;
}

int ebt_loader_attach(struct ebt_loader *l, struct ebt_failure *failure)
{
	int err = ebt_hooks_attach(&l->hooks, l->current, failure);

	if (!err)
		err = ebt_failed_attach(&l->failed, &l->persistent, l->current, l->current,
					failure);
	if (err)
		ebt_loader_detach(l);
	l->attached = l->filters.attached = !err;
	return err;
}

void ebt_loader_detach(struct ebt_loader *l)
{
	ebt_hooks_detach(&l->hooks);
	ebt_failed_detach(&l->failed);
	l->attached = l->filters.attached = false;
}

int ebt_loader_stub_fd(const struct ebt_loader *l, const char *name)
{
	return ebt_hooks_stub_fd(&l->hooks, name);
}

int ebt_loader_set_filters(struct ebt_loader *l, const struct ebt_filter_set *set,
			   struct ebt_failure *failure)
{
	l->filters.hooks = &l->hooks;
	return ebt_kernel_filters_set(&l->filters, set, failure);
}

int ebt_loader_counters(struct ebt_loader *l, struct ebt_cpu_counters *out)
{
	return ebt_counters_all(&l->counters, ebt_loader_map_fd(l, "ebt_counters"), out);
}

int ebt_loader_counters_old(struct ebt_loader *l, struct ebt_cpu_counters *out)
{
	if (!l->old)
		return -ENOENT;
	return ebt_counters_of(&l->counters, ebt_loader_map_fd(l, "ebt_counters"), l->old->number,
			       out);
}

int ebt_loader_counters_current(struct ebt_loader *l, struct ebt_cpu_counters *out)
{
	if (!l->at_rest)
		return -EBUSY;
	if (!l->current)
		return -ENOENT;
	return ebt_counters_of(&l->counters, ebt_loader_map_fd(l, "ebt_counters"),
			       l->current->number, out);
}

int ebt_loader_exe_counts(struct ebt_loader *l, struct ebt_exe_entry *out, uint32_t max)
{
	int fd = ebt_loader_map_fd(l, "ebt_exe_counts");
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

uint64_t ebt_loader_map_bytes(const struct ebt_loader *l)
{
	uint64_t sum =
		generation_bytes(l->current) + generation_bytes(l->old) + generation_bytes(l->next);

	for (unsigned i = 0; i < l->persistent.n; i++)
		sum += ebt_memlock_bytes(l->persistent.fds[i]);
	return sum;
}

uint64_t ebt_loader_recursion_misses(const struct ebt_loader *l)
{
	uint64_t sum = ebt_failed_misses(&l->failed);

	for (size_t i = 0; i < EBT_HOOKS; i++)
		sum += ebt_prog_misses(l->hooks.stubs[i]);
	return sum;
}
