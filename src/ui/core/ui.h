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

#include "base/bytes.h"
#include "base/log.h"
#include "config/choices.h"
#include "model/snapshot.h"
#include "ui/tui/grid.h"
#include "ui/tui/input.h"
#include "ui/tui/keys.h"
#include "ui/tui/widget.h"

struct ebt_ui;
struct ebt_listing;  /* model/listing.h */
struct ebt_profiles; /* ui/screens/profiles.h */

/* Describe an executable for the details screen ("ELF 64-bit x86-64, build-id …"). The text belongs
 * to the callee and is valid until its next call; NULL means unknown. It may contain foreign bytes
 * and is escaped. */
typedef const char *(*ebt_ui_describe_fn)(const struct ebt_row *row, void *arg);

struct ebt_settings;   /* ui/core/settings.h */
struct ebt_screen_ops; /* ui/core/screen_ops.h */

struct ebt_ui_options {
	/* EBT_SCREEN_MAX screens: ebt_ui_screens of ui/screens/registry.h. Borrowed for the life of
	 * the ui. */
	const struct ebt_screen_ops *const *screens;
	bool unicode; /* UTF-8 locale and not --no-unicode */
	bool color;
	bool mouse;
	const struct ebt_settings *settings; /* copied; NULL for the defaults */
	uint32_t delay_ms; /* -d: time between frames of Top, Tree and Buffers; 0 means 1000 */
	ebt_ui_describe_fn describe_exe; /* may be NULL */
	void *describe_arg;
};

#define EBT_UI_ALL UINT64_MAX

/* Filters as texts; empty for none. */
enum ebt_ui_filter {
	EBT_UI_USER,
	EBT_UI_PIDS, /* such as 1,2,3 */
	EBT_UI_COMM,
	EBT_UI_MATCH,
	EBT_UI_CGROUP,
	EBT_UI_FILTERS,
};
#define EBT_UI_FILTER_LEN 512

/* Settings that can be changed during a run. */
struct ebt_ui_tuning {
	uint64_t scratch_bytes;	   /* bytes of a slot, EBT_SCRATCH_MIN to EBT_SCRATCH_MAX */
	uint64_t ring_bytes;	   /* a power of two */
	uint64_t args_limit_bytes; /* EBT_UI_ALL for no limit */
	uint64_t env_limit_bytes;  /* 0 does not read it; EBT_UI_ALL for no limit */
	uint32_t poll_ms;
	bool failed; /* record failed execs as well */
	bool perf;   /* use perf buffers instead of the ring */
	char filter[EBT_UI_FILTERS][EBT_UI_FILTER_LEN];
};

/* Data of the application that the screens show; set before a frame and borrowed until the next.
 * All texts may be NULL. They are escaped before they are shown. */
struct ebt_ui_status {
	const char *version;
	struct ebt_ui_tuning tuning;
	uint32_t generation;	    /* of the running image */
	unsigned ended_generations; /* number of earlier generations whose accounting was closed */
	/* number of these for which the accounting rule does not hold */
	unsigned broken_generations;
	bool compiling;		     /* a retune is in progress */
	uint64_t compiling_since_ns; /* CLOCK_MONOTONIC */
	/* compiling has ended; the programs are being verified and loaded */
	bool loading;
	/* why the last retune was refused, as a sentence; NULL if it was not */
	const char *refused;
	struct ebt_bytes refusal; /* and the output of compiler or verifier */
	const char *transport;	  /* "ring", "perf", "file" */
	const char *offsets;	  /* source of the kernel's offsets, such as "BTF" */
	const char *kernel;	  /* release of the kernel */
	const char *hooks;	  /* what is attached, such as "exec exit rename" */
	const char *filters;	  /* in the kernel or decoder, as options; NULL if there are none */
	const char *recording;	  /* file being written; NULL if there is none */
	uint64_t recorded_bytes;
	const char *replay;	  /* file being read; NULL in a live run */
	const char *replay_state; /* position and speed in short */
	/* time of the contents; 0 for now. In a replay it is the recording's. */
	uint64_t data_now_ns;
	/* the replay or the command has ended, so nothing more will arrive */
	bool ended;
	const char *command; /* command after --; NULL for the whole machine */
	bool command_runs;   /* to be asked about before the end */
	/* the newest bytes that the command has written, as they are, and the number of all */
	struct ebt_bytes output;
	uint64_t output_bytes;
	const char *waiter;    /* such as "sh (123) waits for input"; NULL if no program does */
	const char *advice[2]; /* sentences; applying them is EBT_REQ_RETUNE with advised */
	unsigned advice_count;
	struct ebt_ui_tuning advised;
	uint64_t bad_records; /* of the decoder */
};

enum ebt_ui_request_type {
	EBT_REQ_NONE,
	EBT_REQ_QUIT,
	EBT_REQ_QUIT_AND_KILL, /* the command is not to outlive the view */
	EBT_REQ_SUSPEND,       /* Ctrl-Z */
	/* Ctrl-L, because the terminal lost its contents: ebt_term_invalidate() */
	EBT_REQ_REDRAW,
	EBT_REQ_CLEAR,	/* ebt_model_clear() */
	EBT_REQ_SLOWER, /* of a replay; in the order of the actions */
	EBT_REQ_FASTER,
	EBT_REQ_SEEK_BACK,
	EBT_REQ_SEEK_ON,
	EBT_REQ_RETUNE,	    /* apply .tuning as far as it differs from .shown */
	EBT_REQ_SAVE,	    /* write ebt_ui_settings(ui) to the user's file */
	EBT_REQ_LAB,	    /* the Lab is shown and empty: ebt_ui_set_lab() */
	EBT_REQ_THEME,	    /* ebt_term_theme(term, ebt_ui_theme(ui)) */
	EBT_REQ_COPY,	    /* send ebt_ui_copied() to the terminal's clipboard */
	EBT_REQ_PAGE,	    /* show ebt_ui_copied() to be selected, without the screen */
	EBT_REQ_SAVE_EXECS, /* write .save; ebt_ui_save_answer() says what came of it */
	EBT_REQ_PROFILE,    /* .profile, an enum ebt_profiles_act, for the selected profile */
};

/* A file of execs to be written. */
struct ebt_ui_save {
	enum ebt_sink_format format; /* JSON or CSV, if it is no recording */
	bool recording;
	bool whole;	   /* the whole history, not only what the filters let pass */
	bool replace;	   /* the user wants a file that is there to be replaced */
	uint64_t until_id; /* newest row; 0: all */
	char path[EBT_PROMPT_MAX];
};

struct ebt_ui_request {
	struct ebt_ui_save save;
	enum ebt_ui_request_type type;
	unsigned profile;
	struct ebt_ui_tuning shown, tuning;
};

/* Create a ui. Return 0 or -ENOMEM. */
int ebt_ui_new(struct ebt_ui **out, const struct ebt_ui_options *options, struct ebt_model *model);
void ebt_ui_free(struct ebt_ui **ui);

void ebt_ui_set_status(struct ebt_ui *ui, const struct ebt_ui_status *status);
/* The contents are borrowed until the next call; NULL for none. */
void ebt_ui_set_lab(struct ebt_ui *ui, const struct ebt_listing *lab);

/* The Profiles screen, borrowed for the life of the ui; without it there is no such screen. */
void ebt_ui_set_profiles(struct ebt_ui *ui, struct ebt_profiles *profiles);

void ebt_ui_input(struct ebt_ui *ui, const struct ebt_ui_input *input);
void ebt_ui_key(struct ebt_ui *ui, uint32_t key);
void ebt_ui_mouse(struct ebt_ui *ui, enum ebt_ui_mouse_type type, int x, int y);

/* Draw the whole grid. */
void ebt_ui_draw(struct ebt_ui *ui, struct ebt_grid *grid, uint64_t now_mono_ns);
/* Return the milliseconds until the next frame is due, 0 for now, at most 1000. It is cheap. */
int ebt_ui_timeout_ms(struct ebt_ui *ui, uint64_t now_mono_ns);
/* Make the next frame due now, after a change of the terminal's size or a retune. */
void ebt_ui_touch(struct ebt_ui *ui);

/* Get the oldest request. Return false if there is none. */
bool ebt_ui_next_request(struct ebt_ui *ui, struct ebt_ui_request *request);

/* Show a text in the message line for a while and keep it in the list of messages (Buffers). It
 * fits ebt_log_set() with arg = ui. */
void ebt_ui_message(enum ebt_log_level level, const char *text, void *ui);

/* Return the text that was copied last, borrowed until the next key, and whether it lacks arguments. A
 * command line is safe to show; JSON is not. */
struct ebt_bytes ebt_ui_copied(const struct ebt_ui *ui, bool *incomplete);
/* Tell whether the file of EBT_REQ_SAVE_EXECS could be begun: err is 0 or -errno, with a sentence; after
 * -EEXIST the user is asked whether it may be replaced. The prompt stays until then, with its text. */
void ebt_ui_save_answer(struct ebt_ui *ui, int err, const char *text);
/* Return the present settings, borrowed, for EBT_REQ_SAVE. */
const struct ebt_settings *ebt_ui_settings(const struct ebt_ui *ui);
/* Return the index for ebt_term_theme(). */
unsigned ebt_ui_theme(const struct ebt_ui *ui);
enum ebt_ui_screen ebt_ui_current(const struct ebt_ui *ui);
bool ebt_ui_paused(const struct ebt_ui *ui);
/* If the view is paused, pause again with the present contents. */
void ebt_ui_pause_again(struct ebt_ui *ui);

#endif
