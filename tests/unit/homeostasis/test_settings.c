/* SPDX-License-Identifier: BSD-3-Clause */
/* Settings by ebpH's names and units; the delay of a response; the names of calls and of events. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>

#include <cmocka.h>

#include "homeostasis/monitor_internal.h"
#include <jansson.h>

#include "homeostasis/event_json.h"
#include "homeostasis/respond.h"
#include "homeostasis/settings.h"
#include "homeostasis/syscall_names.h"

static void test_settings(void **state)
{
	struct ebt_ph_settings s;
	char why[256];

	ebt_ph_settings_default(&s);
	assert_int_equal(s.cfg.normal_wait_ns, 7ull * 86400 * 1000000000);
	assert_int_equal(s.response, EBT_PH_RESPOND_NOTHING);
	assert_int_equal(ebt_ph_setting_set(&s, "normal-wait", "30", why, sizeof(why)), 0);
	assert_int_equal(s.cfg.normal_wait_ns, 30000000000ull);
	assert_int_equal(ebt_ph_setting_set(&s, "tolerize-limit", "20", why, sizeof(why)), 0);
	assert_int_equal(s.cfg.tolerize_limit, 20);
	assert_int_equal(ebt_ph_setting_set(&s, "monitoring", "0", why, sizeof(why)), 0);
	assert_int_equal(s.cfg.monitoring, 0);
	assert_int_equal(s.cfg.log_sequences, 0);
	assert_int_equal(ebt_ph_setting_set(&s, "tolerize-limit", "129", why, sizeof(why)),
			 -ERANGE);
	assert_non_null(strstr(why, "1 to 128"));
	assert_int_equal(ebt_ph_setting_set(&s, "anomaly-limit", "-1", why, sizeof(why)), -ERANGE);
	assert_int_equal(ebt_ph_setting_set(&s, "anomaly-limit", "", why, sizeof(why)), -ERANGE);
	assert_int_equal(ebt_ph_setting_set(&s, "no-such", "1", why, sizeof(why)), -ENOENT);
	/* What is set is what is shown. */
	for (size_t i = 0; ebt_ph_setting_name(i, NULL); i++) {
		if (strcmp(ebt_ph_setting_name(i, NULL), "normal-wait") == 0)
			assert_int_equal(ebt_ph_setting_get(&s, i), 30);
	}
}

static void test_delay(void **state)
{
	struct ebt_ph_settings s;

	ebt_ph_settings_default(&s);
	assert_int_equal(ebt_ph_delay_ms(&s, 1), 20);
	assert_int_equal(ebt_ph_delay_ms(&s, 5), 320);
	assert_int_equal(ebt_ph_delay_ms(&s, 10), 10240);
	assert_int_equal(ebt_ph_delay_ms(&s, 20), s.delay_limit_ms);
	assert_int_equal(ebt_ph_delay_ms(&s, 128), s.delay_limit_ms);
}

static void test_call_names(void **state)
{
	char name[EBT_PH_CALL_LEN];

	assert_string_equal(ebt_ph_call_name(name, SYS_openat), "openat");
	assert_string_equal(ebt_ph_call_name(name, EBT_PH_COMPAT + 1), "exit@compat");
	assert_string_equal(ebt_ph_call_name(name, 510), "510");
}

static void test_event(void **state)
{
	struct ebt_ph_rec r = { .events = EBT_PH_EV_ANOMALY | EBT_PH_EV_LEARNED,
				.pid = 7,
				.tid = 8,
				.profile = 3,
				.call = SYS_openat,
				.missed = 4,
				.lfc = 2,
				.comm = "ls" };
	_cleanup_buf_ struct ebt_buf json = { 0 }, text = { 0 };
	json_t *o;

	ebt_ph_event_json(&r, "/tmp/\x1b\xff", &json);
	assert_int_equal(json.data[json.len - 1], '\n');
	o = json_loads(json.data, 0, NULL);
	assert_non_null(o);
	assert_string_equal(json_string_value(json_object_get(o, "event")), "anomaly");
	assert_string_equal(json_string_value(json_object_get(o, "level")), "warning");
	assert_string_equal(json_string_value(json_object_get(o, "call")), "openat");
	assert_int_equal(json_integer_value(json_object_get(o, "missed")), 4);
	json_decref(o);
	ebt_ph_event_text(&r, "/tmp/\x1b\xff", &text);
	assert_null(strchr(text.data, 0x1b));
	assert_non_null(strstr(text.data, "anomaly: openat, 4 of 8 pairs never seen, LFC 2"));
	/* The gravest of several names the record. */
	r.events |= EBT_PH_EV_STOP_NORMAL;
	ebt_buf_reset(&json);
	ebt_ph_event_json(&r, "/bin/ls", &json);
	assert_non_null(strstr(json.data, "\"stop_normal\""));
}

/* An event on request names the user and is not a warning; a note has no program. */
static void test_orders(void **state)
{
	struct ebt_ph_rec r = {
		.events = EBT_PH_EV_ASKED | EBT_PH_EV_STOP_NORMAL, .pid = 7, .profile = 3, .uid = 0
	};
	_cleanup_buf_ struct ebt_buf json = { 0 };

	ebt_ph_event_json(&r, "/bin/ls", &json);
	assert_non_null(strstr(json.data, "\"event\":\"stop_normal\",\"level\":\"info\""));
	assert_non_null(strstr(json.data, "training again: tolerize, asked for by root\""));
	assert_null(strstr(json.data, "\"call\""));
	r.events = EBT_PH_EV_ASKED | EBT_PH_EV_SENSITIZED;
	r.uid = 4000000000u;
	ebt_buf_reset(&json);
	ebt_ph_event_json(&r, "/bin/ls", &json);
	assert_non_null(strstr(json.data, "\"event\":\"sensitized\""));
	assert_non_null(strstr(json.data, "asked for by uid 4000000000\""));
	r = (struct ebt_ph_rec){ .events = EBT_PH_EV_NOTE, .call = EBT_LOG_ERROR };
	ebt_buf_reset(&json);
	ebt_ph_event_json(&r, "no room \x1b", &json);
	assert_non_null(strstr(json.data, "\"event\":\"note\",\"level\":\"error\""));
	assert_non_null(strstr(json.data, "\"exe\":\"\""));
	assert_non_null(strstr(json.data, "no room \\u001b"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_settings),   cmocka_unit_test(test_delay),
		cmocka_unit_test(test_call_names), cmocka_unit_test(test_event),
		cmocka_unit_test(test_orders),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
