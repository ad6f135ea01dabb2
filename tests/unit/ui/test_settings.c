/* SPDX-License-Identifier: BSD-3-Clause */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ui_test.h"

static int parse(struct ebt_settings *s, const char *text, char *err)
{
	return ebt_settings_parse(s, ebt_bytes_from(text), err, 128);
}

static void test_round_trip(void **state)
{
	struct ebt_settings a, b;
	_cleanup_buf_ struct ebt_buf text = { 0 };
	char err[128];

	(void)state;
	ebt_settings_default(&a);
	a.screen = EBT_SCREEN_TREE;
	a.theme = (unsigned)ebt_theme_find("nord");
	a.group_by = EBT_GROUP_PARENT;
	a.sort = EBT_COL_LIFE_P95;
	a.invert = a.wrap = a.program_path = a.cpu_meters = true;
	a.highlight = false;
	a.events.count -= 3;
	a.events.id[a.events.count - 1] = EBT_RC_COMMAND;
	assert_int_equal(ebt_settings_format(&a, &text), 0);
	ebt_settings_default(&b);
	assert_int_equal(parse(&b, text.data, err), 0);
	assert_int_equal(b.screen, a.screen);
	assert_int_equal(b.theme, a.theme);
	assert_int_equal(b.group_by, a.group_by);
	assert_int_equal(b.sort, a.sort);
	assert_true(b.invert && b.wrap && b.program_path && b.cpu_meters && !b.highlight);
	assert_int_equal(b.events.count, a.events.count);
	assert_memory_equal(b.events.id, a.events.id, a.events.count);
	assert_memory_equal(b.top.id, a.top.id, a.top.count);
}

/* Settings that an earlier version has saved name columns as that version did. */
static void test_earlier_names(void **state)
{
	struct ebt_settings now, before;
	char err[128];

	(void)state;
	ebt_settings_default(&now);
	ebt_settings_default(&before);
	assert_int_equal(
		parse(&now,
		      "sort = cpu_time\n"
		      "events_columns = result args_bytes cpu_time parent_comm loginuid pod_uid "
		      "user_unit flags cgroup_id command\n"
		      "top_columns = args_bytes cpu_time name\n",
		      err),
		0);
	assert_int_equal(parse(&before,
			       "sort = cputime\n"
			       "events_columns = exit bytes cputime parent login pod userunit mark "
			       "cgroup command\n"
			       "top_columns = args cputime name\n",
			       err),
			 0);
	assert_int_equal(now.sort, EBT_COL_CPU_TIME);
	assert_int_equal(before.sort, now.sort);
	assert_int_equal(before.events.count, 10);
	assert_int_equal(now.events.count, 10);
	assert_memory_equal(before.events.id, now.events.id, 10);
	assert_int_equal(now.events.id[0], EBT_RC_EXIT);
	assert_int_equal(now.events.id[1], EBT_RC_BYTES);
	assert_memory_equal(before.top.id, now.top.id, 3);
}

static void test_wrong_lines(void **state)
{
	static const struct {
		const char *text, *err;
	} cases[] = {
		{ "theme = neon\n", "settings, line 1: value not known" },
		{ "# fine\n\ncolour = blue\n", "settings, line 3: key not known" },
		{ "theme default\n", "settings, line 1: no \"=\"" },
		{ "wrap = maybe\n", "settings, line 1: value not known" },
		{ "screen = details\n", "settings, line 1: value not known" },
		{ "events_columns = pid time\n",
		  "settings, line 1: value not known" }, /* no command */
		{ "events_columns = pid pid command\n", "settings, line 1: value not known" },
		{ "events_columns = pid bogus command\n", "settings, line 1: value not known" },
		{ "top_columns =\n", "settings, line 1: value not known" },
	};

	(void)state;
	for (size_t i = 0; i < EBT_ARRAY_SIZE(cases); i++) {
		struct ebt_settings before, after;
		char err[128];

		ebt_settings_default(&before);
		ebt_settings_default(&after);
		assert_int_equal(parse(&after, cases[i].text, err), 1);
		assert_string_equal(err, cases[i].err);
		/* a wrong line changes nothing */
		assert_memory_equal(&before, &after, sizeof(before));
	}
}

static void test_good_and_bad(void **state)
{
	struct ebt_settings s;
	char err[128];

	(void)state;
	ebt_settings_default(&s);
	assert_int_equal(parse(&s, "  wrap=yes\r\nbad\ninvert =yes\nworse\nsort = p95", err), 2);
	assert_string_equal(err, "settings, line 2: no \"=\"");
	assert_true(s.wrap && s.invert);
	assert_int_equal(s.sort, EBT_COL_LIFE_P95);
}

static void test_bounds(void **state)
{
	static char big[EBT_SETTINGS_MAX + 2];
	const char nul[] = "wrap = yes\0wrap = no\n";
	struct ebt_settings s;
	char err[128];

	(void)state;
	ebt_settings_default(&s);
	memset(big, '#', sizeof(big) - 1);
	assert_int_equal(parse(&s, big, err), 1); /* too large: not looked at */
	big[EBT_SETTINGS_MAX - 1] = '\0';
	assert_int_equal(parse(&s, big, err), 1); /* one endless line */
	assert_string_equal(err, "settings, line 1: line too long");
	assert_int_equal(ebt_settings_parse(&s, (struct ebt_bytes){ nul, sizeof(nul) - 1 }, err,
					    sizeof(err)),
			 1);
	assert_false(s.wrap);
	assert_int_equal(ebt_settings_parse(&s, (struct ebt_bytes){ 0 }, err, 0), 0);
}

/* Any bytes at all: no crash, and what results can be written and read again. */
static void test_random_bytes(void **state)
{
	static const char *const words[] = {
		"theme", "=", " ",   "\n",	    "nord", "events_columns", "pid", "command",
		"\0x",	 "#", "yes", "top_columns", "name", "\xff",	      "wrap"
	};
	uint32_t seed = 12345;

	(void)state;
	for (int round = 0; round < 2000; round++) {
		struct ebt_settings s, again;
		_cleanup_buf_ struct ebt_buf text = { 0 }, out = { 0 };
		char err[128];

		for (int i = 0; i < 30; i++) {
			seed = seed * 1103515245u + 12345;
			const char *word = words[(seed >> 16) % EBT_ARRAY_SIZE(words)];

			ebt_buf_append(&text, word, strlen(word) + (word[0] == '\0'));
		}
		ebt_settings_default(&s);
		ebt_settings_parse(&s, (struct ebt_bytes){ text.data, text.len }, err, sizeof(err));
		assert_int_equal(ebt_settings_format(&s, &out), 0);
		ebt_settings_default(&again);
		assert_int_equal(parse(&again, out.data, err), 0);
		assert_memory_equal(&again.events, &s.events, sizeof(s.events.count));
	}
}

static void test_save_and_load(void **state)
{
	char dir[] = "/tmp/ebt-settings-XXXXXX", err[128];
	_cleanup_buf_ struct ebt_buf path = { 0 };
	struct ebt_settings s, back;
	struct stat st;
	char command[128];

	(void)state;
	assert_non_null(mkdtemp(dir));
	setenv("XDG_CONFIG_HOME", dir, 1);
	unsetenv("SUDO_UID");
	assert_int_equal(ebt_settings_path(&path), 0);
	ebt_settings_default(&s);
	s.wrap = true;
	assert_int_equal(ebt_settings_save(&s, path.data), 0);
	assert_int_equal(stat(path.data, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	assert_int_equal(ebt_settings_load(&back, err, sizeof(err)), 0);
	assert_true(back.wrap);
	/* root acting for somebody leaves their home alone */
	setenv("SUDO_UID", "1000", 1);
	if (geteuid() == 0)
		assert_int_equal(ebt_settings_save(&s, path.data), -EPERM);
	unsetenv("SUDO_UID");
	/* a directory in its place */
	unlink(path.data);
	mkdir(path.data, 0700);
	assert_true(ebt_settings_save(&s, path.data) < 0);
	assert_true(ebt_settings_load(&back, err, sizeof(err)) < 0);
	snprintf(command, sizeof(command), "rm -r %s", dir);
	assert_int_equal(system(command), 0);
}

static void test_path(void **state)
{
	_cleanup_buf_ struct ebt_buf path = { 0 };

	(void)state;
	setenv("XDG_CONFIG_HOME", "relative", 1); /* the specification: then it is ignored */
	setenv("HOME", "/home/u", 1);
	assert_int_equal(ebt_settings_path(&path), 0);
	assert_string_equal(path.data, "/home/u/.config/execbig-top/config");
	unsetenv("XDG_CONFIG_HOME");
	unsetenv("HOME");
	assert_int_equal(ebt_settings_path(&path), -ENOENT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_round_trip),    cmocka_unit_test(test_earlier_names),
		cmocka_unit_test(test_wrong_lines),   cmocka_unit_test(test_good_and_bad),
		cmocka_unit_test(test_bounds),	      cmocka_unit_test(test_random_bytes),
		cmocka_unit_test(test_save_and_load), cmocka_unit_test(test_path),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
