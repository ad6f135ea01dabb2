/* SPDX-License-Identifier: BSD-3-Clause */
/* Lines for somebody who does not read: nobody waits, what is lost is counted, the rest comes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/clock.h"
#include "homeostasis/line_writer.h"

#define LINES 20000 /* of 100 bytes: more than wait, and more than a pipe holds */

static void put(struct ebt_line_writer *s, int fd, unsigned i)
{
	char line[100];

	snprintf(line, sizeof(line), "%099u", i);
	ebt_line_writer_put(s, fd, line);
}

static void test_nobody_reads(void **state)
{
	struct ebt_line_writer *s = NULL;
	uint64_t begin_ns = ebt_mono_ns(), lost, got = 0;
	unsigned last = 0, n;
	char line[128];
	int ends[2];
	FILE *in;

	assert_int_equal(pipe(ends), 0);
	assert_int_equal(ebt_line_writer_new(&s), 0);
	for (unsigned i = 1; i <= LINES; i++)
		put(s, ends[1], i);
	assert_true(ebt_mono_ns() - begin_ns < 5000000000);
	lost = ebt_line_writer_lost(s);
	assert_true(lost > LINES / 4 && lost < LINES);
	in = fdopen(ends[0], "r");
	while (got + lost < LINES && fgets(line, sizeof(line), in)) {
		assert_int_equal(strlen(line), 100);
		n = (unsigned)strtoul(line, NULL, 10);
		assert_true(n > last);
		last = n;
		got++;
	}
	assert_int_equal(got + lost, LINES);
	/* It goes on, and all is written at the end. */
	put(s, ends[1], LINES + 1);
	ebt_line_writer_free(&s);
	assert_null(s);
	assert_non_null(fgets(line, sizeof(line), in));
	assert_int_equal(strtoul(line, NULL, 10), LINES + 1);
	fclose(in);
	close(ends[1]);
}

/* Its end waits for a while, not for ever. */
static void test_never_read(void **state)
{
	struct ebt_line_writer *s = NULL;
	uint64_t begin_ns, took_ns;
	int ends[2];

	assert_int_equal(pipe(ends), 0);
	assert_int_equal(ebt_line_writer_new(&s), 0);
	for (unsigned i = 0; i < 2000; i++)
		put(s, ends[1], i);
	begin_ns = ebt_mono_ns();
	ebt_line_writer_free(&s);
	took_ns = ebt_mono_ns() - begin_ns;
	assert_true(took_ns > 1000000000 && took_ns < 20000000000);
	/* The thread that was left behind finds that nobody will read. */
	close(ends[0]);
	usleep(100000);
	close(ends[1]);
}

/* A pipe without a reader is no SIGPIPE, and its lines are lost ones. */
static void test_no_reader(void **state)
{
	struct ebt_line_writer *s = NULL;
	int ends[2];

	assert_int_equal(pipe(ends), 0);
	close(ends[0]);
	assert_int_equal(ebt_line_writer_new(&s), 0);
	put(s, ends[1], 1);
	put(s, ends[1], 2);
	for (int i = 0; i < 500 && ebt_line_writer_lost(s) < 2; i++)
		usleep(10000);
	assert_int_equal(ebt_line_writer_lost(s), 2);
	ebt_line_writer_free(&s);
	ebt_line_writer_free(&s);
	close(ends[1]);
}

/* Nothing was ever said: no thread, no wait. */
static void test_silent(void **state)
{
	struct ebt_line_writer *s = NULL;

	assert_int_equal(ebt_line_writer_new(&s), 0);
	assert_int_equal(ebt_line_writer_lost(s), 0);
	ebt_line_writer_free(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_nobody_reads),
		cmocka_unit_test(test_never_read),
		cmocka_unit_test(test_no_reader),
		cmocka_unit_test(test_silent),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
