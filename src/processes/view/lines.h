/* SPDX-License-Identifier: BSD-3-Clause */
/* lines.h - the view without a screen: one line an event (-e, -J, --csv), or frames of text (-b). */
#ifndef EBT_PROCESSES_VIEW_LINES_H
#define EBT_PROCESSES_VIEW_LINES_H

#include <stdint.h>

#include "base/bytes.h"
#include "processes/view/feed.h"

/* Run a line mode over a feed until it ends, or -n is reached. Return an exit status. */
int ebt_lines_run(struct ebt_feed *feed);
/* Run -b over a feed likewise. */
int ebt_batch_run(struct ebt_feed *feed);

/* Write the accounts at the end of a line mode, as of now_ns. 0 or -errno. */
int ebt_lines_summary(struct ebt_view *v, uint64_t now_ns);
/* Write one frame of -b, as of now_ns; out is scratch space. 0 or -errno. */
int ebt_batch_write_frame(struct ebt_feed *feed, struct ebt_buf *out, uint64_t now_ns);
/* Return the time of the frame after that of last_ns. After a pause (Ctrl-Z, an output that nobody
 * read) it counts from now: the frames that were missed would all say the same. */
uint64_t ebt_batch_next_ns(uint64_t last_ns, uint64_t now_ns, uint64_t delay_ns);

#endif
