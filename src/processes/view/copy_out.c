/* SPDX-License-Identifier: BSD-3-Clause */
#include "processes/view/copy_out.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/format.h"
#include "base/io.h"
#include "base/log.h"
#include "base/text.h"
#include "ui/core/ui.h"

void ebt_copy_out(struct ebt_ui *ui, struct ebt_term *term)
{
	char size[EBT_FMT_LEN], most[EBT_FMT_LEN];
	bool incomplete;
	struct ebt_bytes text = ebt_ui_copied(ui, &incomplete);
	int err = ebt_term_copy(term, text);

	ebt_fmt_bytes(size, text.len);
	if (!err)
		ebt_info("%s bytes sent to the clipboard%s; once more: a page to select", size,
			 incomplete ? ", arguments missing" : "");
	else if (err == -ENOTSUP)
		ebt_warn("TERM=%.20s has no clipboard; once more: a page to select",
			 getenv("TERM") ? getenv("TERM") : "");
	else if (err == -EMSGSIZE)
		ebt_warn("%s bytes, over %s, are too long for a clipboard; once more: a page", size,
			 ebt_fmt_bytes(most, EBT_COPY_MAX));
	else
		ebt_error("not copied: %s; once more: a page to select", strerror(-err));
	ebt_ui_touch(ui);
}

/* Return whether the user has ended the page: a line, or the end of the input. */
static bool copy_answered(void)
{
	struct pollfd in = { .fd = STDIN_FILENO, .events = POLLIN };
	char line[256];
	ssize_t n;

	if (poll(&in, 1, 0) <= 0)
		return false;
	n = read(STDIN_FILENO, line, sizeof(line));
	return n == 0 || (n < 0 && errno != EINTR && errno != EAGAIN) ||
	       (n > 0 && memchr(line, '\n', (size_t)n));
}

void ebt_copy_page(struct ebt_feed *feed, struct ebt_ui *ui, struct ebt_term *term)
{
	static const char end[] = "\n\n(Enter: back to execbig-top) ";
	_cleanup_buf_ struct ebt_buf page = { 0 };
	bool incomplete, more = true;

	/* JSON holds letters that a terminal must not get. A command line is safe and stays as it is. */
	ebt_buf_puts(&page, "\n");
	ebt_text_escape(&page, ebt_ui_copied(ui, &incomplete), 0);
	ebt_buf_append(&page, end, sizeof(end) - 1);
	if (page.error) {
		ebt_error("no page: there is no memory for it");
		return;
	}
	ebt_term_suspend(term);
	if (ebt_write_all(STDOUT_FILENO, page.data, page.len))
		more = false;
	while (more && !feed->view->ended) {
		int timeout_ms = feed->ops->timeout_ms(feed);

		more = feed->ops->wait(feed, STDIN_FILENO,
				       timeout_ms >= 0 && timeout_ms < 250 ? timeout_ms : 250);
		feed->ops->intake(feed);
		if (copy_answered())
			break;
	}
	ebt_term_resume(term);
	ebt_term_invalidate(term);
	ebt_ui_touch(ui);
}
