/* SPDX-License-Identifier: BSD-3-Clause */
#include "processes/view/homeo_view.h"

#include <errno.h>
#include <stdlib.h>

#include "base/cleanup.h"
#include "base/clock.h"
#include "base/log.h"
#include "processes/view/homeo_rows.h"
#include "processes/view/homeo_table.h"
#include "ui/core/ui.h"

#define REFRESH_NS 1000000000ull

int ebt_homeo_view_new(struct ebt_homeo_view **out, struct ebt_view *view, const int fds[2])
{
	struct ebt_homeo_view *h;

	if (fds[0] < 0)
		return 0;
	h = calloc(1, sizeof(*h));
	if (!h)
		return -ENOMEM;
	h->view = view;
	ebt_homeo_link_init(&h->link, fds[0], fds[1]);
	*out = h;
	return 0;
}

void ebt_homeo_view_free(struct ebt_homeo_view **hp)
{
	struct ebt_homeo_view *h = *hp;

	if (!h)
		return;
	ebt_homeo_link_close(&h->link);
	ebt_profiles_free(&h->screen);
	free(h);
	*hp = NULL;
}

int ebt_homeo_view_fd(const struct ebt_homeo_view *h)
{
	return h && !h->link.gone ? h->link.events.fd : -1;
}

void ebt_homeo_view_begin(struct ebt_homeo_view *h)
{
	if (h && ebt_homeo_subscribe(&h->link))
		h->link.gone = true;
}

/* What every start of a program brings is for machines only. */
static bool homeo_is_shown(const struct ebt_view *v, const struct ebt_event *ev)
{
	return ev->homeo.level != EBT_HOMEO_DEBUG || v->options->mode == EBT_MODE_JSON ||
	       v->options->mode == EBT_MODE_CSV;
}

static void homeo_take_event(const struct ebt_event *ev, void *arg)
{
	struct ebt_homeo_view *h = arg;

	if (h->screen)
		ebt_homeo_show(h->screen, ev, h->view->mono_to_real_ns);
	if (homeo_is_shown(h->view, ev))
		ebt_view_event(h->view, ev);
	if (h->view->recorder)
		ebt_recorder_homeo(h->view->recorder, ev);
}

void ebt_homeo_view_intake(struct ebt_homeo_view *h)
{
	if (!h)
		return;
	ebt_homeo_take(&h->link, homeo_take_event, h);
	if (h->link.gone && !h->told_gone && !h->view->ended) {
		h->told_gone = true;
		ebt_warn("the process that watches homeostasis has ended; the rest goes on");
	}
	if (h->link.silent == h->told_silent || h->link.gone)
		return;
	h->told_silent = h->link.silent;
	if (h->told_silent)
		ebt_warn("the process that watches homeostasis does not answer; the rest goes on");
	else
		ebt_warn("the process that watches homeostasis answers again");
}

void ebt_homeo_view_finish(struct ebt_homeo_view *h)
{
	if (h)
		ebt_homeo_sync(&h->link, homeo_take_event, h);
}

void ebt_homeo_view_table(struct ebt_homeo_view *h, struct ebt_buf *out)
{
	_cleanup_free_ struct ebt_profile_row *rows = NULL;
	size_t n = 0;

	if (h && !h->link.gone && ebt_homeo_rows(&h->link, &rows, &n) == 0)
		ebt_homeo_table(rows, n, out);
}

int ebt_homeo_view_screen(struct ebt_homeo_view *h, struct ebt_ui *ui)
{
	int err = h ? ebt_profiles_new(&h->screen) : 0;

	if (!err && h)
		ebt_ui_set_profiles(ui, h->screen);
	return err;
}

void ebt_homeo_view_refresh(struct ebt_homeo_view *h, struct ebt_ui *ui)
{
	uint64_t now_ns = ebt_mono_ns();

	if (!h || h->link.gone || ebt_ui_current(ui) != EBT_SCREEN_PROFILES ||
	    now_ns - h->refreshed_ns < REFRESH_NS)
		return;
	h->refreshed_ns = now_ns;
	ebt_homeo_refresh(&h->link, h->screen);
}

void ebt_homeo_view_act(struct ebt_homeo_view *h, struct ebt_ui *ui, unsigned act)
{
	char said[2 * EBT_HOMEO_WHY];
	bool bad;

	if (!h || h->link.gone)
		return;
	ebt_homeo_act(&h->link, h->screen, (enum ebt_profiles_act)act, said, &bad);
	if (said[0])
		ebt_ui_message(bad ? EBT_LOG_ERROR : EBT_LOG_INFO, said, ui);
	ebt_ui_touch(ui);
}
