/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * ring_reader.h - the way of an event into the view: take records from the transport, decode them,
 * give each event to the view and each record to the recorder. One thread.
 */
#ifndef EBT_PROCESSES_VIEW_RING_READER_H
#define EBT_PROCESSES_VIEW_RING_READER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "advice/advice.h"
#include "decode/decode.h"
#include "processes/keeper/user_names.h"
#include "processes/view/cgroup_lookup.h"
#include "processes/view/view.h"
#include "transport/transport.h"

/* What the present generation's events have needed, for advice on sizes. */
struct ebt_ring_demand {
	struct ebt_sizes sizes; /* of execs, as records */
	struct ebt_sizes slots; /* of execs, as the scratch slot that holds one in one piece */
	uint64_t peak_bytes;	/* most that waited in the ring */
};

/* Zero-initialised but for cgroups.sock. Owns everything but view. */
struct ebt_ring_reader {
	struct ebt_view *view;
	struct ebt_transport transport;
	uint32_t ring_bytes; /* as asked for: perf's buffers share them */
	struct ebt_decoder *decoder;
	struct ebt_cgroup_lookup cgroups;
	struct ebt_user_names *users; /* NULL: nobody to ask */
	bool users_changed;	      /* a moment ago: known names may be old */
	struct ebt_ring_demand demand;
	unsigned ncpu;
	/* Most that waited since the last status: of each CPU's own buffer, and in all. */
	uint64_t *cpu_peak;
	uint64_t ring_peak;
	int drain_error; /* -errno of the last drain, which has been reported */
	int fatal;	 /* -errno: events cannot be read any more, and the view ends */
};

/* Prepare for ncpu CPUs. 0 or -errno. */
int ebt_ring_reader_init(struct ebt_ring_reader *r, struct ebt_view *view, unsigned ncpu);
void ebt_ring_reader_free(struct ebt_ring_reader *r);
/* Read this transport from now on, which is taken over; the one before goes. */
void ebt_ring_reader_set_transport(struct ebt_ring_reader *r, struct ebt_transport *transport,
				   uint32_t ring_bytes);

/* Give the model the names of users that have come, waiting for each at most wait_ms. */
void ebt_ring_reader_take_users(struct ebt_ring_reader *r, int wait_ms);

/* Take in what waits, up to a few megabytes so that keys are looked at in between. Return the number
 * of records. */
int ebt_ring_reader_drain(struct ebt_ring_reader *r);
/* Take in all that waits now, but not for ever what comes meanwhile. */
void ebt_ring_reader_empty(struct ebt_ring_reader *r);
/* Give out events whose continuation has not come within max_age_ns before now_ns; 0: all. */
void ebt_ring_reader_flush(struct ebt_ring_reader *r, uint64_t now_ns, uint64_t max_age_ns);
/* End the view: what the programs send cannot be read. */
void ebt_ring_reader_give_up(struct ebt_ring_reader *r, int err);

#endif
