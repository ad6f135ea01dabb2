/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * retune.h - change parameters and filters of a run: check the request, compile beside what runs,
 * swap the programs, and answer whoever asked. One retune is under way at a time.
 */
#ifndef EBT_PROCESSES_LOADER_RETUNE_H
#define EBT_PROCESSES_LOADER_RETUNE_H

#include "ipc/outbox.h"
#include "processes/loader/tracer.h"
#include "processes/loader/transport_handover.h"
#include "processes/loader/tune_socket.h"

#define EBT_QUIESCE_MS 500 /* how long programs may take to come to rest */

struct ebt_retune {
	struct ebt_tracer *tracer;   /* borrowed, as the next two */
	struct ebt_outbox *out;	     /* messages to the view */
	struct ebt_control *control; /* clients of `execbig-top tune` */
	uint32_t poll_ms;	     /* how often the view polls */
	struct ebt_held held;	     /* buffers that the view has not opened yet */

	/* The request under way. */
	bool building;		  /* the compiler runs */
	struct ebt_build build;	  /* while building */
	uint64_t built_ns;	  /* time the compiler took; 0: the image was cached */
	struct ebt_params wanted; /* parameters after the retune */
	struct ebt_filters wanted_filters;
	uint32_t wanted_poll_ms; /* 0: as it is */
	int asker;		 /* client of control that gets the answer; -1: the view */
};

/* Carry out a request of asker (a client of control, or -1 for the view): change to params and to
 * the filters and poll_ms of msg. With swaps, load new programs even if params are those that run.
 * The answer is sent now, or by ebt_retune_step. */
void ebt_retune_request(struct ebt_retune *r, const struct ebt_params *params, struct ebt_msg *msg,
			int asker, bool swaps);
/* Go on with a retune while r->building is true, without waiting. */
void ebt_retune_step(struct ebt_retune *r);
/* Tell asker which parameters and filters are in force. */
void ebt_retune_answer(struct ebt_retune *r, int asker, uint64_t took_ns);

#endif
