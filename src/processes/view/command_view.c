/* SPDX-License-Identifier: BSD-3-Clause */
#include "processes/view/command_view.h"

#include <errno.h>
#include <stdio.h>
#include <sys/mman.h>

#include "processes/view/view.h"
#include "ui/core/ui.h"

/* Some screens full. The kept bytes are many times as many, so that the command would have to write
 * most of a megabyte during the copy to garble it; the next frame would mend that. */
#define COPIED ((size_t)64 << 10)

int ebt_command_view_open(struct ebt_command_view *c, int fd)
{
	void *p = fd >= 0 ? mmap(NULL, sizeof(*c->shared), PROT_READ, MAP_SHARED, fd, 0) : NULL;

	if (p == MAP_FAILED)
		return -errno;
	c->shared = p;
	return 0;
}

void ebt_command_view_take_waiter(struct ebt_command_view *c, const struct ebt_msg *msg,
				  struct ebt_view *view)
{
	c->waiter[0] = '\0';
	if (!msg->value)
		return;
	snprintf(c->waiter, sizeof(c->waiter), "%.*s (process %d) waits for input",
		 EBT_MSG_TEXT - 1, msg->text, msg->value);
	ebt_view_notice(view, false, "%s and gets none beside the screen; o shows the output",
			c->waiter);
}

void ebt_command_view_fill(struct ebt_command_view *c, struct ebt_ui_status *status)
{
	uint64_t written = c->shared ? __atomic_load_n(&c->shared->written, __ATOMIC_ACQUIRE) : 0;
	size_t len = written < COPIED ? (size_t)written : COPIED;
	size_t at = (written - len) % EBT_COMMAND_OUTPUT_KEPT;
	size_t first = EBT_COMMAND_OUTPUT_KEPT - at < len ? EBT_COMMAND_OUTPUT_KEPT - at : len;

	if (written != c->written) {
		c->written = written;
		ebt_buf_reset(&c->copy);
		ebt_buf_append(&c->copy, c->shared->bytes + at, first);
		ebt_buf_append(&c->copy, c->shared->bytes, len - first);
	}
	status->output = (struct ebt_bytes){ c->copy.data, c->copy.len };
	status->output_bytes = written;
	status->waiter = *c->waiter ? c->waiter : NULL;
}

void ebt_command_view_free(struct ebt_command_view *c)
{
	if (c->shared)
		munmap((void *)c->shared, sizeof(*c->shared));
	ebt_buf_free(&c->copy);
	*c = (struct ebt_command_view){ 0 };
}
