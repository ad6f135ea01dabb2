/* SPDX-License-Identifier: BSD-3-Clause */
/* view_internal.h - the view's state, shared by view_run.c (set-up, intake), lines.c (batch and
 * lines), live_screen.c. */
#ifndef EBT_PROCESSES_VIEW_VIEW_INTERNAL_H
#define EBT_PROCESSES_VIEW_VIEW_INTERNAL_H

#include <stdbool.h>
#include <stdint.h>

#include "config/options.h"
#include "decode/decode.h"
#include "ipc/protocol.h"
#include "model/advice.h"
#include "model/model.h"
#include "processes/view/homeo_view.h"
#include "processes/view/name_filters.h"
#include "processes/view/recorder.h"
#include "processes/view/transport_handover.h"
#include "processes/view/user_settings.h"
#include "recording/machine_facts.h"
#include "sink/sink.h"
#include "transport/transport.h"

struct ebt_view {
	const struct ebt_options *options;
	int sock, query_sock;
	uint64_t no_cgroup[64];	  /* ids that nobody could name: not asked for again, by id */
	uint64_t cgroups_busy_ns; /* when a question for a name was not answered, 0: it was */
	int signals;		  /* signalfd: INT TERM HUP CONT */
	struct ebt_transport transport;
	struct ebt_handover handover; /* of the transport that is being sent */
	struct ebt_decoder *decoder;
	struct ebt_model *model;
	struct ebt_sink *sink;	       /* line modes */
	int out_fd;		       /* of lines and frames */
	struct ebt_recorder *recorder; /* NULL: nothing is recorded */
	struct ebt_playback *playback; /* NULL: live */
	struct ebt_homeo_view *homeo;  /* NULL: without --homeostasis */
	struct ebt_facts facts;	       /* of this machine, or of the recording */
	struct ebt_kept kept;	       /* settings; with a terminal only */
	bool names_pids;	       /* the events' process ids are those here too */
	uint64_t reaped_ns;	       /* ebt_reap_processes */
	int64_t mono_to_real_ns;
	uint64_t slept_ns; /* ebt_clock_slept_ns when that was so */

	const struct ebt_status *status; /* shared with the loader */
	size_t status_bytes;
	unsigned ncpu;
	struct ebt_cpu_counters *last; /* a CPU: as of the last LOST events */
	uint64_t *received, *gaps;     /* a CPU, for ebt_model_buffers */

	struct ebt_params params; /* what runs now */
	uint32_t generation;
	bool *renewed;	     /* a CPU: and nothing has come from it since */
	uint64_t *cpu_peak;  /* a CPU: most that waited in its own buffer since the last status */
	uint64_t ring_peak;  /* most that waited in all since then */
	uint64_t *closed[2]; /* a CPU: received when the last even or odd generation ended */
	unsigned ended_generations, broken_generations; /* that ended; that broke the law */
	struct ebt_filters filters;
	struct ebt_name_filters names; /* -c and -m, when they are not those of the options */
	struct ebt_name_filters
		names_next;	 /* while names change: of what began at names_since_ns */
	uint64_t names_since_ns; /* or later; 0: they do not change */
	uint32_t poll_ms;	 /* 0: as the options say */
	uint64_t start_ns, start_took_ns, compile_ns;

	uint64_t events; /* that passed the display filters */
	uint64_t last_status_ns;
	bool asked;	    /* a status is on its way */
	bool stopped;	    /* the loader has detached; what is in the ring is all */
	int final_counters; /* then: of the last generation, -1: not known */
	int unread;	    /* -errno: events cannot be read any more, the view gives up */
	int drain_error;    /* -errno of the last look at the buffers, which has been told */
	bool ended;	    /* time to finish: signal, command over, loader asks, output closed */
	bool loader_gone;   /* nobody answers any more */
	bool expected_end;  /* and it said so before */
	bool lost_loader;   /* it did not: killed */
	bool command_ended;
	bool continued; /* SIGCONT came */
	int sink_error;

	/* advice: since the generation that runs came */
	struct ebt_sizes sizes, slots; /* of execs: records, and what holds them in one piece */
	struct ebt_advice advice;
	uint64_t advised_lost, advised_cut, advised_ns;
	uint64_t advised_peak; /* most that waited in the ring, as a part of params.ring_bytes */
	bool auto_full;	       /* --auto has said that its limit is reached */
	bool auto_asked;       /* the retune under way is its own */
	bool auto_refused;     /* and was refused: not tried again before another generation */

	/* retune */
	bool retuning;
	enum ebt_progress progress; /* of it */
	uint64_t retune_since_ns;
	char notice[EBT_MSG_TEXT + 128]; /* last news of a retune, "" none */
	bool notice_is_error;
	bool notice_new;
	bool lab_new;	   /* the loader has answered: */
	int lab_fd;	   /* contents of the Lab, -1: none */
	char lab_why[256]; /* and why */
	/* The last refusal: a sentence, "" none since the last swap; the compiler's or verifier's
	 * words, in full. */
	char refused[EBT_MSG_TEXT];
	struct ebt_buf refusal;
};

/* Takes everything that waits: records, messages, signals. */
void ebt_view_intake(struct ebt_view *v);
/* Records only; 0 when the ring was empty. */
int ebt_view_drain(struct ebt_view *v);
/* All that waits now, and not for ever what comes meanwhile. */
void ebt_view_empty(struct ebt_view *v);
/* Ends the view, which fails: what the programs send cannot be had. */
void ebt_view_give_up(struct ebt_view *v, int err);
/* The loader may let go of the buffers that it keeps for us. */
void ebt_view_tell_taken(struct ebt_view *v, uint32_t generation);
/* Asks the loader for fresh counters, unless one is on its way. */
void ebt_view_ask_status(struct ebt_view *v);
/* A note: among the events, and in the message line. */
void ebt_view_note(struct ebt_view *v, const char *text);
/* A CPU's perf buffer goes when the CPU does, and does not come back with it: all get new ones.
 * False: not asked for, a retune is under way or there are none. */
bool ebt_view_renew(struct ebt_view *v, const char *why);
/* Times of day after the machine was suspended. */
void ebt_view_follow_sleep(struct ebt_view *v);
/* From here on that is what makes a time of day. */
void ebt_view_set_clock(struct ebt_view *v, int64_t mono_to_real_ns);
/* A generation has ended, all it sent was taken in: does the law hold for it? counters: file with
 * what it counted, -1: not known. */
void ebt_view_close_generation(struct ebt_view *v, int counters);
/* Messages of the loader. */
void ebt_view_swapped(struct ebt_view *v, const struct ebt_msg *msg, int fds[EBT_MSG_FDS]);
void ebt_view_filtered(struct ebt_view *v, const struct ebt_msg *msg);
void ebt_view_refused(struct ebt_view *v, const struct ebt_msg *msg, int words);
void ebt_view_progress(struct ebt_view *v, enum ebt_progress progress);
/* How full the buffers have become, before they are emptied. */
void ebt_view_note_peaks(struct ebt_view *v);

/* What runs, as the setup screen shows it; and a request for what the user has there otherwise than
 * what was shown (its refusal is a notice). */
void ebt_view_tuning(const struct ebt_view *v, struct ebt_ui_tuning *out);
void ebt_view_retune(struct ebt_view *v, const struct ebt_ui_tuning *shown,
		     const struct ebt_ui_tuning *wanted);

/* How often the ring is looked at. */
static inline int ebt_view_poll_ms(const struct ebt_view *v)
{
	return (int)(v->poll_ms ? v->poll_ms : v->options->poll_ms);
}

/* The time to the next look at the ring: --poll; at the start, when somebody waits for the first
 * exec, half of what has passed. */
int ebt_view_look_ms(const struct ebt_view *v);

/* Stops the loader's programs, takes what is left, gives out what is incomplete. */
void ebt_view_finish(struct ebt_view *v);
/* Sleeps until a message, a signal, an early wake-up of the ring, input on extra_fd (-1: none) or
 * the time is over. False when the loader has hung up. */
bool ebt_view_wait(struct ebt_view *v, int extra_fd, int timeout_ms);

/* Line modes: as many events as -n asked for are out. */
static inline bool ebt_view_enough(const struct ebt_view *v)
{
	return v->sink && v->options->iterations && v->events >= v->options->iterations;
}

int ebt_view_open_signals(struct ebt_view *v);
void ebt_view_free(struct ebt_view *v);
/* The file of lines to write (line modes) and what is known of the machine. */
int ebt_view_open_sink(struct ebt_view *v, int fd);
/* Gives an event, a loss or a note to model and sink. */
void ebt_view_event(struct ebt_view *v, const struct ebt_event *ev);
/* The same for an event of this machine: it is recorded too, and counts for the advice. */
void ebt_view_traced(struct ebt_view *v, const struct ebt_event *ev);
/* Line modes: the accounts at the end. */
int ebt_view_summary(struct ebt_view *v, uint64_t now_ns);
/* One frame of -b, as of now_ns. */
int ebt_view_frame(struct ebt_view *v, struct ebt_buf *out, uint64_t now_ns);

int ebt_view_lines(struct ebt_view *v);
int ebt_view_batch(struct ebt_view *v);
int ebt_view_live(struct ebt_view *v);

#endif
