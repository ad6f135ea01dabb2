/* SPDX-License-Identifier: BSD-3-Clause */
/* cache.h - image files and offset tables that shorten the next start
 *
 * The directory belongs to the user who runs the program (root) and has mode 0700. An entry is used
 * only if it is a regular file of that owner, nobody else can write it, and its length, checksum
 * and key are right. Any other entry is made again, after a warning that says why. An entry is
 * written to a temporary file, which is then renamed. Entries belong to the owner of the directory.
 */
#ifndef EBT_IMAGE_CACHE_H
#define EBT_IMAGE_CACHE_H

#include <stdint.h>
#include <sys/types.h>

#include "base/bytes.h"
#include "image/image.h"

#define EBT_CACHE_DIR "/var/cache/execbig-top"

/* Open the directory, and create it if make is set. Return a descriptor that the caller owns;
 * -EPERM, with a sentence in why, if other users can write to it; or another -errno. */
int ebt_cache_open(const char *path, bool make, char *why, size_t why_len);

/* Open the directory of the images that came with the program, for reading. It must belong to root
 * or to `owner`, the owner of the program itself, and nobody else may be able to write to it.
 * Return the same as ebt_cache_open(). */
int ebt_cache_open_shipped(const char *path, uid_t owner, char *why, size_t why_len);

/* Load the image with that key. Return 0, -ENOENT if there is none, or -EBADMSG, with a sentence in
 * why, if the entry cannot be trusted. */
int ebt_cache_load_image(int dir, struct ebt_bytes key, struct ebt_image **out, char *why,
			 size_t why_len);
/* Store an image file, in the form that ebt_image_write() makes, under that key. Return 0 or
 * -errno. */
int ebt_cache_store_image(int dir, struct ebt_bytes key, struct ebt_bytes file);

/* Load the offsets of an image's members in the running kernel. They are kept under the kernel's
 * build id (/sys/kernel/notes) and the member paths. Return the same as ebt_cache_load_image(). */
int ebt_cache_load_members(int dir, const struct ebt_image *image, uint32_t *values, char *why,
			   size_t why_len);
int ebt_cache_store_members(int dir, const struct ebt_image *image, const uint32_t *values);

#endif
