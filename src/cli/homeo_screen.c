/* SPDX-License-Identifier: BSD-3-Clause */
#include "cli/homeo_screen.h"

#include <langinfo.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "config/options.h"
#include "confine/sandbox.h"
#include "processes/view/homeo_rows.h"
#include "ui/screens/profiles.h"
#include "ui/tui/term.h"

#define REFRESH_NS 1000000000ull

struct homeo_screen {
	struct ebt_homeo_link link;
	struct ebt_profiles *ui;
	struct ebt_term *term;
	bool quit;
};

static void screen_act(struct homeo_screen *s, enum ebt_profiles_act what)
{
	char said[2 * EBT_HOMEO_WHY];
	bool bad;

	if (what == EBT_PROFILES_QUIT) {
		s->quit = true;
	} else if (what == EBT_PROFILES_REDRAW) {
		ebt_term_invalidate(s->term);
	} else {
		ebt_homeo_act(&s->link, s->ui, what, said, &bad);
		ebt_profiles_say(s->ui, bad, said);
	}
}

static void screen_show(const struct ebt_event *ev, void *arg)
{
	struct homeo_screen *s = arg;

	ebt_homeo_show(s->ui, ev, ebt_clock_mono_to_real_ns());
}

static void screen_take_keys(struct homeo_screen *s)
{
	struct ebt_ui_input in;
	int got;

	while ((got = ebt_term_read(s->term, &in)) == 1) {
		enum ebt_profiles_act what = ebt_profiles_key(s->ui, &in);

		if (what != EBT_PROFILES_NONE)
			screen_act(s, what);
	}
	if (got < 0)
		s->quit = true;
}

static void screen_loop(struct homeo_screen *s)
{
	bool silent = false;
	uint64_t next_ns = 0;

	while (!s->link.gone && !s->quit) {
		struct pollfd fds[2] = { { .fd = STDIN_FILENO, .events = POLLIN },
					 { .fd = s->link.events.fd, .events = POLLIN } };

		if (ebt_mono_ns() >= next_ns) {
			ebt_homeo_refresh(&s->link, s->ui);
			next_ns = ebt_mono_ns() + REFRESH_NS;
		}
		if (s->link.silent != silent) {
			silent = s->link.silent;
			ebt_profiles_say(s->ui, silent,
					 silent ? "the daemon does not answer"
						: "the daemon answers again");
		}
		ebt_profiles_draw(s->ui, ebt_term_grid(s->term));
		if (ebt_term_paint(s->term))
			return;
		poll(fds, 2, 250);
		ebt_homeo_take(&s->link, screen_show, s);
		screen_take_keys(s);
	}
}

static int screen_open(struct homeo_screen *s, char *why, size_t why_len)
{
	const char *no_color = getenv("NO_COLOR");
	struct ebt_term_options to = { .in_fd = STDIN_FILENO,
				       .out_fd = STDOUT_FILENO,
				       .color = !(no_color && *no_color),
				       .mouse = true };
	int err;

	ebt_sandbox_locale();
	to.unicode = strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
	err = ebt_profiles_new(&s->ui);
	if (!err)
		err = ebt_sandbox_drop(why, why_len);
	if (!err)
		err = ebt_term_new(&s->term, &to, why, why_len);
	if (!err)
		err = ebt_sandbox_seccomp(why, why_len);
	return err;
}

int ebt_homeo_screen(int requests, int events)
{
	struct homeo_screen s = { 0 };
	char why[512] = "out of memory", said[EBT_HOMEO_WHY];
	int status = EBT_EXIT_FAILURE;

	ebt_homeo_link_init(&s.link, requests, events);
	signal(SIGPIPE, SIG_IGN);
	/* The screen opens once the daemon has answered: its refusal must not be hidden by a screen. */
	if (ebt_homeo_ask(&s.link, "status", NULL, NULL, said) == 0 &&
	    ebt_homeo_subscribe(&s.link) == 0) {
		if (screen_open(&s, why, sizeof(why)) == 0) {
			screen_loop(&s);
			status = s.link.gone ? EBT_EXIT_FAILURE : EBT_EXIT_OK;
			snprintf(why, sizeof(why), "the daemon has ended");
		}
		ebt_term_free(&s.term);
		if (status)
			ebt_error("%s", why);
	} else if (said[0]) {
		ebt_error("%s", said);
	}
	ebt_profiles_free(&s.ui);
	ebt_homeo_link_close(&s.link);
	return status;
}
