/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * image_store.h - where images come from: the cache, else the compiler. And this kernel's offsets
 * for them.
 */
#ifndef EBT_IMAGE_IMAGE_STORE_H
#define EBT_IMAGE_IMAGE_STORE_H

#include <limits.h>
#include <stdbool.h>

#include "base/bytes.h"
#include "base/failure.h"
#include "image/compiler_child.h"
#include "image/image.h"
#include "image/kernel_headers.h"
#include "image/params.h"

/* Owns the text and the cache directory. */
struct ebt_images {
	struct ebt_buf text; /* the BPF text */
	int cache;	     /* directory fd, -1: no cache */
	int shipped;	     /* directory fd of images that came with the program, -1: none */
	char compiler[PATH_MAX];
	struct ebt_headers_tree headers;
	bool custom_headers;
	bool offsets_cached; /* the last ebt_images_members() took the offsets from the cache */
};

struct ebt_images_options {
	const char *text_dir;  /* --bpf-text; NULL: embedded */
	const char *cache_dir; /* NULL: EBT_CACHE_DIR, and the images that came with the program */
	bool no_cache;
	enum ebt_headers headers;
	const char *headers_dir; /* with EBT_HEADERS_DIR */
	bool homeostasis;	 /* that text in place of the main one */
};

/* A cache that cannot be used is warned of and done without. -errno with failure filled. */
int ebt_images_open(struct ebt_images *images, const struct ebt_images_options *options,
		    struct ebt_failure *failure);
void ebt_images_close(struct ebt_images *images);

/* From the cache. -ENOENT when there is none (or it was refused, with a warning). */
int ebt_images_cached(struct ebt_images *images, const struct ebt_params *params,
		      struct ebt_image **out);
/* Starts the compiler; step it with ebt_build_step, then _built. */
int ebt_images_build(struct ebt_images *images, const struct ebt_params *params,
		     struct ebt_build *build, struct ebt_failure *failure);
/* What became of a build that ended with `result`: the image, stored in the cache; or failure, with
 * the compiler's words. */
int ebt_images_built(struct ebt_images *images, const struct ebt_params *params,
		     struct ebt_build *build, int result, struct ebt_image **out,
		     struct ebt_failure *failure);
/* All of the above in one, waiting. *compile_ns gets the time, 0 when it came from the cache. */
int ebt_images_get(struct ebt_images *images, const struct ebt_params *params,
		   struct ebt_image **out, uint64_t *compile_ns, struct ebt_failure *failure);

/* Offsets for the running kernel, malloc'd, one a member; from the cache or from BTF. */
int ebt_images_members(struct ebt_images *images, const struct ebt_image *image, uint32_t **out,
		       struct ebt_failure *failure);

#endif
