/* SPDX-License-Identifier: BSD-3-Clause */
/* What is counted of events, and how it stands in the file that is scraped. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "export/metrics.h"

static struct ebt_metrics metrics;
static struct ebt_metrics_buffers buffers;
static struct ebt_buf out;

static int set_up(void **state)
{
	(void)state;
	metrics = (struct ebt_metrics){ 0 };
	buffers = (struct ebt_metrics_buffers){ .kernel = "6.1",
						.start_real_ns = 1500000000,
						.now_real_ns = 2750000000 };
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	ebt_buf_free(&out);
	return 0;
}

static void put_exec(int32_t ret, uint32_t flags, uint32_t args_bytes)
{
	struct ebt_event ev = { .type = EBT_EVENT_EXEC,
				.exec = { .ret = ret, .flags = flags, .args_bytes = args_bytes } };

	ebt_metrics_event(&metrics, &ev);
}

static void put_exit(int32_t status, uint64_t utime_ns, uint64_t stime_ns)
{
	struct ebt_event ev = {
		.type = EBT_EVENT_EXIT,
		.exit = { .status = status, .utime_ns = utime_ns, .stime_ns = stime_ns }
	};

	ebt_metrics_event(&metrics, &ev);
}

/* Assert that the file has this line. */
static void assert_line(const char *line)
{
	const char *at = out.data;
	size_t len = strlen(line);

	while ((at = strstr(at, line))) {
		if ((at == out.data || at[-1] == '\n') && at[len] == '\n')
			return;
		at++;
	}
	fail_msg("no line '%s' in:\n%s", line, out.data);
}

static void test_events(void **state)
{
	struct ebt_event note = { .type = EBT_EVENT_NOTE };

	(void)state;
	put_exec(0, EBT_EV_ARGS_TRUNCATED, 10);
	put_exec(0, EBT_EV_ARGS_FAULT | EBT_EV_ARGS_LOST, 20);
	put_exec(0, EBT_EV_ARGS_LOST, 3);
	put_exec(-ENOENT, 0, 100);
	put_exit(0, 1500000000, 250000000);
	put_exit(256, 0, 250000000);
	ebt_metrics_event(&metrics, &note);
	assert_int_equal(ebt_metrics_write(&out, &metrics, &buffers), 0);
	assert_line("execbig_build_info{version=\"" EBT_VERSION "\",kernel=\"6.1\"} 1");
	assert_line("execbig_events_total{type=\"exec\"} 3");
	assert_line("execbig_events_total{type=\"exec_failed\"} 1");
	assert_line("execbig_events_total{type=\"exit\"} 2");
	assert_line("execbig_exits_failed_total 1");
	assert_line("execbig_exits_cpu_seconds_total 2");
	assert_line("execbig_args_bytes_total 133");
	assert_line("execbig_args_truncated_total 1");
	assert_line("execbig_args_faults_total 1");
	assert_line("execbig_args_lost_total 2");
	assert_line("execbig_start_time_seconds 1.5");
	assert_line("execbig_last_update_time_seconds 2.75");
	assert_line("# TYPE execbig_events_total counter");
	assert_line("# TYPE execbig_build_info gauge");
	/* Before the first counters there are none of CPUs. */
	assert_null(strstr(out.data, "cpu="));
}

static void test_cpus(void **state)
{
	struct ebt_cpu_counters counters[2] = {
		{ .seen = 10,
		  .filtered = 1,
		  .delivered = 6,
		  .records = 7,
		  .bytes = 800,
		  .runs = 12 },
		{ .lost_ring = 2, .lost_busy = 1, .high_water = 256 }
	};

	(void)state;
	buffers.counters = counters;
	buffers.ncpu = 2;
	buffers.scratch_bytes = 1024;
	buffers.ring_size = 4096;
	buffers.ring_used = 1024;
	buffers.kernel_bytes = 9000;
	buffers.recursion_misses = 5;
	buffers.generation = 3;
	assert_int_equal(ebt_metrics_write(&out, &metrics, &buffers), 0);
	assert_line("execbig_seen_events_total{cpu=\"0\"} 10");
	assert_line("execbig_filtered_events_total{cpu=\"0\"} 1");
	assert_line("execbig_delivered_events_total{cpu=\"0\"} 6");
	assert_line("execbig_records_total{cpu=\"0\"} 7");
	assert_line("execbig_record_bytes_total{cpu=\"0\"} 800");
	assert_line("execbig_program_runs_total{cpu=\"0\"} 12");
	assert_line("execbig_seen_events_total{cpu=\"1\"} 0");
	assert_line("execbig_lost_events_total{cpu=\"1\",reason=\"ring\"} 2");
	assert_line("execbig_lost_events_total{cpu=\"1\",reason=\"busy\"} 1");
	assert_line("execbig_buffer_size_bytes{cpu=\"1\"} 1024");
	assert_line("execbig_buffer_fill_ratio{cpu=\"1\"} 0.25");
	assert_line("execbig_buffer_fill_ratio{cpu=\"0\"} 0");
	assert_line("execbig_ring_size_bytes 4096");
	assert_line("execbig_ring_fill_ratio 0.25");
	assert_line("execbig_maps_size_bytes 9000");
	assert_line("execbig_program_misses_total 5");
	assert_line("execbig_generation 3");
	assert_null(strstr(out.data, "cpu=\"2\""));
}

/* A recording may hold any text where the kernel's release should be. */
static void test_label(void **state)
{
	(void)state;
	buffers.kernel = "a\"b\\c\n\177d ~";
	assert_int_equal(ebt_metrics_write(&out, &metrics, &buffers), 0);
	assert_line("execbig_build_info{version=\"" EBT_VERSION "\",kernel=\"a\\\"b\\\\cd ~\"} 1");
	ebt_buf_reset(&out);
	buffers.kernel = NULL;
	assert_int_equal(ebt_metrics_write(&out, &metrics, &buffers), 0);
	assert_line("execbig_build_info{version=\"" EBT_VERSION "\",kernel=\"\"} 1");
}

#define T(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = { T(test_events), T(test_cpus), T(test_label) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
