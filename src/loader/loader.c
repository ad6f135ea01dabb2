/* SPDX-License-Identifier: BSD-3-Clause */
#include "loader/loader.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/membarrier.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/clock.h"
#include "loader/generation.h"

/* What is attached where, and which program fills which slot. */
static const struct ebt_hook {
	const char *stub, *tracepoint;
	bool needed;	 /* without it there is no tracing; else a field is missing */
	uint32_t filter; /* only attached when this filter is on; 0: always */
} hooks[] = {
	{ "ebt_stub_exec", "sched_process_exec", true, 0 },
	{ "ebt_stub_exit", "sched_process_exit", true, 0 },
	{ "ebt_stub_fork", "sched_process_fork", true, EBT_FILTER_TREE },
	{ "ebt_stub_rename", "task_rename", false, 0 },
};

static const struct ebt_slot_fill {
	const char *prog;
	uint32_t slot;
	bool by_generation; /* slot + (generation & 1) */
} fills[] = {
	/* The end of the chain first: a new exec program must find the rest of its own. */
	{ "ebt_on_more", EBT_SLOT_MORE, true },	 { "ebt_on_build", EBT_SLOT_BUILD, true },
	{ "ebt_on_walk", EBT_SLOT_WALK, true },	 { "ebt_on_rename", EBT_SLOT_RENAME, false },
	{ "ebt_on_fork", EBT_SLOT_FORK, false }, { "ebt_on_exec", EBT_SLOT_EXEC, false },
	{ "ebt_on_exit", EBT_SLOT_EXIT, false },
};

struct ebt_loader {
	struct ebt_persistent persistent;
	struct ebt_generation *current, *next, *old;
	int links[EBT_ARRAY_SIZE(hooks)];
	int stubs[EBT_ARRAY_SIZE(hooks)]; /* program fds, of the first generation, owned */
	unsigned ncpu;
	uint32_t last_number;
	struct ebt_config config; /* as it stands in the map */
};

int ebt_loader_new(struct ebt_loader **out)
{
	struct ebt_loader *l = calloc(1, sizeof(*l));
	int ncpu = libbpf_num_possible_cpus();

	if (!l)
		return -ENOMEM;
	if (ncpu <= 0) {
		free(l);
		return ncpu ? ncpu : -EINVAL;
	}
	l->ncpu = (unsigned)ncpu;
	for (size_t i = 0; i < EBT_ARRAY_SIZE(hooks); i++)
		l->links[i] = l->stubs[i] = -1;
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
	for (size_t i = 0; i < EBT_ARRAY_SIZE(hooks); i++)
		ebt_cleanup_close(&l->stubs[i]);
	for (unsigned i = 0; i < l->persistent.n; i++)
		close(l->persistent.fds[i]);
	free(l);
	*loader = NULL;
}

int ebt_loader_prepare(struct ebt_loader *l, const struct ebt_image *image, const uint32_t *values,
		       const struct ebt_params *params, struct ebt_failure *failure)
{
	int err;

	ebt_loader_discard(l);
	err = ebt_generation_new(&l->next, &l->persistent, image, values, params,
				 l->last_number + 1, failure);
	if (!err)
		l->last_number++;
	return err;
}

void ebt_loader_discard(struct ebt_loader *l)
{
	ebt_generation_free(&l->next);
}

/* A slot whose program the new image does not have is emptied: its stub does nothing then. */
static int fill_slot(int map_fd, const struct ebt_generation *g, const struct ebt_slot_fill *fill,
		     struct ebt_failure *failure)
{
	uint32_t slot = fill->slot + (fill->by_generation ? g->number & 1 : 0);
	int prog = ebt_generation_prog(g, fill->prog);
	int err;

	if (prog < 0) {
		err = bpf_map_delete_elem(map_fd, &slot);
		if (err == -ENOENT)
			err = 0;
	} else {
		err = bpf_map_update_elem(map_fd, &slot, &prog, BPF_ANY);
	}
	if (err)
		ebt_failure_set(failure, err, "the program %s could not be put into its slot: %s",
				fill->prog, strerror(-err));
	return err;
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

static int write_config(struct ebt_loader *l)
{
	uint32_t zero = 0;

	l->config.failed_generation = l->current->number;
	return bpf_map_update_elem(ebt_loader_map_fd(l, "ebt_config"), &zero, &l->config, BPF_ANY);
}

int ebt_loader_switch(struct ebt_loader *l, struct ebt_failure *failure)
{
	int slots, err;

	if (!l->next)
		return -EINVAL;
	ebt_loader_retire(l);
	slots = ebt_generation_map(l->next, "ebt_slots");
	if (slots < 0)
		return ebt_failure_set(failure, slots, "the text has no program array ebt_slots");
	make_room_for_others(l->next);
	err = ebt_generation_attach_failed(l->next, failure);
	if (err)
		return err;
	for (size_t i = 0; i < EBT_ARRAY_SIZE(fills); i++) {
		err = fill_slot(slots, l->next, &fills[i], failure);
		if (err)
			return err;
	}
	l->old = l->current;
	l->current = TAKE_PTR(l->next);
	/* The first generation's stubs stay attached. */
	for (size_t i = 0; i < EBT_ARRAY_SIZE(hooks); i++) {
		if (l->stubs[i] >= 0)
			ebt_generation_drop(l->current, hooks[i].stub);
	}
	err = write_config(l);
	if (err)
		ebt_failure_set(failure, err, "the configuration could not be written: %s",
				strerror(-err));
	return err;
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

bool ebt_loader_old_busy(struct ebt_loader *l)
{
	return l->old && gen_busy(l, l->old);
}

bool ebt_loader_settle(struct ebt_loader *l, unsigned timeout_ms)
{
	uint64_t end_ns = ebt_mono_ns() + timeout_ms * 1000000ull;
	struct timespec pause = { 0, 200000 };

	/* Not there (nohz_full): two milliseconds are three orders of magnitude more than is
	 * needed. */
	if (syscall(SYS_membarrier, MEMBARRIER_CMD_GLOBAL, 0, 0))
		nanosleep(&(struct timespec){ 0, 2000000 }, NULL);
	while (ebt_loader_old_busy(l)) {
		if (ebt_mono_ns() > end_ns)
			return false;
		nanosleep(&pause, NULL);
	}
	return true;
}

/* The program array outlives a generation and would keep its programs, and those its maps. */
static void empty_slots(struct ebt_loader *l, const struct ebt_generation *g)
{
	int map_fd = ebt_loader_map_fd(l, "ebt_slots");

	for (size_t i = 0; map_fd >= 0 && i < EBT_ARRAY_SIZE(fills); i++) {
		uint32_t slot = fills[i].slot + (g->number & 1);

		if (fills[i].by_generation && ((g->number ^ l->current->number) & 1))
			bpf_map_delete_elem(map_fd, &slot);
	}
}

void ebt_loader_retire(struct ebt_loader *l)
{
	if (l->old && l->current)
		empty_slots(l, l->old);
	ebt_generation_free(&l->old);
}

bool ebt_loader_quiesce(struct ebt_loader *l, unsigned timeout_ms)
{
	uint64_t end_ns = ebt_mono_ns() + timeout_ms * 1000000ull;
	struct timespec pause = { 0, 200000 };

	while ((l->current && gen_busy(l, l->current)) || ebt_loader_old_busy(l)) {
		if (ebt_mono_ns() > end_ns)
			return false;
		nanosleep(&pause, NULL);
	}
	return true;
}

int ebt_loader_attach(struct ebt_loader *l, struct ebt_failure *failure)
{
	for (size_t i = 0; i < EBT_ARRAY_SIZE(hooks); i++) {
		int prog = ebt_generation_prog(l->current, hooks[i].stub);
		int fd;

		if (hooks[i].filter && !(l->config.filter & hooks[i].filter))
			continue;
		if (prog < 0 && !hooks[i].needed)
			continue;
		fd = prog < 0 ? prog : bpf_raw_tracepoint_open(hooks[i].tracepoint, prog);
		if (fd < 0 && !hooks[i].needed)
			continue;
		if (fd < 0) {
			ebt_loader_detach(l);
			return ebt_failure_set(failure, fd,
					       "cannot attach to the tracepoint %s: %s",
					       hooks[i].tracepoint, strerror(-fd));
		}
		l->links[i] = fd;
		l->stubs[i] = fcntl(prog, F_DUPFD_CLOEXEC, 0);
	}
	return 0;
}

void ebt_loader_detach(struct ebt_loader *l)
{
	for (size_t i = 0; i < EBT_ARRAY_SIZE(hooks); i++) {
		ebt_cleanup_close(&l->links[i]);
		l->links[i] = -1;
	}
}

int ebt_loader_map_fd(const struct ebt_loader *l, const char *name)
{
	return l->current ? ebt_generation_map(l->current, name) : -ENOENT;
}

int ebt_loader_prog_fd(const struct ebt_loader *l, const char *name)
{
	return l->current ? ebt_generation_prog(l->current, name) : -ENOENT;
}

int ebt_loader_set_config(struct ebt_loader *l, const struct ebt_config *config)
{
	l->config = *config;
	return write_config(l);
}

int ebt_loader_track(struct ebt_loader *l, uint32_t tgid)
{
	uint32_t one = 1;

	return bpf_map_update_elem(ebt_loader_map_fd(l, "ebt_tracked"), &tgid, &one, BPF_ANY);
}

const struct ebt_generation *ebt_loader_current(const struct ebt_loader *l)
{
	return l->current;
}

int ebt_loader_stub_fd(const struct ebt_loader *l, const char *name)
{
	for (size_t i = 0; i < EBT_ARRAY_SIZE(hooks); i++) {
		if (strcmp(hooks[i].stub, name) == 0 && l->stubs[i] >= 0)
			return l->stubs[i];
	}
	return -ENOENT;
}

unsigned ebt_loader_ncpu(const struct ebt_loader *l)
{
	return l->ncpu;
}

int ebt_loader_counters(struct ebt_loader *l, struct ebt_cpu_counters *out)
{
	uint32_t zero = 0;

	return bpf_map_lookup_elem(ebt_loader_map_fd(l, "ebt_counters"), &zero, out);
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

/* "memlock:" of a map's fdinfo is what the kernel charges for it. */
static uint64_t map_bytes(int fd)
{
	_cleanup_fclose_ FILE *f = NULL;
	unsigned long long bytes = 0;
	char path[64], line[128];

	snprintf(path, sizeof(path), "/proc/self/fdinfo/%d", fd);
	f = fopen(path, "re");
	while (f && fgets(line, sizeof(line), f)) {
		if (sscanf(line, "memlock: %llu", &bytes) == 1)
			break;
	}
	return bytes;
}

static uint64_t gen_bytes(const struct ebt_generation *g)
{
	uint64_t sum = 0;

	for (uint32_t i = 0; g && i < g->n_maps; i++) {
		if (g->map_owned[i])
			sum += map_bytes(g->map_fds[i]);
	}
	if (g && g->perf)
		sum += g->perf->n * (g->perf->bytes + (size_t)sysconf(_SC_PAGESIZE));
	return sum;
}

uint64_t ebt_loader_map_bytes(const struct ebt_loader *l)
{
	uint64_t sum = gen_bytes(l->current) + gen_bytes(l->old) + gen_bytes(l->next);

	for (unsigned i = 0; i < l->persistent.n; i++)
		sum += map_bytes(l->persistent.fds[i]);
	return sum;
}

uint64_t ebt_loader_recursion_misses(const struct ebt_loader *l)
{
	uint64_t sum = 0;

	for (size_t i = 0; i < EBT_ARRAY_SIZE(hooks); i++) {
		struct bpf_prog_info info = { 0 };
		uint32_t len = sizeof(info);

		if (l->stubs[i] >= 0 && !bpf_obj_get_info_by_fd(l->stubs[i], &info, &len))
			sum += info.recursion_misses;
	}
	return sum;
}
