/* SPDX-License-Identifier: BSD-3-Clause */
/* view_form.c - between the form of the setup screen and what runs: values as the screen shows
 * them, and a request to the loader for what was changed there. */
#include <stdio.h>
#include <string.h>

#include "app/view_internal.h"
#include "base/clock.h"

static uint64_t limit_to_ui(uint32_t limit)
{
	return limit == EBT_PARAMS_ALL ? EBT_UI_ALL : limit;
}

static uint32_t limit_from_ui(uint64_t limit)
{
	return limit >= EBT_PARAMS_ALL ? EBT_PARAMS_ALL : (uint32_t)limit;
}

void ebt_view_tuning(const struct ebt_view *v, struct ebt_ui_tuning *out)
{
	const struct ebt_filters *f = &v->filters;

	*out = (struct ebt_ui_tuning){ .scratch_bytes = v->params.scratch_bytes,
				       .ring_bytes = v->params.ring_bytes,
				       .args_limit_bytes = limit_to_ui(v->params.args_limit),
				       .env_limit_bytes = limit_to_ui(v->params.env_limit),
				       .poll_ms = (uint32_t)ebt_view_poll_ms(v),
				       .failed = v->params.failed,
				       .perf = v->params.perf };
	snprintf(out->filter[EBT_UI_USER], EBT_UI_FILTER_LEN, "%s", f->user);
	ebt_filters_pids(f, out->filter[EBT_UI_PIDS], EBT_UI_FILTER_LEN);
	snprintf(out->filter[EBT_UI_COMM], EBT_UI_FILTER_LEN, "%s", f->comm);
	snprintf(out->filter[EBT_UI_MATCH], EBT_UI_FILTER_LEN, "%s", f->match);
	snprintf(out->filter[EBT_UI_CGROUP], EBT_UI_FILTER_LEN, "%s", f->cgroup);
}

/* Copies a text that differs; its bit. */
static uint32_t take_text(char *to, size_t len, const char *now, const char *want, uint32_t bit)
{
	if (strcmp(now, want) == 0)
		return 0;
	snprintf(to, len, "%s", want);
	return bit;
}

/* What the form has otherwise than it is. False: it cannot be; the reason is in why. */
static bool take_filters(const struct ebt_view *v, const struct ebt_ui_tuning *t,
			 struct ebt_filters *out, char *why, size_t why_len)
{
	struct ebt_ui_tuning now;

	ebt_view_tuning(v, &now);
	out->given = take_text(out->user, sizeof(out->user), now.filter[EBT_UI_USER],
			       t->filter[EBT_UI_USER], EBT_FILTERS_USERS) |
		     take_text(out->comm, sizeof(out->comm), now.filter[EBT_UI_COMM],
			       t->filter[EBT_UI_COMM], EBT_FILTERS_COMM) |
		     take_text(out->match, sizeof(out->match), now.filter[EBT_UI_MATCH],
			       t->filter[EBT_UI_MATCH], EBT_FILTERS_MATCH) |
		     take_text(out->cgroup, sizeof(out->cgroup), now.filter[EBT_UI_CGROUP],
			       t->filter[EBT_UI_CGROUP], EBT_FILTERS_CGROUP);
	if (strcmp(now.filter[EBT_UI_PIDS], t->filter[EBT_UI_PIDS]) != 0) {
		out->given |= EBT_FILTERS_PIDS;
		if (!ebt_filters_parse_pids(out, t->filter[EBT_UI_PIDS])) {
			snprintf(why, why_len,
				 "processes cannot be '%.100s': allowed are at most %d process ids "
				 "(1 to 4194304) with commas between them",
				 t->filter[EBT_UI_PIDS], EBT_OPTION_PIDS_MAX);
			return false;
		}
	}
	return ebt_filters_check_names(out, why, why_len) == 0;
}

void ebt_view_retune(struct ebt_view *v, const struct ebt_ui_tuning *t)
{
	struct ebt_msg msg = { .type = EBT_MSG_RETUNE, .params = v->params };

	msg.params.scratch_bytes = (uint32_t)t->scratch_bytes;
	msg.params.ring_bytes = (uint32_t)t->ring_bytes;
	msg.params.args_limit = limit_from_ui(t->args_limit_bytes);
	msg.params.env_limit = limit_from_ui(t->env_limit_bytes);
	msg.params.failed = t->failed;
	msg.params.perf = t->perf;
	msg.poll_ms = t->poll_ms == (uint32_t)ebt_view_poll_ms(v) ? 0 : t->poll_ms;
	if (!take_filters(v, t, &msg.filters, v->notice, sizeof(v->notice))) {
		v->notice_new = v->notice_is_error = true;
		return;
	}
	if (ebt_msg_send(v->sock, &msg, NULL, 0) == 0) {
		v->retune_since_ns = ebt_mono_ns();
		v->retuning = true;
		v->auto_asked = false;
		v->refused[0] = '\0';
	}
}
