/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * keeper.h - the process beside the view that writes the user's settings file and describes
 * executables. It has the view's user, no capabilities, and a system-call filter of its own, so
 * that a damaged executable can harm nothing else.
 */
#ifndef EBT_PROCESSES_KEEPER_KEEPER_H
#define EBT_PROCESSES_KEEPER_KEEPER_H

#include <stdbool.h>
#include <stddef.h>

#include "ipc/keeper_msg.h"

/* Answer requests on sock until the view closes its end; never returns. settings is the path of the
 * file to write, or NULL. With only_saves a request to describe a file ends the process. */
_Noreturn void ebt_keeper_run(int sock, const char *settings, bool only_saves);
/* Answer one request, a packet of len bytes. An invalid one gets -EBADMSG. */
void ebt_keeper_handle(const struct ebt_keeper_request *request, size_t len, const char *settings,
		       struct ebt_keeper_answer *answer);

#endif
