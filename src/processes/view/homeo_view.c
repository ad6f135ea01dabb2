/* SPDX-License-Identifier: BSD-3-Clause */
#include "processes/view/homeo_view.h"

#include <errno.h>
#include <stdlib.h>

#include "base/cleanup.h"
#include "base/clock.h"
#include "base/log.h"
#include "processes/view/homeo_rows.h"
#include "processes/view/homeo_table.h"
#include "processes/view/view_internal.h"
#include "ui/core/ui.h"

#define REFRESH_NS 1000000000ull

int ebt_homeo_view_new(struct ebt_homeo_view **out, const int fds[2])
{
	struct ebt_homeo_view *h;

	if (fds[0] < 0)
		return 0;
	h = calloc(1, sizeof(*h));
	if (!h)
		return -ENOMEM;
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

void ebt_homeo_view_begin(struct ebt_view *v)
{
	if (v->homeo && ebt_homeo_subscribe(&v->homeo->link))
		v->homeo->link.gone = true;
}

/* What every start of a program brings is for machines only. */
static bool shown(const struct ebt_view *v, const struct ebt_event *ev)
{
	return ev->homeo.level != EBT_HOMEO_DEBUG || v->options->mode == EBT_MODE_JSON ||
	       v->options->mode == EBT_MODE_CSV;
}

static void on_event(const struct ebt_event *ev, void *arg)
{
	struct ebt_view *v = arg;

	if (v->homeo->screen)
		ebt_homeo_show(v->homeo->screen, ev, v->mono_to_real_ns);
	if (shown(v, ev))
		ebt_view_event(v, ev);
	if (v->recorder)
		ebt_recorder_homeo(v->recorder, ev);
}

void ebt_homeo_view_intake(struct ebt_view *v)
{
	struct ebt_homeo_view *h = v->homeo;

	if (!h)
		return;
	ebt_homeo_take(&h->link, on_event, v);
	if (h->link.gone && !h->told_gone && !v->ended) {
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

void ebt_homeo_view_finish(struct ebt_view *v)
{
	if (v->homeo)
		ebt_homeo_sync(&v->homeo->link, on_event, v);
}

void ebt_homeo_view_table(struct ebt_view *v, struct ebt_buf *out)
{
	_cleanup_free_ struct ebt_profile_row *rows = NULL;
	size_t n = 0;

	if (v->homeo && !v->homeo->link.gone && ebt_homeo_rows(&v->homeo->link, &rows, &n) == 0)
		ebt_homeo_table(rows, n, out);
}

int ebt_homeo_view_screen(struct ebt_view *v, struct ebt_ui *ui)
{
	int err = v->homeo ? ebt_profiles_new(&v->homeo->screen) : 0;

	if (!err && v->homeo)
		ebt_ui_set_profiles(ui, v->homeo->screen);
	return err;
}

void ebt_homeo_view_refresh(struct ebt_view *v, struct ebt_ui *ui)
{
	struct ebt_homeo_view *h = v->homeo;
	uint64_t now_ns = ebt_mono_ns();

	if (!h || h->link.gone || ebt_ui_current(ui) != EBT_SCREEN_PROFILES ||
	    now_ns - h->refreshed_ns < REFRESH_NS)
		return;
	h->refreshed_ns = now_ns;
	ebt_homeo_refresh(&h->link, h->screen);
}

void ebt_homeo_view_act(struct ebt_view *v, struct ebt_ui *ui, unsigned act)
{
	char said[2 * EBT_HOMEO_WHY];
	bool bad;

	if (!v->homeo || v->homeo->link.gone)
		return;
	ebt_homeo_act(&v->homeo->link, v->homeo->screen, (enum ebt_profiles_act)act, said, &bad);
	if (said[0])
		ebt_ui_message(bad ? EBT_LOG_ERROR : EBT_LOG_INFO, said, ui);
	ebt_ui_touch(ui);
}
