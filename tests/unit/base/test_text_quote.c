/* SPDX-License-Identifier: BSD-3-Clause */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/text.h"

#define BYTES(s) ((struct ebt_bytes){ (s), sizeof(s) - 1 })

static void quoted_as(struct ebt_bytes arg, unsigned flags, const char *want)
{
	_cleanup_buf_ struct ebt_buf b = { 0 };

	assert_int_equal(ebt_text_quote(&b, arg, flags), 0);
	assert_string_equal(b.data, want);
}

static void one_argument(void **state)
{
	quoted_as(BYTES("plain"), 0, "plain");
	quoted_as(BYTES("A_b@1%+=:,./-"), 0, "A_b@1%+=:,./-");
	quoted_as(BYTES(""), 0, "''");
	quoted_as((struct ebt_bytes){ NULL, 0 }, 0, "''");
	quoted_as(BYTES("two words"), 0, "'two words'");
	quoted_as(BYTES("$HOME;`id`\"\\"), 0, "'$HOME;`id`\"\\'");
	quoted_as(BYTES("it's"), 0, "'it'\\''s'");
	quoted_as(BYTES("it's a back\\slash"), 0, "'it'\\''s a back\\slash'");
	quoted_as(BYTES("a\nb\x1b[31m\x9b"), 0, "\"$(printf 'a\\nb\\033[31m\\233')\"");
	quoted_as(BYTES("it's 100% \\!\x01"), 0, "\"$(printf 'it\\047s 100%% \\\\\\041\\001')\"");
	quoted_as(BYTES("-n\x1b"), 0, "$(printf '\\055n\\033')");
	quoted_as(BYTES("a\xe2\x80\xaez"), 0, "$(printf 'a\\342\\200\\256z')");
	quoted_as(BYTES("a\xf3\xa0\x81\x81z"), 0, "$(printf 'a\\363\\240\\201\\201z')");
	quoted_as(BYTES("h\xc3\xa9\t"), 0, "\"$(printf 'h\xc3\xa9\\t')\"");
	quoted_as(BYTES("end\n"), 0, "end\"${PPID##[0-9\"${nl=$(printf '\\n.')}\"]*}${nl%.}\"");
	quoted_as(BYTES("=ls"), 0, "'=ls'");
	quoted_as(BYTES("h\xc3\xa9"), 0, "'h\xc3\xa9'");
	quoted_as(BYTES("h\xc3\xa9"), EBT_TEXT_ASCII, "$(printf 'h\\303\\251')");
	quoted_as(BYTES("~"), 0, "'~'");
	quoted_as(BYTES("{a,b}"), 0, "'{a,b}'");
	/* A mark may sit on a backslash or a quote. */
	quoted_as(BYTES("x\\\xcc\x81\r"), 0, "\"$(printf 'x\\\\\xcc\x81\\r')\"");
	quoted_as(BYTES("x'\xcc\x81"), 0, "'x'\\''\xcc\x81'");
	quoted_as(BYTES("\xcc\x81"), 0, "$(printf '\\314\\201')");
}

static void many_arguments(void **state)
{
	_cleanup_buf_ struct ebt_buf b = { 0 };

	assert_int_equal(ebt_text_quote_args(&b, BYTES("ls\0-l\0my file\0\0last"), 0, 0), 0);
	assert_string_equal(b.data, "ls -l 'my file' '' last");
	ebt_buf_reset(&b);
	assert_int_equal(ebt_text_quote_args(&b, BYTES(""), 0, 0), 0);
	assert_int_equal(b.len, 0);
	/* As a shell's first word, a=b would be an assignment. */
	assert_int_equal(ebt_text_quote_args(&b, BYTES("a=b\0c=d\0"), 0, 0), 0);
	assert_string_equal(b.data, "'a=b' c=d");
	ebt_buf_reset(&b);
	assert_int_equal(ebt_text_quote_args(&b, BYTES("time\0time\0"), 0, 0), 0);
	assert_string_equal(b.data, "'time' time");
	ebt_buf_reset(&b);
	assert_int_equal(ebt_text_quote_args(&b, BYTES("times\0"), 0, 0), 0);
	assert_string_equal(b.data, "times");
}

static void arguments_one_by_one(void **state)
{
	struct ebt_bytes args = BYTES("one\0\0three\0tail"), arg;

	assert_true(ebt_text_next_arg(&args, &arg));
	assert_true(ebt_bytes_equal(arg, ebt_bytes_from("one")));
	assert_true(ebt_text_next_arg(&args, &arg));
	assert_int_equal(arg.len, 0);
	assert_true(ebt_text_next_arg(&args, &arg));
	assert_true(ebt_text_next_arg(&args, &arg));
	assert_true(ebt_bytes_equal(arg, ebt_bytes_from("tail")));
	assert_false(ebt_text_next_arg(&args, &arg));
	args = (struct ebt_bytes){ NULL, 0 };
	assert_false(ebt_text_next_arg(&args, &arg));
}

/* For every bound: never longer, a prefix of the whole, cut between characters and escapes. */
static void every_bound(void **state)
{
	static const struct ebt_bytes cases[] = {
		BYTES("plain\0more plain words\0"),
		BYTES("h\xc3\xa9h\xc3\xa9 \xf0\x9f\x98\x80\xf0\x9f\x98\x80 "
		      "x\0\xe6\x97\xa5\xe6\x9c\xac"),
		BYTES("esc\x1b\x1b\x9b\xe2\x80\xae\xf3\xa0\x81\x81'\\\0it's\\e\xcc\x81\xcc\x81"),
		BYTES("\0\0\0'\0\\\0"),
	};

	for (size_t i = 0; i < EBT_ARRAY_SIZE(cases); i++) {
		_cleanup_buf_ struct ebt_buf whole = { 0 };

		assert_int_equal(ebt_text_quote_args(&whole, cases[i], 0, 0), 0);
		for (size_t max = 1; max <= whole.len + 3; max++) {
			_cleanup_buf_ struct ebt_buf b = { 0 };
			int r = ebt_text_quote_args(&b, cases[i], max, 0);

			assert_true(b.len <= max);
			assert_int_equal(r, max < whole.len);
			assert_true(ebt_text_is_utf8((struct ebt_bytes){ b.data, b.len }));
			if (r == 0)
				assert_string_equal(b.data, whole.data);
			/* at most a whole escape is missing */
			else
				assert_true(b.len + 16 > max);
		}
	}
}

static void a_bound_saves_the_work(void **state)
{
	_cleanup_buf_ struct ebt_buf b = { 0 };
	_cleanup_free_ char *big = malloc(6u << 20);

	memset(big, 'a', 6u << 20);
	big[(6u << 20) - 2] =
		'\x1b'; /* far behind what is shown: must not change how it is quoted */
	for (int i = 0; i < 1000; i++) {
		ebt_buf_reset(&b);
		assert_int_equal(
			ebt_text_quote_args(&b, (struct ebt_bytes){ big, 6u << 20 }, 100, 0), 1);
	}
	assert_int_equal(b.len, 100);
	assert_int_equal(b.data[0], 'a');
}

static uint32_t lcg(uint32_t *seed)
{
	*seed = *seed * 1664525u + 1013904223u;
	return *seed >> 8;
}

static char *in_shell(const char *script, size_t *len)
{
	char path[] = "/tmp/ebt-quote-XXXXXX";
	_cleanup_close_ int fd = mkstemp(path);
	_cleanup_buf_ struct ebt_buf out = { 0 };
	char command[128];
	FILE *p;

	assert_true(fd >= 0);
	assert_int_equal(write(fd, script, strlen(script)), strlen(script));
	snprintf(command, sizeof(command), "LC_ALL=C.UTF-8 bash --norc %s", path);
	p = popen(command, "re");
	assert_non_null(p);
	for (;;) {
		char *place = ebt_buf_reserve(&out, 4096);
		size_t n = fread(place, 1, 4096, p);

		if (!n)
			break;
		out.len += n;
	}
	assert_int_equal(pclose(p), 0);
	unlink(path);
	*len = out.len;
	return TAKE_PTR(out.data);
}

/* Real bash evals the text and must give back the bytes: every third byte with a neighbour that could
 * change its meaning, then random arguments. tests/kernel/pasted.sh asks other shells as well. */
static void bash_gives_the_bytes_back(void **state)
{
	static const char after[] = "a0f'\\{ \x80\xa9\xc3";
	_cleanup_buf_ struct ebt_buf args = { 0 }, script = { 0 };
	_cleanup_free_ char *back = NULL;
	uint32_t seed = 7;
	size_t len;

	if (access("/bin/bash", X_OK) != 0 && access("/usr/bin/bash", X_OK) != 0)
		skip();
	for (int c = 1; c < 256; c += 3) {
		char arg[3] = { (char)c, after[(size_t)c % (sizeof(after) - 1)], 0 };

		ebt_buf_append(&args, arg, 3);
	}
	for (int i = 0; i < 50; i++) {
		unsigned kind = lcg(&seed) % 3;

		for (unsigned n = lcg(&seed) % 40; n; n--) {
			char c = kind == 0   ? (char)(1 + lcg(&seed) % 255)
				 : kind == 1 ? (char)(32 + lcg(&seed) % 95)
					     : (char)(0x80 + lcg(&seed) % 128);

			ebt_buf_append(&args, &c, 1);
		}
		/* whole characters, hidden ones among them */
		if (lcg(&seed) % 2) {
			uint32_t cp = 0x80 + lcg(&seed) % 0xd700;
			char u[3] = { (char)(0xe0 | cp >> 12), (char)(0x80 | (cp >> 6 & 63)),
				      (char)(0x80 | (cp & 63)) };

			if (cp >= 0x800)
				ebt_buf_append(&args, u, 3);
		}
		ebt_buf_append(&args, "", 1);
	}
	for (unsigned flags = 0; flags <= EBT_TEXT_ASCII; flags++) {
		_cleanup_buf_ struct ebt_buf line = { 0 };

		ebt_buf_reset(&script);
		assert_int_equal(ebt_text_quote_args(&line,
						     (struct ebt_bytes){ args.data, args.len }, 0,
						     flags),
				 0);
		assert_null(memchr(line.data, '\n', line.len));
		/* eval, as somebody does who pastes it */
		ebt_buf_puts(&script, "IFS= read -r line <<'EBT_END'\nset -- ");
		ebt_buf_append(&script, line.data, line.len);
		ebt_buf_puts(&script, "\nEBT_END\neval \"$line\"\nprintf '%s\\0' \"$@\"\n");
		free(back);
		back = in_shell(script.data, &len);
		if (len != args.len || memcmp(back, args.data, len) != 0) {
			struct ebt_bytes a = { args.data, args.len }, b = { back, len }, x, y;

			while (ebt_text_next_arg(&a, &x) && ebt_text_next_arg(&b, &y))
				if (!ebt_bytes_equal(x, y)) {
					ebt_buf_reset(&script);
					ebt_text_quote(&script, x, EBT_TEXT_ASCII);
					ebt_buf_puts(&script, " came back as ");
					ebt_text_quote(&script, y, EBT_TEXT_ASCII);
					fail_msg("%s", script.data);
				}
			fail_msg("%zu bytes back, %zu given", len, args.len);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_argument),
		cmocka_unit_test(many_arguments),
		cmocka_unit_test(arguments_one_by_one),
		cmocka_unit_test(every_bound),
		cmocka_unit_test(a_bound_saves_the_work),
		cmocka_unit_test(bash_gives_the_bytes_back),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
