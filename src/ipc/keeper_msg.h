/* SPDX-License-Identifier: BSD-3-Clause */
/* keeper_msg.h - messages between the view and the keeper, the process that writes the settings
 * file and describes executables
 *
 * Each message is one packet of a SOCK_SEQPACKET pair. */
#ifndef EBT_IPC_KEEPER_MSG_H
#define EBT_IPC_KEEPER_MSG_H

#include <stddef.h>
#include <stdint.h>

enum ebt_keeper_type {
	EBT_KEEPER_SAVE = 1, /* write the settings file */
	EBT_KEEPER_DESCRIBE, /* describe an executable in words */
};

/* bytes; enough for the longest settings file and more than PATH_MAX */
#define EBT_KEEPER_DATA 16384
#define EBT_KEEPER_TEXT 640 /* bytes of a description, with its NUL */

struct ebt_keeper_request {
	uint32_t type;	 /* enum ebt_keeper_type */
	uint32_t number; /* chosen by the view; the answer repeats it */
	int32_t pid;	 /* DESCRIBE: a process that may still run the file */
	uint32_t dev; /* DESCRIBE: device of the file as the kernel keeps it, major << 20 | minor */
	uint64_t ino; /* DESCRIBE: inode of the file */
	uint32_t len; /* used bytes of data; the packet ends after them */
	uint32_t reserved;
	char data[EBT_KEEPER_DATA]; /* SAVE: the settings; DESCRIBE: the file's path without NUL */
};

struct ebt_keeper_answer {
	uint32_t type, number;	    /* the same as in the request */
	int32_t error;		    /* 0 or -errno */
	char text[EBT_KEEPER_TEXT]; /* DESCRIBE: the description, or the reason why there is none */
};

/* Bytes of a request without its data. */
#define EBT_KEEPER_HEAD offsetof(struct ebt_keeper_request, data)

#endif
