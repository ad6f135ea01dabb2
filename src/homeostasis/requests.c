/* SPDX-License-Identifier: BSD-3-Clause */
#include "homeostasis/requests.h"

#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/failure.h"
#include "base/format.h"
#include "base/proc.h"
#include "base/text.h"
#include "homeostasis/kernel_maps.h"
#include "homeostasis/profile_dir.h"
#include "homeostasis/profile_list.h"
#include "homeostasis/syscall_names.h"

/* Make a JSON string of any bytes; those that are not UTF-8 become U+FFFD. */
static json_t *request_string(const char *s)
{
	_cleanup_buf_ struct ebt_buf fixed = { 0 };

	if (ebt_text_repair_utf8(&fixed, ebt_bytes_from(s)))
		return json_null();
	return json_string(fixed.data ? fixed.data : "");
}

static json_t *request_number(uint64_t n)
{
	return json_integer((json_int_t)n);
}

static int request_append(const char *data, size_t size, void *arg)
{
	return ebt_buf_append(arg, data, size);
}

/* A request: its operands, its sender and the buffer for its answer. */
struct request {
	struct ebt_ph_monitor *monitor;
	const char *arg;
	const struct ebt_ph_asker *who;
	struct ebt_buf *out;
};

/* Append an object as one line and release it. */
static void answer_object(struct ebt_buf *out, json_t *obj)
{
	json_dump_callback(obj, request_append, out, JSON_COMPACT);
	ebt_buf_append(out, "\n", 1);
	json_decref(obj);
}

static void answer_ok(struct ebt_buf *out)
{
	answer_object(out, json_pack("{s:b}", "ok", 1));
}

static void answer_refuse(struct ebt_buf *out, const char *why)
{
	/* The message may contain words of the request, which may be any bytes. */
	answer_object(out, json_pack("{s:b,s:o}", "ok", 0, "error", request_string(why)));
}

static uint64_t profile_seconds_to_normal(const struct ebt_ph_profile *p, uint64_t now_ns)
{
	return p->normal_at_ns > now_ns ? (p->normal_at_ns - now_ns) / 1000000000 : 0;
}

static json_t *profile_json(struct ebt_ph_kernel *k, const struct ebt_ph_line *l, bool count)
{
	const struct ebt_ph_profile *p = &l->profile;
	char name[EBT_PH_NAME_LEN], when[EBT_FMT_LEN];
	json_t *o = json_object();

	snprintf(name, sizeof(name), "%x:%llx:%x", p->key.dev, (unsigned long long)p->key.ino,
		 p->key.guard);
	json_object_set_new(o, "slot", request_number(l->slot));
	json_object_set_new(o, "exe", request_string(l->path));
	json_object_set_new(o, "key", json_string(name));
	json_object_set_new(o, "state", json_string(ebt_ph_state_name(p)));
	json_object_set_new(o, "calls", request_number(p->count_base + p->train_count));
	json_object_set_new(o, "train_count", request_number(p->train_count));
	json_object_set_new(o, "last_new", request_number(p->train_count - p->mod_at));
	json_object_set_new(o, "new_calls", request_number(p->sequences));
	json_object_set_new(o, "distinct_calls", request_number(p->cols));
	json_object_set_new(o, "anomalies", request_number(p->anomalies));
	json_object_set_new(o, "anomalies_total", request_number(p->anomalies_base + p->anomalies));
	json_object_set_new(o, "lfc", request_number(l->lfc));
	json_object_set_new(o, "max_lfc",
			    request_number(p->max_lfc > l->max_lfc ? p->max_lfc : l->max_lfc));
	json_object_set_new(o, "threads", request_number(l->tasks));
	json_object_set_new(o, "kill", json_boolean(l->kill));
	if (p->changed_ns)
		json_object_set_new(
			o, "changed",
			json_string(ebt_fmt_iso8601(
				when, p->changed_ns + (uint64_t)ebt_ph_kernel_step_ns(k))));
	if (p->state & EBT_PH_FROZEN)
		json_object_set_new(
			o, "normal_in_s",
			request_number(profile_seconds_to_normal(p, ebt_ph_kernel_now_ns(k))));
	if (count) {
		json_object_set_new(o, "pairs", request_number(l->pairs));
		json_object_set_new(o, "bytes", request_number(l->bytes));
	}
	return o;
}

static void answer_profiles(const struct request *q)
{
	_cleanup_free_ struct ebt_ph_line *lines = NULL;
	bool count = strcmp(q->arg, "count") == 0;
	size_t n = 0;

	if (*q->arg && !count) {
		answer_refuse(q->out, "profiles takes count, or nothing");
		return;
	}
	if (ebt_ph_monitor_lines(q->monitor, count, &lines, &n)) {
		answer_refuse(q->out, "out of memory");
		return;
	}
	for (size_t i = 0; i < n; i++)
		answer_object(q->out,
			      profile_json(ebt_ph_monitor_kernel(q->monitor), &lines[i], count));
	answer_ok(q->out);
}

/* Get the process of a thread and the name of the thread. Return false if the thread has ended. */
static bool request_process_of(uint32_t tid, char name[EBT_PROC_COMM_LEN], uint32_t *pid)
{
	char status[1024];

	return ebt_proc_read(-1, tid, "status", status, sizeof(status)) > 0 &&
	       ebt_proc_parse_status(status, name, pid) == 0;
}

static void answer_one_thread(uint32_t tid, const struct ebt_ph_task *t, void *arg)
{
	const struct request *q = arg;
	char name[EBT_PROC_COMM_LEN];
	struct ebt_ph_profile p;
	bool counts;
	uint32_t pid;
	json_t *o;

	if (!t->profile ||
	    ebt_ph_kernel_profile(ebt_ph_monitor_kernel(q->monitor), t->profile, &p) ||
	    !request_process_of(tid, name, &pid))
		return;
	counts = t->alf_epoch == p.epoch_b; /* otherwise the LFC is older than the normal state */
	o = json_pack("{s:I,s:I,s:o,s:I,s:s,s:I,s:i,s:i}", "pid", (json_int_t)pid, "tid",
		      (json_int_t)tid, "comm", request_string(name), "slot", (json_int_t)t->profile,
		      "state", ebt_ph_state_name(&p), "calls", (json_int_t)t->count, "lfc",
		      counts ? t->lfc : 0, "max_lfc", counts ? t->max_lfc : 0);
	json_object_set_new(o, "exe", request_string(ebt_ph_monitor_path(q->monitor, t->profile)));
	answer_object(q->out, o);
}

static void answer_ps(const struct request *q)
{
	struct request mine = *q;

	if (ebt_ph_kernel_tasks(ebt_ph_monitor_kernel(q->monitor), answer_one_thread, &mine))
		answer_refuse(q->out, "the threads cannot be read");
	else
		answer_ok(q->out);
}

static json_t *counters_json(const struct ebt_ph_counters *c)
{
	return json_pack("{s:I,s:I,s:I,s:I,s:I,s:I,s:I,s:I,s:I,s:I,s:I,s:I,s:I}", "adopted",
			 (json_int_t)c->adopted, "learned", (json_int_t)c->learned, "anomalies",
			 (json_int_t)c->anomalies, "records", (json_int_t)c->records, "ring_lost",
			 (json_int_t)c->ring_lost, "scratch_busy", (json_int_t)c->scratch_busy,
			 "profiles_full", (json_int_t)c->profiles_full, "rows_full",
			 (json_int_t)c->rows_full, "tasks_full", (json_int_t)c->tasks_full,
			 "columns_full", (json_int_t)c->columns_full, "row_clashes",
			 (json_int_t)c->row_clashes, "denied", (json_int_t)c->denied, "frames_lost",
			 (json_int_t)c->frames_lost);
}

static void answer_status(const struct request *q)
{
	struct ebt_ph_monitor *m = q->monitor;
	struct ebt_ph_kernel *k = ebt_ph_monitor_kernel(m);
	const struct ebt_ph_settings *s = ebt_ph_monitor_settings(m);
	uint32_t slots = ebt_ph_kernel_slots(k), by_state[3] = { 0 };
	struct ebt_ph_counters counters;
	json_t *o, *set = json_object();

	for (uint32_t slot = 1; slot <= slots; slot++) {
		struct ebt_ph_profile p;

		if (ebt_ph_kernel_profile(k, slot, &p) == 0)
			by_state[p.state & EBT_PH_NORMAL ? 2 : p.state & EBT_PH_FROZEN ? 1 : 0]++;
	}
	for (size_t i = 0; ebt_ph_setting_name(i, NULL); i++)
		json_object_set_new(set, ebt_ph_setting_name(i, NULL),
				    request_number(ebt_ph_setting_get(s, i)));
	ebt_ph_kernel_counters(k, &counters);
	o = json_pack("{s:s,s:i,s:i,s:i,s:I,s:i}", "version", EBT_VERSION, "training", by_state[0],
		      "frozen", by_state[1], "normal", by_state[2], "table_bytes",
		      (json_int_t)ebt_ph_kernel_bytes(k), "profiles_max", EBT_PH_PROFILES - 1);
	json_object_set_new(o, "settings", set);
	json_object_set_new(o, "counters", counters_json(&counters));
	json_object_set_new(json_object_get(o, "counters"), "log_lost",
			    request_number(ebt_ph_monitor_lines_lost(m)));
	answer_object(q->out, o);
	answer_ok(q->out);
}

/* Return the slot of the profile that the operand names, or refuse the request and return
 * -errno. */
static int request_find_profile(const struct request *q, const char *what)
{
	int slot = ebt_ph_monitor_find(q->monitor, what);
	char why[EBT_PH_REQUEST_MAX + 128];

	if (slot == -ENOTUNIQ)
		snprintf(why, sizeof(why),
			 "several programs are called '%s'; give the whole path or #SLOT", what);
	else
		snprintf(why, sizeof(why),
			 "there is no profile of '%s'; give a path, a program's name, #SLOT or a "
			 "pid",
			 what);
	if (slot < 0)
		answer_refuse(q->out, why);
	return slot;
}

static json_t *row_json(const struct ebt_ph_set *set, uint32_t col)
{
	const struct ebt_ph_profile *p = &set->profile;
	char name[EBT_PH_CALL_LEN];
	json_t *prevs = json_array();

	for (uint32_t prev = 1; prev < EBT_PH_COLS; prev++) {
		uint8_t a = ebt_ph_bits(set->rows[col]->a, prev);
		uint8_t b = ebt_ph_bits(set->rows[col]->b, prev);

		if (a || b)
			json_array_append_new(prevs,
					      json_pack("{s:s,s:i,s:i}", "call",
							ebt_ph_call_name(name, p->call_of[prev]),
							"a", a, "b", b));
	}
	return json_pack("{s:s,s:o}", "call", ebt_ph_call_name(name, p->call_of[col]), "before",
			 prevs);
}

static void answer_inspect(const struct request *q)
{
	_cleanup_ph_set_ struct ebt_ph_set *set = NULL;
	int slot = request_find_profile(q, q->arg);
	uint64_t bytes;

	if (slot < 0)
		return;
	if (ebt_ph_kernel_get(ebt_ph_monitor_kernel(q->monitor), (uint32_t)slot, &set, &bytes)) {
		answer_refuse(q->out, "the profile cannot be read");
		return;
	}
	for (uint32_t col = 1; col < EBT_PH_COLS; col++) {
		if (set->rows[col])
			answer_object(q->out, row_json(set, col));
	}
	answer_ok(q->out);
}

static void request_verb(const struct request *q, enum ebt_ph_verb verb)
{
	int slot = request_find_profile(q, q->arg), err;

	if (slot < 0)
		return;
	err = ebt_ph_monitor_verb(q->monitor, (uint32_t)slot, verb, q->who);
	if (err)
		answer_refuse(q->out, ebt_strerror(-err));
	else
		answer_ok(q->out);
}

static void request_normalize(const struct request *q)
{
	request_verb(q, EBT_PH_NORMALIZE);
}

static void request_sensitize(const struct request *q)
{
	request_verb(q, EBT_PH_SENSITIZE);
}

static void request_tolerize(const struct request *q)
{
	request_verb(q, EBT_PH_TOLERIZE);
}

/* Handle "respond WHAT kill" and "respond WHAT default". */
static void request_respond(const struct request *q)
{
	const char *how = strrchr(q->arg, ' ');
	char what[EBT_PH_REQUEST_MAX];
	int slot;

	if (!how || (strcmp(how, " kill") != 0 && strcmp(how, " default") != 0)) {
		answer_refuse(q->out, "respond wants a profile, then kill or default");
		return;
	}
	snprintf(what, sizeof(what), "%.*s", (int)(how - q->arg), q->arg);
	slot = request_find_profile(q, what);
	if (slot < 0)
		return;
	ebt_ph_monitor_set_kill(q->monitor, (uint32_t)slot, how[1] == 'k', q->who->uid);
	answer_ok(q->out);
}

static void request_set(const struct request *q)
{
	size_t len = strcspn(q->arg, " ");
	const char *value = q->arg + len + strspn(q->arg + len, " ");
	char name[EBT_PH_REQUEST_MAX], why[EBT_PH_REQUEST_MAX + 256] = "";

	if (!len || !*value) {
		answer_refuse(q->out, "set wants a name and a value");
		return;
	}
	snprintf(name, sizeof(name), "%.*s", (int)len, q->arg);
	if (ebt_ph_monitor_set(q->monitor, name, value, q->who->uid, why, sizeof(why)))
		answer_refuse(q->out, why);
	else
		answer_ok(q->out);
}

static void request_save(const struct request *q)
{
	int n;

	if (!ebt_ph_monitor_saves(q->monitor)) {
		answer_refuse(q->out,
			      "nothing is saved, there is no directory for it: start the daemon "
			      "without --no-save, --homeostasis with --profiles DIR");
		return;
	}
	n = ebt_ph_monitor_save(q->monitor);
	if (n < 0) {
		answer_refuse(q->out, ebt_strerror(-n));
		return;
	}
	answer_object(q->out, json_pack("{s:i}", "saved", n));
	answer_ok(q->out);
}

static const struct request_handler {
	const char *word;
	void (*answer)(const struct request *q);
} request_handlers[] = {
	{ "status", answer_status },
	{ "profiles", answer_profiles },
	{ "ps", answer_ps },
	{ "inspect", answer_inspect },
	{ "normalize", request_normalize },
	{ "sensitize", request_sensitize },
	{ "tolerize", request_tolerize },
	{ "respond", request_respond },
	{ "set", request_set },
	{ "save", request_save },
};

bool ebt_ph_answer(struct ebt_ph_monitor *m, const char *request, const struct ebt_ph_asker *who,
		   struct ebt_buf *out)
{
	size_t len = strcspn(request, " ");
	const struct request q = { m, request + len + (request[len] == ' '), who, out };

	if (strcmp(request, "events") == 0)
		return true;
	for (size_t i = 0; i < EBT_ARRAY_SIZE(request_handlers); i++) {
		if (strlen(request_handlers[i].word) == len &&
		    strncmp(request, request_handlers[i].word, len) == 0) {
			request_handlers[i].answer(&q);
			return false;
		}
	}
	answer_refuse(out, "this request is not known");
	return false;
}
