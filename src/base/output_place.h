/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * output_place.h - find the place of a file that a user named for output. Symbolic links of root and
 * of the user whom this process runs as are followed; a link of anybody else is refused, because it
 * could lead root to a file that its owner may not write.
 */
#ifndef EBT_BASE_OUTPUT_PLACE_H
#define EBT_BASE_OUTPUT_PLACE_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/* Where a file is or will be. Every link was followed while it was looked at, so that nobody can put
 * another one in its place: open the name with ebt_output_flags, relative to the directory. */
struct ebt_output_place {
	int dir; /* owned: O_PATH descriptor of the directory; -1: none */
	char name[NAME_MAX + 1];
	/* A link of /proc to an open file, as /dev/stdout leads to: it has no name to be replaced. */
	bool is_open_file;
};

/* Find the place of path, whose last component need not exist. Return 0, or -errno with a sentence
 * in why; then there is nothing to close. */
int ebt_output_find(struct ebt_output_place *place, const char *path, char *why, size_t why_len);
void ebt_output_close(struct ebt_output_place *place);

/* Return flags to open the name with, beside the access mode: O_NOFOLLOW where it may be no link. */
int ebt_output_flags(const struct ebt_output_place *place);
/* Write the path of the place without any link, for libraries that take no descriptor. Return 0, or
 * -errno if /proc does not tell it. */
int ebt_output_path(const struct ebt_output_place *place, char path[PATH_MAX]);
/* Return the permissions of the file that is there, or none if there is no regular file. */
mode_t ebt_output_mode(const struct ebt_output_place *place, mode_t none);

#endif
