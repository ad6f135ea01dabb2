/* SPDX-License-Identifier: BSD-3-Clause */
#include "homeostasis/event_json.h"

#include "base/cleanup.h"
#include "base/format.h"
#include "base/json_write.h"
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

/* Append the cause of an event on request: the verb, and the user who asked. */
static void event_asked(const struct ebt_ph_rec *r, struct ebt_buf *out)
{
	char user[EBT_PH_USER_LEN];

	ebt_buf_puts(out, r->events & EBT_PH_EV_NORMAL ? "normal from now on: normalize"
			  : r->events & EBT_PH_EV_SENSITIZED
				  ? "what was learned recently is forgotten: sensitize"
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
	struct ebt_json_writer w = { .out = out };

	ebt_json_open(&w, NULL, "{");
	ebt_json_u64(&w, "v", 1);
	ebt_json_text(&w, "type", "homeostasis");
	ebt_json_text(&w, "event", event_names[event_name_of(r->events)].name);
	ebt_json_text(&w, "level", event_level(r));
	ebt_json_text(&w, "ts", ebt_fmt_iso8601(when, real_ns));
	ebt_json_u64(&w, "mono_ns", r->mono_ns);
	ebt_json_u64(&w, "pid", r->pid);
	ebt_json_u64(&w, "tid", r->tid);
	ebt_json_u64(&w, "slot", r->profile);
	ebt_json_bytes(&w, "exe", ebt_bytes_from(r->events & EBT_PH_EV_NOTE ? "" : path));
	ebt_json_bytes(&w, "comm", ebt_bytes_from(r->comm));
	event_cause(r, path, &why);
	ebt_json_bytes(&w, "cause", (struct ebt_bytes){ why.data, why.len });
	ebt_json_u64(&w, "train_count", r->train_count);
	if (!(r->events & NO_CALL) || r->missed) {
		ebt_json_text(&w, "call", ebt_ph_call_name(call, r->call));
		ebt_json_u64(&w, "count", r->count);
	}
	if (!(r->events & EBT_PH_EV_ASKED) &&
	    r->events & (EBT_PH_EV_ANOMALY | EBT_PH_EV_TOLERIZE | EBT_PH_EV_STOP_NORMAL)) {
		ebt_json_u64(&w, "missed", r->missed);
		ebt_json_u64(&w, "lfc", r->lfc);
		ebt_json_u64(&w, "max_lfc", r->max_lfc);
		ebt_json_u64(&w, "anomalies", r->anomalies);
	}
	ebt_json_close(&w, "}");
	ebt_buf_append(out, "\n", 1);
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
