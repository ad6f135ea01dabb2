/* SPDX-License-Identifier: BSD-3-Clause */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <signal.h>
#include <stdio.h>

#include "base/cleanup.h"
#include "sink_test.h"

#define CELLS_MAX 64

/* Header and one record, read as RFC 4180 says. */
struct table {
	char *text;
	char *names[CELLS_MAX], *cells[CELLS_MAX];
	unsigned name_count, cell_count;
};

/* One record from p on; gives where the next begins. Cells are unquoted in place. */
static char *read_record(char *p, char **cells, unsigned *count)
{
	*count = 0;
	for (;;) {
		char *out = p;

		assert_true(*count < CELLS_MAX);
		cells[(*count)++] = p;
		if (*p == '"') {
			p++;
			for (;;) {
				assert_true(*p);
				if (*p == '"' && p[1] == '"')
					p++;
				else if (*p == '"')
					break;
				*out++ = *p++;
			}
			p++;
			assert_true(*p == ',' || *p == '\r');
		} else {
			for (; *p != ',' && *p != '\r'; p++)
				assert_true(*p && *p != '"' && *p != '\n');
			out = p;
		}
		if (*p == '\r') {
			assert_int_equal(p[1], '\n');
			*out = '\0';
			return p + 2;
		}
		p++;
		*out = '\0';
	}
}

static void read_table(struct table *t, const struct ebt_event *ev, const struct ebt_model *names)
{
	size_t len;
	char *p;

	t->text = test_line(
		(struct ebt_sink_options){ .format = EBT_SINK_CSV, .header = true, .names = names },
		ev, &len);
	assert_non_null(t->text);
	for (size_t i = 0; i < len; i++)
		assert_true((unsigned char)t->text[i] >= 0x20 || t->text[i] == '\r' ||
			    t->text[i] == '\n');
	p = read_record(t->text, t->names, &t->name_count);
	p = read_record(p, t->cells, &t->cell_count);
	assert_int_equal(*p, '\0');
	assert_int_equal(t->name_count, t->cell_count);
}

static const char *cell(const struct table *t, const char *name)
{
	for (unsigned i = 0; i < t->name_count; i++)
		if (strcmp(t->names[i], name) == 0)
			return t->cells[i];
	fail_msg("no column %s", name);
	return "";
}

static void an_exec(void **state)
{
	struct ebt_model_options mo = { .ncpu = 1 };
	struct ebt_event ev = test_exec(BYTES("sh\0-c\0echo \"a, b\"\0"));
	struct ebt_model *model = NULL;
	struct table t;

	assert_int_equal(ebt_model_new(&model, &mo), 0);
	ebt_model_set_user(model, 1000, "kim");
	ebt_model_set_cgroup(model, 77, "/a,b");
	ev.exec.flags = EBT_EV_ARGS_TRUNCATED | EBT_EV_HAS_CWD | EBT_EV_CWD_DELETED;
	ev.exec.cwd = BYTES("/tmp/new\nline");
	read_table(&t, &ev, model);
	assert_string_equal(t.names[0], "type");
	assert_string_equal(cell(&t, "type"), "exec");
	assert_string_equal(cell(&t, "ts"), "2026-11-21T09:15:02.123456789Z");
	assert_string_equal(cell(&t, "cpu"), "3");
	assert_string_equal(cell(&t, "seq"), "17");
	assert_string_equal(cell(&t, "pid"), "4242");
	assert_string_equal(cell(&t, "user"), "kim");
	assert_string_equal(cell(&t, "loginuid"), "");
	assert_string_equal(cell(&t, "cgroup"), "/a,b");
	assert_string_equal(cell(&t, "cwd"), "\"$(printf '/tmp/new\\nline')\"");
	assert_string_equal(cell(&t, "args"), "sh -c 'echo \"a, b\"'");
	assert_string_equal(cell(&t, "ret"), "0");
	assert_string_equal(cell(&t, "flags"), "args_truncated cwd_deleted");
	assert_string_equal(cell(&t, "exit_code"), "");
	assert_string_equal(cell(&t, "text"), "");
	free(t.text);
	ebt_model_free(&model);
}

/* A cgroup of the v1 hierarchy, whose number is marked within. */
static void a_container(void **state)
{
	struct ebt_model_options mo = { .ncpu = 1 };
	struct ebt_event ev = test_exec(BYTES("true\0"));
	struct ebt_model *model = NULL;
	struct table t;

	assert_int_equal(ebt_model_new(&model, &mo), 0);
	ev.exec.cgroup_id = 88 | EBT_CGROUP_V1;
	ebt_model_set_cgroup(
		model, ev.exec.cgroup_id,
		"/docker/0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef");
	read_table(&t, &ev, model);
	assert_string_equal(cell(&t, "cgroup_id"), "88");
	assert_string_equal(
		cell(&t, "container"),
		"docker:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef");
	free(t.text);
	ebt_model_free(&model);
}

static void other_kinds(void **state)
{
	struct ebt_event ev = test_exit(SIGTERM | 0x80);
	struct table t;

	read_table(&t, &ev, NULL);
	assert_string_equal(cell(&t, "core_dumped"), "1");
	assert_string_equal(cell(&t, "type"), "exit");
	assert_string_equal(cell(&t, "signal"), "15");
	assert_string_equal(cell(&t, "exit_code"), "");
	assert_string_equal(cell(&t, "lifetime_ns"), "1230000");
	free(t.text);
	ev = test_exit(7 << 8);
	read_table(&t, &ev, NULL);
	assert_string_equal(cell(&t, "exit_code"), "7");
	free(t.text);
	ev = (struct ebt_event){ .type = EBT_EVENT_LOST, .cpu = 9, .lost = { EBT_LOST_BUSY, 4 } };
	read_table(&t, &ev, NULL);
	assert_string_equal(cell(&t, "cpu"), "9");
	assert_string_equal(cell(&t, "cause"), "busy");
	assert_string_equal(cell(&t, "count"), "4");
	assert_string_equal(cell(&t, "seq"), "");
	free(t.text);
	ev = (struct ebt_event){ .type = EBT_EVENT_NOTE, .note.text = BYTES("a \"note\"") };
	read_table(&t, &ev, NULL);
	assert_string_equal(cell(&t, "text"), "'a \"note\"'");
	assert_string_equal(cell(&t, "cpu"), "");
	free(t.text);
}

/* No cell is a formula for a spreadsheet, and the shell still reads the same words. */
static void no_formulas(void **state)
{
	static const struct {
		struct ebt_bytes args;
		const char *want;
	} cases[] = {
		{ BYTES("-bash\0-l\0"), "'-bash' -l" },
		{ BYTES("@SUM\0"), "'@SUM'" },
		{ BYTES("+1\0\"\0"), "'+1' '\"'" },
		{ BYTES("=1+1\0"), "'=1+1'" },
		{ BYTES("=cmd|'/C calc'!A0\0"), "'=cmd|'\\''/C calc'\\''!A0'" },
		{ BYTES("\t=1\0"), "\"$(printf '\\t=1')\"" },
	};

	for (size_t i = 0; i < EBT_ARRAY_SIZE(cases); i++) {
		struct ebt_event ev = test_exec(cases[i].args);
		struct table t;

		ev.exec.comm = BYTES("=A1");
		read_table(&t, &ev, NULL);
		assert_string_equal(cell(&t, "args"), cases[i].want);
		assert_string_equal(cell(&t, "comm"), "'=A1'");
		free(t.text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_exec),
		cmocka_unit_test(a_container),
		cmocka_unit_test(other_kinds),
		cmocka_unit_test(no_formulas),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
