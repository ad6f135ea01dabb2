/* SPDX-License-Identifier: BSD-3-Clause */
#include "bpf/generation.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "base/cleanup.h"
#include "base/failure.h"
#include "ebt_members.h"
#include "image/members.h"

static const char *const persistent_names[] = { "ebt_slots",	  "ebt_counters",   "ebt_config",
						"ebt_tracked",	  "ebt_prev_comm",  "ebt_ended",
						"ebt_exe_counts", "ebt_calls",	    "ebt_slots_tp",
						"ebt_slots_fx",	  "ebt_slots_fxat", "ebt_slots_sc",
						"ebt_shown_tgids" };

bool ebt_map_is_persistent(const char *name)
{
	for (size_t i = 0; i < EBT_ARRAY_SIZE(persistent_names); i++) {
		if (strcmp(name, persistent_names[i]) == 0)
			return true;
	}
	return false;
}

void ebt_generation_free(struct ebt_generation **gen)
{
	struct ebt_generation *g = *gen;

	if (!g)
		return;
	for (uint32_t i = 0; g->prog_fds && i < g->n_progs; i++)
		ebt_cleanup_close(&g->prog_fds[i]);
	for (uint32_t i = 0; g->map_fds && i < g->n_maps; i++) {
		if (g->map_owned[i])
			ebt_cleanup_close(&g->map_fds[i]);
	}
	ebt_perf_events_free(&g->perf);
	free(g->maps);
	free(g->progs);
	free(g->map_fds);
	free(g->map_owned);
	free(g->prog_fds);
	free(g);
	*gen = NULL;
}

static int *new_fds(uint32_t n)
{
	int *fds = malloc((n + 1) * sizeof(*fds));

	for (uint32_t i = 0; fds && i < n; i++)
		fds[i] = -1;
	return fds;
}

static int new_arrays(struct ebt_generation *g, const struct ebt_image *image)
{
	g->maps = calloc(image->n_maps + 1, sizeof(*g->maps));
	g->progs = calloc(image->n_progs + 1, sizeof(*g->progs));
	g->map_owned = calloc(image->n_maps + 1, sizeof(*g->map_owned));
	g->map_fds = new_fds(image->n_maps);
	g->prog_fds = new_fds(image->n_progs);
	if (!g->maps || !g->progs || !g->map_owned || !g->map_fds || !g->prog_fds)
		return -ENOMEM;
	memcpy(g->maps, image->maps, image->n_maps * sizeof(*g->maps));
	memcpy(g->progs, image->progs, image->n_progs * sizeof(*g->progs));
	g->n_maps = image->n_maps;
	g->n_progs = image->n_progs;
	return 0;
}

/* Before Linux 5.11 maps count against RLIMIT_MEMLOCK. Raising it may be refused (without
 * CAP_SYS_RESOURCE), which only matters if creating a map then fails. */
static void raise_memlock(void)
{
	struct rlimit unlimited = { RLIM_INFINITY, RLIM_INFINITY };

	setrlimit(RLIMIT_MEMLOCK, &unlimited);
}

static int create_map(const struct ebt_map_spec *spec, struct ebt_failure *failure)
{
	LIBBPF_OPTS(bpf_map_create_opts, opts, .map_flags = spec->flags);
	char name[BPF_OBJ_NAME_LEN] = { 0 };
	uint32_t entries = spec->max_entries;
	int fd;

	memcpy(name, spec->name, strnlen(spec->name, sizeof(name) - 1));
	/* One entry per CPU of this machine, which may differ from the machine that compiled the
	 * image. */
	if (spec->type == BPF_MAP_TYPE_PERF_EVENT_ARRAY)
		entries = (uint32_t)libbpf_num_possible_cpus();
	fd = bpf_map_create(spec->type, name, spec->key_size, spec->value_size, entries, &opts);
	if (fd == -EPERM) {
		raise_memlock();
		fd = bpf_map_create(spec->type, name, spec->key_size, spec->value_size, entries,
				    &opts);
	}
	if (fd < 0)
		return ebt_failure_set(
			failure, fd,
			"the kernel did not make the map %s (%u entries of %u bytes): %s",
			spec->name, spec->max_entries, spec->value_size, ebt_strerror(-fd));
	return fd;
}

static bool same_spec(const struct ebt_map_spec *a, const struct ebt_map_spec *b)
{
	return a->type == b->type && a->key_size == b->key_size && a->value_size == b->value_size &&
	       a->max_entries == b->max_entries && a->flags == b->flags;
}

/* Return the persistent map of this name; create it at its first use. */
static int persistent_map(struct ebt_persistent *p, const struct ebt_map_spec *spec,
			  struct ebt_failure *failure)
{
	int fd;

	for (unsigned i = 0; i < p->n; i++) {
		if (strcmp(p->specs[i].name, spec->name) != 0)
			continue;
		if (!same_spec(&p->specs[i], spec))
			return ebt_failure_set(failure, -EINVAL,
					       "the new text declares the map %s in another shape",
					       spec->name);
		return p->fds[i];
	}
	fd = create_map(spec, failure);
	if (fd >= 0) {
		p->specs[p->n] = *spec;
		p->fds[p->n++] = fd;
	}
	return fd;
}

static int create_maps(struct ebt_generation *g, struct ebt_persistent *p,
		       struct ebt_failure *failure)
{
	for (uint32_t i = 0; i < g->n_maps; i++) {
		bool persistent = ebt_map_is_persistent(g->maps[i].name);
		int fd = persistent ? persistent_map(p, &g->maps[i], failure)
				    : create_map(&g->maps[i], failure);

		if (fd < 0)
			return fd;
		g->map_fds[i] = fd;
		g->map_owned[i] = !persistent;
	}
	return 0;
}

static int open_perf(struct ebt_generation *g, struct ebt_failure *failure)
{
	int map_fd = ebt_generation_map(g, "ebt_ring");
	int err = map_fd < 0 ? map_fd : ebt_perf_events_new(&g->perf, map_fd, g->params.ring_bytes);

	if (err)
		ebt_failure_set(failure, err,
				"the perf buffers of %u bytes in all cannot be had: %s",
				g->params.ring_bytes, ebt_strerror(-err));
	return err;
}

/* Get a value that execbig-top defines and not the kernel. Return false if path is none of
 * these. */
static bool own_value(const struct ebt_generation *g, const char *path, uint64_t *value)
{
	if (strcmp(path, "=generation") == 0)
		*value = g->number;
	else if (strcmp(path, "=parity") == 0)
		*value = g->number & 1;
	else if (strcmp(path, "=typed") == 0)
		*value = !g->untyped;
	else
		return false;
	return true;
}

static void generation_relocate(struct bpf_insn *insn, uint64_t value)
{
	if (insn->code != (BPF_JMP | BPF_CALL)) {
		insn[0].imm = (int32_t)value;
		insn[1].imm = (int32_t)(value >> 32);
	} else if (value != EBT_MISSING) {
		insn->src_reg = BPF_PSEUDO_KFUNC_CALL;
		insn->imm = (int32_t)value;
	}
}

struct bpf_insn *ebt_generation_insns(const struct ebt_generation *g, const struct ebt_image *image,
				      const uint32_t *values)
{
	struct bpf_insn *insns = malloc((size_t)image->n_insns * sizeof(*insns));

	if (!insns)
		return NULL;
	memcpy(insns, image->insns, (size_t)image->n_insns * sizeof(*insns));
	for (uint32_t i = 0; i < image->n_relocs; i++) {
		const struct ebt_reloc *r = &image->relocs[i];
		uint64_t value = values[r->member];

		if (value == EBT_MEMBER_MISSING)
			value = EBT_MISSING;
		own_value(g, image->members[r->member].path, &value);
		generation_relocate(&insns[r->insn], value);
	}
	for (uint32_t i = 0; i < image->n_insns; i++) {
		if (insns[i].code != (BPF_LD | BPF_DW | BPF_IMM))
			continue;
		if (insns[i].src_reg == BPF_PSEUDO_MAP_FD)
			insns[i].imm = g->map_fds[insns[i].imm];
		i++;
	}
	return insns;
}

/* Load the programs with typed pointers. If the verifier does not accept these (a kernel built with
 * clang may want more checks), load them with numbers instead, and do so at once from then on. */
static int generation_load(struct ebt_generation *g, struct ebt_persistent *persistent,
			   const struct ebt_image *image, const uint32_t *values,
			   struct ebt_failure *failure)
{
	_cleanup_free_ struct bpf_insn *insns = NULL;
	int err;

	g->untyped = persistent->untyped;
	insns = ebt_generation_insns(g, image, values);
	if (!insns)
		return ebt_failure_set(failure, -ENOMEM, "out of memory");
	if (!g->untyped && !ebt_program_load_all(g->progs, g->n_progs, insns, g->prog_fds, NULL))
		return 0;
	for (uint32_t i = 0; i < g->n_progs; i++) {
		ebt_cleanup_close(&g->prog_fds[i]);
		g->prog_fds[i] = -1;
	}
	g->untyped = true;
	free(insns);
	insns = ebt_generation_insns(g, image, values);
	err = insns ? ebt_program_load_all(g->progs, g->n_progs, insns, g->prog_fds, failure)
		    : ebt_failure_set(failure, -ENOMEM, "out of memory");
	/* If both are refused, the cause is the text, and the next one may be accepted with
	 * types. */
	persistent->untyped = !err;
	return err;
}

int ebt_generation_new(struct ebt_generation **out, struct ebt_persistent *persistent,
		       const struct ebt_image *image, const uint32_t *values,
		       const struct ebt_params *params, uint32_t number,
		       struct ebt_failure *failure)
{
	struct ebt_generation *g = calloc(1, sizeof(*g));
	int err;

	if (!g)
		return ebt_failure_set(failure, -ENOMEM, "out of memory");
	g->number = number;
	g->params = *params;
	g->checksum = ebt_insns_checksum(image);
	err = new_arrays(g, image);
	if (err)
		ebt_failure_set(failure, err, "out of memory");
	if (!err)
		err = create_maps(g, persistent, failure);
	if (!err && params->perf)
		err = open_perf(g, failure);
	if (!err)
		err = generation_load(g, persistent, image, values, failure);
	if (err) {
		ebt_generation_free(&g);
		return err;
	}
	*out = g;
	return 0;
}

int ebt_generation_map(const struct ebt_generation *g, const char *name)
{
	for (uint32_t i = 0; i < g->n_maps; i++) {
		if (strcmp(g->maps[i].name, name) == 0)
			return g->map_fds[i];
	}
	return -ENOENT;
}

void ebt_generation_drop(struct ebt_generation *g, const char *name)
{
	for (uint32_t i = 0; i < g->n_progs; i++) {
		if (strcmp(g->progs[i].name, name) != 0)
			continue;
		ebt_cleanup_close(&g->prog_fds[i]);
		g->prog_fds[i] = -1;
	}
}

int ebt_generation_prog(const struct ebt_generation *g, const char *name)
{
	for (uint32_t i = 0; i < g->n_progs; i++) {
		if (strcmp(g->progs[i].name, name) == 0)
			return g->prog_fds[i];
	}
	return -ENOENT;
}
