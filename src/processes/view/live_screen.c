/* SPDX-License-Identifier: BSD-3-Clause */
/* live_screen.c - the view on a terminal. */
#include <errno.h>
#include <langinfo.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/clock.h"
#include "base/format.h"
#include "base/log.h"
#include "confine/sandbox.h"
#include "processes/replay/replay_feed.h"
#include "processes/view/lab_view.h"
#include "processes/view/view_internal.h"
#include "ui/core/settings.h"
#include "ui/core/ui.h"
#include "ui/screens/registry.h"
#include "ui/tui/term.h"

#define SEEK_NS 10000000000ll /* a key's step in a replay */

struct live {
	struct ebt_view *v;
	struct ebt_ui *ui;
	struct ebt_term *term;
	struct ebt_settings settings;
	struct utsname uts;
	struct ebt_ui_status status; /* the ui borrows it */
	char filters[256], replay_state[64];
	struct ebt_lab_view lab;
	bool quit, terminal_gone;
};

static bool want_color(const struct ebt_options *o)
{
	const char *no_color = getenv("NO_COLOR");

	return !o->no_color && !(no_color && *no_color);
}

static int open_screen(struct live *l)
{
	const struct ebt_options *o = l->v->options;
	bool unicode = !o->no_unicode && strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
	struct ebt_ui_options uo = { .unicode = unicode,
				     .color = want_color(o),
				     .mouse = !o->no_mouse,
				     .screens = ebt_ui_screens,
				     .settings = &l->settings,
				     .describe_exe = l->v->kept.keeper && !l->v->playback
							     ? ebt_keeper_describe
							     : NULL,
				     .describe_arg = l->v->kept.keeper,
				     .delay_ms = (uint32_t)(o->delay_ns / 1000000) };
	struct ebt_term_options to = { .in_fd = STDIN_FILENO,
				       .out_fd = STDOUT_FILENO,
				       .color = uo.color,
				       .mouse = uo.mouse,
				       .unicode = unicode };
	char why[256] = "";
	int err = ebt_ui_new(&l->ui, &uo, l->v->model);

	if (err)
		return err;
	to.theme = ebt_ui_theme(l->ui);
	err = ebt_term_new(&l->term, &to, why, sizeof(why));
	if (err)
		ebt_error("%s; -b, -e and -J work on any output",
			  *why ? why : "the terminal cannot be used");
	return err;
}

static void set_replay_status(struct live *l)
{
	const struct ebt_playback *pb = l->v->playback;
	const char *kernel = ebt_facts_get(&l->v->facts, "kernel");
	char clock[EBT_FMT_LEN];

	l->status.data_now_ns = ebt_playback_now_ns(pb);
	ebt_fmt_clock(clock, l->status.data_now_ns + (uint64_t)l->v->mono_to_real_ns, 0);
	if (pb->speed == EBT_SPEED_MAX)
		snprintf(l->replay_state, sizeof(l->replay_state), "%s", clock);
	else
		snprintf(l->replay_state, sizeof(l->replay_state), "%s x%u", clock, pb->speed);
	l->status.replay_state = l->replay_state;
	l->status.ended = pb->at_end;
	l->status.kernel = kernel ? kernel : "unknown";
	l->status.command = ebt_facts_get(&l->v->facts, "command");
	if (pb->player.decoder)
		l->status.bad_records = ebt_decoder_stats(pb->player.decoder).bad_records;
}

/* Borrowed by the ui, for keys too: whatever came in may have moved it. */
static void set_refusal(struct live *l)
{
	const struct ebt_view *v = l->v;

	l->status.refused = *v->refused ? v->refused : NULL;
	l->status.refusal = (struct ebt_bytes){ v->refusal.data, v->refusal.len };
}

static void set_status(struct live *l)
{
	struct ebt_view *v = l->v;
	const char *words = ebt_filters_words(&v->filters, false, l->filters, sizeof(l->filters));

	l->status = (struct ebt_ui_status){
		.version = EBT_VERSION,
		.generation = v->generation,
		.ended_generations = v->ended_generations,
		.broken_generations = v->broken_generations,
		.compiling = v->retuning,
		.compiling_since_ns = v->retune_since_ns,
		.loading = v->progress == EBT_PROGRESS_LOADING,
		.transport = v->playback      ? "file"
			     : v->params.perf ? "perf"
					      : "ring",
		.replay = v->options->read_file,
		.headers = "BTF",
		.kernel = l->uts.release,
		.hooks = "exec exit fork rename",
		.recording = v->options->write_file,
		.recorded_bytes = ebt_recorder_bytes(v->recorder),
		.filters = *words ? l->filters : NULL,
		.command = v->options->command ? v->options->command[0] : NULL,
		.ended = v->command_ended,
	};
	set_refusal(l);
	ebt_view_tuning(v, &l->status.tuning);
	if (v->decoder)
		l->status.bad_records = ebt_decoder_stats(v->decoder).bad_records;
	if (v->playback)
		set_replay_status(l);

	l->status.advised = l->status.tuning;
	l->status.advised.scratch_bytes = v->advice.scratch_bytes;
	l->status.advised.ring_bytes = v->advice.ring_bytes;
	l->status.advice_count = v->playback ? 0 : v->advice.n;
	for (unsigned i = 0; i < v->advice.n; i++)
		l->status.advice[i] = v->advice.text[i];
	ebt_ui_set_status(l->ui, &l->status);
}

/* The whole job stops, as the shell expects; the loader does it, since signals to it are not ours
 * to send. */
static void suspend(struct live *l)
{
	struct ebt_msg msg = { .type = EBT_MSG_SUSPEND };

	ebt_term_suspend(l->term);
	l->v->continued = false;
	if (l->v->playback)
		kill(getpid(), SIGTSTP); /* there is no loader: it is we whom the shell waits for */
	else
		ebt_msg_send(l->v->sock, &msg, NULL, 0);
	for (int i = 0; i < 20 && !l->v->continued && !l->v->ended; i++) {
		ebt_view_wait(l->v, -1, 20);
		ebt_view_intake(l->v);
	}
	ebt_term_resume(l->term);
	ebt_term_invalidate(l->term);
	ebt_ui_touch(l->ui);
}

static void take_replay_request(struct live *l, enum ebt_ui_request_type type)
{
	struct ebt_playback *pb = l->v->playback;

	if (type == EBT_REQ_SLOWER || type == EBT_REQ_FASTER)
		ebt_playback_speed(pb, type == EBT_REQ_FASTER);
	else
		ebt_playback_seek(pb, type == EBT_REQ_SEEK_ON ? SEEK_NS : -SEEK_NS);
	ebt_ui_touch(l->ui);
}

static void take_request(struct live *l, const struct ebt_ui_request *req)
{
	switch (req->type) {
	case EBT_REQ_QUIT:
		l->quit = true;
		break;
	case EBT_REQ_SUSPEND:
		suspend(l);
		break;
	case EBT_REQ_REDRAW:
		ebt_term_invalidate(l->term);
		break;
	case EBT_REQ_SLOWER:
	case EBT_REQ_FASTER:
	case EBT_REQ_SEEK_BACK:
	case EBT_REQ_SEEK_ON:
		if (l->v->playback)
			take_replay_request(l, req->type);
		break;
	case EBT_REQ_CLEAR:
		ebt_model_clear(l->v->model);
		break;
	case EBT_REQ_RETUNE:
		ebt_view_retune(l->v, &req->shown, &req->tuning);
		break;
	case EBT_REQ_SAVE:
		ebt_kept_save(&l->v->kept, ebt_ui_settings(l->ui));
		ebt_ui_touch(l->ui);
		break;
	case EBT_REQ_LAB:
		ebt_lab_view_ask(&l->lab, l->v);
		break;
	case EBT_REQ_PROFILE:
		ebt_homeo_view_act(l->v, l->ui, req->profile);
		break;
	case EBT_REQ_THEME:
		ebt_term_theme(l->term, ebt_ui_theme(l->ui));
		break;
	default:
		break;
	}
}

static void take_input(struct live *l)
{
	struct ebt_ui_input in;
	struct ebt_ui_request req;
	int got;

	while ((got = ebt_term_read(l->term, &in)) == 1)
		ebt_ui_input(l->ui, &in);
	if (got < 0)
		l->terminal_gone = true;
	while (ebt_ui_next_request(l->ui, &req))
		take_request(l, &req);
}

static void take_news(struct live *l)
{
	struct ebt_view *v = l->v;
	char line[512];

	if (ebt_kept_news(&v->kept))
		ebt_ui_touch(l->ui);
	ebt_lab_view_take(&l->lab, v, l->ui);
	while (ebt_term_stderr(l->term, line, sizeof(line)))
		ebt_ui_message(EBT_LOG_WARN, line, l->ui);
	if (v->retuning != l->status.compiling ||
	    (v->progress == EBT_PROGRESS_LOADING) != l->status.loading)
		ebt_ui_touch(l->ui);
	if (!v->notice_new)
		return;
	v->notice_new = false;
	ebt_ui_message(v->notice_is_error ? EBT_LOG_ERROR : EBT_LOG_INFO, v->notice, l->ui);
	ebt_ui_touch(l->ui);
}

static void draw(struct live *l)
{
	ebt_view_ask_status(l->v);
	ebt_homeo_view_refresh(l->v, l->ui);
	set_status(l);
	ebt_ui_draw(l->ui, ebt_term_grid(l->term), ebt_mono_ns());
	if (ebt_term_paint(l->term))
		l->terminal_gone = true;
}

/* The loader has ended. When it was killed under sudo, sudo closes the terminal that it gave us
 * within a millisecond or two: the screen is left before anything else is looked at. */
static void leave_at_once(struct live *l)
{
	ebt_term_leave_at_once(&l->term);
	ebt_log_set(NULL, NULL, EBT_LOG_WARN);
	ebt_view_intake(l->v);
}

static void loop(struct live *l)
{
	struct ebt_view *v = l->v;

	while (!l->quit && !v->ended && !l->terminal_gone) {
		bool seeking;
		int timeout_ms = ebt_ui_timeout_ms(l->ui, ebt_mono_ns()),
		    look_ms = ebt_view_look_ms(v);

		if (timeout_ms > look_ms)
			timeout_ms = look_ms;
		if (v->playback) {
			int play_ms = ebt_playback_timeout_ms(v->playback);

			v->playback->paused = ebt_ui_paused(l->ui);
			timeout_ms = play_ms >= 0 && play_ms < timeout_ms ? play_ms : timeout_ms;
		}
		if (!ebt_view_wait(v, STDIN_FILENO, timeout_ms)) {
			leave_at_once(l);
			return;
		}
		seeking = v->playback && v->playback->skip_until_ns;
		ebt_view_intake(v);
		if (seeking && !v->playback->skip_until_ns)
			ebt_ui_pause_again(l->ui);
		set_refusal(l);
		take_input(l);
		take_news(l);
		if (ebt_ui_timeout_ms(l->ui, ebt_mono_ns()) == 0)
			draw(l);
	}
}

/* What the command line names wins over what was kept. */
static void apply_options(struct ebt_settings *s, const struct ebt_options *o)
{
	if (o->screen_given)
		s->screen = o->screen;
	if (o->group_given)
		s->group_by = o->group_by;
	if (o->sort_given) {
		s->sort = o->sort;
		s->invert = o->invert;
	}
}

int ebt_view_live(struct ebt_view *v)
{
	struct live l = { .v = v };
	char why[256] = "";
	int err;

	uname(&l.uts);
	ebt_kept_start(&v->kept, &l.settings);
	apply_options(&l.settings, v->options);
	err = open_screen(&l);
	if (!err)
		err = ebt_homeo_view_screen(v, l.ui);
	if (err) {
		ebt_ui_free(&l.ui);
		return EBT_EXIT_FAILURE;
	}
	err = ebt_sandbox_seccomp(why, sizeof(why));
	if (!err) {
		ebt_log_set(ebt_ui_message, l.ui, EBT_LOG_INFO);
		loop(&l);
		ebt_log_set(NULL, NULL, EBT_LOG_WARN);
	}
	if (!err && v->recorder && !v->playback) {
		/* A recording has the end of what it began; a copy of one has the end of that. */
		ebt_view_finish(v);
		ebt_recorder_end(v->recorder, ebt_mono_ns(), v->stopped);
	}
	ebt_term_free(&l.term);
	ebt_ui_free(&l.ui);
	ebt_lab_view_free(&l.lab);
	if (err)
		ebt_error("%s", why);
	else if (v->lost_loader)
		ebt_error("the loader has ended; tracing is over");
	return err || v->lost_loader ? EBT_EXIT_FAILURE : EBT_EXIT_OK;
}
