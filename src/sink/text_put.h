/* SPDX-License-Identifier: BSD-3-Clause */
/* text_put.h - parts that all lines of text share, for src/sink/ alone. */
#ifndef EBT_SINK_TEXT_PUT_H
#define EBT_SINK_TEXT_PUT_H

#include "sink/sink_format.h"

/* Return the EBT_TEXT_* flags that the options ask for. */
unsigned ebt_text_flags(const struct ebt_sink_options *o);
/* Append bytes of a traced process so that a terminal does not act on them; with --raw, as they
 * are. */
void ebt_text_put(struct ebt_buf *out, const struct ebt_sink_options *o, struct ebt_bytes text);
/* Append strings that end in NUL each, quoted as for a shell; with --raw, as they are with a blank
 * between them. */
void ebt_text_put_args(struct ebt_buf *out, const struct ebt_sink_options *o,
		       struct ebt_bytes args);
/* Append the file in parentheses when the arguments of an exec do not name it. */
void ebt_text_put_file(struct ebt_buf *out, const struct ebt_sink_options *o,
		       const struct ebt_event_exec *e);
/* Append the command line of an exec, which can be pasted into a shell, and what is missing. */
void ebt_text_put_command(struct ebt_buf *out, const struct ebt_sink_options *o,
			  const struct ebt_event_exec *e);
/* Return what is said of a cause of losses; static. */
const char *ebt_text_lost_cause(enum ebt_lost_cause cause);

#endif
