/* SPDX-License-Identifier: BSD-3-Clause */
/* test_expr.c - what expressions mean, what is refused and where, and what the end of a run decides. */
#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/cleanup.h"
#include "expr/expr.h"
#include "expr/keys.h"

#define BYTES(s) ((struct ebt_bytes){ "" s, sizeof(s) - 1 })
#define ID	 "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
#define POD	 "3b1a6f0e_8a44_4a53_9a6b_0c2d1e4f5a69"

static const char *user_name(const void *names, uint32_t uid)
{
	(void)names;
	return uid == 0 ? "root" : uid == 1000 ? "max" : NULL;
}

/* An exec of curl by max, setuid root, in a container's unit. */
static struct ebt_expr_subject curl(enum ebt_expr_end end, int status)
{
	return (struct ebt_expr_subject){
		.pid = 4711,
		.uid = 1000,
		.euid = 0,
		.args = BYTES("curl\0-s\0http://x/?a=b or c\0"),
		.comm = BYTES("curl"),
		.exe = BYTES("/usr/bin/curl"),
		.parent = BYTES("cron"),
		.cwd = BYTES("/tmp/work"),
		.tty = BYTES("pts/3"),
		.cgroup = "/system.slice/docker-" ID ".scope",
		.args_bytes = 20480,
		.life_ns = 1500000000,
		.run_ns = 1200000000,
		.cpu_ns = 100000000,
		.end = end,
		.status = status,
		.user = user_name,
	};
}

static enum ebt_expr_result judge(const char *text, const struct ebt_expr_subject *s)
{
	struct ebt_expr_error error;
	enum ebt_expr_result result;
	struct ebt_expr *x;

	if (ebt_expr_new(&x, text, &error))
		fail_msg("%s: refused at %zu: %s", text, error.at, error.text);
	result = ebt_expr_match(x, s);
	ebt_expr_free(&x);
	return result;
}

struct judged {
	const char *text;
	enum ebt_expr_result want;
};

static void judge_all(const struct judged *cases, size_t n, const struct ebt_expr_subject *s)
{
	for (size_t i = 0; i < n; i++) {
		enum ebt_expr_result got = judge(cases[i].text, s);

		if (got != cases[i].want)
			fail_msg("%s: %d, not %d", cases[i].text, got, cases[i].want);
	}
}

#define JUDGE(cases, s) judge_all(cases, EBT_ARRAY_SIZE(cases), s)
#define Y		EBT_EXPR_YES
#define N		EBT_EXPR_NO
#define L		EBT_EXPR_LATER

static void test_words(void **state)
{
	static const struct judged cases[] = {
		{ "", Y },
		{ "  ", Y },
		{ "curl", Y },
		{ "wget", N },
		{ "cu.l http", Y },
		{ "curl wget", N },
		{ "curl and http", Y },
		{ "curl and wget", N },
		{ "wget or curl", Y },
		{ "not wget", Y },
		{ "!wget", Y },
		{ "! wget", Y },
		{ "not curl", N },
		{ "not not curl", Y },
		{ "!!curl", Y },
		/* not binds closer than and, and closer than or */
		{ "wget http or curl", Y },
		{ "curl or http wget", Y },
		{ "wget (http or curl)", N },
		{ "(wget or curl) http", Y },
		{ "not wget or wget", Y },
		{ "not (wget or curl)", N },
		{ "not(wget)", Y },
		{ "((curl))", Y },
		{ "( curl )", Y },
		/* parentheses of a regular expression */
		{ "(curl|wget)", Y },
		{ "(cu|we)(rl|rg)", Y },
		{ "(cu|we)rl$", Y },
		{ "c(u|e)rl", Y },
		{ "(c(u|e)rl) http", Y },
		{ "(c(u|e)rl http)", Y },
		{ "[(]", N },
		{ "[ ]or[ ]", Y },
		{ "a=b\\ or\\ c", Y },
		{ "[^])]", Y },
		/* quotes */
		{ "\"b or c\"", Y },
		{ "\"b  or c\"", N },
		{ "\"x/?a\"", Y },
		{ "x/?a", N },
		{ "\"(\"", N },
		{ "\"or\"", Y },
		{ "\"and\"", N },
		{ "\"a \\\" b\"", N },
		{ "(\"curl\")", Y },
		{ "oracle", N },
		{ "nothing", N },
		{ "android", N },
		/* no key: text */
		{ "http:", Y },
		{ "http://x", Y },
		{ "Http:", N },
		{ "usr:root", N },
		{ "a=b", Y },
		{ "comm=curl", N },
		{ "user=root", N },
		/* case as with -m and before: ignored without a capital letter */
		{ "CURL", N },
		{ "^curl", Y },
		{ "curl$", Y },
		{ "^/usr/bin/curl$", Y },
	};
	struct ebt_expr_subject s = curl(EBT_EXPR_EXITED, 0);

	(void)state;
	JUDGE(cases, &s);
}

static void test_keys(void **state)
{
	static const struct judged cases[] = {
		{ "user:root", Y },
		{ "user:max", Y },
		{ "user:ma", N },
		{ "user:0", Y },
		{ "user:1000", Y },
		{ "user:1", N },
		{ "user:\"max\"", Y },
		{ "uid:1000", Y },
		{ "uid=1000", Y },
		{ "uid>=1000", Y },
		{ "uid>1000", N },
		{ "uid<1001", Y },
		{ "uid<=999", N },
		{ "uid:0", N },
		{ "pid:4711", Y },
		{ "comm:^curl$", Y },
		{ "comm:http", N },
		{ "exe:/bin/", Y },
		{ "parent:cron", Y },
		{ "parent:bash", N },
		{ "cwd:^/tmp", Y },
		{ "cwd:\"/tmp/w\"", Y },
		{ "tty:pts/3", Y },
		{ "tty:pts", N },
		{ "tty:none", N },
		{ "unit:docker", Y },
		{ "unit:^nginx", N },
		{ "container:docker", Y },
		{ "container:.", Y },
		{ "container:^docker:01234567", Y },
		{ "container:podman", N },
		{ "pod:.", N },
		{ "cgroup:^/system", Y },
		{ "args>10K", Y },
		{ "args:20480", Y },
		{ "args>=20K", Y },
		{ "args>20K", N },
		{ "args<1M", Y },
		{ "args<1G", Y },
		{ "errno:any", N },
		{ "curl user:root parent:cron", Y },
		{ "user:nobody or (cwd:tmp not unit:ssh)", Y },
	};
	struct ebt_expr_subject s = curl(EBT_EXPR_EXITED, 0);

	(void)state;
	JUDGE(cases, &s);
	s.cgroup = "/user.slice/user-1.slice/user@1.service/app.slice/kubepods-pod" POD
		   ".slice/a.scope";
	assert_int_equal(judge("unit:^a.scope$", &s), Y);
	assert_int_equal(judge("unit:user@1", &s), Y);
	assert_int_equal(judge("pod:3b1a6f0e-8a44", &s), Y);
	assert_int_equal(judge("container:.", &s), N);
	/* What is not known is none of what is asked for. */
	s = (struct ebt_expr_subject){ .uid = UINT32_MAX,
				       .euid = UINT32_MAX,
				       .end = EBT_EXPR_EXITED };
	for (size_t i = 0; i < EBT_ARRAY_SIZE(cases); i++)
		if (strncmp(cases[i].text, "args", 4) != 0 &&
		    strcmp(cases[i].text, "tty:none") != 0)
			assert_int_equal(judge(cases[i].text, &s), N);
	assert_int_equal(judge("tty:none", &s), Y);
	assert_int_equal(judge("user:4294967295", &s), N);
}

static void test_ends(void **state)
{
	static const struct judged ok[] = {
		{ "status:ok", Y },    { "status:0", Y },	 { "status:fail", N },
		{ "status:1", N },     { "status<5", Y },	 { "status:running", N },
		{ "life>1s", Y },      { "life>1.5s", N },	 { "life>=1500ms", Y },
		{ "life<1m", Y },      { "life<1h", Y },	 { "cpu>99ms", Y },
		{ "cpu>100000us", N }, { "cpu=100000000ns", Y }, { "signal:any", N },
		{ "errno:any", N },    { "run>1s", Y },		 { "run>1.2s", N },
	};
	static const struct judged failed[] = { { "status:fail", Y },
						{ "status:3", Y },
						{ "status>2", Y },
						{ "status:ok", N },
						{ "signal:any", N } };
	static const struct judged killed[] = {
		{ "status:fail", Y }, { "status:ok", N },      { "status:9", N },
		{ "signal:KILL", Y }, { "signal:SIGKILL", Y }, { "signal:9", Y },
		{ "signal:kill", Y }, { "signal:any", Y },     { "signal:TERM", N },
		{ "status:137", N },
	};
	static const struct judged runs[] = { { "status:fail", L },
					      { "status:ok", L },
					      { "status:running", Y },
					      { "signal:any", L },
					      { "life>1s", L },
					      { "run>1s", L },
					      { "cpu<1s", L },
					      { "not status:fail", L },
					      { "status:fail curl", L },
					      { "status:fail wget", N },
					      { "curl or status:fail", Y },
					      { "status:fail or curl", Y },
					      { "not (status:fail wget)", Y } };
	static const struct judged gone[] = { { "status:fail", N },    { "life>1s", N },
					      { "run>1s", N },	       { "cpu>0ns", N },
					      { "status:running", N }, { "signal:any", N },
					      { "not status:fail", Y } };
	static const struct judged before[] = { { "run>0ns", N }, { "life>1s", Y } };
	static const struct judged refused[] = { { "status:fail", Y },	{ "errno:ENOENT", Y },
						 { "errno:enoent", Y }, { "errno:2", Y },
						 { "errno:any", Y },	{ "errno:EACCES", N },
						 { "status:ok", N },	{ "life<1h", N },
						 { "run<1h", N } };
	struct ebt_expr_subject s = curl(EBT_EXPR_EXITED, 0);

	(void)state;
	JUDGE(ok, &s);
	s = curl(EBT_EXPR_EXITED, 3 << 8);
	JUDGE(failed, &s);
	s = curl(EBT_EXPR_EXITED, SIGKILL);
	JUDGE(killed, &s);
	s = curl(EBT_EXPR_RUNS, 0);
	JUDGE(runs, &s);
	/* What is printed once cannot say that it runs, since that would become wrong. */
	s.once = true;
	assert_int_equal(judge("status:running", &s), L);
	s = curl(EBT_EXPR_LOST, 0);
	JUDGE(gone, &s);
	s = curl(EBT_EXPR_REPLACED, 0);
	assert_int_equal(judge("run>1s", &s), Y);
	assert_int_equal(judge("life>1s", &s), N);
	assert_int_equal(judge("cpu>0ns", &s), N);
	assert_int_equal(judge("status:ok", &s), N);
	/* It began before the tracer: when it called exec is not known, when it was forked may be. */
	s = curl(EBT_EXPR_EXITED, 0);
	s.run_unknown = true;
	JUDGE(before, &s);
	s.life_unknown = true;
	assert_int_equal(judge("life>0ns", &s), N);
	s = curl(EBT_EXPR_FAILED, 0);
	s.ret = -2;
	JUDGE(refused, &s);
}

/* What is missing of incomplete arguments may match a word: it then counts as matching, below a not as
 * well, and it is said that this was assumed. */
static void test_incomplete(void **state)
{
	static const struct {
		const char *text;
		enum ebt_expr_result want;
		bool unsure;
	} cases[] = {
		{ "curl", Y, false },		{ "zebra", Y, true },
		{ "not zebra", Y, true },	{ "comm:zebra", N, false },
		{ "zebra user:root", Y, true }, { "zebra user:nobody", N, true },
		{ "args>10K", Y, false },
	};
	struct ebt_expr_subject s = curl(EBT_EXPR_RUNS, 0);

	(void)state;
	assert_int_equal(judge("zebra", &s), N);
	s.args_incomplete = true;
	for (size_t i = 0; i < EBT_ARRAY_SIZE(cases); i++) {
		struct ebt_expr_error error;
		struct ebt_expr *x;

		assert_int_equal(ebt_expr_new(&x, cases[i].text, &error), 0);
		if (ebt_expr_match(x, &s) != cases[i].want || ebt_expr_unsure(x) != cases[i].unsure)
			fail_msg("%s: judged wrongly", cases[i].text);
		s.args_incomplete = false;
		ebt_expr_match(x, &s);
		assert_false(ebt_expr_unsure(x));
		s.args_incomplete = true;
		ebt_expr_free(&x);
	}
}

static void test_refused(void **state)
{
	static const struct {
		const char *text;
		size_t at;
		const char *words; /* part of the sentence */
	} cases[] = {
		{ "curl (", 6, "missing" },
		{ "(curl", 0, "parenthesis" },
		{ "curl)", 4, "closes nothing" },
		{ "curl \"a", 5, "quotes" },
		{ "\"a\"b", 3, "blank" },
		{ "and curl", 3, "missing" },
		{ "curl or", 7, "missing" },
		{ "or", 0, "missing" },
		{ "curl or or wget", 8, "missing" },
		{ "not", 3, "missing" },
		{ "()", 1, "missing" },
		{ "a[", 0, "regular expression" },
		{ "curl comm:*{99999}", 10, "regular expression" },
		{ "user:", 5, "needs a value" },
		{ "uid:x", 4, "a number" },
		{ "life>1", 5, "ns, us, ms, s, m or h" },
		{ "life>1x", 5, "'1x'" },
		{ "cpu>", 4, "needs a value" },
		{ "args>1T", 5, "K, M or G" },
		{ "args>1.", 5, "K, M or G" },
		{ "args>99999999999999999999", 5, "K, M or G" },
		{ "life>999999999999999h", 5, "m or h" },
		{ "status:bad", 7, "ok, fail, running" },
		{ "status:256", 7, "0 to 255" },
		{ "status>fail", 7, "fail" },
		{ "signal:KILLED", 7, "such as KILL" },
		{ "signal:0", 7, "KILL" },
		{ "errno:NOENT", 6, "ENOENT" },
		{ "errno:0", 6, "ENOENT" },
		{ "\"\"", 0, "needs a value" },
	};
	struct ebt_expr_error error;
	struct ebt_expr *x;

	(void)state;
	for (size_t i = 0; i < EBT_ARRAY_SIZE(cases); i++) {
		if (ebt_expr_new(&x, cases[i].text, &error) != -EINVAL)
			fail_msg("accepted: %s", cases[i].text);
		assert_null(x);
		if (error.at != cases[i].at || !strstr(error.text, cases[i].words))
			fail_msg("%s: at %zu: %s", cases[i].text, error.at, error.text);
		assert_int_equal(ebt_expr_new(&x, cases[i].text, NULL), -EINVAL);
	}
}

/* Return count times a text, one behind another. */
static char *repeated(const char *text, size_t count)
{
	size_t len = strlen(text);
	char *all = malloc(len * count + 1);

	assert_non_null(all);
	for (size_t i = 0; i < count; i++)
		memcpy(all + i * len, text, len);
	all[len * count] = '\0';
	return all;
}

static void test_bounds(void **state)
{
	static const struct {
		const char *text;
		size_t good, bad;
		const char *words;
	} cases[] = {
		{ "pid:1 ", EBT_EXPR_TERMS_MAX, EBT_EXPR_TERMS_MAX + 1, "at most 64 conditions" },
		{ "abc ", EBT_EXPR_PATTERNS_MAX, EBT_EXPR_PATTERNS_MAX + 1,
		  "at most 16 regular expressions" },
		{ " ", 5000, 0, NULL },
		{ "!", 0, 500, "nested too deep" },
		{ "(", 0, 500, "nested too deep" },
		{ "not ", 0, 100, "nested too deep" },
		{ "a", EBT_EXPR_TEXT_MAX, 0, NULL },
		{ "a", 0, EBT_EXPR_TEXT_MAX + 1, "at most 511 bytes" },
		{ "!uid:1 or ", 0, 40, "missing" },
	};
	struct ebt_expr_error error;
	struct ebt_expr *x;

	(void)state;
	for (size_t i = 0; i < EBT_ARRAY_SIZE(cases); i++) {
		char *good = repeated(cases[i].text, cases[i].good);
		char *bad = repeated(cases[i].text, cases[i].bad);

		assert_int_equal(ebt_expr_new(&x, good, &error), 0);
		ebt_expr_free(&x);
		if (cases[i].bad) {
			assert_int_equal(ebt_expr_new(&x, bad, &error), -EINVAL);
			if (!strstr(error.text, cases[i].words))
				fail_msg("%s: %s", cases[i].text, error.text);
		}
		free(good);
		free(bad);
	}
}

/* Every key has an example that is accepted, and is found by its name. */
static void test_table(void **state)
{
	(void)state;
	for (size_t i = 0; i < ebt_expr_keys_count; i++) {
		const struct ebt_expr_key *key = &ebt_expr_keys[i];
		struct ebt_expr *x;

		assert_ptr_equal(ebt_expr_key_find(key->name, strlen(key->name)), key);
		assert_int_equal(strncmp(key->example, key->name, strlen(key->name)), 0);
		assert_int_equal(ebt_expr_new(&x, key->example, NULL), 0);
		assert_true(ebt_expr_has_keys(x));
		assert_string_equal(ebt_expr_text(x), key->example);
		ebt_expr_free(&x);
		assert_non_null(ebt_expr_allowed(key->kind));
		assert_int_equal(key->field, i);
	}
	assert_int_equal(ebt_expr_keys_count, EBT_EXPR_FIELDS);
	assert_null(ebt_expr_key_find("us", 2));
}

static void test_find(void **state)
{
	struct ebt_expr *x;
	size_t at, len;

	(void)state;
	assert_int_equal(ebt_expr_new(&x, "wor+d not other user:root \"a.b\"", NULL), 0);
	assert_true(ebt_expr_find(x, BYTES("other a.b worrd"), 0, &at, &len));
	assert_int_equal(at, 6);
	assert_int_equal(len, 3);
	assert_true(ebt_expr_find(x, BYTES("other a.b worrd"), 7, &at, &len));
	assert_int_equal(at, 10);
	assert_int_equal(len, 5);
	assert_false(ebt_expr_find(x, BYTES("other root axb"), 0, &at, &len));
	assert_false(ebt_expr_has_end(x));
	ebt_expr_free(&x);
	assert_int_equal(ebt_expr_new(&x, "cpu>1s", NULL), 0);
	assert_true(ebt_expr_has_end(x));
	ebt_expr_free(&x);
	assert_int_equal(ebt_expr_new(&x, "not ^init$", NULL), 0);
	assert_false(ebt_expr_match_name(x, BYTES("init"), false, false));
	assert_false(ebt_expr_unsure(x));
	assert_true(ebt_expr_match_name(x, BYTES("init\0-x\0"), true, false));
	assert_false(ebt_expr_unsure(x));
	assert_true(ebt_expr_match_name(x, BYTES("init\0-x\0"), true, true));
	assert_true(ebt_expr_unsure(x));
	assert_int_equal(ebt_expr_given_up(x), 0);
	ebt_expr_free(&x);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_words),	cmocka_unit_test(test_keys),
		cmocka_unit_test(test_ends),	cmocka_unit_test(test_incomplete),
		cmocka_unit_test(test_refused), cmocka_unit_test(test_bounds),
		cmocka_unit_test(test_table),	cmocka_unit_test(test_find),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
