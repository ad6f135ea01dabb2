/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * excerpt.h - one exec of the history as a text for somebody else: the command line for a shell, and the
 * line of JSON that -J would have printed. Nothing is owned; the rows are borrowed from a snapshot.
 */
#ifndef EBT_EXCERPT_EXCERPT_H
#define EBT_EXCERPT_EXCERPT_H

#include <stdbool.h>

#include "base/bytes.h"
#include "decode/event.h"
#include "model/snapshot.h"

/* Return whether the row is an exec that was seen, so that it has an event. A process that ran before
 * tracing began has none, and neither has a row of process homeostasis. */
bool ebt_excerpt_is_exec(const struct ebt_row *row);
/* Make the event of such a row again. Its bytes are those of the row. */
void ebt_excerpt_exec(const struct ebt_row *row, struct ebt_event *ev);

/* Make the event of the exit again, if it was seen; return false if not. The command name and the user
 * are those of the exec. */
bool ebt_excerpt_exit(const struct ebt_row *row, struct ebt_event *ev);

/* Append the command line as a shell reads it (base/text.h); without arguments the path of the file, or
 * the command name. Of a row of homeostasis it is the sentence. 0 or -errno. */
int ebt_excerpt_command(const struct ebt_row *row, unsigned text_flags, struct ebt_buf *out);
/* Append the line of JSON, newline included, with the names that the model knows. 0, -EINVAL for a row
 * without an event, or -ENOMEM. */
int ebt_excerpt_json(const struct ebt_row *row, const struct ebt_model *names, struct ebt_buf *out);

#endif
