/* SPDX-License-Identifier: BSD-3-Clause */
#include "processes/view/live_screen.h"

#include <langinfo.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "confine/sandbox.h"
#include "processes/view/copy_out.h"
#include "processes/saver/save_out.h"
#include "ui/core/settings.h"
#include "ui/core/ui.h"
#include "ui/screens/registry.h"
#include "ui/tui/term.h"

/* The saver is served so often: it answers, or has room for more. */
#define SAVING_MS    5
#define SAVE_LAST_NS 30000000000ull

struct live_screen {
	struct ebt_feed *feed;
	struct ebt_user_settings *user_settings;
	struct ebt_save_out save_out;
	bool saving;
	struct ebt_ui *ui;
	struct ebt_term *term;
	struct ebt_settings settings;
	struct utsname uts;
	struct ebt_ui_status status; /* lent to the ui */
	bool quit, terminal_gone;
};

static bool screen_wants_color(const struct ebt_options *o)
{
	const char *no_color = getenv("NO_COLOR");

	return !o->no_color && !(no_color && *no_color);
}

static int screen_open(struct live_screen *l)
{
	const struct ebt_options *o = l->feed->view->options;
	bool unicode = !o->no_unicode && strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
	struct ebt_ui_options uo = { .unicode = unicode,
				     .color = screen_wants_color(o),
				     .mouse = !o->no_mouse,
				     .screens = ebt_ui_screens,
				     .settings = &l->settings,
				     .delay_ms = (uint32_t)(o->delay_ns / 1000000) };
	struct ebt_term_options to = { .in_fd = STDIN_FILENO,
				       .out_fd = STDOUT_FILENO,
				       .color = uo.color,
				       .mouse = uo.mouse,
				       .unicode = unicode };
	char why[256] = "";
	int err;

	if (l->user_settings->keeper) {
		uo.describe_exe = ebt_keeper_describe;
		uo.describe_arg = l->user_settings->keeper;
	}
	l->feed->ops->ui_options(l->feed, &uo);
	err = ebt_ui_new(&l->ui, &uo, l->feed->view->model);
	if (err)
		return err;
	to.theme = ebt_ui_theme(l->ui);
	err = ebt_term_new(&l->term, &to, why, sizeof(why));
	if (err)
		ebt_error("%s; -b, -e and -J work on any output",
			  *why ? why : "the terminal cannot be used");
	return err;
}

static void screen_set_status(struct live_screen *l)
{
	struct ebt_view *v = l->feed->view;

	l->status = (struct ebt_ui_status){
		.version = EBT_VERSION,
		.kernel = l->uts.release,
		.recording = v->options->write_file,
		.recorded_bytes = ebt_recorder_bytes(v->recorder),
		.command = v->options->command ? v->options->command[0] : NULL,
		.command_runs =
			v->options->command && !v->command_ended && !v->options->kill_on_exit,
	};
	l->feed->ops->fill_status(l->feed, &l->status);
	ebt_ui_set_status(l->ui, &l->status);
}

/* Leave the terminal, let the feed stop the job, and wait until the shell continues it. */
static void screen_suspend(struct live_screen *l)
{
	struct ebt_view *v = l->feed->view;

	ebt_term_suspend(l->term);
	v->continued = false;
	l->feed->ops->suspend(l->feed);
	for (int i = 0; i < 20 && !v->continued && !v->ended; i++) {
		l->feed->ops->wait(l->feed, -1, 20);
		l->feed->ops->intake(l->feed);
	}
	ebt_term_resume(l->term);
	ebt_term_invalidate(l->term);
	ebt_ui_touch(l->ui);
}

static void screen_take_request(struct live_screen *l, const struct ebt_ui_request *req)
{
	switch (req->type) {
	case EBT_REQ_QUIT:
		l->quit = true;
		break;
	case EBT_REQ_QUIT_AND_KILL:
		l->feed->ops->request(l->feed, l->ui, req);
		l->quit = true;
		break;
	case EBT_REQ_SUSPEND:
		screen_suspend(l);
		break;
	case EBT_REQ_REDRAW:
		ebt_term_invalidate(l->term);
		break;
	case EBT_REQ_CLEAR:
		ebt_model_clear(l->feed->view->model);
		break;
	case EBT_REQ_SAVE:
		ebt_user_settings_save(l->user_settings, ebt_ui_settings(l->ui));
		ebt_ui_touch(l->ui);
		break;
	case EBT_REQ_COPY:
		ebt_copy_out(l->ui, l->term);
		break;
	case EBT_REQ_PAGE:
		ebt_copy_page(l->feed, l->ui, l->term);
		break;
	case EBT_REQ_SAVE_EXECS:
		ebt_save_out_begin(&l->save_out, l->ui, &req->save);
		break;
	case EBT_REQ_THEME:
		ebt_term_theme(l->term, ebt_ui_theme(l->ui));
		break;
	default:
		l->feed->ops->request(l->feed, l->ui, req);
		break;
	}
}

static void screen_take_input(struct live_screen *l)
{
	struct ebt_ui_input in;
	struct ebt_ui_request req;
	int got;

	while ((got = ebt_term_read(l->term, &in)) == 1)
		ebt_ui_input(l->ui, &in);
	if (got < 0)
		l->terminal_gone = true;
	while (ebt_ui_next_request(l->ui, &req))
		screen_take_request(l, &req);
}

/* Show what libraries printed to stderr, and the view's latest notice. */
static void screen_take_news(struct live_screen *l)
{
	struct ebt_notice *notice = &l->feed->view->notice;
	char line[512];

	l->saving = ebt_save_out_step(&l->save_out, l->ui);
	if (ebt_user_settings_report(l->user_settings))
		ebt_ui_touch(l->ui);
	while (ebt_term_stderr(l->term, line, sizeof(line)))
		ebt_ui_message(EBT_LOG_WARN, line, l->ui);
	if (!notice->is_new)
		return;
	notice->is_new = false;
	ebt_ui_message(notice->is_error ? EBT_LOG_ERROR : EBT_LOG_INFO, notice->text, l->ui);
	ebt_ui_touch(l->ui);
}

static void screen_draw(struct live_screen *l)
{
	l->feed->ops->refresh(l->feed, l->ui, false);
	screen_set_status(l);
	ebt_ui_draw(l->ui, ebt_term_grid(l->term), ebt_mono_ns());
	if (ebt_term_paint(l->term))
		l->terminal_gone = true;
}

/* Leave the screen before anything else is looked at: when the loader was killed under sudo, sudo
 * closes the terminal that it gave us within a millisecond or two. */
static void screen_leave_at_once(struct live_screen *l)
{
	ebt_term_leave_at_once(&l->term);
	ebt_log_set(NULL, NULL, EBT_LOG_WARN);
	l->feed->ops->intake(l->feed);
}

static void screen_loop(struct live_screen *l)
{
	const struct ebt_feed_ops *ops = l->feed->ops;

	while (!l->quit && !l->feed->view->ended && !l->terminal_gone) {
		int timeout_ms = ebt_ui_timeout_ms(l->ui, ebt_mono_ns()), feed_ms;

		ops->set_paused(l->feed, ebt_ui_paused(l->ui));
		feed_ms = ops->timeout_ms(l->feed);
		if (l->saving && timeout_ms > SAVING_MS)
			timeout_ms = SAVING_MS;
		if (!ops->wait(l->feed, STDIN_FILENO,
			       timeout_ms < feed_ms ? timeout_ms : feed_ms)) {
			screen_leave_at_once(l);
			return;
		}
		ops->intake(l->feed);
		ops->update_screen(l->feed, l->ui, &l->status);
		screen_take_input(l);
		screen_take_news(l);
		if (ebt_ui_timeout_ms(l->ui, ebt_mono_ns()) == 0)
			screen_draw(l);
	}
}

/* Finish the file that is being saved, before the view ends. */
static void screen_finish_saving(struct live_screen *l)
{
	uint64_t until_ns = ebt_mono_ns() + SAVE_LAST_NS;

	while (l->saving && ebt_mono_ns() < until_ns) {
		poll(NULL, 0, SAVING_MS);
		l->saving = ebt_save_out_step(&l->save_out, l->ui);
	}
	if (l->saving)
		ebt_error("the file was not saved: it took too long after the end");
}

/* What the command line names wins over what was saved. */
static void screen_apply_options(struct ebt_settings *s, const struct ebt_options *o)
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

int ebt_live_screen_run(struct ebt_feed *feed, struct ebt_user_settings *user_settings)
{
	struct live_screen l = { .feed = feed, .user_settings = user_settings };
	char why[256] = "";
	int err;

	uname(&l.uts);
	ebt_user_settings_start(user_settings, &l.settings);
	l.save_out = (struct ebt_save_out){ .saver = user_settings->execs,
					    .model = feed->view->model,
					    .facts = &feed->view->facts };
	screen_apply_options(&l.settings, feed->view->options);
	err = screen_open(&l);
	if (!err)
		err = feed->ops->open_screen(feed, l.ui);
	if (err) {
		ebt_ui_free(&l.ui);
		return EBT_EXIT_FAILURE;
	}
	err = ebt_sandbox_seccomp(why, sizeof(why));
	if (!err) {
		ebt_log_set(ebt_ui_message, l.ui, EBT_LOG_INFO);
		screen_loop(&l);
		ebt_log_set(NULL, NULL, EBT_LOG_WARN);
	}
	ebt_term_free(&l.term);
	screen_finish_saving(&l);
	/* Without a recording nobody would see the rest. The screen is left before: a disk may take
	 * its time. */
	if (!err && feed->view->recorder)
		feed->ops->finish(feed);
	ebt_ui_free(&l.ui);
	feed->ops->close_screen(feed);
	if (err)
		ebt_error("%s", why);
	return err ? EBT_EXIT_FAILURE : EBT_EXIT_OK;
}
