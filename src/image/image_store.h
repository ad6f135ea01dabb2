/* SPDX-License-Identifier: BSD-3-Clause */
/* image_store.h - get images from the cache or the compiler, and their offsets in the running
 * kernel */
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

/* Owns the text and the descriptors of the directories. */
struct ebt_images {
	struct ebt_buf text; /* the BPF text */
	int cache;	     /* descriptor of the directory; -1 without a cache */
	int shipped; /* descriptor of the images that came with the program; -1 if there are none */
	char compiler[PATH_MAX]; /* "" if it is not installed; so with headers.source */
	struct ebt_headers_tree headers;
	bool custom_headers;
	const char *machine; /* borrowed; NULL for this one */
	unsigned timeout_ms; /* of the compiler; 0 for the one of compiler_child.h */
	bool offsets_cached; /* the last ebt_images_members() read the offsets from the cache */
};

struct ebt_images_options {
	const char *text_dir; /* --bpf-text; NULL: embedded */
	const char
		*cache_dir; /* NULL for EBT_CACHE_DIR and the images that came with the program */
	bool no_cache;
	enum ebt_headers headers;
	const char *headers_dir; /* with EBT_HEADERS_DIR */
	bool homeostasis;	 /* use that text instead of the main one */
	/* machine that the images are for, as uname -m names it; NULL for this one */
	const char *machine;
	unsigned timeout_ms; /* of the compiler; 0 for the one of compiler_child.h */
};

/* Read the text and open the cache. A cache that cannot be used causes a warning only. Return 0, or
 * -errno with failure filled. */
int ebt_images_open(struct ebt_images *images, const struct ebt_images_options *options,
		    struct ebt_failure *failure);
void ebt_images_close(struct ebt_images *images);

/* Load the image from the cache. Return 0, or -ENOENT if there is none or if it was refused, which
 * causes a warning. */
int ebt_images_cached(struct ebt_images *images, const struct ebt_params *params,
		      struct ebt_image **out);
/* Start the compiler. Call ebt_build_step() until it has ended, then ebt_images_built(). */
int ebt_images_build(struct ebt_images *images, const struct ebt_params *params,
		     struct ebt_build *build, struct ebt_failure *failure);
/* Take over a build that ended with `result`: give the image and store it in the cache, or fill
 * failure with the output of the compiler. Return 0 or -errno. */
int ebt_images_built(struct ebt_images *images, const struct ebt_params *params,
		     struct ebt_build *build, int result, struct ebt_image **out,
		     struct ebt_failure *failure);
/* Do all of the above and wait for the end. *compile_ns gets the time of the compiler, 0 if the
 * image came from the cache. */
int ebt_images_get(struct ebt_images *images, const struct ebt_params *params,
		   struct ebt_image **out, uint64_t *compile_ns, struct ebt_failure *failure);

/* Give the offsets of all members in the running kernel, from the cache or from BTF, in an array
 * that the caller frees. */
int ebt_images_members(struct ebt_images *images, const struct ebt_image *image, uint32_t **out,
		       struct ebt_failure *failure);

#endif
