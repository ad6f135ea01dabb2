/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * ui.h - the view's state: which screen, what is selected, prompts and messages. Keys go in, a grid
 * of cells comes out; nothing here knows a terminal (src/ui/tui/term.h does).
 *
 * The application's loop:
 *
 *	wait for input, events or ebt_ui_timeout_ms()
 *	while (ebt_term_read(term, &in))         ebt_ui_input(ui, &in);
 *	while (ebt_ui_next_request(ui, &req))    do what is asked
 *	if (ebt_ui_timeout_ms(ui, now) == 0) {
 *		ebt_ui_set_status(ui, &status);
 *		ebt_ui_draw(ui, ebt_term_grid(term), now);
 *		ebt_term_paint(term);
 *	}
 *
 * Single-threaded. The ui borrows the model for its whole life and calls ebt_model_set_filter on
 * it; everything else it only reads.
 */
#ifndef EBT_UI_CORE_UI_H
#define EBT_UI_CORE_UI_H

#include <stdbool.h>
#include <stdint.h>

#include "base/log.h"
#include "config/choices.h"
#include "model/snapshot.h"
#include "ui/tui/grid.h"
#include "ui/tui/input.h"
#include "ui/tui/keys.h"

struct ebt_ui;
struct ebt_listing;  /* model/listing.h */
struct ebt_profiles; /* ui/screens/profiles.h */

/* Describes an executable for the details screen ("ELF 64-bit x86-64, build-id …"); text of the
 * callee, valid until its next call; NULL: unknown. It may hold foreign bytes: it is escaped. */
typedef const char *(*ebt_ui_describe_fn)(const struct ebt_row *row, void *arg);

struct ebt_settings;   /* ui/core/settings.h */
struct ebt_screen_ops; /* ui/core/screen_ops.h */

struct ebt_ui_options {
	/* EBT_SCREEN_MAX screens: ebt_ui_screens of ui/screens/registry.h. Borrowed for the ui's life. */
	const struct ebt_screen_ops *const *screens;
	bool unicode; /* UTF-8 locale and not --no-unicode */
	bool color;
	bool mouse;
	const struct ebt_settings *settings; /* NULL: the defaults. Copied. */
	uint32_t delay_ms; /* -d: time between frames of Top, Tree and Buffers; 0: 1000 */
	ebt_ui_describe_fn describe_exe; /* may be NULL */
	void *describe_arg;
};

#define EBT_UI_ALL UINT64_MAX

/* Filters, as texts; empty: none. */
enum ebt_ui_filter {
	EBT_UI_USER,
	EBT_UI_PIDS, /* 1,2,3 */
	EBT_UI_COMM,
	EBT_UI_MATCH,
	EBT_UI_CGROUP,
	EBT_UI_FILTERS,
};
#define EBT_UI_FILTER_LEN 512

/* What can be changed while it runs. */
struct ebt_ui_tuning {
	uint64_t scratch_bytes;	   /* a slot: EBT_SCRATCH_MIN … EBT_SCRATCH_MAX */
	uint64_t ring_bytes;	   /* power of two */
	uint64_t args_limit_bytes; /* EBT_UI_ALL: all */
	uint64_t env_limit_bytes;  /* 0: not read; EBT_UI_ALL: all */
	uint32_t poll_ms;
	bool failed; /* failed execs too */
	bool perf;   /* perf buffers in place of the ring */
	char filter[EBT_UI_FILTERS][EBT_UI_FILTER_LEN];
};

/* What the application knows and the screens show; set before a frame, borrowed until the next. All
 * texts may be NULL. They are escaped before they are shown. */
struct ebt_ui_status {
	const char *version;
	struct ebt_ui_tuning tuning;
	uint32_t generation;	     /* of the image that runs */
	unsigned ended_generations;  /* of those before, whose accounts were closed */
	unsigned broken_generations; /* of these, for which the accounting does not hold */
	bool compiling;		     /* a retune is on its way */
	uint64_t compiling_since_ns; /* CLOCK_MONOTONIC */
	bool loading;		     /* it is compiled: verified and loaded now */
	const char *refused;	     /* the last one was: a sentence; NULL: it was not */
	struct ebt_bytes refusal;    /* and the words of compiler or verifier */
	const char *transport;	     /* "ring", "perf", "file" */
	const char *headers;	     /* where kernel offsets come from: "BTF" */
	const char *kernel;	     /* release */
	const char *hooks;	     /* "exec exit fork" */
	const char *filters;   /* in the kernel or decoder, as options named them; NULL: none */
	const char *recording; /* file written to; NULL: none */
	uint64_t recorded_bytes;
	const char *replay;	  /* file read from; NULL: live */
	const char *replay_state; /* place and speed, shortly */
	uint64_t data_now_ns;	  /* time of what is shown; 0: now. Of a replay: the recording's */
	bool ended;		  /* of the replay or of the command: nothing more will come */
	const char *command;	  /* run with --; NULL: the whole machine */
	bool command_runs;	  /* to be asked about before the end */
	const char *advice[2];	  /* sentences; apply: EBT_REQ_RETUNE with advised */
	unsigned advice_count;
	struct ebt_ui_tuning advised;
	uint64_t bad_records; /* of the decoder */
};

enum ebt_ui_request_type {
	EBT_REQ_NONE,
	EBT_REQ_QUIT,
	EBT_REQ_QUIT_AND_KILL, /* the command is not to outlive the view */
	EBT_REQ_SUSPEND,       /* Ctrl-Z */
	EBT_REQ_REDRAW,	       /* Ctrl-L: the terminal lost its contents, ebt_term_invalidate */
	EBT_REQ_CLEAR,	       /* ebt_model_clear */
	EBT_REQ_SLOWER,	       /* of a replay; in the order of the actions */
	EBT_REQ_FASTER,
	EBT_REQ_SEEK_BACK,
	EBT_REQ_SEEK_ON,
	EBT_REQ_RETUNE,	 /* .tuning is wanted, as far as it differs from .shown */
	EBT_REQ_SAVE,	 /* write ebt_ui_settings(ui) to the user's file */
	EBT_REQ_LAB,	 /* the Lab is shown and has nothing: ebt_ui_set_lab */
	EBT_REQ_THEME,	 /* ebt_term_theme(term, ebt_ui_theme(ui)) */
	EBT_REQ_PROFILE, /* .profile, an enum ebt_profiles_act, for the selected profile */
};

struct ebt_ui_request {
	enum ebt_ui_request_type type;
	unsigned profile;
	struct ebt_ui_tuning shown, tuning;
};

/* -ENOMEM. */
int ebt_ui_new(struct ebt_ui **out, const struct ebt_ui_options *options, struct ebt_model *model);
void ebt_ui_free(struct ebt_ui **ui);

void ebt_ui_set_status(struct ebt_ui *ui, const struct ebt_ui_status *status);
/* Borrowed until the next call; NULL: none. */
void ebt_ui_set_lab(struct ebt_ui *ui, const struct ebt_listing *lab);

/* The screen Profiles, borrowed for the ui's life; without it there is no such screen. */
void ebt_ui_set_profiles(struct ebt_ui *ui, struct ebt_profiles *profiles);

void ebt_ui_input(struct ebt_ui *ui, const struct ebt_ui_input *input);
void ebt_ui_key(struct ebt_ui *ui, uint32_t key);
void ebt_ui_mouse(struct ebt_ui *ui, enum ebt_ui_mouse_type type, int x, int y);

/* Draws the whole grid. */
void ebt_ui_draw(struct ebt_ui *ui, struct ebt_grid *grid, uint64_t now_mono_ns);
/* Milliseconds until the next frame is due: 0 now; at most 1000. Cheap. */
int ebt_ui_timeout_ms(struct ebt_ui *ui, uint64_t now_mono_ns);
/* Makes the next frame due now (terminal resized, retune done). */
void ebt_ui_touch(struct ebt_ui *ui);

/* Takes the oldest request; false when there is none. */
bool ebt_ui_next_request(struct ebt_ui *ui, struct ebt_ui_request *request);

/* Shows a text in the message line for a while and keeps it in the list of messages (Buffers). Fits
 * ebt_log_set with arg = ui. */
void ebt_ui_message(enum ebt_log_level level, const char *text, void *ui);

/* As they are now, for EBT_REQ_SAVE; borrowed. */
const struct ebt_settings *ebt_ui_settings(const struct ebt_ui *ui);
/* Index for ebt_term_theme. */
unsigned ebt_ui_theme(const struct ebt_ui *ui);
enum ebt_ui_screen ebt_ui_current(const struct ebt_ui *ui);
bool ebt_ui_paused(const struct ebt_ui *ui);
/* When it is paused: what stands still is from now on what is there now. */
void ebt_ui_pause_again(struct ebt_ui *ui);

#endif
