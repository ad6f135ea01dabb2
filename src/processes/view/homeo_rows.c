/* SPDX-License-Identifier: BSD-3-Clause */
#include "processes/view/homeo_rows.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/cleanup.h"
#include "base/clock.h"
#include "base/format.h"
#include "base/text.h"

#define ROWS_MAX 4096

struct rows {
	struct ebt_profile_row *at;
	size_t n;
	uint64_t now_s;
};

/* Return the seconds from an ISO 8601 time in UTC until now_s, or UINT64_MAX if it is not one. */
static uint64_t seconds_since(const char *when, uint64_t now_s)
{
	struct tm tm = { 0 };
	time_t t;

	if (!strptime(when, "%Y-%m-%dT%H:%M:%S", &tm))
		return UINT64_MAX;
	t = timegm(&tm);
	return t >= 0 && (uint64_t)t <= now_s ? now_s - (uint64_t)t : 0;
}

static void rows_take_one(json_t *o, void *arg)
{
	struct rows *rows = arg;
	struct ebt_profile_row *r = &rows->at[rows->n];
	const char *state = ebt_homeo_string(o, "state");

	if (rows->n == ROWS_MAX)
		return;
	*r = (struct ebt_profile_row){
		.slot = (uint32_t)ebt_homeo_number(o, "slot"),
		.state = *state == 'n'	 ? EBT_PROFILE_NORMAL
			 : *state == 'f' ? EBT_PROFILE_FROZEN
					 : EBT_PROFILE_TRAINING,
		.calls = ebt_homeo_number(o, "calls"),
		.anomalies = ebt_homeo_number(o, "anomalies"),
		.changed_s = seconds_since(ebt_homeo_string(o, "changed"), rows->now_s),
		.normal_in_s = ebt_homeo_number(o, "normal_in_s"),
		.pairs = (uint32_t)ebt_homeo_number(o, "pairs"),
		.bytes = ebt_homeo_number(o, "bytes"),
		.lfc = (uint32_t)ebt_homeo_number(o, "lfc"),
		.max_lfc = (uint32_t)ebt_homeo_number(o, "max_lfc"),
		.threads = (uint32_t)ebt_homeo_number(o, "threads"),
	};
	snprintf(r->exe, sizeof(r->exe), "%s", ebt_homeo_string(o, "exe"));
	rows->n++;
}

int ebt_homeo_rows(struct ebt_homeo_link *l, struct ebt_profile_row **out, size_t *n)
{
	_cleanup_free_ struct ebt_profile_row *at = calloc(ROWS_MAX, sizeof(*at));
	struct rows rows = { .at = at, .now_s = ebt_clock_ns(CLOCK_REALTIME) / 1000000000 };
	char why[EBT_HOMEO_WHY];
	int err = at ? ebt_homeo_ask(l, "profiles count", rows_take_one, &rows, why) : -ENOMEM;

	if (err)
		return err;
	*out = TAKE_PTR(at);
	*n = rows.n;
	return 0;
}

static void rows_take_status(json_t *o, void *arg)
{
	const json_t *c = json_object_get(o, "counters");
	struct ebt_profiles *screen = arg;
	uint64_t lost = ebt_homeo_number(c, "ring_lost") + ebt_homeo_number(c, "scratch_busy");
	uint64_t full = ebt_homeo_number(c, "profiles_full") + ebt_homeo_number(c, "rows_full") +
			ebt_homeo_number(c, "tasks_full") + ebt_homeo_number(c, "columns_full");
	char head[256];

	snprintf(head, sizeof(head),
		 "Profiles: %llu training, %llu frozen, %llu normal   anomalies %llu   "
		 "lost events %llu   table full %llu",
		 (unsigned long long)ebt_homeo_number(o, "training"),
		 (unsigned long long)ebt_homeo_number(o, "frozen"),
		 (unsigned long long)ebt_homeo_number(o, "normal"),
		 (unsigned long long)ebt_homeo_number(c, "anomalies"), (unsigned long long)lost,
		 (unsigned long long)full);
	ebt_profiles_head(screen, head);
}

void ebt_homeo_refresh(struct ebt_homeo_link *l, struct ebt_profiles *screen)
{
	_cleanup_free_ struct ebt_profile_row *rows = NULL;
	char why[EBT_HOMEO_WHY];
	size_t n = 0;

	if (l->gone || ebt_homeo_rows(l, &rows, &n))
		return;
	ebt_homeo_ask(l, "status", rows_take_status, screen, why);
	ebt_profiles_set(screen, rows, n);
}

static void rows_take_pairs(json_t *o, void *arg)
{
	json_t *before = json_object_get(o, "before"), *e;
	struct ebt_buf *out = arg;
	size_t i;

	json_array_foreach(before, i, e)
	{
		uint64_t a = ebt_homeo_number(e, "a"), b = ebt_homeo_number(e, "b");

		ebt_buf_printf(out, "%-20.20s after %-20.20s ", ebt_homeo_string(o, "call"),
			       ebt_homeo_string(e, "call"));
		for (int d = 0; d < 8; d++)
			ebt_buf_puts(out, b >> d & 1 ? "N" : a >> d & 1 ? "t" : ".");
		ebt_buf_puts(out, "\n");
	}
}

static int rows_inspect(struct ebt_homeo_link *l, struct ebt_profiles *screen,
			const struct ebt_profile_row *row, char why[EBT_HOMEO_WHY])
{
	struct ebt_buf text = { 0 };
	char request[64];
	int err;

	snprintf(request, sizeof(request), "inspect #%u", row->slot);
	ebt_buf_puts(&text, "Pairs of ");
	ebt_text_escape(&text, ebt_bytes_from(row->exe), 0);
	ebt_buf_puts(&text, " at distance 1 to 8: N normal, t learned, . never seen. Esc: back\n");
	err = ebt_homeo_ask(l, request, rows_take_pairs, &text, why);
	if (!err && !text.error)
		ebt_profiles_show(screen, &text);
	ebt_buf_free(&text);
	return err;
}

void ebt_homeo_act(struct ebt_homeo_link *l, struct ebt_profiles *screen, enum ebt_profiles_act act,
		   char said[2 * EBT_HOMEO_WHY], bool *bad)
{
	static const char *const verbs[] = { [EBT_PROFILES_NORMALIZE] = "normalize",
					     [EBT_PROFILES_SENSITIZE] = "sensitize",
					     [EBT_PROFILES_TOLERIZE] = "tolerize" };
	const struct ebt_profile_row *row = ebt_profiles_selected(screen);
	char request[64], why[EBT_HOMEO_WHY] = "";
	int err = 0;

	said[0] = '\0';
	if (act == EBT_PROFILES_SAVE) {
		err = ebt_homeo_ask(l, "save", NULL, NULL, why);
		snprintf(said, 2 * EBT_HOMEO_WHY, "saved");
	} else if (act == EBT_PROFILES_INSPECT && row) {
		err = rows_inspect(l, screen, row, why);
	} else if (row && (size_t)act < EBT_ARRAY_SIZE(verbs) && verbs[act]) {
		snprintf(request, sizeof(request), "%s #%u", verbs[act], row->slot);
		err = ebt_homeo_ask(l, request, NULL, NULL, why);
		snprintf(said, 2 * EBT_HOMEO_WHY, "%s %s", verbs[act], row->exe);
		ebt_homeo_refresh(l, screen);
	}
	*bad = err != 0;
	if (err)
		snprintf(said, 2 * EBT_HOMEO_WHY, "%s", why[0] ? why : strerror(-err));
}

void ebt_homeo_show(struct ebt_profiles *screen, const struct ebt_event *ev,
		    int64_t mono_to_real_ns)
{
	const struct ebt_event_homeo *e = &ev->homeo;
	struct ebt_bytes who = e->exe.len ? e->exe : e->comm;
	char text[512], when[EBT_FMT_LEN];

	if (e->level == EBT_HOMEO_DEBUG)
		return;
	snprintf(text, sizeof(text), "%s %u %.*s: %.*s",
		 ebt_fmt_clock(when, ev->mono_ns + (uint64_t)mono_to_real_ns, 0), e->pid,
		 (int)who.len, who.data, (int)e->cause.len, e->cause.data);
	ebt_profiles_event(screen, e->level >= EBT_HOMEO_WARNING, text);
}
