/* SPDX-License-Identifier: BSD-3-Clause */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>
#include <linux/perf_event.h>

#include "transport/perf.h"

#define SIZE 4096

static struct perf_event_mmap_page control;
static unsigned char data[SIZE];
static _Alignas(8) unsigned char bounce[EBT_PERF_RECORD_MAX];
static struct ebt_perf_buffer buffer = { .control = &control, .data = data, .size = SIZE };

static void put(const void *from, size_t len)
{
	for (size_t i = 0; i < len; i++)
		data[control.data_head++ & (SIZE - 1)] = ((const unsigned char *)from)[i];
}

/* As the kernel does: the raw size is padded so that size and bytes are a multiple of 8. */
static void put_sample(uint32_t type, uint32_t len, unsigned char fill)
{
	uint32_t raw = ((len + 4 + 7) & ~7u) - 4;
	struct perf_event_header head = { .type = type, .size = (uint16_t)(8 + 4 + raw) };
	unsigned char body[2048];

	memset(body, fill, sizeof(body));
	memcpy(body, &len, sizeof(len));
	put(&head, sizeof(head));
	put(&raw, sizeof(raw));
	put(body, raw);
}

struct got {
	unsigned n;
	size_t last_len;
	unsigned char last_fill;
};

/* Read a whole round; the number of its records, or the error that it ended with. */
static int drain(struct got *g, size_t max_bytes)
{
	const unsigned char *bytes = (const unsigned char *)bounce;
	int got, n = 0;
	size_t len;

	ebt_perf_buffer_begin(&buffer, max_bytes);
	while ((got = ebt_perf_buffer_next(&buffer, bounce, &len)) == 1) {
		for (size_t i = 4; i < len; i++)
			assert_int_equal(bytes[i], bytes[4]);
		g->n++;
		g->last_len = len;
		g->last_fill = bytes[4];
		n++;
	}
	return got ? got : n;
}

static void test_round_and_round(void **state)
{
	struct got got = { 0 };

	(void)state;
	memset(&control, 0, sizeof(control));
	for (unsigned i = 0; i < 200; i++) {
		put_sample(PERF_RECORD_SAMPLE, 500 + i * 3, (unsigned char)i);
		put_sample(PERF_RECORD_LOST, 16, 0xee);
		assert_true(ebt_perf_buffer_used(&buffer) > 500);
		assert_int_equal(drain(&got, 0), 1);
		assert_int_equal(got.n, i + 1);
		assert_int_equal(got.last_len, 500 + i * 3);
		assert_int_equal(got.last_fill, (unsigned char)i);
		assert_int_equal(ebt_perf_buffer_used(&buffer), 0);
	}
}

/* A round ends at the first record that begins behind its bytes, and the next one goes on there. */
static void test_round(void **state)
{
	struct got got = { 0 };

	(void)state;
	memset(&control, 0, sizeof(control));
	for (unsigned i = 0; i < 3; i++)
		put_sample(PERF_RECORD_SAMPLE, 100, (unsigned char)i);
	assert_int_equal(drain(&got, 1), 1);
	assert_int_equal(got.last_fill, 0);
	assert_true(ebt_perf_buffer_used(&buffer) > 0);
	assert_int_equal(drain(&got, ebt_perf_buffer_used(&buffer)), 2);
	assert_int_equal(got.last_fill, 2);
	assert_int_equal(ebt_perf_buffer_used(&buffer), 0);
}

static void test_impossible_sizes(void **state)
{
	struct perf_event_header none = { .type = PERF_RECORD_SAMPLE, .size = 0 };
	struct perf_event_header large = { .type = PERF_RECORD_SAMPLE, .size = 24 };
	uint32_t raw = 4000;
	unsigned char rest[12] = { 0 };
	struct got got = { 0 };

	(void)state;
	memset(&control, 0, sizeof(control));
	put(&none, sizeof(none));
	assert_int_equal(drain(&got, 0), -EBADMSG);
	assert_int_equal(ebt_perf_buffer_used(&buffer), 0);
	/* Raw bytes that reach out of their record. */
	put(&large, sizeof(large));
	put(&raw, sizeof(raw));
	put(rest, sizeof(rest));
	assert_int_equal(drain(&got, 0), -EBADMSG);
	assert_int_equal(got.n, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_round_and_round),
		cmocka_unit_test(test_round),
		cmocka_unit_test(test_impossible_sizes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
