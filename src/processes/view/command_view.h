/* SPDX-License-Identifier: BSD-3-Clause */
/* command_view.h - what the view knows of COMMAND beside a screen: its output, and who waits for
 * input */
#ifndef EBT_PROCESSES_VIEW_COMMAND_VIEW_H
#define EBT_PROCESSES_VIEW_COMMAND_VIEW_H

#include "base/bytes.h"
#include "ipc/command_output.h"
#include "ipc/protocol.h"

struct ebt_view;
struct ebt_ui_status;

/* Zero-initialised: there is no command. Owns the mapping and the copy. */
struct ebt_command_view {
	const struct ebt_command_output *shared; /* NULL: nothing is kept */
	struct ebt_buf copy;			 /* the newest bytes */
	uint64_t written;			 /* shared->written when the copy was made */
	char waiter[EBT_MSG_TEXT + 64];		 /* a sentence; empty: no program waits for input */
};

/* Map the memory that START came with; fd is borrowed, -1 for none. Return 0 or -errno. */
int ebt_command_view_open(struct ebt_command_view *c, int fd);
/* Take EBT_MSG_WAITER, and tell the user. */
void ebt_command_view_take_waiter(struct ebt_command_view *c, const struct ebt_msg *msg,
				  struct ebt_view *view);
/* Fill in output, output_bytes and waiter of *status, which borrows them until the next call. */
void ebt_command_view_fill(struct ebt_command_view *c, struct ebt_ui_status *status);
void ebt_command_view_free(struct ebt_command_view *c);

#endif
