/* SPDX-License-Identifier: BSD-3-Clause */
/* generation.h - one loaded image: its own maps and its programs. Internal to the loader. */
#ifndef EBT_LOADER_GENERATION_H
#define EBT_LOADER_GENERATION_H

#include "loader/loader.h"

/* Maps that outlive a generation; every image has the same specification of them, or it is refused.
 */
struct ebt_persistent {
	struct ebt_map_spec specs[EBT_IMAGE_MAX_MAPS];
	int fds[EBT_IMAGE_MAX_MAPS];
	unsigned n;
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
	int failed_links[4]; /* attachments of the programs for failed execs */
	unsigned n_failed_links;
};

/* True for maps that live as long as the loader. */
bool ebt_map_is_persistent(const char *name);

/* Creates and loads. -errno with failure filled. */
int ebt_generation_new(struct ebt_generation **out, struct ebt_persistent *persistent,
		       const struct ebt_image *image, const uint32_t *values,
		       const struct ebt_params *params, uint32_t number,
		       struct ebt_failure *failure);
void ebt_generation_free(struct ebt_generation **gen);

/* Attaches the programs for failed execs, if the image has any: fexit, else the syscall
 * tracepoints. */
int ebt_generation_attach_failed(struct ebt_generation *gen, struct ebt_failure *failure);

/* Borrowed fd, -ENOENT. */
int ebt_generation_map(const struct ebt_generation *gen, const char *name);
int ebt_generation_prog(const struct ebt_generation *gen, const char *name);

int ebt_failure_set(struct ebt_failure *failure, int err, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

#endif
