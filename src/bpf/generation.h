/* SPDX-License-Identifier: BSD-3-Clause */
/* generation.h - one loaded image: its own maps and its programs. Internal to this room. */
#ifndef EBT_BPF_GENERATION_H
#define EBT_BPF_GENERATION_H

#include "base/failure.h"
#include "bpf/perf_events.h"
#include "bpf/program_load.h"
#include "image/image.h"
#include "image/params.h"

/* Maps that outlive a generation; every image has the same specification of them, or it is refused.
 */
struct ebt_persistent {
	struct ebt_map_spec specs[EBT_IMAGE_MAX_MAPS];
	int fds[EBT_IMAGE_MAX_MAPS];
	unsigned n;
	bool untyped; /* what all generations have in common too: see struct ebt_generation */
};

struct ebt_generation {
	uint32_t number;
	struct ebt_params params;
	struct ebt_map_spec *maps; /* a copy of the image's */
	struct ebt_prog_spec *progs;
	int *map_fds; /* of all maps, persistent ones included (borrowed there) */
	bool *map_owned;
	int *prog_fds;
	uint32_t n_maps, n_progs;
	struct ebt_perf_events *perf; /* NULL: the transport is a ring */
	uint64_t checksum;	      /* of the image's instructions */
	bool untyped; /* this kernel did not take the programs with typed pointers */
};

/* True for maps that live as long as the loader. */
bool ebt_map_is_persistent(const char *name);

/* Creates and loads. -errno with failure filled. */
int ebt_generation_new(struct ebt_generation **out, struct ebt_persistent *persistent,
		       const struct ebt_image *image, const uint32_t *values,
		       const struct ebt_params *params, uint32_t number,
		       struct ebt_failure *failure);
void ebt_generation_free(struct ebt_generation **gen);

/* The image's instructions with this generation's maps and this kernel's numbers; malloc'd, NULL:
 * no memory. */
struct bpf_insn *ebt_generation_insns(const struct ebt_generation *gen,
				      const struct ebt_image *image, const uint32_t *values);
/* Borrowed fd, -ENOENT. */
int ebt_generation_map(const struct ebt_generation *gen, const char *name);
/* Lets go of a program that nobody needs. */
void ebt_generation_drop(struct ebt_generation *gen, const char *name);
int ebt_generation_prog(const struct ebt_generation *gen, const char *name);

#endif
