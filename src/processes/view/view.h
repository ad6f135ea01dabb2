/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * view.h - the consumer of events: filters by name, the model, the sink of the line modes, the
 * recorder, and the messages for the user. It does not know where events come from; feeds call it.
 * One thread.
 */
#ifndef EBT_PROCESSES_VIEW_VIEW_H
#define EBT_PROCESSES_VIEW_VIEW_H

#include <stdbool.h>
#include <stdint.h>

#include "config/options.h"
#include "decode/event.h"
#include "model/model.h"
#include "processes/view/recorder.h"
#include "recording/machine_facts.h"
#include "event_filter/name_filters.h"
#include "event_filter/event_filter.h"
#include "sink/sink.h"

#define EBT_NOTICE_LEN 384

/* The latest sentence for the user of the screen. */
struct ebt_notice {
	char text[EBT_NOTICE_LEN];
	bool is_error;
	bool is_new; /* not shown yet */
};

/* Zero-initialised but for signals, which is -1 while there is none. Owns everything but options. */
struct ebt_view {
	const struct ebt_options *options;
	struct ebt_model *model;
	struct ebt_sink *sink;	       /* of the line modes; NULL: none */
	int out_fd;		       /* of lines and frames; borrowed */
	int sink_error;		       /* -errno of the sink: it gets no more */
	struct ebt_recorder *recorder; /* NULL: nothing is recorded */
	struct ebt_facts facts;	       /* of this machine, or of the recording */
	struct ebt_name_filters names;
	struct ebt_event_filter
		*event_filter; /* --filter in a line mode; NULL: everything passes */
	int64_t mono_to_real_ns;
	uint64_t start_ns; /* when tracing began, CLOCK_MONOTONIC */
	uint64_t events;   /* that passed the filters and count for -n */
	int signals;	   /* signalfd of INT, TERM, HUP and CONT */
	bool ended;	   /* it is time to finish: signal, end of the feed, closed output */
	bool command_ended;
	bool continued; /* SIGCONT came */
	struct ebt_notice notice;
};

/* Open the signalfd; SIGPIPE and SIGXFSZ become errors of write. 0 or -errno. */
int ebt_view_open_signals(struct ebt_view *v);
/* Act on the signals that wait. */
void ebt_view_take_signals(struct ebt_view *v);
/* Set --filter: for a screen or frames in the model, for lines as an event filter before the sink. 0 or -errno. */
int ebt_view_set_filter(struct ebt_view *v);
/* Give on what --filter could not decide before the end of the run. */
void ebt_view_finish_filter(struct ebt_view *v);
/* Open the sink of a line mode over fd, for the machine that the facts describe. 0 or -errno. */
int ebt_view_open_sink(struct ebt_view *v, int fd);
/* Return the output to poll without events for the end of its reader; -1: a screen, or it has ended. */
int ebt_view_reader_fd(const struct ebt_view *v);
/* Take what poll said of it: without a reader nothing more is printed, also if no event comes. */
void ebt_view_reader_polled(struct ebt_view *v, short revents);
/* Print no more because of -errno (0: nothing is wrong). The run ends, unless it writes files as well. */
void ebt_view_output_failed(struct ebt_view *v, int err);
/* Report an error of the output, and return the exit status. A reader that has gone (EPIPE) has had enough,
 * which is no error. */
int ebt_view_output_status(const struct ebt_view *v);
void ebt_view_free(struct ebt_view *v);

/* Give an exec, an exit or an event of homeostasis to model and sink, if the filters let it pass. */
void ebt_view_event(struct ebt_view *v, const struct ebt_event *ev);
/* Give a loss or a note to model and sink, whatever the filters say. */
void ebt_view_unfiltered(struct ebt_view *v, const struct ebt_event *ev);
/* Add a note: as an event, in the recording, and as a notice. */
void ebt_view_note(struct ebt_view *v, const char *text);
/* Set the notice that the screen shows next. */
void ebt_view_notice(struct ebt_view *v, bool is_error, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
/* Report the recorder's error: on the screen, or as a warning in the line modes. */
void ebt_view_report_recorder(struct ebt_view *v);
/* Report on standard error what the recorder could not write, when it has finished. */
void ebt_view_report_end(struct ebt_view *v);
/* Make wall-clock times by this offset from now on. */
void ebt_view_set_clock(struct ebt_view *v, int64_t mono_to_real_ns);

/* Return true when a line mode has shown as many events as -n asked for. */
static inline bool ebt_view_enough(const struct ebt_view *v)
{
	return v->sink && v->options->iterations && v->events >= v->options->iterations;
}

/* Return the size of the history: what was asked for, or little for lines, which are printed as they come
 * and need no rows of the past. */
size_t ebt_view_history_bytes(const struct ebt_options *options);

#endif
