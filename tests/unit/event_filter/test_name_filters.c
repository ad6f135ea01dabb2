/* SPDX-License-Identifier: BSD-3-Clause */
/* The filters -c and -m: what they let pass, what they mark, and the ends of what they let pass. */
#include "model/feed.h"

#include "event_filter/name_filters.h"

static struct ebt_event exec_event(const char *args, size_t len, uint64_t at_ns)
{
	struct ebt_event ev = { .type = EBT_EVENT_EXEC, .mono_ns = at_ns };

	ev.exec.pid = 7;
	ev.exec.start_ns = S;
	ev.exec.comm = str("sh");
	ev.exec.args = (struct ebt_bytes){ args, len };
	return ev;
}

static bool apply(struct ebt_name_filters *names, struct ebt_model *model, struct ebt_event *ev)
{
	bool shown = ebt_name_filters_apply(names, model, ev);

	if (shown)
		ebt_model_event(model, ev);
	return shown;
}

static void test_ends(void **state)
{
	struct ebt_model *model = *state;
	struct ebt_name_filters names = { 0 };
	struct ebt_event ev, exit = { .type = EBT_EVENT_EXIT, .mono_ns = 9 * S };
	struct ebt_snapshot snap;

	assert_int_equal(ebt_name_filters_change(&names, "", "chain", S), 0);
	ebt_name_filters_settle(&names);
	exit.exit.pid = 7;
	exit.exit.start_ns = S;
	exit.exit.comm = str("renamed");
	assert_false(apply(&names, model, &exit)); /* of what was not shown */

	ev = exec_event("sh\0chain", 9, 2 * S);
	assert_true(apply(&names, model, &ev));
	assert_int_equal(ev.type, EBT_EVENT_EXEC);
	assert_true(ebt_model_runs_shown(model, 7, S));
	ev = exec_event("sleep\0001", 8, 3 * S);
	assert_true(apply(&names, model, &ev));
	assert_int_equal(ev.type, EBT_EVENT_REPLACED);
	assert_false(ebt_model_runs_shown(model, 7, S));
	snap = take(model, EBT_LIST_EVENTS, 4 * S);
	assert_int_equal(snap.total_rows, 1);
	assert_true(snap.rows[0].replaced && !snap.rows[0].exit_unknown);
	assert_int_equal(snap.rows[0].run_ns, S);
	/* The next one ends nothing that is shown. */
	ev = exec_event("sleep\0002", 8, 5 * S);
	assert_false(apply(&names, model, &ev));
	assert_true(apply(&names, model, &exit));
	snap = take(model, EBT_LIST_EVENTS, 10 * S);
	assert_true(snap.rows[0].replaced && !snap.rows[0].exit_unknown);
	ebt_name_filters_free(&names);
}

static void test_marks(void **state)
{
	struct ebt_model *model = *state;
	struct ebt_name_filters names = { 0 };
	struct ebt_event ev;

	assert_int_equal(ebt_name_filters_change(&names, "", "don't b c$", S), 0);
	ebt_name_filters_settle(&names);
	ev = exec_event("x\0don't b\0c", 12, 2 * S);
	assert_true(apply(&names, model, &ev));
	assert_int_equal(ev.exec.flags, 0);
	ev = exec_event("x\0don't b\0d", 12, 2 * S);
	ev.exec.flags = EBT_EV_ARGS_TRUNCATED;
	assert_true(apply(&names, model, &ev));
	assert_int_equal(ev.exec.flags, EBT_EV_ARGS_TRUNCATED | EBT_EV_MATCH_UNKNOWN);
	assert_int_equal(names.unjudged, 1);
	assert_int_equal(names.left_out, 0);
	ebt_name_filters_free(&names);
}

int main(void)
{
	const struct CMUnitTest tests[] = { WITH_MODEL(test_ends), WITH_MODEL(test_marks) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
