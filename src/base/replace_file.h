/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * replace_file.h - replace a file as a whole: a reader sees the old contents or the new ones, never
 * a part. The new contents go to a temporary file beside it, which is then renamed. A symbolic link
 * of the name is replaced, not followed; callers that must not do that ask ebt_not_a_file first.
 */
#ifndef EBT_BASE_REPLACE_FILE_H
#define EBT_BASE_REPLACE_FILE_H

#include <limits.h>
#include <sys/types.h>

#include "base/bytes.h"

enum {
	EBT_REPLACE_SYNC = 0x1, /* fsync the file before the rename: a crash keeps one of both */
	EBT_REPLACE_SYNC_DIR = 0x2,   /* fsync the directory: the rename survives a crash, too */
	EBT_REPLACE_EXACT_MODE = 0x4, /* give the file this mode, whatever the umask */
	EBT_REPLACE_UNLINK = 0x8,     /* remove a leftover of the temporary file's own name */
};

struct ebt_replace_options {
	mode_t mode;	    /* of the new file */
	unsigned flags;	    /* EBT_REPLACE_… */
	const char *suffix; /* of the temporary file's name; NULL: ".PID.tmp" */
};

/* A replacement that has begun. Zero-initialise it. */
struct ebt_replacement {
	int dir;	  /* borrowed: a directory's descriptor or AT_FDCWD */
	const char *name; /* borrowed */
	struct ebt_replace_options options;
	int fd; /* owned: the temporary file, to be written to; -1 when the replacement is over */
	char temp[PATH_MAX];
};

/* Create the temporary file for name in dir. Return 0, or -errno; then nothing is left behind. */
int ebt_replace_begin(struct ebt_replacement *r, int dir, const char *name,
		      const struct ebt_replace_options *options);
/* Put the temporary file in the place of the file and close it. Return 0 or -errno; after an error
 * the temporary file is gone. (If only the directory cannot be synced, the file is replaced.) */
int ebt_replace_commit(struct ebt_replacement *r);
/* Do the same but leave the file open in *fd, which is then the caller's. */
int ebt_replace_commit_open(struct ebt_replacement *r, int *fd);
/* Remove the temporary file. */
void ebt_replace_abort(struct ebt_replacement *r);

/* Remove the temporary files ".PID.tmp" that runs which were killed have left beside name in dir, or of
 * every file in dir itself if name is NULL. A running replacement holds a lock on its file, so that
 * it keeps it; files of other users stay, too. */
void ebt_replace_clean(int dir, const char *name);

/* Replace name in dir with data: all of the above. Return 0 or -errno. */
int ebt_replace_file(int dir, const char *name, struct ebt_bytes data,
		     const struct ebt_replace_options *options);

#endif
