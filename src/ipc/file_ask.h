/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * file_ask.h - ask the file reader, a small process beside an export, about files that a recording
 * names. One packet a question over a socket pair of SOCK_SEQPACKET, answered in order.
 */
#ifndef EBT_IPC_FILE_ASK_H
#define EBT_IPC_FILE_ASK_H

#include <limits.h>
#include <stddef.h>
#include <stdint.h>

enum ebt_file_question {
	EBT_FILE_EXISTS = 1,
	EBT_FILE_OPEN = 2,
	EBT_FILE_OPEN_NAMED = 3, /* a file that the user named on the command line */
};

struct ebt_file_request {
	uint32_t question; /* enum ebt_file_question */
	/* For EBT_FILE_OPEN: the user who used the file; it is only opened if he could read it. */
	uint32_t uid;
	/* Ended by NUL; only that much of it is sent. A relative path starts where the export was
	 * started. */
	char path[PATH_MAX];
};

/* 0, or -errno; with EBT_FILE_OPEN and 0 a descriptor to read from comes as SCM_RIGHTS. */
struct ebt_file_answer {
	int32_t error;
};

#define EBT_FILE_REQUEST_HEAD offsetof(struct ebt_file_request, path)

/* Ask whether path exists, following links. Return 0, -ENOENT or another -errno. */
int ebt_file_ask_exists(int sock, const char *path);
/* Ask for the regular file at path, which user uid must be able to read. Return a descriptor that
 * the caller closes, or -errno. */
int ebt_file_ask_open(int sock, const char *path, uint32_t uid);
/* Do the same for a file that the user has named, whose owner does not matter. */
int ebt_file_ask_open_named(int sock, const char *path);

#endif
