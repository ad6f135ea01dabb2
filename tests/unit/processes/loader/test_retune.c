/* SPDX-License-Identifier: BSD-3-Clause */
/* A run's start, changes of its parameters and filters, and what is told of them to the view and to
 * whoever asked. */
#include <errno.h>
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "loader_test.h"
#include "processes/loader/lab_serve.h"
#include "processes/loader/retune.h"

static struct ebt_tracer tracer;
static struct ebt_outbox out;
static struct ebt_control control;
static struct ebt_retune retune;
static struct ebt_lab_serve lab;
static int view, client; /* the other ends */

static int set_up(void **state)
{
	struct ebt_options options = { .params = tracer_params() };
	int pair[2], clients[2];

	(void)state;
	loader_test_begin();
	loader_test_open(&tracer);
	assert_int_equal(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair), 0);
	assert_int_equal(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, clients), 0);
	out = (struct ebt_outbox){ .sock = pair[0] };
	view = pair[1];
	ebt_control_init(&control);
	control.clients[2] = clients[0];
	client = clients[1];
	retune = (struct ebt_retune){
		.tracer = &tracer, .out = &out, .control = &control, .poll_ms = 50, .asker = -1
	};
	lab = (struct ebt_lab_serve){ 0 };
	assert_int_equal(ebt_tracer_start(&tracer, &options, &loader_test.failure), 0);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	ebt_lab_serve_free(&lab);
	if (retune.building)
		ebt_build_free(&retune.build);
	ebt_held_free(&retune.held);
	ebt_tracer_close(&tracer);
	ebt_control_close(&control);
	ebt_outbox_free(&out);
	close(out.sock);
	close(view);
	close(client);
	loader_test_end();
	return 0;
}

#define assert_told(sock, what) assert_int_equal(loader_test_take(sock), what)

static void wait_for(const struct ebt_build *b)
{
	struct pollfd fds[3] = { { .fd = b->in, .events = POLLOUT },
				 { .fd = b->out, .events = POLLIN },
				 { .fd = b->diag, .events = POLLIN } };

	poll(fds, 3, 1000);
}

static void finish(void)
{
	while (retune.building) {
		wait_for(&retune.build);
		ebt_retune_step(&retune);
	}
}

static void assert_refused(int sock, const char *words)
{
	assert_told(sock, EBT_MSG_REFUSED);
	if (!strstr(loader_test.got.text, words))
		fail_msg("'%s' does not say '%s'", loader_test.got.text, words);
}

static void test_start(void **state)
{
	(void)state;
	assert_true(tracer.compile_ns > 0);
	assert_false(tracer.kernel_refused);
	assert_true(tracer.filtering);
	assert_int_equal(ebt_programs_generation(tracer.programs), 1);
	assert_int_equal(fake_bpf_open("link", NULL), 3);
}

static void test_start_refused(void **state)
{
	struct ebt_options options = { .params = tracer_params() };
	struct ebt_tracer t;

	(void)state;
	/* A text that does not compile is not the kernel's fault. */
	loader_test_open(&t);
	loader_test_write("refuse", "", 0, 0600);
	assert_int_equal(ebt_tracer_start(&t, &options, &loader_test.failure), -EIO);
	assert_false(t.kernel_refused);
	assert_string_equal(loader_test.failure.words.data, "text:1: no good\n");
	loader_test_remove("refuse");
	fake_bpf_refuse("map", "ebt_ring", -EPERM, 2);
	assert_int_equal(ebt_tracer_start(&t, &options, &loader_test.failure), -EPERM);
	assert_true(t.kernel_refused);
	t.kernel_refused = false;
	options.bpf_text_dir = "/somewhere";
	fake_bpf_refuse("map", "ebt_ring", -EPERM, 2);
	assert_int_equal(ebt_tracer_start(&t, &options, &loader_test.failure), -EPERM);
	assert_false(t.kernel_refused);
	fake_bpf_refuse("link", "sched_process_exec", -EPERM, 1);
	assert_int_equal(ebt_tracer_start(&t, &options, &loader_test.failure), -EPERM);
	assert_true(t.kernel_refused);
	ebt_tracer_close(&t);
	assert_null(t.programs);
}

static void test_params(void **state)
{
	struct ebt_params params = tracer_params();
	struct ebt_msg msg = { .poll_ms = 20 };
	struct ebt_cpu_counters ended[FAKE_CPUS];

	(void)state;
	params.scratch_bytes = 1024;
	ebt_retune_request(&retune, &params, &msg, -1, false);
	assert_true(retune.building);
	assert_told(view, EBT_MSG_PROGRESS);
	assert_int_equal(loader_test.got.value, EBT_PROGRESS_COMPILING);
	/* One at a time. */
	ebt_retune_request(&retune, &params, &msg, 2, false);
	assert_refused(client, "another retune is still under way");
	assert_int_equal(loader_test.got.value, 1);
	finish();
	assert_told(view, EBT_MSG_PROGRESS);
	assert_int_equal(loader_test.got.value, EBT_PROGRESS_LOADING);
	assert_told(view, EBT_MSG_FILTERED);
	assert_int_equal(loader_test.got.poll_ms, 20);
	assert_told(view, EBT_MSG_SWAPPED);
	assert_int_equal(loader_test.got.generation, 2);
	assert_int_equal(loader_test.got.params.scratch_bytes, 1024);
	assert_true(loader_test.got.compile_ns > 0);
	assert_string_equal(fake_bpf_object(loader_test.fds[0])->name, "ebt_ring");
	assert_int_equal(read(loader_test.fds[1], ended, 0), 0);
	assert_int_equal(lseek(loader_test.fds[1], 0, SEEK_END), sizeof(ended));
	assert_int_equal(loader_test.fds[2], -1);
	assert_told(view, EBT_MSG_PROGRESS);
	assert_int_equal(loader_test.got.value, EBT_PROGRESS_NONE);
	assert_told(view, 0);
	assert_told(client, 0);
	assert_int_equal(ebt_programs_params(tracer.programs)->scratch_bytes, 1024);
	/* The generation before is gone, its ring too. */
	loader_test_take(view);
	assert_int_equal(fake_bpf_open("map", "ebt_ring"), 1);
}

static void test_client(void **state)
{
	struct ebt_params params = tracer_params();
	struct ebt_msg msg = { .poll_ms = 0 };

	(void)state;
	ebt_retune_request(&retune, &params, &msg, 2, true);
	assert_int_equal(control.asking, 2);
	finish();
	assert_told(client, EBT_MSG_PROGRESS);
	assert_int_equal(loader_test.got.value, EBT_PROGRESS_COMPILING);
	assert_told(client, EBT_MSG_PROGRESS);
	assert_int_equal(loader_test.got.value, EBT_PROGRESS_LOADING);
	assert_told(client, EBT_MSG_SWAPPED);
	assert_int_equal(loader_test.got.generation, 2);
	assert_int_equal(loader_test.got.poll_ms, 50);
	assert_true(loader_test.got.took_ns > 0);
	assert_told(client, 0);
	assert_int_equal(control.asking, -1);
	assert_int_equal(retune.asker, -1);
	ebt_retune_answer(&retune, 2, 5);
	assert_told(client, EBT_MSG_SWAPPED);
	assert_int_equal(loader_test.got.took_ns, 5);
}

/* Filters alone need no new programs. */
static void test_filters(void **state)
{
	struct ebt_params params = tracer_params();
	struct ebt_msg msg = { .filters = { .given = EBT_FILTERS_USERS, .user = "1000" } };
	uint32_t at = 1;
	struct ebt_config config;

	(void)state;
	ebt_retune_request(&retune, &params, &msg, -1, false);
	assert_false(retune.building);
	assert_told(view, EBT_MSG_FILTERED);
	assert_string_equal(loader_test.got.filters.user, "1000");
	assert_int_equal(loader_test.got.filters.given, EBT_FILTERS_USERS);
	assert_true(loader_test.got.since_ns > 0);
	assert_int_equal(loader_test.got.poll_ms, 50);
	assert_told(view, EBT_MSG_PROGRESS);
	assert_told(view, 0);
	assert_int_equal(ebt_programs_generation(tracer.programs), 1);
	assert_int_equal(bpf_map_lookup_elem(ebt_programs_map_fd(tracer.programs, "ebt_config"),
					     &at, &config),
			 0);
	assert_int_equal(config.uid, 1000);
	/* What a request does not name stays. */
	msg.filters = (struct ebt_filters){ .given = EBT_FILTERS_ENOENT, .no_enoent = 1 };
	ebt_retune_request(&retune, &params, &msg, -1, false);
	assert_told(view, EBT_MSG_FILTERED);
	assert_string_equal(loader_test.got.filters.user, "1000");
	assert_int_equal(loader_test.got.filters.no_enoent, 1);
}

static void test_refused(void **state)
{
	struct ebt_params params = tracer_params();
	struct ebt_msg msg = { .poll_ms = EBT_POLL_MAX_MS + 1 };

	(void)state;
	ebt_retune_request(&retune, &params, &msg, -1, false);
	assert_refused(view, "poll is 1001 ms; 1 to 1000 are allowed");
	msg.poll_ms = EBT_POLL_MAX_MS;
	params.scratch_bytes = 511;
	ebt_retune_request(&retune, &params, &msg, -1, false);
	assert_refused(view, "scratch is 511 bytes");
	params = tracer_params();
	msg.filters = (struct ebt_filters){ .given = EBT_FILTERS_USERS, .user = "no such user" };
	ebt_retune_request(&retune, &params, &msg, 2, false);
	assert_refused(client, "-u no such user: no user of this name is known");
	msg.filters = (struct ebt_filters){ .given = EBT_FILTERS_PIDS,
					    .n_pids = 1,
					    .pids = { 0x7ffffff0 } };
	ebt_retune_request(&retune, &params, &msg, -1, false);
	assert_refused(view, "-p 2147483632: there is no process of this number");
	assert_int_equal(loader_test.got.value, 0);
	assert_told(view, 0);
	assert_int_equal(ebt_programs_generation(tracer.programs), 1);
	assert_int_equal(retune.poll_ms, 50);
}

/* A view that does not take its messages gets no more of them. */
static void test_view_is_stopped(void **state)
{
	struct ebt_params params = tracer_params();
	struct ebt_msg msg = { .poll_ms = 3 };

	(void)state;
	while (ebt_outbox_empty(&out))
		assert_int_equal(ebt_outbox_send(&out, &msg, NULL, 0), 0);
	ebt_retune_request(&retune, &params, &msg, 2, false);
	assert_refused(client, "the view does not read its messages");
}

static void test_does_not_compile(void **state)
{
	struct ebt_params params = tracer_params();
	struct ebt_msg msg = { 0 };
	char words[64] = "";

	(void)state;
	loader_test_write("refuse", "", 0, 0600);
	ebt_retune_request(&retune, &params, &msg, -1, true);
	finish();
	assert_told(view, EBT_MSG_PROGRESS);
	assert_refused(view, "the BPF text does not compile");
	assert_int_equal(loader_test.got.value, 0);
	assert_true(pread(loader_test.fds[0], words, sizeof(words) - 1, 0) > 0);
	assert_string_equal(words, "text:1: no good\n");
	assert_told(view, EBT_MSG_PROGRESS);
	assert_int_equal(loader_test.got.value, EBT_PROGRESS_NONE);
	assert_int_equal(ebt_programs_generation(tracer.programs), 1);
}

/* A request that fails half-way leaves the filters as they were. */
static void test_switch_refused(void **state)
{
	struct ebt_params params = tracer_params();
	struct ebt_msg msg = { .filters = { .given = EBT_FILTERS_USERS, .user = "1000" } };

	(void)state;
	ebt_retune_request(&retune, &params, &msg, -1, true);
	fake_bpf_refuse("update", "ebt_slots", -EIO, 1);
	finish();
	assert_told(view, EBT_MSG_PROGRESS);
	assert_told(view, EBT_MSG_PROGRESS);
	assert_refused(view, "the program ebt_on_more could not be put into its slot");
	assert_told(view, EBT_MSG_PROGRESS);
	assert_told(view, 0);
	assert_string_equal(tracer.filters.user, "");
	assert_int_equal(ebt_programs_generation(tracer.programs), 1);
	assert_int_equal(fake_bpf_open("map", "ebt_ring"), 1);
}

static void look(void)
{
	while (ebt_lab_busy(&lab)) {
		if (lab.state != EBT_LAB_LOOKING)
			wait_for(&lab.build);
		ebt_lab_step(&lab, &tracer.images, tracer.programs, &out);
	}
}

static void test_lab(void **state)
{
	(void)state;
	fake_bpf.code = (const unsigned char *)"code";
	fake_bpf.code_bytes = 4;
	ebt_lab_ask(&lab, &tracer.images, tracer.programs, &out);
	assert_int_equal(lab.state, EBT_LAB_LISTING);
	/* A second question is answered by the same answer. */
	ebt_lab_ask(&lab, &tracer.images, tracer.programs, &out);
	look();
	assert_told(view, EBT_MSG_LAB);
	assert_int_equal(loader_test.got.generation, 1);
	assert_string_equal(loader_test.got.text, "");
	assert_true(loader_test.fds[0] >= 0);
	assert_int_equal(ftruncate(loader_test.fds[0], 1), -1);
	assert_told(view, 0);
	assert_int_equal(lab.state, EBT_LAB_READY);
	assert_string_equal(lab.native.data, "prog 0\n0 1 nop\n");
	assert_int_equal(lab.image->n_progs, TRACER_PROGS);
	assert_int_equal(lab.progs[0].native.len, 4);
	/* What is known is sent at once, with fresh counts. */
	fake_bpf_object(ebt_programs_stub_fd(tracer.programs, "ebt_stub_exec"))->info.run_cnt = 12;
	ebt_lab_ask(&lab, &tracer.images, tracer.programs, &out);
	assert_told(view, EBT_MSG_LAB);
	assert_int_equal(lab.progs[0].run_cnt, 12);
}

static void test_lab_refused(void **state)
{
	(void)state;
	loader_test_write("refuse", "", 0, 0600);
	ebt_lab_ask(&lab, &tracer.images, tracer.programs, &out);
	look();
	assert_told(view, EBT_MSG_LAB);
	assert_string_equal(loader_test.got.text,
			    "the BPF text does not compile with line numbers");
	assert_int_equal(loader_test.fds[0], -1);
	assert_int_equal(lab.state, EBT_LAB_NONE);
	loader_test_remove("refuse");
	/* A listing without an image. */
	loader_test_write("listing", "\377\377\377\377\377\377\377\377x", 9, 0600);
	ebt_lab_ask(&lab, &tracer.images, tracer.programs, &out);
	look();
	assert_told(view, EBT_MSG_LAB);
	assert_string_equal(loader_test.got.text,
			    "the compiler's listing is not usable: it is too short");
}

static void test_lab_of_another_text(void **state)
{
	_cleanup_image_ struct ebt_image *image = tracer_image();
	_cleanup_buf_ struct ebt_buf listing = { 0 }, file = { 0 };
	uint64_t bytes;

	(void)state;
	image->key = strdup("");
	image->insns[2].imm = 1;
	assert_int_equal(ebt_image_write(image, &file), 0);
	bytes = file.len;
	ebt_buf_append(&listing, &bytes, sizeof(bytes));
	ebt_buf_append(&listing, file.data, file.len);
	loader_test_write("listing", listing.data, listing.len, 0600);
	ebt_lab_ask(&lab, &tracer.images, tracer.programs, &out);
	look();
	assert_told(view, EBT_MSG_LAB);
	assert_string_equal(loader_test.got.text,
			    "the programs that run were compiled from another text");
}

/* A retune in between makes it begin anew. */
static void test_lab_beside_retune(void **state)
{
	struct ebt_params params = tracer_params();
	struct ebt_msg msg = { 0 };

	(void)state;
	ebt_lab_ask(&lab, &tracer.images, tracer.programs, &out);
	assert_int_equal(lab.generation, 1);
	ebt_retune_request(&retune, &params, &msg, -1, true);
	finish();
	while (loader_test_take(view))
		;
	look();
	assert_told(view, EBT_MSG_LAB);
	assert_int_equal(loader_test.got.generation, 2);
}

static void test_status(void **state)
{
	struct ebt_counter_pair pairs[FAKE_CPUS] = { 0 };
	struct ebt_exe_key key = { .ino = 8 };
	struct ebt_exe_count count = { .execs = 3 };
	uint32_t zero = 0;
	char byte = 0;
	int fd;

	(void)state;
	assert_int_equal(ebt_tracer_make_status(&tracer), 0);
	pairs[1].of[1].seen = 9;
	bpf_map_update_elem(ebt_programs_map_fd(tracer.programs, "ebt_counters"), &zero, pairs, 0);
	bpf_map_update_elem(ebt_programs_map_fd(tracer.programs, "ebt_exe_counts"), &key, &count,
			    0);
	ebt_tracer_fill_status(&tracer, false);
	assert_int_equal(tracer.status->ncpu, FAKE_CPUS);
	assert_int_equal(tracer.status->generation, 1);
	assert_int_equal(tracer.status->cpu[1].seen, 9);
	assert_int_equal(tracer.status->n_exes, 0);
	assert_string_equal(tracer.status->hooks, "exec exit rename");
	ebt_tracer_fill_status(&tracer, true);
	assert_int_equal(tracer.status->n_exes, 2);
	/* Nobody else may change it. */
	assert_true(pwrite(tracer.status_fd, &byte, 1, 0) < 0);
	assert_int_equal(ebt_tracer_counters(&tracer, true), -1);
	ebt_programs_quiesce(tracer.programs, 0);
	fd = ebt_tracer_counters(&tracer, false);
	assert_true(fd >= 0);
	close(fd);
}

/* Without perf buffers there is nothing to hold. */
static void test_held(void **state)
{
	struct ebt_msg msg = { 0 };

	(void)state;
	assert_true(ebt_held_has_room(&retune.held, tracer.programs));
	assert_int_equal(ebt_held_add(&retune.held, tracer.programs), 0);
	assert_int_equal(retune.held.n, 0);
	ebt_held_taken(&retune.held, 3);
	ebt_held_taken(&retune.held, 2);
	assert_int_equal(retune.held.taken, 3);
	assert_int_equal(ebt_handover_send(&out, tracer.programs, &msg),
			 ebt_programs_ring_fd(tracer.programs));
	assert_told(view, 0);
}

#define T(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(test_start),
		T(test_start_refused),
		T(test_params),
		T(test_client),
		T(test_filters),
		T(test_refused),
		T(test_view_is_stopped),
		T(test_does_not_compile),
		T(test_switch_refused),
		T(test_lab),
		T(test_lab_refused),
		T(test_lab_of_another_text),
		T(test_lab_beside_retune),
		T(test_status),
		T(test_held),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
