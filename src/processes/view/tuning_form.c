/* SPDX-License-Identifier: BSD-3-Clause */
/* tuning_form.c - between the form of the setup screen and what runs: values as the screen shows
 * them, and a request to the loader for what was changed there. */
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "processes/view/view_internal.h"

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

/* A text that differs from what was shown; its bit. */
static uint32_t take_text(char *to, size_t len, const struct ebt_ui_tuning *shown,
			  const struct ebt_ui_tuning *wanted, enum ebt_ui_filter which,
			  uint32_t bit)
{
	if (strcmp(shown->filter[which], wanted->filter[which]) == 0)
		return 0;
	snprintf(to, len, "%s", wanted->filter[which]);
	return bit;
}

/* False: it cannot be; the reason is in why. */
static bool take_filters(const struct ebt_ui_tuning *shown, const struct ebt_ui_tuning *wanted,
			 struct ebt_filters *out, char *why, size_t why_len)
{
	const char *pids = wanted->filter[EBT_UI_PIDS];

	out->given = take_text(out->user, sizeof(out->user), shown, wanted, EBT_UI_USER,
			       EBT_FILTERS_USERS) |
		     take_text(out->comm, sizeof(out->comm), shown, wanted, EBT_UI_COMM,
			       EBT_FILTERS_COMM) |
		     take_text(out->match, sizeof(out->match), shown, wanted, EBT_UI_MATCH,
			       EBT_FILTERS_MATCH) |
		     take_text(out->cgroup, sizeof(out->cgroup), shown, wanted, EBT_UI_CGROUP,
			       EBT_FILTERS_CGROUP);
	if (strcmp(shown->filter[EBT_UI_PIDS], pids) != 0) {
		out->given |= EBT_FILTERS_PIDS;
		if (!ebt_filters_parse_pids(out, pids)) {
			snprintf(why, why_len,
				 "processes cannot be '%.100s': allowed are at most %d process ids "
				 "(1 to 4194304) with commas between them",
				 pids, EBT_OPTION_PIDS_MAX);
			return false;
		}
	}
	return ebt_filters_check_names(out, why, why_len) == 0;
}

/* A parameter that differs from what was shown; its bit. */
#define TAKE(params, member, shown, wanted) \
	((params)->member = (wanted), (shown) != (wanted) ? EBT_PARAM_BIT(member) : 0)

static uint32_t take_params(const struct ebt_ui_tuning *shown, const struct ebt_ui_tuning *wanted,
			    struct ebt_params *out)
{
	return TAKE(out, scratch_bytes, (uint32_t)shown->scratch_bytes,
		    (uint32_t)wanted->scratch_bytes) |
	       TAKE(out, ring_bytes, (uint32_t)shown->ring_bytes, (uint32_t)wanted->ring_bytes) |
	       TAKE(out, args_limit, limit_from_ui(shown->args_limit_bytes),
		    limit_from_ui(wanted->args_limit_bytes)) |
	       TAKE(out, env_limit, limit_from_ui(shown->env_limit_bytes),
		    limit_from_ui(wanted->env_limit_bytes)) |
	       TAKE(out, failed, shown->failed, wanted->failed) |
	       TAKE(out, perf, shown->perf, wanted->perf);
}

void ebt_view_retune(struct ebt_view *v, const struct ebt_ui_tuning *shown,
		     const struct ebt_ui_tuning *wanted)
{
	struct ebt_msg msg = { .type = EBT_MSG_RETUNE };

	if (v->retuning) {
		snprintf(v->notice, sizeof(v->notice),
			 "a retune is under way: F5 again when it has ended");
		v->notice_new = v->notice_is_error = true;
		return;
	}
	msg.value = (int32_t)take_params(shown, wanted, &msg.params);
	msg.poll_ms = shown->poll_ms == wanted->poll_ms ? 0 : wanted->poll_ms;
	if (!take_filters(shown, wanted, &msg.filters, v->refused, sizeof(v->refused))) {
		/* As the loader's: what was wanted is said where it stands, and why not. */
		ebt_buf_reset(&v->refusal);
		snprintf(v->notice, sizeof(v->notice), "%s", v->refused);
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
