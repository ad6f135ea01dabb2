/* SPDX-License-Identifier: BSD-3-Clause */
#include "processes/saver/save_out.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"

#define TELL_NS 1000000000ull

void ebt_save_out_begin(struct ebt_save_out *s, struct ebt_ui *ui, const struct ebt_ui_save *save)
{
	const struct ebt_save what = { .format = save->format,
				       .recording = save->recording,
				       .facts = { s->facts->text.data, s->facts->text.len },
				       .whole = save->whole,
				       .replace = save->replace,
				       .until_id = save->until_id,
				       .path = save->path };
	int err = s->saver ? ebt_saver_begin(s->saver, s->model, &what) : -EPIPE;

	s->told_ns = ebt_mono_ns();
	if (err == -EBUSY)
		ebt_ui_save_answer(ui, err, "another file is still being saved: wait for it");
	else if (err == -EPIPE)
		ebt_ui_save_answer(
			ui, err,
			"the process that writes files has ended: start execbig-top again");
	else if (err)
		ebt_ui_save_answer(ui, err, strerror(-err));
}

static void save_tell(struct ebt_save_out *s, bool saved)
{
	size_t done, all, dropped;
	char without[64] = "";

	ebt_saver_count(s->saver, &done, &all, &dropped);
	if (dropped)
		snprintf(without, sizeof(without), "; %zu were forgotten meanwhile", dropped);
	if (saved)
		ebt_info("saved %zu events to %s%s", done, ebt_saver_path(s->saver), without);
	else
		ebt_info("saving %zu of %zu events", done, all);
}

bool ebt_save_out_step(struct ebt_save_out *s, struct ebt_ui *ui)
{
	const char *text = "";
	int err = 0;

	if (!s->saver)
		return false;
	switch (ebt_saver_step(s->saver, s->model, &err, &text)) {
	case EBT_SAVER_OPENED:
		ebt_ui_save_answer(ui, 0, "");
		break;
	case EBT_SAVER_REFUSED:
		ebt_ui_save_answer(ui, err, text);
		break;
	case EBT_SAVER_SAVED:
		save_tell(s, true);
		ebt_ui_touch(ui);
		break;
	case EBT_SAVER_FAILED:
		ebt_error("not saved to %s: %s; what was there is unchanged",
			  ebt_saver_path(s->saver), text);
		ebt_ui_touch(ui);
		break;
	case EBT_SAVER_QUIET:
		break;
	}
	if (ebt_saver_busy(s->saver) && ebt_mono_ns() - s->told_ns >= TELL_NS) {
		s->told_ns = ebt_mono_ns();
		save_tell(s, false);
		ebt_ui_touch(ui);
	}
	return ebt_saver_busy(s->saver);
}
