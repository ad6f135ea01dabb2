/* SPDX-License-Identifier: BSD-3-Clause */
#include "homeostasis/event_json.h"

#include <jansson.h>
#include <stdio.h>

#include "base/cleanup.h"
#include "base/format.h"
#include "base/log.h"
#include "base/text.h"
#include "homeostasis/syscall_names.h"

/* The call of events that are not about one system call. */
#define NO_CALL                                                                              \
	(EBT_PH_EV_NEW_PROFILE | EBT_PH_EV_ASSOCIATED | EBT_PH_EV_DENIED | EBT_PH_EV_ASKED | \
	 EBT_PH_EV_NOTE)

static const struct {
	uint32_t event;
	const char *name, *level;
} event_names[] = {
	/* The name of a record with several events is that of the first one in this table. A note
	 * has a level of its own. */
	{ EBT_PH_EV_NOTE, "note", "info" },
	{ EBT_PH_EV_DENIED, "exec_denied", "warning" },
	{ EBT_PH_EV_STOP_NORMAL, "stop_normal", "warning" },
	{ EBT_PH_EV_TOLERIZE, "tolerize_limit", "warning" },
	{ EBT_PH_EV_ANOMALY, "anomaly", "warning" },
	{ EBT_PH_EV_SENSITIZED, "sensitized", "info" },
	{ EBT_PH_EV_NORMAL, "normal", "info" },
	{ EBT_PH_EV_FROZEN, "frozen", "info" },
	{ EBT_PH_EV_THAWED, "thawed", "info" },
	{ EBT_PH_EV_NEW_PROFILE, "new_profile", "info" },
	{ EBT_PH_EV_ASSOCIATED, "associated", "debug" },
	{ EBT_PH_EV_LEARNED, "new_sequence", "debug" },
};

static size_t event_name_of(uint32_t events)
{
	for (size_t i = 0; i < EBT_ARRAY_SIZE(event_names); i++) {
		if (events & event_names[i].event)
			return i;
	}
	return EBT_ARRAY_SIZE(event_names) - 1;
}

/* Return the level of an event; a note carries an enum ebt_log_level. */
static const char *event_level(const struct ebt_ph_rec *r)
{
	static const char *const levels[] = { [EBT_LOG_ERROR] = "error",
					      [EBT_LOG_WARN] = "warning",
					      [EBT_LOG_INFO] = "info",
					      [EBT_LOG_DEBUG] = "debug" };

	if (r->events & EBT_PH_EV_NOTE)
		return levels[r->call & 3];
	/* An event that somebody asked for is not a warning. */
	return r->events & EBT_PH_EV_ASKED ? "info" : event_names[event_name_of(r->events)].level;
}

static json_t *event_string(const char *s)
{
	_cleanup_buf_ struct ebt_buf fixed = { 0 };

	if (ebt_text_repair_utf8(&fixed, ebt_bytes_from(s)))
		return json_null();
	return json_string(fixed.data ? fixed.data : "");
}

static int event_append(const char *data, size_t size, void *arg)
{
	return ebt_buf_append(arg, data, size);
}

/* Append the cause of an event on request: the verb, and the user who asked. */
static void event_asked(const struct ebt_ph_rec *r, struct ebt_buf *out)
{
	char user[EBT_PH_USER_LEN];

	ebt_buf_puts(out, r->events & EBT_PH_EV_NORMAL ? "normal from now on: normalize"
			  : r->events & EBT_PH_EV_SENSITIZED
				  ? "what was learned of late is forgotten: sensitize"
				  : "training again: tolerize");
	ebt_buf_printf(out, ", asked for by %s", ebt_ph_user(user, r->uid));
}

static void event_cause(const struct ebt_ph_rec *r, const char *path, struct ebt_buf *out)
{
	char call[EBT_PH_CALL_LEN];
	unsigned long long train = r->train_count, anomalies = r->anomalies;

	ebt_ph_call_name(call, r->call);
	if (r->events & EBT_PH_EV_NOTE)
		ebt_buf_puts(out, path);
	else if (r->events & EBT_PH_EV_ASKED)
		event_asked(r, out);
	else if (r->events & EBT_PH_EV_DENIED) {
		ebt_buf_printf(out, "exec refused: LFC %u is over the limit: ", r->lfc);
		ebt_buf_puts(out, r->path);
	} else if (r->events & EBT_PH_EV_STOP_NORMAL)
		ebt_buf_printf(out, "not normal any more: %llu anomalies are over the limit",
			       anomalies);
	else if (r->events & EBT_PH_EV_TOLERIZE)
		ebt_buf_printf(out, "what was learned is forgotten: LFC %u is over the limit",
			       r->lfc);
	else if (r->events & EBT_PH_EV_ANOMALY)
		ebt_buf_printf(out, "anomaly: %s, %u of 8 pairs never seen, LFC %u", call,
			       r->missed, r->lfc);
	else if (r->events & EBT_PH_EV_NORMAL)
		ebt_buf_printf(out, "normal: frozen for long enough");
	else if (r->events & EBT_PH_EV_FROZEN)
		ebt_buf_printf(out, "frozen: nothing new for most of %llu calls", train);
	else if (r->events & EBT_PH_EV_THAWED)
		ebt_buf_printf(out, "training again: %s brought a new pair", call);
	else if (r->events & EBT_PH_EV_NEW_PROFILE)
		ebt_buf_printf(out, "new profile #%u", r->profile);
	else if (r->events & EBT_PH_EV_ASSOCIATED)
		ebt_buf_printf(out, "process follows profile #%u", r->profile);
	else
		ebt_buf_printf(out, "new pair at %s, call %llu of this thread", call,
			       (unsigned long long)r->count);
}

void ebt_ph_event_json(const struct ebt_ph_rec *r, const char *path, struct ebt_buf *out)
{
	uint64_t real_ns = r->mono_ns + (uint64_t)ebt_clock_mono_to_real_ns();
	char when[EBT_FMT_LEN], call[EBT_PH_CALL_LEN];
	_cleanup_buf_ struct ebt_buf why = { 0 };
	size_t n = event_name_of(r->events);
	json_t *o;

	o = json_pack("{s:i,s:s,s:s,s:s,s:s,s:I,s:I,s:I,s:I}", "v", 1, "type", "homeostasis",
		      "event", event_names[n].name, "level", event_level(r), "ts",
		      ebt_fmt_iso8601(when, real_ns), "mono_ns", (json_int_t)r->mono_ns, "pid",
		      (json_int_t)r->pid, "tid", (json_int_t)r->tid, "slot",
		      (json_int_t)r->profile);
	json_object_set_new(o, "exe", event_string(r->events & EBT_PH_EV_NOTE ? "" : path));
	json_object_set_new(o, "comm", event_string(r->comm));
	event_cause(r, path, &why);
	json_object_set_new(o, "cause", event_string(why.data ? why.data : ""));
	json_object_set_new(o, "train_count", json_integer((json_int_t)r->train_count));
	if (!(r->events & NO_CALL) || r->missed) {
		json_object_set_new(o, "call", json_string(ebt_ph_call_name(call, r->call)));
		json_object_set_new(o, "count", json_integer((json_int_t)r->count));
	}
	if (!(r->events & EBT_PH_EV_ASKED) &&
	    r->events & (EBT_PH_EV_ANOMALY | EBT_PH_EV_TOLERIZE | EBT_PH_EV_STOP_NORMAL)) {
		json_object_set_new(o, "missed", json_integer(r->missed));
		json_object_set_new(o, "lfc", json_integer(r->lfc));
		json_object_set_new(o, "max_lfc", json_integer(r->max_lfc));
		json_object_set_new(o, "anomalies", json_integer((json_int_t)r->anomalies));
	}
	json_dump_callback(o, event_append, out, JSON_COMPACT);
	ebt_buf_append(out, "\n", 1);
	json_decref(o);
}

void ebt_ph_event_text(const struct ebt_ph_rec *r, const char *path, struct ebt_buf *out)
{
	uint64_t real_ns = r->mono_ns + (uint64_t)ebt_clock_mono_to_real_ns();
	_cleanup_buf_ struct ebt_buf why = { 0 };
	char when[EBT_FMT_LEN];

	ebt_buf_printf(out, "%s %-7s %u ", ebt_fmt_clock(when, real_ns, 1), event_level(r), r->pid);
	ebt_text_escape(
		out, ebt_bytes_from(path[0] && !(r->events & EBT_PH_EV_NOTE) ? path : r->comm), 0);
	ebt_buf_puts(out, ": ");
	event_cause(r, path, &why);
	if (why.data)
		ebt_text_escape(out, ebt_bytes_from(why.data), 0);
}
