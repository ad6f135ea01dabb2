/* SPDX-License-Identifier: BSD-3-Clause */
/* replay_input.h - a recording that is read from standard input, a FIFO or an open descriptor */
#ifndef EBT_PROCESSES_REPLAY_REPLAY_INPUT_H
#define EBT_PROCESSES_REPLAY_REPLAY_INPUT_H

#include <stddef.h>

#include "processes/view/view.h"

/* Give the recording of -r as a file that can be searched. What cannot be searched is read to its end
 * and kept in an unnamed file of TMPDIR, /var/tmp or /tmp. *fd is then the caller's; it is -1 for a
 * regular file that is to be opened by its name. Return 0, or -errno with a sentence in why: -EINTR
 * if a signal came before the end. */
int ebt_replay_input_open(const struct ebt_view *view, int *fd, char *why, size_t why_len);

#endif
