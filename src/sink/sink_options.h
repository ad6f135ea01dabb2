/* SPDX-License-Identifier: BSD-3-Clause */
/* sink_options.h - how events are printed as lines. */
#ifndef EBT_SINK_SINK_OPTIONS_H
#define EBT_SINK_SINK_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

#include "config/choices.h"
#include "model/model.h"

/* All pointers are borrowed for as long as the sink lives. */
struct ebt_sink_options {
	enum ebt_sink_format format;
	int fd; /* written blocking, in pieces of 64 KiB and by ebt_sink_flush; -1: ebt_sink_take */
	bool header;		       /* text, CSV: print the line of column names first */
	bool ascii;		       /* text: escape everything beyond ASCII */
	bool date;		       /* text: the default lines begin with date, time and zone */
	bool raw;		       /* text: print bytes as they are, for pipes */
	int64_t mono_to_real_ns;       /* to be added to CLOCK_MONOTONIC for CLOCK_REALTIME */
	const struct ebt_model *names; /* names of users and cgroups; NULL: print numbers only */
	/* Text, CSV: names of columns with commas between them (sink/columns.h). NULL: the default
	 * lines. */
	const char *columns;
	/* ECS, OCSF: the machine. NULL: unknown. */
	const char *host, *machine_id, *boot_id, *kernel, *os;
};

#endif
