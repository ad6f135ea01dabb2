/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * inherited.h - the descriptors above 2 that the caller of execbig-top had open. They may lead to
 * files that no process of ours may have, so they are noted before anything else is opened; COMMAND
 * alone gets them all, and a process that opens /dev/fd/N gets N.
 */
#ifndef EBT_CONFINE_INHERITED_H
#define EBT_CONFINE_INHERITED_H

/* Zero-initialise it. */
struct ebt_inherited {
	int *fds; /* owned: count descriptors, ascending */
	unsigned count;
};

/* Note every open descriptor above 2 and mark it close-on-exec. Must be the first thing that a
 * program does. Return 0 or -ENOMEM. */
int ebt_inherited_mark(struct ebt_inherited *in);
/* Forget the descriptors, which stay open. */
void ebt_inherited_free(struct ebt_inherited *in);

/* Free such a list when it goes out of scope. */
#define _cleanup_inherited_ __attribute__((cleanup(ebt_inherited_free)))

/* Return N if path is /dev/fd/N or /proc/self/fd/N and N was inherited or is at most 2, 0 to 2 for
 * /dev/stdin, /dev/stdout and /dev/stderr, and -1 for any other path and NULL. */
int ebt_inherited_named(const struct ebt_inherited *in, const char *path);
/* Do the same for a file to be written or read, where "-" is standard output or input. */
int ebt_inherited_output(const struct ebt_inherited *in, const char *path);
int ebt_inherited_input(const struct ebt_inherited *in, const char *path);

#endif
