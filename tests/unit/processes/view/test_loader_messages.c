/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What the view makes of a loader's messages. The loader is this test at the other end of a socket
 * pair, and the ring a memory file with an event in it whenever the test puts one there.
 */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/cleanup.h"
#include "base/clock.h"
#include "processes/view/fake_ring.h"
#include "processes/view/loader_messages.h"
#include "processes/view/tuning_form.h"

#define CPUS	 2
#define HOUR_NS	 3600000000000ull
#define BEGIN(v) (*(v) = (struct ebt_msg){ .ncpu = CPUS })

static struct ebt_options options;
static struct ebt_view view;
static struct ebt_loader_link link_;
static struct ebt_status *status;
static struct ebt_msg msg;
static int loader, out, query;
static int fds[EBT_MSG_FDS];

static void tell(enum ebt_msg_type type, const int *with, int n)
{
	msg.type = type;
	assert_int_equal(ebt_msg_send(loader, &msg, with, n), 0);
}

static void tell_and_take(enum ebt_msg_type type)
{
	tell(type, NULL, 0);
	ebt_loader_link_take(&link_);
}

/* Take what the view has sent. Return its type, or 0. */
static uint32_t asked(void)
{
	for (int i = 0; i < EBT_MSG_FDS; i++)
		ebt_cleanup_close(&fds[i]);
	for (int i = 0; i < EBT_MSG_FDS; i++)
		fds[i] = -1;
	return ebt_msg_receive(loader, &msg, fds) == 1 ? msg.type : 0;
}

static const char *written(void)
{
	static char text[16384];
	ssize_t n;

	assert_int_equal(ebt_sink_flush(view.sink), 0);
	n = pread(out, text, sizeof(text) - 1, 0);

	text[n > 0 ? n : 0] = '\0';
	return text;
}

static void begin(void)
{
	int memory = memfd_create("status", MFD_CLOEXEC), start[2] = { fake_ring_new(), memory };

	assert_int_equal(ftruncate(memory, (off_t)ebt_status_bytes(CPUS)), 0);
	status = mmap(NULL, ebt_status_bytes(CPUS), PROT_READ | PROT_WRITE, MAP_SHARED, memory, 0);
	status->ncpu = CPUS;
	BEGIN(&msg);
	msg.generation = 1;
	msg.params = (struct ebt_params){ .scratch_bytes = 8192, .ring_bytes = FAKE_RING };
	msg.poll_ms = 40;
	assert_int_equal(ebt_loader_link_start(&link_), 0);
	tell(EBT_MSG_START, start, 2);
	close(start[0]);
	close(memory);
	assert_int_equal(ebt_loader_link_start(&link_), 1);
	/* The loader may free what it held for the view. */
	assert_int_equal(asked(), EBT_MSG_TAKEN);
	assert_int_equal(msg.generation, 1);
	BEGIN(&msg);
}

static int set_up(void **state)
{
	struct ebt_model_options mo = { .history_bytes = EBT_HISTORY_MIN, .ncpu = CPUS };
	int pair[2], queries[2];

	(void)state;
	options = (struct ebt_options){ .mode = EBT_MODE_EVENTS, .no_unicode = true };
	view = (struct ebt_view){ .options = &options, .signals = -1 };
	for (int i = 0; i < EBT_MSG_FDS; i++)
		fds[i] = -1;
	if (ebt_model_new(&view.model, &mo) ||
	    socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) ||
	    socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, queries))
		return -1;
	out = memfd_create("out", MFD_CLOEXEC);
	loader = pair[1];
	query = queries[1];
	ebt_loader_link_init(&link_, &view, pair[0], queries[0]);
	if (ebt_view_open_sink(&view, out))
		return -1;
	begin();
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	ebt_loader_link_free(&link_);
	ebt_view_free(&view);
	munmap(status, ebt_status_bytes(CPUS));
	asked();
	ebt_cleanup_close(&loader);
	close(query);
	close(out);
	return 0;
}

static void test_events(void **state)
{
	(void)state;
	fake_ring_exec(0, 1, 1, "first");
	fake_ring_exec(1, 1, 1, "second");
	assert_int_equal(ebt_ring_reader_drain(&link_.reader), 2);
	assert_int_equal(view.events, 2);
	assert_non_null(strstr(written(), "argument"));
	assert_true(link_.reader.ring_peak > 0);
	assert_int_equal(link_.reader.demand.peak_bytes, link_.reader.ring_peak);
	assert_int_equal(ebt_decoder_cpu(link_.reader.decoder, 1)->received, 1);
	assert_int_equal(ebt_ring_reader_drain(&link_.reader), 0);
	assert_int_equal(link_.reader.fatal, 0);
	/* -n is reached: what comes later is not shown. */
	options.iterations = 2;
	assert_true(ebt_view_enough(&view));
	fake_ring_exec(0, 2, 1, "third");
	assert_int_equal(ebt_ring_reader_drain(&link_.reader), 1);
	assert_int_equal(view.events, 2);
}

/* Memory that is no ring ends the view. */
static void test_bad_ring(void **state)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	uint32_t head = FAKE_RING * 2;

	(void)state;
	memcpy(fake_ring + 2 * page, &head, sizeof(head));
	*(unsigned long *)(fake_ring + page) = 64;
	assert_int_equal(ebt_ring_reader_drain(&link_.reader), 0);
	assert_int_equal(link_.reader.fatal, -EBADMSG);
	assert_true(view.ended);
}

/* An event whose continuation does not come is given out in part. */
static void test_incomplete(void **state)
{
	struct exec e = exec_make(0, 1);
	char record[sizeof(e.rec)];

	(void)state;
	e.sect[EBT_SECT_ARGS] = BYTES("argument\0");
	exec_stream(&e);
	e.rec.hdr.flags |= EBT_RECF_MORE;
	e.rec.hdr.size = sizeof(e.rec);
	memcpy(record, &e.rec, sizeof(record));
	free(e.stream);
	fake_ring_put(record, sizeof(record));
	ebt_ring_reader_flush(&link_.reader, HOUR_NS, HOUR_NS);
	assert_int_equal(view.events, 0);
	/* It began long ago: the end of the drain gives it out. */
	assert_int_equal(ebt_ring_reader_drain(&link_.reader), 1);
	assert_int_equal(view.events, 1);
}

static void test_status(void **state)
{
	(void)state;
	ebt_status_reader_ask(&link_.status, false);
	assert_int_equal(asked(), EBT_MSG_GET_STATUS);
	assert_int_equal(msg.value, 0);
	/* One question at a time. */
	ebt_status_reader_ask(&link_.status, true);
	assert_int_equal(asked(), 0);
	fake_ring_exec(0, 1, 1, "first");
	ebt_ring_reader_drain(&link_.reader);
	status->cpu[0].seen = 1;
	status->cpu[0].delivered = 1;
	status->cpu[1].seen = status->cpu[1].lost_ring = 3;
	status->map_bytes = 12345;
	status->offsets_cached = true;
	strcpy(status->hooks, "exec exit");
	BEGIN(&msg);
	tell_and_take(EBT_MSG_STATUS);
	assert_string_equal(link_.status.hooks, "exec exit");
	assert_true(link_.status.offsets_cached);
	assert_int_equal(link_.status.received[0], 1);
	assert_int_equal(link_.reader.ring_peak, 0);
	assert_non_null(strstr(written(), "lost 3 events on CPU 1"));
	/* After losses the counts by executable are wanted, too. */
	ebt_status_reader_ask(&link_.status, true);
	assert_int_equal(asked(), EBT_MSG_GET_STATUS);
	assert_int_equal(msg.value, 1);
	status->n_exes = 1;
	status->exes[0].count.execs = 3;
	BEGIN(&msg);
	msg.value = 1;
	tell_and_take(EBT_MSG_STATUS);
	/* Asked a moment ago, it is not asked again so soon. */
	link_.status.last_ns = ebt_mono_ns() + HOUR_NS;
	link_.status.stopped = true;
	ebt_status_reader_ask(&link_.status, true);
	assert_int_equal(asked(), 0);
}

static int counters_file(const struct ebt_cpu_counters *c)
{
	int fd = memfd_create("counters", MFD_CLOEXEC);

	assert_int_equal(write(fd, c, CPUS * sizeof(*c)), CPUS * sizeof(*c));
	return fd;
}

/* Give the view a new ring; the accounts of the old one are these. */
static void swap(uint32_t generation, const struct ebt_cpu_counters *ended)
{
	int with[2] = { -1, ended ? counters_file(ended) : -1 };
	BEGIN(&msg);
	msg.generation = generation;
	msg.params = (struct ebt_params){ .scratch_bytes = 4096, .ring_bytes = FAKE_RING };
	msg.took_ns = 5000000;
	msg.compile_ns = generation % 2 ? 4000000 : 0;
	with[0] = fake_ring_new();
	tell(EBT_MSG_SWAPPED, with, ended ? 2 : 1);
	ebt_loader_link_take(&link_);
	close(with[0]);
	ebt_cleanup_close(&with[1]);
}

static void test_swap(void **state)
{
	struct ebt_cpu_counters ended[CPUS] = { { .seen = 2, .delivered = 1, .filtered = 1 } };

	(void)state;
	link_.retune.running = true;
	fake_ring_exec(0, 1, 1, "last"); /* still in the old ring */
	swap(2, ended);
	assert_int_equal(view.events, 1);
	assert_int_equal(asked(), EBT_MSG_TAKEN);
	assert_int_equal(msg.generation, 2);
	assert_non_null(strstr(written(), "generation 1 ended: seen 2 = filtered 1 + delivered 1 + "
					  "lost:ring 0 + lost:busy 0; received 1: the accounting "
					  "holds on every CPU"));
	assert_int_equal(link_.retune.generation, 2);
	assert_int_equal(link_.retune.params.scratch_bytes, 4096);
	assert_false(link_.retune.running);
	assert_non_null(strstr(view.notice.text, "(from the cache): generation 2 runs"));
	/* The new ring is read. */
	fake_ring_exec(0, 2, 2, "next");
	assert_int_equal(ebt_ring_reader_drain(&link_.reader), 1);
	ended[0] = (struct ebt_cpu_counters){ .seen = 1, .delivered = 1 };
	ended[1] = (struct ebt_cpu_counters){ .seen = 1 };
	swap(3, ended);
	assert_non_null(strstr(written(), "the accounting IS BROKEN on CPU 1"));
	assert_non_null(strstr(view.notice.text, "generation 3 runs"));
	assert_int_equal(link_.accounting.ended, 2);
	assert_int_equal(link_.accounting.broken, 1);
	swap(4, NULL);
	assert_non_null(strstr(written(), "generation 3 ended, its accounts are not known"));
	assert_int_equal(link_.accounting.broken, 1);
	/* What was delivered and did not come is not in order either. */
	ended[0] = (struct ebt_cpu_counters){ .seen = 2, .delivered = 2 };
	ended[1] = (struct ebt_cpu_counters){ 0 };
	swap(5, ended);
	assert_int_equal(link_.accounting.broken, 2);
}

/* Without a new ring nothing would ever come again. */
static void test_swap_without_ring(void **state)
{
	(void)state;
	BEGIN(&msg);
	msg.generation = 2;
	tell_and_take(EBT_MSG_SWAPPED);
	assert_true(view.ended);
	assert_true(link_.reader.fatal < 0);
}

static void test_refused(void **state)
{
	int words = memfd_create("words", MFD_CLOEXEC);

	(void)state;
	assert_int_equal(write(words, "line 3: no", 10), 10);
	BEGIN(&msg);
	link_.retune.running = true;
	strcpy(msg.text, "the text does not compile");
	tell(EBT_MSG_REFUSED, &words, 1);
	ebt_loader_link_take(&link_);
	close(words);
	assert_string_equal(link_.retune.refused, "the text does not compile");
	assert_string_equal(link_.retune.refusal.data, "line 3: no");
	assert_string_equal(view.notice.text, "(e: all of it) the text does not compile");
	assert_true(view.notice.is_error);
	assert_false(link_.retune.running);
	assert_false(link_.retune.auto_refused);
	/* That of --auto is noted, and it asks no more; another retune goes on. */
	link_.retune.auto_asked = link_.retune.running = true;
	msg.value = 1;
	tell_and_take(EBT_MSG_REFUSED);
	assert_true(link_.retune.auto_refused);
	assert_true(link_.retune.running);
	assert_non_null(strstr(written(), "auto: refused, the text does not compile"));
	assert_string_equal(view.notice.text, "the text does not compile");
	assert_int_equal(link_.retune.refusal.len, 0);
}

static void test_filtered(void **state)
{
	(void)state;
	BEGIN(&msg);
	msg.poll_ms = 7;
	tell_and_take(EBT_MSG_FILTERED);
	assert_int_equal(link_.retune.poll_ms, 7);
	assert_string_equal(view.notice.text, "the ring is read every 7 ms");
	msg.filters = (struct ebt_filters){ .given = EBT_FILTERS_COMM, .comm = "^a" };
	tell_and_take(EBT_MSG_FILTERED);
	assert_string_equal(view.notice.text, "from here on only -c '^a'");
	fake_ring_exec(0, 1, 1, "b");
	fake_ring_exec(0, 2, 1, "ab");
	assert_int_equal(ebt_ring_reader_drain(&link_.reader), 2);
	assert_int_equal(view.events, 1);
	strcpy(msg.filters.comm, "(");
	tell_and_take(EBT_MSG_FILTERED);
	assert_string_equal(view.notice.text, "-c or -m is not a regular expression");
	msg.filters = (struct ebt_filters){ .given = EBT_FILTERS_ALL };
	tell_and_take(EBT_MSG_FILTERED);
	assert_string_equal(view.notice.text, "from here on everything");
}

static void test_progress(void **state)
{
	uint64_t since_ns;

	(void)state;
	BEGIN(&msg);
	msg.value = EBT_PROGRESS_COMPILING;
	tell_and_take(EBT_MSG_PROGRESS);
	assert_true(link_.retune.running);
	assert_int_equal(link_.retune.progress, EBT_PROGRESS_COMPILING);
	since_ns = link_.retune.since_ns;
	assert_true(since_ns > 0);
	msg.value = EBT_PROGRESS_LOADING;
	tell_and_take(EBT_MSG_PROGRESS);
	assert_int_equal(link_.retune.since_ns, since_ns);
	msg.value = EBT_PROGRESS_NONE;
	tell_and_take(EBT_MSG_PROGRESS);
	assert_false(link_.retune.running);
}

static void test_form(void **state)
{
	struct ebt_ui_tuning shown = { .scratch_bytes = 8192,
				       .ring_bytes = FAKE_RING,
				       .poll_ms = 50 };
	struct ebt_ui_tuning wanted = shown;

	(void)state;
	wanted.scratch_bytes = 1024;
	wanted.poll_ms = 9;
	ebt_retune_from_form(&link_.retune, &shown, &wanted);
	assert_int_equal(asked(), EBT_MSG_RETUNE);
	assert_int_equal(msg.value, EBT_PARAM_BIT(scratch_bytes));
	assert_int_equal(msg.params.scratch_bytes, 1024);
	assert_int_equal(msg.poll_ms, 9);
	assert_true(link_.retune.running);
	ebt_retune_from_form(&link_.retune, &shown, &wanted);
	assert_int_equal(asked(), 0);
	assert_non_null(strstr(view.notice.text, "a retune is under way"));
	link_.retune.running = false;
	strcpy(wanted.filter[EBT_UI_PIDS], "1,x");
	ebt_retune_from_form(&link_.retune, &shown, &wanted);
	assert_int_equal(asked(), 0);
	assert_non_null(strstr(link_.retune.refused, "processes cannot be '1,x'"));
	/* New buffers are for perf alone. */
	assert_false(ebt_retune_renew(&link_.retune, "why"));
	link_.retune.params.perf = 1;
	assert_true(ebt_retune_renew(&link_.retune, "because"));
	assert_int_equal(asked(), EBT_MSG_RETUNE);
	assert_int_equal(msg.value, EBT_RETUNE_ANYHOW);
	assert_non_null(strstr(written(), "because"));
	assert_false(ebt_retune_renew(&link_.retune, "why"));
}

/* With --auto a ring that has lost events is made larger, within its limit. */
static void test_auto(void **state)
{
	(void)state;
	options.auto_bytes = EBT_AUTO_MAX;
	link_.auto_size.since_ns = ebt_mono_ns() - HOUR_NS;
	fake_ring_exec(0, 1, 1, "a");
	ebt_ring_reader_drain(&link_.reader);
	status->cpu[0].lost_ring = 500;
	BEGIN(&msg);
	tell_and_take(EBT_MSG_STATUS);
	assert_int_equal(asked(), EBT_MSG_RETUNE);
	assert_int_equal(msg.value, EBT_PARAM_BIT(scratch_bytes) | EBT_PARAM_BIT(ring_bytes));
	assert_true(msg.params.ring_bytes > FAKE_RING);
	assert_true(link_.retune.auto_asked);
	assert_non_null(strstr(written(), "auto: "));
	/* No more than the limit allows, which is said once. */
	link_.retune.running = false;
	options.auto_bytes = 1;
	for (int i = 0; i < 2; i++) {
		view.notice.text[0] = '\0';
		BEGIN(&msg);
		tell_and_take(EBT_MSG_STATUS);
		assert_int_equal(asked(), 0);
		assert_string_equal(view.notice.text,
				    i ? "" : "auto: no more is taken, the limit is 1");
	}
	/* A new generation begins with what was lost before it. */
	ebt_auto_size_restart(&link_.auto_size, status, ebt_mono_ns());
	assert_int_equal(link_.auto_size.lost, 500);
	assert_int_equal(link_.auto_size.advice.n, 0);
}

static void test_lab_and_end(void **state)
{
	int file = memfd_create("lab", MFD_CLOEXEC);

	(void)state;
	BEGIN(&msg);
	tell(EBT_MSG_LAB, &file, 1);
	strcpy(msg.text, "there is none");
	tell(EBT_MSG_LAB, NULL, 0);
	close(file);
	ebt_loader_link_take(&link_);
	assert_true(link_.lab.is_new);
	assert_int_equal(link_.lab.fd, -1);
	assert_string_equal(link_.lab.why, "there is none");
	file = memfd_create("counters", MFD_CLOEXEC);
	tell(EBT_MSG_STOPPED, &file, 1);
	close(file);
	tell_and_take(EBT_MSG_COMMAND);
	assert_true(link_.status.stopped);
	assert_true(link_.final_counters >= 0);
	assert_true(view.command_ended);
	assert_false(view.ended);
	tell_and_take(EBT_MSG_FINISH);
	assert_true(view.ended);
	assert_false(link_.expected_end);
	tell(EBT_MSG_END, NULL, 0);
	close(loader);
	loader = -1;
	ebt_loader_link_take(&link_);
	assert_true(link_.expected_end);
	assert_true(link_.gone);
	assert_false(link_.lost);
}

/* A loader that goes without a word was killed. */
static void test_lost(void **state)
{
	(void)state;
	ebt_loader_link_send(&link_, EBT_MSG_STOP);
	assert_int_equal(asked(), EBT_MSG_STOP);
	close(loader);
	loader = -1;
	ebt_loader_link_take(&link_);
	assert_true(link_.lost);
	assert_true(view.ended);
}

#define T(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(test_events),	 T(test_bad_ring), T(test_incomplete),
		T(test_status),	 T(test_swap),	   T(test_swap_without_ring),
		T(test_refused), T(test_filtered), T(test_progress),
		T(test_form),	 T(test_auto),	   T(test_lab_and_end),
		T(test_lost),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
