/* SPDX-License-Identifier: BSD-3-Clause */
/* requests.c - what the server says. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/format.h"
#include "base/text.h"
#include "homeostasis/profile_file.h"
#include "homeostasis/server.h"

/* Bytes from a file name into a JSON string: what is not UTF-8 becomes U+FFFD. */
static json_t *text(const char *s)
{
	_cleanup_buf_ struct ebt_buf fixed = { 0 };

	if (ebt_text_repair_utf8(&fixed, ebt_bytes_from(s)))
		return json_null();
	return json_string(fixed.data ? fixed.data : "");
}

static json_t *number(uint64_t n)
{
	return json_integer((json_int_t)n);
}

static int put(const char *data, size_t size, void *arg)
{
	return ebt_buf_append(arg, data, size);
}

/* One request: what it is about, and who asks. */
struct question {
	struct ebt_ph_monitor *monitor;
	const char *arg;
	const struct ebt_ph_asker *who;
	struct ebt_buf *out;
};

/* Takes obj. */
static void line(struct ebt_buf *out, json_t *obj)
{
	json_dump_callback(obj, put, out, JSON_COMPACT);
	ebt_buf_append(out, "\n", 1);
	json_decref(obj);
}

static void ok(struct ebt_buf *out)
{
	line(out, json_pack("{s:b}", "ok", 1));
}

static void refuse(struct ebt_buf *out, const char *why)
{
	/* The request's own words may be in it, of whatever bytes. */
	line(out, json_pack("{s:b,s:o}", "ok", 0, "error", text(why)));
}

static uint64_t seconds_to_normal(const struct ebt_ph_profile *p, uint64_t now_ns)
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
	json_object_set_new(o, "slot", number(l->slot));
	json_object_set_new(o, "exe", text(l->path));
	json_object_set_new(o, "key", json_string(name));
	json_object_set_new(o, "state", json_string(ebt_ph_state_name(p)));
	json_object_set_new(o, "calls", number(p->count_base + p->train_count));
	json_object_set_new(o, "train_count", number(p->train_count));
	json_object_set_new(o, "last_new", number(p->train_count - p->mod_at));
	json_object_set_new(o, "new_calls", number(p->sequences));
	json_object_set_new(o, "distinct_calls", number(p->cols));
	json_object_set_new(o, "anomalies", number(p->anomalies));
	json_object_set_new(o, "anomalies_total", number(p->anomalies_base + p->anomalies));
	json_object_set_new(o, "lfc", number(l->lfc));
	json_object_set_new(o, "max_lfc",
			    number(p->max_lfc > l->max_lfc ? p->max_lfc : l->max_lfc));
	json_object_set_new(o, "threads", number(l->tasks));
	json_object_set_new(o, "kill", json_boolean(l->kill));
	if (p->changed_ns)
		json_object_set_new(
			o, "changed",
			json_string(ebt_fmt_iso8601(
				when, p->changed_ns + (uint64_t)ebt_ph_kernel_step_ns(k))));
	if (p->state & EBT_PH_FROZEN)
		json_object_set_new(o, "normal_in_s",
				    number(seconds_to_normal(p, ebt_ph_kernel_now_ns(k))));
	if (count) {
		json_object_set_new(o, "pairs", number(l->pairs));
		json_object_set_new(o, "bytes", number(l->bytes));
	}
	return o;
}

static void say_profiles(const struct question *q)
{
	_cleanup_free_ struct ebt_ph_line *lines = NULL;
	bool count = strcmp(q->arg, "count") == 0;
	size_t n = 0;

	if (*q->arg && !count) {
		refuse(q->out, "profiles takes count, or nothing");
		return;
	}
	if (ebt_ph_monitor_lines(q->monitor, count, &lines, &n)) {
		refuse(q->out, "out of memory");
		return;
	}
	for (size_t i = 0; i < n; i++)
		line(q->out, profile_json(ebt_ph_monitor_kernel(q->monitor), &lines[i], count));
	ok(q->out);
}

/* The process of a thread and its name. A thread that has just ended has none. */
static bool process_of(uint32_t tid, char name[EBT_PH_COMM_LEN], uint32_t *pid)
{
	_cleanup_fclose_ FILE *f = NULL;
	char path[64], status[128];

	snprintf(path, sizeof(path), "/proc/%u/status", tid);
	f = fopen(path, "re");
	*name = '\0';
	while (f && fgets(status, sizeof(status), f)) {
		if (strncmp(status, "Name:\t", 6) == 0)
			snprintf(name, EBT_PH_COMM_LEN, "%.*s", (int)strcspn(status + 6, "\n"),
				 status + 6);
		if (sscanf(status, "Tgid: %u", pid) == 1)
			return true;
	}
	return false;
}

static void ps_line(uint32_t tid, const struct ebt_ph_task *t, void *arg)
{
	const struct question *q = arg;
	char name[EBT_PH_COMM_LEN];
	struct ebt_ph_profile p;
	bool counts;
	uint32_t pid;
	json_t *o;

	if (!t->profile ||
	    ebt_ph_kernel_profile(ebt_ph_monitor_kernel(q->monitor), t->profile, &p) ||
	    !process_of(tid, name, &pid))
		return;
	counts = t->alf_epoch == p.epoch_b; /* else its LFC is of before it was normal */
	o = json_pack("{s:I,s:I,s:o,s:I,s:s,s:I,s:i,s:i}", "pid", (json_int_t)pid, "tid",
		      (json_int_t)tid, "comm", text(name), "slot", (json_int_t)t->profile, "state",
		      ebt_ph_state_name(&p), "calls", (json_int_t)t->count, "lfc",
		      counts ? t->lfc : 0, "max_lfc", counts ? t->max_lfc : 0);
	json_object_set_new(o, "exe", text(ebt_ph_monitor_path(q->monitor, t->profile)));
	line(q->out, o);
}

static void say_ps(const struct question *q)
{
	struct question mine = *q;

	if (ebt_ph_kernel_tasks(ebt_ph_monitor_kernel(q->monitor), ps_line, &mine))
		refuse(q->out, "the threads cannot be read");
	else
		ok(q->out);
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

static void say_status(const struct question *q)
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
				    number(ebt_ph_setting_get(s, i)));
	ebt_ph_kernel_counters(k, &counters);
	o = json_pack("{s:s,s:i,s:i,s:i,s:I,s:i}", "version", EBT_VERSION, "training", by_state[0],
		      "frozen", by_state[1], "normal", by_state[2], "table_bytes",
		      (json_int_t)ebt_ph_kernel_bytes(k), "profiles_max", EBT_PH_PROFILES - 1);
	json_object_set_new(o, "settings", set);
	json_object_set_new(o, "counters", counters_json(&counters));
	json_object_set_new(json_object_get(o, "counters"), "log_lost",
			    number(ebt_ph_monitor_lines_lost(m)));
	line(q->out, o);
	ok(q->out);
}

/* The profile that is meant, or a refusal. */
static int find(const struct question *q, const char *what)
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
		refuse(q->out, why);
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

static void say_inspect(const struct question *q)
{
	_cleanup_ph_set_ struct ebt_ph_set *set = NULL;
	int slot = find(q, q->arg);
	uint64_t bytes;

	if (slot < 0)
		return;
	if (ebt_ph_kernel_get(ebt_ph_monitor_kernel(q->monitor), (uint32_t)slot, &set, &bytes)) {
		refuse(q->out, "the profile cannot be read");
		return;
	}
	for (uint32_t col = 1; col < EBT_PH_COLS; col++) {
		if (set->rows[col])
			line(q->out, row_json(set, col));
	}
	ok(q->out);
}

static void do_verb(const struct question *q, enum ebt_ph_verb verb)
{
	int slot = find(q, q->arg), err;

	if (slot < 0)
		return;
	err = ebt_ph_monitor_verb(q->monitor, (uint32_t)slot, verb, q->who);
	if (err)
		refuse(q->out, strerror(-err));
	else
		ok(q->out);
}

static void do_normalize(const struct question *q)
{
	do_verb(q, EBT_PH_NORMALIZE);
}

static void do_sensitize(const struct question *q)
{
	do_verb(q, EBT_PH_SENSITIZE);
}

static void do_tolerize(const struct question *q)
{
	do_verb(q, EBT_PH_TOLERIZE);
}

/* "WHAT kill" or "WHAT default". */
static void do_respond(const struct question *q)
{
	const char *how = strrchr(q->arg, ' ');
	char what[EBT_PH_REQUEST_MAX];
	int slot;

	if (!how || (strcmp(how, " kill") != 0 && strcmp(how, " default") != 0)) {
		refuse(q->out, "respond wants a profile, then kill or default");
		return;
	}
	snprintf(what, sizeof(what), "%.*s", (int)(how - q->arg), q->arg);
	slot = find(q, what);
	if (slot < 0)
		return;
	ebt_ph_monitor_set_kill(q->monitor, (uint32_t)slot, how[1] == 'k', q->who->uid);
	ok(q->out);
}

static void do_set(const struct question *q)
{
	size_t len = strcspn(q->arg, " ");
	const char *value = q->arg + len + strspn(q->arg + len, " ");
	char name[EBT_PH_REQUEST_MAX], why[EBT_PH_REQUEST_MAX + 256] = "";

	if (!len || !*value) {
		refuse(q->out, "set wants a name and a value");
		return;
	}
	snprintf(name, sizeof(name), "%.*s", (int)len, q->arg);
	if (ebt_ph_monitor_set(q->monitor, name, value, q->who->uid, why, sizeof(why)))
		refuse(q->out, why);
	else
		ok(q->out);
}

static void do_save(const struct question *q)
{
	int n;

	if (!ebt_ph_monitor_saves(q->monitor)) {
		refuse(q->out, "nothing is saved, there is no directory for it: start the daemon "
			       "without --no-save, --homeostasis with --profiles DIR");
		return;
	}
	n = ebt_ph_monitor_save(q->monitor);
	if (n < 0) {
		refuse(q->out, strerror(-n));
		return;
	}
	line(q->out, json_pack("{s:i}", "saved", n));
	ok(q->out);
}

static const struct request {
	const char *word;
	void (*say)(const struct question *q);
} requests[] = {
	{ "status", say_status },    { "profiles", say_profiles },  { "ps", say_ps },
	{ "inspect", say_inspect },  { "normalize", do_normalize }, { "sensitize", do_sensitize },
	{ "tolerize", do_tolerize }, { "respond", do_respond },	    { "set", do_set },
	{ "save", do_save },
};

bool ebt_ph_answer(struct ebt_ph_monitor *m, const char *request, const struct ebt_ph_asker *who,
		   struct ebt_buf *out)
{
	size_t len = strcspn(request, " ");
	const struct question q = { m, request + len + (request[len] == ' '), who, out };

	if (strcmp(request, "events") == 0)
		return true;
	for (size_t i = 0; i < EBT_ARRAY_SIZE(requests); i++) {
		if (strlen(requests[i].word) == len &&
		    strncmp(request, requests[i].word, len) == 0) {
			requests[i].say(&q);
			return false;
		}
	}
	refuse(out, "this request is not known");
	return false;
}
