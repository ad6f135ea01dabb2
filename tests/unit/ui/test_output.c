/* SPDX-License-Identifier: BSD-3-Clause */
/* The screen with the output of COMMAND, and what remains readable of bytes for a terminal. */
#include "screen_fixture.h"
#include "ui/screens/printed_text.h"

static void assert_readable(const char *printed, size_t len, const char *want)
{
	_cleanup_buf_ struct ebt_buf out = { 0 };

	ebt_printed_text((struct ebt_bytes){ printed, len }, &out);
	ebt_buf_append(&out, "", 1);
	assert_string_equal(out.data, want);
}

#define ASSERT_READABLE(printed, want) assert_readable(printed, sizeof(printed) - 1, want)

static void test_readable(void **state)
{
	(void)state;
	ASSERT_READABLE("plain\ttext\n", "plain\ttext\n");
	ASSERT_READABLE("\x1b[1;31mred\x1b[0m\x1b[K end", "red end");
	ASSERT_READABLE("\x1b]0;title\x07text\x1b]8;;http://x\x1b\\link", "textlink");
	ASSERT_READABLE("\x1b(Bcharset \x1b=keypad \x1b"
			"Mup",
			"charset keypad up");
	ASSERT_READABLE("1 %\r2 %\r100 %\ndone\r\nnext\r", "100 %\ndone\nnext");
	ASSERT_READABLE("ab\bc\b\b\b\bd\n\b\be", "d\ne");
	ASSERT_READABLE("bell\x07 nul\0 del\x7f\x0e\x0f.", "bell nul del.");
	/* Cut off at either end, as the newest bytes may be. */
	ASSERT_READABLE("text\x1b", "text");
	ASSERT_READABLE("text\x1b[12;", "text");
	ASSERT_READABLE("text\x1b]0;no end", "text");
	/* A beginning of a title without an end hides no line after it. */
	ASSERT_READABLE("\x1b]0;lost\nkept", "\nkept");
	ASSERT_READABLE("\x1b[3\x1b[4mx", "x");
	ASSERT_READABLE("caf\xc3\xa9 \xff", "caf\xc3\xa9 \xff");
}

static void write_output(const char *text)
{
	v.status.output = ebt_bytes_from(text);
	v.status.output_bytes += strlen(text);
}

static void test_screen(void **state)
{
	_cleanup_buf_ struct ebt_buf lines = { 0 };

	(void)state;
	view_key(&v, 'o');
	assert_shows(&v, "there is no output");
	v.status.command = "make";
	view_key(&v, 'o');
	assert_shows(&v, "make has written nothing yet");
	assert_int_equal(ebt_ui_current(v.ui), EBT_SCREEN_EVENTS);

	write_output("one\x1b[7mtwo\n\tthree\n");
	view_key(&v, 'o');
	assert_int_equal(ebt_ui_current(v.ui), EBT_SCREEN_OUTPUT);
	assert_shows(&v, "Output of make (18): line 1 of 2");
	assert_shows(&v, "\n onetwo\n         three\n");
	v.status.waiter = "sh (process 7) waits for input";
	assert_shows(&v, "line 1 of 2; sh (process 7) waits for input");

	/* At the end it follows; elsewhere it stands still. */
	for (int i = 1; i <= 100; i++)
		ebt_buf_printf(&lines, "line %d.\n", i);
	ebt_buf_append(&lines, "", 1);
	write_output(lines.data);
	assert_shows(&v, "line 100.");
	view_key(&v, EBT_KEY_UP);
	assert_hides(&v, "line 100.");
	assert_shows(&v, "End: follow");
	write_output("later\n");
	assert_hides(&v, "later");
	assert_shows(&v, "line 99.");
	view_key(&v, EBT_KEY_END);
	assert_shows(&v, "later");
	assert_hides(&v, "line 99.");
	view_key(&v, 'o');
	assert_int_equal(ebt_ui_current(v.ui), EBT_SCREEN_EVENTS);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_readable),
		T(test_screen),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
