/* SPDX-License-Identifier: BSD-3-Clause */
/* programs.c - generations come and go: prepared beside what runs, switched to, retired. */
#include "bpf/programs.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <linux/membarrier.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/clock.h"
#include "bpf/programs_internal.h"

int ebt_loader_new(struct ebt_loader **out)
{
	struct ebt_loader *l = calloc(1, sizeof(*l));
	int ncpu = libbpf_num_possible_cpus();
	int err;

	if (!l)
		return -ENOMEM;
	l->ncpu = ncpu > 0 ? (unsigned)ncpu : 0;
	ebt_hooks_init(l);
	err = ncpu > 0 ? ebt_accounts_init(l) : ncpu ? ncpu : -EINVAL;
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
	for (size_t i = 0; i < EBT_HOOKS; i++)
		ebt_cleanup_close(&l->stubs[i]);
	for (unsigned i = 0; i < l->persistent.n; i++)
		close(l->persistent.fds[i]);
	ebt_accounts_free(l);
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
	err = ebt_failed_check(l, l->next, failure);
	if (err)
		return err;
	make_room_for_others(l->next);
	if (l->attached) {
		err = ebt_failed_attach(l, l->next, failure);
		if (err)
			return err;
	}
	err = ebt_hooks_fill(l, l->next, failure);
	if (!err)
		err = ebt_failed_fill(l, l->next, failure);
	if (err)
		return err;
	if (!l->next->params.failed)
		ebt_failed_detach(l);
	l->last_number = l->next->number;
	l->old = l->current;
	l->current = TAKE_PTR(l->next);
	/* The first generation's stubs stay attached. */
	ebt_hooks_drop_stubs(l, l->current);
	return 0;
}

static bool gen_busy(struct ebt_loader *l, const struct ebt_generation *g)
{
	int fd = ebt_generation_map(g, "ebt_scratch");
	size_t stride = (g->params.scratch_bytes + 7) & ~7u;
	_cleanup_free_ char *values = fd >= 0 ? malloc(stride * l->ncpu) : NULL;

	for (uint32_t slot = 0; values && slot < EBT_SCRATCH_SLOTS; slot++) {
		if (bpf_map_lookup_elem(fd, &slot, values))
			continue;
		for (unsigned cpu = 0; cpu < l->ncpu; cpu++) {
			uint32_t busy;

			memcpy(&busy, values + cpu * stride, sizeof(busy));
			if (busy)
				return true;
		}
	}
	return false;
}

void ebt_grace(void)
{
	/* Not there (nohz_full): two milliseconds are three orders of magnitude more than is
	 * needed. */
	if (syscall(SYS_membarrier, MEMBARRIER_CMD_GLOBAL, 0, 0))
		nanosleep(&(struct timespec){ 0, 2000000 }, NULL);
}

/* g may be NULL: at rest. */
static bool settle(struct ebt_loader *l, const struct ebt_generation *g, unsigned timeout_ms)
{
	uint64_t end_ns = ebt_mono_ns() + timeout_ms * 1000000ull;
	struct timespec pause = { 0, 200000 };

	while (g && gen_busy(l, g)) {
		if (ebt_mono_ns() > end_ns)
			return false;
		nanosleep(&pause, NULL);
	}
	return true;
}

bool ebt_loader_settle(struct ebt_loader *l, unsigned timeout_ms)
{
	ebt_grace();
	return settle(l, l->old, timeout_ms);
}

bool ebt_loader_quiesce(struct ebt_loader *l, unsigned timeout_ms)
{
	ebt_grace();
	l->at_rest = settle(l, l->old, timeout_ms) && settle(l, l->current, timeout_ms);
	return l->at_rest;
}

void ebt_loader_retire(struct ebt_loader *l)
{
	if (l->old && l->current) {
		ebt_hooks_empty(l, l->old);
		ebt_accounts_close(l, l->old);
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
	return l->ncpu;
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
