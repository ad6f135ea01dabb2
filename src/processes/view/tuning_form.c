/* SPDX-License-Identifier: BSD-3-Clause */
#include "processes/view/tuning_form.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/number.h"

static uint64_t form_limit_to_ui(uint32_t limit)
{
	return limit == EBT_PARAMS_ALL ? EBT_UI_ALL : limit;
}

static uint32_t form_limit_from_ui(uint64_t limit)
{
	return limit >= EBT_PARAMS_ALL ? EBT_PARAMS_ALL : (uint32_t)limit;
}

void ebt_tuning_form_fill(struct ebt_ui_tuning *out, const struct ebt_params *params,
			  const struct ebt_filters *filters, uint32_t poll_ms)
{
	*out = (struct ebt_ui_tuning){ .scratch_bytes = params->scratch_bytes,
				       .ring_bytes = params->ring_bytes,
				       .args_limit_bytes = form_limit_to_ui(params->args_limit),
				       .env_limit_bytes = form_limit_to_ui(params->env_limit),
				       .poll_ms = poll_ms,
				       .failed = params->failed,
				       .perf = params->perf };
	snprintf(out->filter[EBT_UI_USER], EBT_UI_FILTER_LEN, "%s", filters->user);
	ebt_filters_pids(filters, out->filter[EBT_UI_PIDS], EBT_UI_FILTER_LEN);
	snprintf(out->filter[EBT_UI_COMM], EBT_UI_FILTER_LEN, "%s", filters->comm);
	snprintf(out->filter[EBT_UI_MATCH], EBT_UI_FILTER_LEN, "%s", filters->match);
	snprintf(out->filter[EBT_UI_CGROUP], EBT_UI_FILTER_LEN, "%s", filters->cgroup);
}

static bool form_text_changed(const struct ebt_ui_tuning *shown, const struct ebt_ui_tuning *wanted,
			      enum ebt_ui_filter which)
{
	return strcmp(shown->filter[which], wanted->filter[which]) != 0;
}

/* Copy the texts that were changed; those of out->given. */
static void form_take_texts(const struct ebt_ui_tuning *shown, const struct ebt_ui_tuning *wanted,
			    struct ebt_filters *out)
{
	const struct {
		enum ebt_ui_filter which;
		uint32_t bit;
		char *to;
		size_t len;
	} texts[] = {
		{ EBT_UI_USER, EBT_FILTERS_USERS, out->user, sizeof(out->user) },
		{ EBT_UI_COMM, EBT_FILTERS_COMM, out->comm, sizeof(out->comm) },
		{ EBT_UI_MATCH, EBT_FILTERS_MATCH, out->match, sizeof(out->match) },
		{ EBT_UI_CGROUP, EBT_FILTERS_CGROUP, out->cgroup, sizeof(out->cgroup) },
	};

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		if (!form_text_changed(shown, wanted, texts[i].which))
			continue;
		snprintf(texts[i].to, texts[i].len, "%s", wanted->filter[texts[i].which]);
		out->given |= texts[i].bit;
	}
}

static int form_take_filters(const struct ebt_ui_tuning *shown, const struct ebt_ui_tuning *wanted,
			     struct ebt_filters *out, char *why, size_t why_len)
{
	const char *pids = wanted->filter[EBT_UI_PIDS];

	form_take_texts(shown, wanted, out);
	if (form_text_changed(shown, wanted, EBT_UI_PIDS)) {
		out->given |= EBT_FILTERS_PIDS;
		if (!ebt_filters_parse_pids(out, pids)) {
			snprintf(
				why, why_len,
				"processes cannot be '%.100s': allowed are at most %d process ids (1 to %u) with commas between them",
				pids, EBT_OPTION_PIDS_MAX, EBT_PID_MAX);
			return -EINVAL;
		}
	}
	return ebt_filters_check_names(out, why, why_len) ? -EINVAL : 0;
}

/* Set a parameter, and return its bit when it differs from what was shown. */
#define FORM_TAKE(params, member, shown, wanted) \
	((params)->member = (wanted), (shown) != (wanted) ? EBT_PARAM_BIT(member) : 0)

static uint32_t form_take_params(const struct ebt_ui_tuning *shown,
				 const struct ebt_ui_tuning *wanted, struct ebt_params *out)
{
	return FORM_TAKE(out, scratch_bytes, (uint32_t)shown->scratch_bytes,
			 (uint32_t)wanted->scratch_bytes) |
	       FORM_TAKE(out, ring_bytes, (uint32_t)shown->ring_bytes,
			 (uint32_t)wanted->ring_bytes) |
	       FORM_TAKE(out, args_limit, form_limit_from_ui(shown->args_limit_bytes),
			 form_limit_from_ui(wanted->args_limit_bytes)) |
	       FORM_TAKE(out, env_limit, form_limit_from_ui(shown->env_limit_bytes),
			 form_limit_from_ui(wanted->env_limit_bytes)) |
	       FORM_TAKE(out, failed, shown->failed, wanted->failed) |
	       FORM_TAKE(out, perf, shown->perf, wanted->perf);
}

int ebt_tuning_form_request(const struct ebt_ui_tuning *shown, const struct ebt_ui_tuning *wanted,
			    struct ebt_msg *msg, char *why, size_t why_len)
{
	msg->type = EBT_MSG_RETUNE;
	msg->value = (int32_t)form_take_params(shown, wanted, &msg->params);
	msg->poll_ms = shown->poll_ms == wanted->poll_ms ? 0 : wanted->poll_ms;
	return form_take_filters(shown, wanted, &msg->filters, why, why_len);
}
