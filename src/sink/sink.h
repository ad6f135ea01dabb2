/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * sink.h - events as lines: text for people (-e), JSON (-J), CSV (--csv). One line an event,
 * written whole.
 */
#ifndef EBT_SINK_SINK_H
#define EBT_SINK_SINK_H

#include <stdbool.h>
#include <stdint.h>

#include "config/choices.h"
#include "decode/event.h"
#include "model/model.h"

struct ebt_sink;

struct ebt_sink_options {
	enum ebt_sink_format format;
	int fd;	     /* borrowed; written blocking, buffered up to 64 KiB, see ebt_sink_flush */
	bool header; /* text, CSV: column line first */
	bool ascii;  /* text: escape everything beyond ASCII */
	bool raw;    /* text: bytes as they are (for pipes) */
	int64_t mono_to_real_ns;
	/* Names for uid and cgroup id: ebt_model_user, ebt_model_cgroup. NULL: numbers only. */
	const struct ebt_model *names;
	/* Text, CSV: names of columns with commas between them (sink/columns.h); NULL: the usual
	 * ones. */
	const char *columns;
	unsigned char column[64]; /* EBT_SINK_COLUMNS_MAX; filled by ebt_sink_new from columns */
	unsigned column_count;
	/* ECS, OCSF: the machine. NULL: unknown. */
	const char *host, *machine_id, *boot_id, *kernel, *os;
};

int ebt_sink_new(struct ebt_sink **out, const struct ebt_sink_options *options);
/* Flushes first; NULL is fine. */
void ebt_sink_free(struct ebt_sink **sink);
/* Appends one event; writes when the buffer is full. 0 or -errno of write (-EPIPE: the reader is
 * gone), -ENOMEM. */
int ebt_sink_event(struct ebt_sink *sink, const struct ebt_event *ev);
int ebt_sink_flush(struct ebt_sink *sink);
/* The clock was stepped: later lines use this offset. */
void ebt_sink_set_clock(struct ebt_sink *sink, int64_t mono_to_real_ns);

#endif
