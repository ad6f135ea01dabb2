/* SPDX-License-Identifier: BSD-3-Clause */
/* answers.c - what the server says. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/format.h"
#include "base/text.h"
#include "homeo/profile_file.h"
#include "homeo/server.h"

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
	line(out, json_pack("{s:b,s:s}", "ok", 0, "error", why));
}

static uint64_t seconds_to_normal(const struct ebt_ph_profile *p)
{
	uint64_t now_ns = ebt_clock_ns(CLOCK_REALTIME);

	return p->normal_at_ns > now_ns ? (p->normal_at_ns - now_ns) / 1000000000 : 0;
}

static json_t *profile_json(const struct ebt_ph_line *l, bool count)
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
		json_object_set_new(o, "changed",
				    json_string(ebt_fmt_iso8601(when, p->changed_ns)));
	if (p->state & EBT_PH_FROZEN)
		json_object_set_new(o, "normal_in_s", number(seconds_to_normal(p)));
	if (count) {
		json_object_set_new(o, "pairs", number(l->pairs));
		json_object_set_new(o, "bytes", number(l->bytes));
	}
	return o;
}

static void say_profiles(struct ebt_ph_monitor *m, const char *arg, struct ebt_buf *out)
{
	_cleanup_free_ struct ebt_ph_line *lines = NULL;
	bool count = strcmp(arg, "count") == 0;
	size_t n = 0;

	if (ebt_ph_monitor_lines(m, count, &lines, &n)) {
		refuse(out, "out of memory");
		return;
	}
	for (size_t i = 0; i < n; i++)
		line(out, profile_json(&lines[i], count));
	ok(out);
}

struct ps {
	struct ebt_ph_monitor *monitor;
	struct ebt_buf *out;
};

static void ps_line(uint32_t tid, const struct ebt_ph_task *t, void *arg)
{
	const struct ps *ps = arg;
	struct ebt_ph_kernel *k = ebt_ph_monitor_kernel(ps->monitor);
	struct ebt_ph_profile p;
	json_t *o;

	if (!t->profile || ebt_ph_kernel_profile(k, t->profile, &p))
		return;
	o = json_pack("{s:I,s:I,s:s,s:I,s:i,s:i}", "tid", (json_int_t)tid, "slot",
		      (json_int_t)t->profile, "state", ebt_ph_state_name(&p), "calls",
		      (json_int_t)t->count, "lfc", t->alf_epoch == p.epoch_b ? t->lfc : 0,
		      "max_lfc", t->alf_epoch == p.epoch_b ? t->max_lfc : 0);
	json_object_set_new(o, "exe", text(ebt_ph_monitor_path(ps->monitor, t->profile)));
	line(ps->out, o);
}

static void say_ps(struct ebt_ph_monitor *m, const char *arg, struct ebt_buf *out)
{
	struct ps ps = { m, out };

	if (ebt_ph_kernel_tasks(ebt_ph_monitor_kernel(m), ps_line, &ps))
		refuse(out, "the threads cannot be read");
	else
		ok(out);
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

static void say_status(struct ebt_ph_monitor *m, const char *arg, struct ebt_buf *out)
{
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
	line(out, o);
	ok(out);
}

/* The profile that is meant, or a refusal. */
static int find(struct ebt_ph_monitor *m, const char *what, struct ebt_buf *out)
{
	int slot = ebt_ph_monitor_find(m, what);

	if (slot == -ENOTUNIQ)
		refuse(out, "several programs have this name; give the whole path or #SLOT");
	else if (slot < 0)
		refuse(out, "there is no such profile; give a path, a name, #SLOT or a pid");
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

static void say_inspect(struct ebt_ph_monitor *m, const char *what, struct ebt_buf *out)
{
	_cleanup_ph_set_ struct ebt_ph_set *set = NULL;
	int slot = find(m, what, out);
	uint64_t bytes;

	if (slot < 0)
		return;
	if (ebt_ph_kernel_get(ebt_ph_monitor_kernel(m), (uint32_t)slot, &set, &bytes)) {
		refuse(out, "the profile cannot be read");
		return;
	}
	for (uint32_t col = 1; col < EBT_PH_COLS; col++) {
		if (set->rows[col])
			line(out, row_json(set, col));
	}
	ok(out);
}

static void do_verb(struct ebt_ph_monitor *m, const char *what, enum ebt_ph_verb verb,
		    struct ebt_buf *out)
{
	int slot = find(m, what, out), err;

	if (slot < 0)
		return;
	err = ebt_ph_kernel_verb(ebt_ph_monitor_kernel(m), (uint32_t)slot, verb);
	if (err)
		refuse(out, strerror(-err));
	else
		ok(out);
}

static void do_normalize(struct ebt_ph_monitor *m, const char *arg, struct ebt_buf *out)
{
	do_verb(m, arg, EBT_PH_NORMALIZE, out);
}

static void do_sensitize(struct ebt_ph_monitor *m, const char *arg, struct ebt_buf *out)
{
	do_verb(m, arg, EBT_PH_SENSITIZE, out);
}

static void do_tolerize(struct ebt_ph_monitor *m, const char *arg, struct ebt_buf *out)
{
	do_verb(m, arg, EBT_PH_TOLERIZE, out);
}

/* "WHAT kill" or "WHAT default". */
static void do_respond(struct ebt_ph_monitor *m, const char *arg, struct ebt_buf *out)
{
	const char *how = strrchr(arg, ' ');
	char what[EBT_PH_REQUEST_MAX];
	int slot;

	if (!how || (strcmp(how, " kill") != 0 && strcmp(how, " default") != 0)) {
		refuse(out, "respond wants a profile, then kill or default");
		return;
	}
	snprintf(what, sizeof(what), "%.*s", (int)(how - arg), arg);
	slot = find(m, what, out);
	if (slot < 0)
		return;
	ebt_ph_monitor_set_kill(m, (uint32_t)slot, how[1] == 'k');
	ok(out);
}

static void do_set(struct ebt_ph_monitor *m, const char *arg, struct ebt_buf *out)
{
	char name[64], value[32], why[256] = "";

	if (sscanf(arg, "%63s %31s", name, value) != 2) {
		refuse(out, "set wants a name and a value");
		return;
	}
	if (ebt_ph_monitor_set(m, name, value, why, sizeof(why)))
		refuse(out, why);
	else
		ok(out);
}

static void do_save(struct ebt_ph_monitor *m, const char *arg, struct ebt_buf *out)
{
	int n = ebt_ph_monitor_save(m);

	if (n < 0) {
		refuse(out, strerror(-n));
		return;
	}
	line(out, json_pack("{s:i}", "saved", n));
	ok(out);
}

static const struct request {
	const char *word;
	void (*say)(struct ebt_ph_monitor *m, const char *arg, struct ebt_buf *out);
} requests[] = {
	{ "status", say_status },    { "profiles", say_profiles },  { "ps", say_ps },
	{ "inspect", say_inspect },  { "normalize", do_normalize }, { "sensitize", do_sensitize },
	{ "tolerize", do_tolerize }, { "respond", do_respond },	    { "set", do_set },
	{ "save", do_save },
};

bool ebt_ph_answer(struct ebt_ph_monitor *m, const char *request, struct ebt_buf *out)
{
	size_t len = strcspn(request, " ");
	const char *arg = request + len + (request[len] == ' ');

	if (strcmp(request, "events") == 0)
		return true;
	for (size_t i = 0; i < EBT_ARRAY_SIZE(requests); i++) {
		if (strlen(requests[i].word) == len &&
		    strncmp(request, requests[i].word, len) == 0) {
			requests[i].say(m, arg, out);
			return false;
		}
	}
	refuse(out, "this request is not known");
	return false;
}
