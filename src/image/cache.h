/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * cache.h - files that spare work at the next start: images and offset tables.
 *
 * The directory belongs to the user we run as (root) with mode 0700; an entry is only used when it
 * is a regular file of that owner, not writable by others, of the length, checksum and key it
 * should have. Entries belong to the owner of their directory. Anything else means "make it anew",
 * with a warning that says why. Entries are written to a temporary file and renamed.
 */
#ifndef EBT_IMAGE_CACHE_H
#define EBT_IMAGE_CACHE_H

#include <stdint.h>
#include <sys/types.h>

#include "base/bytes.h"
#include "image/image.h"

#define EBT_CACHE_DIR "/var/cache/execbig-top"

/* Opens (creates, when make) the directory. Gives an fd that the caller owns, or -errno: -EPERM
 * when it is not ours alone. why gets a sentence. */
int ebt_cache_open(const char *path, bool make, char *why, size_t why_len);

/* Images that came with the program, only read: the directory must belong to root or to `owner` (of
 * the program itself: who may write that needs no image to be root), and be writable by nobody
 * else. Same results. */
int ebt_cache_open_shipped(const char *path, uid_t owner, char *why, size_t why_len);

/* The image whose key material is `key`. 0; -ENOENT: none; -EBADMSG: refused, why says so. */
int ebt_cache_load_image(int dir, struct ebt_bytes key, struct ebt_image **out, char *why,
			 size_t why_len);
/* file: an image file (ebt_image_write's form). */
int ebt_cache_store_image(int dir, struct ebt_bytes key, struct ebt_bytes file);

/* Offsets of an image's members in the running kernel, kept under the kernel's build id
 * (/sys/kernel/notes) and the member paths. Same results. */
int ebt_cache_load_members(int dir, const struct ebt_image *image, uint32_t *values, char *why,
			   size_t why_len);
int ebt_cache_store_members(int dir, const struct ebt_image *image, const uint32_t *values);

#endif
