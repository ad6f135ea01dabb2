/* SPDX-License-Identifier: BSD-3-Clause */
/* keeper_msg.h - what view and keeper say to each other: one packet of a SOCK_SEQPACKET pair each.
 */
#ifndef EBT_IPC_KEEPER_MSG_H
#define EBT_IPC_KEEPER_MSG_H

#include <limits.h>
#include <stdbool.h>
#include <stdint.h>

#include "ui/core/settings.h"

enum ebt_keeper_type { EBT_KEEPER_SAVE = 1, EBT_KEEPER_DESCRIBE };

#define EBT_KEEPER_TEXT 640

struct ebt_keeper_request {
	uint32_t type;
	uint32_t number; /* comes back in the answer */
	int32_t pid;	 /* DESCRIBE */
	uint32_t dev;	 /* as the kernel numbers devices: major << 20 | minor */
	uint64_t ino;
	uint32_t len; /* of data; the packet ends behind it */
	uint32_t reserved;
	char data[EBT_SETTINGS_MAX]; /* SAVE: settings; DESCRIBE: path, no NUL */
};

struct ebt_keeper_answer {
	uint32_t type;
	uint32_t number;
	int32_t error;
	char text[EBT_KEEPER_TEXT];
};

#define EBT_KEEPER_HEAD offsetof(struct ebt_keeper_request, data)

/* The keeper's life; never returns. */
_Noreturn void ebt_keeper_run(int sock, const char *settings, bool only_saves);
/* One request; for ebt_keeper_run and the tests. len: of the packet. */
void ebt_keeper_handle(const struct ebt_keeper_request *request, size_t len, const char *settings,
		       struct ebt_keeper_answer *answer);

#endif
