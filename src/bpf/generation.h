/* SPDX-License-Identifier: BSD-3-Clause */
/* generation.h - one loaded image with its own maps and its programs (internal to this room) */
#ifndef EBT_BPF_GENERATION_H
#define EBT_BPF_GENERATION_H

#include "base/failure.h"
#include "bpf/perf_events.h"
#include "bpf/program_load.h"
#include "image/image.h"
#include "image/params.h"

/* Maps that outlive a generation. An image whose specification of them differs is refused. */
struct ebt_persistent {
	struct ebt_map_spec specs[EBT_IMAGE_MAX_MAPS];
	int fds[EBT_IMAGE_MAX_MAPS];
	unsigned n;
	bool untyped; /* this kernel does not accept typed pointers (struct ebt_generation) */
};

struct ebt_generation {
	uint32_t number;
	struct ebt_params params;
	struct ebt_map_spec *maps; /* owned, a copy of the array in the image */
	struct ebt_prog_spec *progs;
	int *map_fds; /* fds of all maps; persistent ones are borrowed from struct ebt_persistent */
	bool *map_owned;
	int *prog_fds;
	uint32_t n_maps, n_progs;
	struct ebt_perf_events *perf; /* NULL if the transport is a ring */
	uint64_t checksum;	      /* checksum of the image's instructions */
	bool untyped;		      /* the programs were loaded without typed pointers */
};

/* Return true for maps that live as long as the loader. */
bool ebt_map_is_persistent(const char *name);

/* Create the maps and load the programs. Return 0, or -errno with failure filled in. */
int ebt_generation_new(struct ebt_generation **out, struct ebt_persistent *persistent,
		       const struct ebt_image *image, const uint32_t *values,
		       const struct ebt_params *params, uint32_t number,
		       struct ebt_failure *failure);
void ebt_generation_free(struct ebt_generation **gen);

/* Return the image's instructions with this generation's maps and this kernel's offsets, allocated
 * with malloc, or NULL if there is no memory. */
struct bpf_insn *ebt_generation_insns(const struct ebt_generation *gen,
				      const struct ebt_image *image, const uint32_t *values);
/* Return the borrowed fd of a map, or -ENOENT. */
int ebt_generation_map(const struct ebt_generation *gen, const char *name);
/* Close a program that is no longer needed. */
void ebt_generation_drop(struct ebt_generation *gen, const char *name);
int ebt_generation_prog(const struct ebt_generation *gen, const char *name);

#endif
