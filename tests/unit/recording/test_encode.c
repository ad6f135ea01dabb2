/* SPDX-License-Identifier: BSD-3-Clause */
/* What is encoded and decoded again is the same event. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include <linux/types.h>

#include "decode/decode.h"
#include "recording/encode.h"

#define BYTES(s) ((struct ebt_bytes){ (s), sizeof(s) - 1 })

static struct ebt_event exec_event(void)
{
	return (struct ebt_event){
		.type = EBT_EVENT_EXEC,
		.cpu = 1,
		.seq = 77,
		.mono_ns = 123456789,
		.generation = 1,
		.records = 1,
		.exec = { .pid = 10,
			  .ppid = 9,
			  .tid = 11,
			  .vpid = 2,
			  .uid = 1000,
			  .euid = 0,
			  .gid = 100,
			  .egid = 101,
			  .loginuid = 1000,
			  .sessionid = EBT_EV_UNSET,
			  .pid_ns = 4026531836u,
			  .mnt_ns = 4026531841u,
			  .argc = 3,
			  .envc = 1,
			  .exe_dev = 8u << 20 | 1,
			  .exe_ino = 12345,
			  .cgroup_id = 77,
			  .start_ns = 99,
			  .parent_start_ns = 1,
			  .flags = EBT_EV_HAS_EXE | EBT_EV_HAS_CWD | EBT_EV_HAS_ENV |
				   EBT_EV_HAS_TTY | EBT_EV_SCRIPT,
			  .args_bytes = 9,
			  .args_captured = 9,
			  .env_bytes = 4,
			  .env_captured = 4,
			  .comm = BYTES("sh"),
			  .prev_comm = BYTES("bash"),
			  .parent_comm = BYTES("make"),
			  .tty = BYTES("pts/3"),
			  .filename = BYTES("./x"),
			  .exe = BYTES("/usr/bin/sh"),
			  .cwd = BYTES("/"),
			  .args = BYTES("sh\0-c\0\0x\0"),
			  .env = BYTES("A=1\0") },
	};
}

static void assert_bytes(struct ebt_bytes a, struct ebt_bytes b)
{
	if (!ebt_bytes_equal(a, b))
		fail_msg("\"%.*s\" became \"%.*s\"", (int)a.len, a.data, (int)b.len, b.data);
}

static void assert_same_exec(const struct ebt_event_exec *a, const struct ebt_event_exec *b)
{
	struct ebt_event_exec x = *a, y = *b;

	assert_bytes(a->comm, b->comm);
	assert_bytes(a->prev_comm, b->prev_comm);
	assert_bytes(a->parent_comm, b->parent_comm);
	assert_bytes(a->tty, b->tty);
	assert_bytes(a->filename, b->filename);
	assert_bytes(a->exe, b->exe);
	assert_bytes(a->cwd, b->cwd);
	assert_bytes(a->args, b->args);
	assert_bytes(a->env, b->env);
	/* The numbers all at once. */
	memset(&x.comm, 0, sizeof(x) - offsetof(struct ebt_event_exec, comm));
	memset(&y.comm, 0, sizeof(y) - offsetof(struct ebt_event_exec, comm));
	assert_memory_equal(&x, &y, sizeof(x));
}

static void round_trip(const struct ebt_event *ev)
{
	_cleanup_buf_ struct ebt_buf out = { 0 };
	struct ebt_decoder *decoder = NULL;
	struct ebt_event got;

	assert_int_equal(ebt_encode_event(ev, 1, &out), 0);
	assert_int_equal(ebt_decoder_new(&decoder, 2), 0);
	ebt_decoder_put(decoder, out.data, out.len);
	assert_int_equal(ebt_decoder_next(decoder, &got), 1);
	assert_int_equal(got.type, ev->type);
	assert_int_equal(got.cpu, ev->cpu);
	assert_int_equal(got.seq, 1);
	assert_int_equal(got.mono_ns, ev->mono_ns);
	if (ev->type == EBT_EVENT_EXEC)
		assert_same_exec(&ev->exec, &got.exec);
	else
		assert_memory_equal(&ev->exit, &got.exit, offsetof(struct ebt_event_exit, comm));
	ebt_decoder_free(&decoder);
}

static void test_exec(void **state)
{
	struct ebt_event ev = exec_event();

	(void)state;
	round_trip(&ev);
	ev.exec.cgroup_id |= EBT_CGROUP_V1;
	ev.exec.tty = BYTES("tty1");
	ev.exec.cwd = BYTES(".../deep/down");
	ev.exec.flags |= EBT_EV_CWD_TRUNCATED | EBT_EV_EXE_DELETED;
	round_trip(&ev);
}

static void test_incomplete(void **state)
{
	struct ebt_event ev = exec_event();

	(void)state;
	ev.exec.args_bytes = 5000;
	ev.exec.flags |= EBT_EV_ARGS_TRUNCATED;
	round_trip(&ev);
	ev = exec_event();
	ev.exec.args_bytes = 5000;
	ev.exec.flags |= EBT_EV_ARGS_LOST;
	round_trip(&ev);
	/* A failed exec. */
	ev = exec_event();
	ev.exec.ret = -2;
	ev.exec.exe_dev = 0;
	ev.exec.exe_ino = ev.exec.exe_version = 0;
	round_trip(&ev);
}

static void test_exit(void **state)
{
	struct ebt_event ev = {
		.type = EBT_EVENT_EXIT,
		.cpu = 1,
		.mono_ns = 1000,
		.exit = { .pid = 10,
			  .ppid = 9,
			  .uid = 1000,
			  .status = 256,
			  .start_ns = 100,
			  .lifetime_ns = 900,
			  .utime_ns = 7,
			  .stime_ns = 5,
			  .maxrss_bytes = 2 << 20,
			  .has_login = true,
			  .loginuid = 1000,
			  .sessionid = 3,
			  .comm = BYTES("sh") },
	};

	(void)state;
	round_trip(&ev);
	ev.exit.has_login = false;
	ev.exit.loginuid = ev.exit.sessionid = EBT_EV_UNSET;
	round_trip(&ev);
	ev.type = EBT_EVENT_NOTE;
	assert_int_equal(ebt_encode_event(&ev, 1, &(struct ebt_buf){ 0 }), -EINVAL);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_exec),
					    cmocka_unit_test(test_incomplete),
					    cmocka_unit_test(test_exit) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
