/* SPDX-License-Identifier: BSD-3-Clause */
#include "ipc/filters.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/number.h"
#include "base/pattern.h"
#include "base/text.h"

int ebt_filters_from(struct ebt_filters *out, const struct ebt_options *o, char *why,
		     size_t why_len)
{
	bool tune = o->mode == EBT_MODE_TUNE;
	const uint32_t *pids = tune ? o->only : o->pids;
	const struct {
		char *to;
		size_t len;
		const char *from, *option;
	} texts[] = { { out->comm, sizeof(out->comm), o->comm.text, "-c" },
		      { out->match, sizeof(out->match), o->match.text, "-m" },
		      { out->cgroup, sizeof(out->cgroup), o->cgroup, "--cgroup" } };
	int err = 0;

	memset(out, 0, sizeof(*out));
	out->n_pids = tune ? o->only_count : o->pid_count;
	memcpy(out->pids, pids, out->n_pids * sizeof(*pids));
	out->no_enoent = o->no_enoent;
	/* A name stays a name, so that the filter reads as it was typed; one without room is a number. */
	if (o->uid_set && o->user_text && strlen(o->user_text) < sizeof(out->user))
		snprintf(out->user, sizeof(out->user), "%s", o->user_text);
	else if (o->uid_set)
		snprintf(out->user, sizeof(out->user), "%s%u",
			 o->user_ids == EBT_USER_REAL	     ? "real:"
			 : o->user_ids == EBT_USER_EFFECTIVE ? "effective:"
							     : "",
			 o->uid);
	out->given = (out->n_pids ? EBT_FILTERS_PIDS : 0) | (o->uid_set ? EBT_FILTERS_USERS : 0) |
		     (o->comm.text ? EBT_FILTERS_COMM : 0) |
		     (o->match.text ? EBT_FILTERS_MATCH : 0) |
		     (o->cgroup ? EBT_FILTERS_CGROUP : 0) | (o->no_enoent ? EBT_FILTERS_ENOENT : 0);
	if (o->no_filter)
		out->given = EBT_FILTERS_ALL;
	/* Copy all three, but only report the first that is too long. */
	for (size_t i = 0; i < EBT_ARRAY_SIZE(texts); i++) {
		if (!texts[i].from ||
		    (size_t)snprintf(texts[i].to, texts[i].len, "%s", texts[i].from) < texts[i].len)
			continue;
		if (!err)
			snprintf(why, why_len,
				 "%s is longer than the %zu bytes that can be handed on",
				 texts[i].option, texts[i].len - 1);
		err = -E2BIG;
	}
	return err;
}

void ebt_filters_merge(struct ebt_filters *into, const struct ebt_filters *from)
{
	if (from->given & EBT_FILTERS_PIDS) {
		into->n_pids = from->n_pids;
		memcpy(into->pids, from->pids, sizeof(into->pids));
	}
	if (from->given & EBT_FILTERS_USERS)
		memcpy(into->user, from->user, sizeof(into->user));
	if (from->given & EBT_FILTERS_COMM)
		memcpy(into->comm, from->comm, sizeof(into->comm));
	if (from->given & EBT_FILTERS_MATCH)
		memcpy(into->match, from->match, sizeof(into->match));
	if (from->given & EBT_FILTERS_CGROUP)
		memcpy(into->cgroup, from->cgroup, sizeof(into->cgroup));
	if (from->given & EBT_FILTERS_ENOENT)
		into->no_enoent = from->no_enoent;
}

/* Return true if text is empty or compiles; else false with a sentence in why. */
static bool filters_is_regex(const char *text, const char *option, char *why, size_t why_len)
{
	char reason[256];
	struct ebt_pattern *pattern = NULL;

	if (!*text)
		return true;
	if (ebt_pattern_new(&pattern, text, false, reason, sizeof(reason))) {
		snprintf(why, why_len, "%s cannot be '%.100s': %s", option, text, reason);
		return false;
	}
	ebt_pattern_free(&pattern);
	return true;
}

int ebt_filters_check(struct ebt_filters *f, char *why, size_t why_len)
{
	f->user[sizeof(f->user) - 1] = '\0';
	f->cgroup[sizeof(f->cgroup) - 1] = '\0';
	f->comm[sizeof(f->comm) - 1] = '\0';
	f->match[sizeof(f->match) - 1] = '\0';
	if (f->n_pids > EBT_OPTION_PIDS_MAX) {
		snprintf(why, why_len, "at most %d processes can be named", EBT_OPTION_PIDS_MAX);
		return -EINVAL;
	}
	return 0;
}

const char *ebt_filters_pids(const struct ebt_filters *f, char *out, size_t len)
{
	size_t n = 0;

	out[0] = '\0';
	for (unsigned i = 0; i < f->n_pids && n < len; i++)
		n += (size_t)snprintf(out + n, len - n, "%s%u", i ? "," : "", f->pids[i]);
	return out;
}

bool ebt_filters_parse_pids(struct ebt_filters *f, const char *text)
{
	f->n_pids = 0;
	return !*text || ebt_number_pids(text, f->pids, EBT_OPTION_PIDS_MAX, &f->n_pids) == 0;
}

const char *ebt_filters_words(const struct ebt_filters *f, bool tune, char *out, size_t len)
{
	const struct {
		const char *option, *text;
	} parts[] = {
		{ "-u", f->user }, { "-c", f->comm }, { "-m", f->match }, { "--cgroup", f->cgroup }
	};
	_cleanup_buf_ struct ebt_buf words = { 0 };
	char pids[EBT_OPTION_PIDS_MAX * 11];

	if (f->n_pids)
		ebt_buf_printf(&words, "%s %s", tune ? "--only" : "-p",
			       ebt_filters_pids(f, pids, sizeof(pids)));
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		if (!parts[i].text[0])
			continue;
		ebt_buf_printf(&words, "%s%s ", words.len ? " " : "", parts[i].option);
		ebt_text_quote(&words, ebt_bytes_from(parts[i].text), 0);
	}
	if (f->no_enoent)
		ebt_buf_printf(&words, "%s--no-enoent", words.len ? " " : "");
	snprintf(out, len, "%.*s", (int)words.len, words.len ? words.data : "");
	return out;
}

int ebt_filters_check_names(const struct ebt_filters *f, char *why, size_t why_len)
{
	return filters_is_regex(f->comm, "-c", why, why_len) &&
			       filters_is_regex(f->match, "-m", why, why_len)
		       ? 0
		       : -EINVAL;
}
