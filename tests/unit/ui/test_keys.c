/* SPDX-License-Identifier: BSD-3-Clause */
#include <stdio.h>

#include "ui_test.h"

/* No key stands for two things on one screen. */
static void test_no_conflicts(void **state)
{
	(void)state;
	for (unsigned where = 1; where <= EBT_IN_ALL; where <<= 1)
		for (size_t i = 0; i < ebt_bindings_count; i++)
			for (size_t k = 0; k < EBT_KEYS_MAX && ebt_bindings[i].keys[k]; k++) {
				char name[EBT_KEY_NAME_LEN];
				const struct ebt_binding *b = &ebt_bindings[i];

				if (!(b->where & where))
					continue;
				ebt_key_name(name, b->keys[k]);
				if (ebt_keys_action(b->keys[k], where) != b->action)
					fail_msg("%s means two things on screen %#x", name, where);
			}
}

static void test_table(void **state)
{
	(void)state;
	for (size_t i = 0; i < ebt_bindings_count; i++) {
		const struct ebt_binding *b = &ebt_bindings[i];

		assert_true(b->action > EBT_ACT_NONE && b->action < EBT_ACT_MAX);
		assert_true(b->where != 0 && !(b->where & ~EBT_IN_ALL));
		assert_true(b->keys[0] != EBT_KEY_NONE);
		assert_true(b->help && *b->help && b->topic);
		if (b->label)
			assert_in_range(strlen(b->label), 1, 6);
	}
	/* every action can be reached */
	for (int action = EBT_ACT_NONE + 1; action < EBT_ACT_MAX; action++)
		if (!ebt_keys_binding((enum ebt_action)action, EBT_IN_ALL))
			fail_msg("action %d has no key", action);
}

/* What an htop user expects, and the design names. */
static void test_conventions(void **state)
{
	static const struct {
		uint32_t key;
		unsigned where;
		enum ebt_action action;
	} want[] = {
		{ EBT_KEY_F1, EBT_IN_EVENTS, EBT_ACT_HELP },
		{ 'h', EBT_IN_TOP, EBT_ACT_HELP },
		{ '?', EBT_IN_TREE, EBT_ACT_HELP },
		{ EBT_KEY_F2, EBT_IN_LAB, EBT_ACT_SETUP },
		{ 'S', EBT_IN_TOP, EBT_ACT_SETUP },
		{ EBT_KEY_F3, EBT_IN_TOP, EBT_ACT_SEARCH },
		{ '/', EBT_IN_EVENTS, EBT_ACT_SEARCH },
		{ 'n', EBT_IN_TREE, EBT_ACT_SEARCH_NEXT },
		{ 'N', EBT_IN_TREE, EBT_ACT_SEARCH_PREV },
		{ EBT_KEY_F4, EBT_IN_TOP, EBT_ACT_FILTER },
		{ '\\', EBT_IN_EVENTS, EBT_ACT_FILTER },
		{ EBT_KEY_F5, EBT_IN_TOP, EBT_ACT_TREE },
		{ 't', EBT_IN_EVENTS, EBT_ACT_TREE },
		{ EBT_KEY_F6, EBT_IN_TOP, EBT_ACT_SORT },
		{ '<', EBT_IN_TOP, EBT_ACT_SORT },
		{ '>', EBT_IN_TOP, EBT_ACT_SORT },
		{ 'I', EBT_IN_TOP, EBT_ACT_INVERT },
		{ EBT_KEY_ENTER, EBT_IN_EVENTS, EBT_ACT_DETAILS },
		{ EBT_KEY_TAB, EBT_IN_LAB, EBT_ACT_NEXT_SCREEN },
		{ EBT_KEY_BACKTAB, EBT_IN_LAB, EBT_ACT_PREV_SCREEN },
		{ 'F', EBT_IN_EVENTS, EBT_ACT_FOLLOW },
		{ 'p', EBT_IN_TOP, EBT_ACT_PROGRAM_PATH },
		{ 'Z', EBT_IN_TOP, EBT_ACT_PAUSE },
		{ 'c', EBT_IN_EVENTS, EBT_ACT_CHILDREN },
		{ 'X', EBT_IN_EVENTS, EBT_ACT_CLEAR },
		{ 'u', EBT_IN_TREE, EBT_ACT_SAME_USER },
		{ 'k', EBT_IN_EVENTS, EBT_ACT_KILL },
		{ EBT_KEY_F9, EBT_IN_TOP, EBT_ACT_KILL },
		{ '#', EBT_IN_TOP, EBT_ACT_METERS },
		{ 'w', EBT_IN_EVENTS, EBT_ACT_WRAP },
		{ EBT_KEY_F10, EBT_IN_TOP, EBT_ACT_QUIT },
		{ 'q', EBT_IN_BUFFERS, EBT_ACT_QUIT },
		{ EBT_KEY_ESC, EBT_IN_DETAILS, EBT_ACT_BACK },
	};

	(void)state;
	for (size_t i = 0; i < EBT_ARRAY_SIZE(want); i++)
		assert_int_equal(ebt_keys_action(want[i].key, want[i].where), want[i].action);
	assert_int_equal(ebt_keys_action(EBT_KEY_NONE, EBT_IN_ALL), EBT_ACT_NONE);
	assert_int_equal(ebt_keys_action(0x12345, EBT_IN_ALL), EBT_ACT_NONE);
}

static void test_names(void **state)
{
	char name[EBT_KEY_NAME_LEN];

	(void)state;
	assert_string_equal(ebt_key_name(name, EBT_KEY_F10), "F10");
	assert_string_equal(ebt_key_name(name, EBT_KEY_CTRL_L), "Ctrl-L");
	assert_string_equal(ebt_key_name(name, ' '), "Space");
	assert_string_equal(ebt_key_name(name, '\\'), "\\");
	assert_string_equal(ebt_key_name(name, EBT_KEY_BACKTAB), "Shift-Tab");
	assert_string_equal(ebt_key_name(name, EBT_KEY_PGDN), "PgDn");
}

/* The help screen shows the keys and the text of every binding. */
static void test_help_is_whole(void **state)
{
	struct view v;

	(void)state;
	view_open(&v, 80, 200, true);
	view_key(&v, EBT_KEY_F1);
	for (size_t i = 0; i < ebt_bindings_count; i++) {
		char line[256] = "", name[EBT_KEY_NAME_LEN];
		size_t len = 0;

		for (size_t k = 0; k < EBT_KEYS_MAX && ebt_bindings[i].keys[k]; k++)
			len += (size_t)snprintf(line + len, sizeof(line) - len, "%s%s",
						k ? " " : "",
						ebt_key_name(name, ebt_bindings[i].keys[k]));
		snprintf(line + len, sizeof(line) - len, "  %s", ebt_bindings[i].help);
		assert_shows(&v, line);
	}
	view_close(&v);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_no_conflicts),  cmocka_unit_test(test_table),
		cmocka_unit_test(test_conventions),   cmocka_unit_test(test_names),
		cmocka_unit_test(test_help_is_whole),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
