/* SPDX-License-Identifier: BSD-3-Clause */
/* saver_msg.h - messages between the view and the saver, the process that writes the files of the key W
 *
 * Each message is one packet of a SOCK_SEQPACKET pair. The saver answers OPEN and COMMIT, and anything
 * after which the file is given up. */
#ifndef EBT_IPC_SAVER_MSG_H
#define EBT_IPC_SAVER_MSG_H

#include <stddef.h>
#include <stdint.h>

enum ebt_saver_type {
	EBT_SAVER_OPEN = 1, /* begin a file; data is its path, without NUL */
	EBT_SAVER_REPLACE,  /* the same, and a file of this program's that is there is replaced */
	EBT_SAVER_DATA,	    /* bytes that follow */
	EBT_SAVER_COMMIT,   /* all are there: give the file its name */
	EBT_SAVER_ABORT,    /* forget the file */
};

#define EBT_SAVER_RECORDING 0x1 /* flag: what follows is frames (recording/frame.h) */

#define EBT_SAVER_DATA_MAX 32768
#define EBT_SAVER_TEXT	   320

struct ebt_saver_request {
	uint32_t type;	/* enum ebt_saver_type */
	uint32_t len;	/* used bytes of data; the packet ends after them */
	uint32_t flags; /* of OPEN and REPLACE */
	uint32_t reserved;
	char data[EBT_SAVER_DATA_MAX];
};

struct ebt_saver_answer {
	uint32_t type; /* of the request */
	int32_t error; /* 0, or -errno; -EEXIST: the file is there, and REPLACE would replace it */
	char text[EBT_SAVER_TEXT]; /* with an error: a sentence */
};

/* Bytes of a request without its data. */
#define EBT_SAVER_HEAD offsetof(struct ebt_saver_request, data)

#endif
