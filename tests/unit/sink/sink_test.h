/* SPDX-License-Identifier: BSD-3-Clause */
/* sink_test.h - events made by hand, and what a sink wrote for them. */
#ifndef EBT_TESTS_UNIT_SINK_SINK_TEST_H
#define EBT_TESTS_UNIT_SINK_SINK_TEST_H

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "decode/event.h"
#include "sink/sink.h"

#define BYTES(s) ((struct ebt_bytes){ (s), sizeof(s) - 1 })

/* 2026-11-21T09:15:02 */
#define TEST_BASE_NS 1795252502000000000ll

static inline struct ebt_event test_exec(struct ebt_bytes args)
{
	return (struct ebt_event){
		.type = EBT_EVENT_EXEC,
		.cpu = 3,
		.seq = 17,
		.mono_ns = 123456789,
		.exec = {
			.pid = 4242, .ppid = 1, .tid = 4242, .vpid = 4242,
			.uid = 1000, .euid = 0, .gid = 100, .egid = 101,
			.loginuid = EBT_EV_UNSET, .sessionid = EBT_EV_UNSET,
			.pid_ns = 4026531836u, .mnt_ns = 4026531841u,
			.argc = 2, .envc = EBT_EV_UNSET,
			.start_ns = 99, .parent_start_ns = 1,
			.cgroup_id = 77,
			.args_bytes = (uint32_t)args.len, .args_captured = (uint32_t)args.len,
			.comm = BYTES("ls"), .filename = BYTES("/bin/ls"),
			.parent_comm = BYTES("init"),
			.args = args,
		},
	};
}

static inline struct ebt_event test_exit(int status)
{
	return (struct ebt_event){
		.type = EBT_EVENT_EXIT,
		.cpu = 1,
		.seq = 18,
		.mono_ns = 223456789,
		.exit = {
			.pid = 4242, .ppid = 1, .uid = 1000, .status = status,
			.start_ns = 99, .lifetime_ns = 1230000, .utime_ns = 400000,
			.stime_ns = 100000, .maxrss_bytes = 2 << 20, .comm = BYTES("ls"),
		},
	};
}

/* The sink writes here. */
static inline int test_file(void)
{
	return memfd_create("sink", MFD_CLOEXEC);
}

/* All that was written, NUL-terminated; to be freed. */
static inline char *test_contents(int fd, size_t *len)
{
	struct stat st;
	char *text;

	if (fstat(fd, &st) < 0)
		return NULL;
	text = malloc((size_t)st.st_size + 1);
	if (text && pread(fd, text, st.st_size, 0) == st.st_size) {
		text[st.st_size] = '\0';
		*len = st.st_size;
		return text;
	}
	free(text);
	return NULL;
}

/* One event through a fresh sink; the line is to be freed. */
static inline char *test_line(struct ebt_sink_options o, const struct ebt_event *ev, size_t *len)
{
	struct ebt_sink *sink = NULL;
	char *text = NULL;

	o.fd = test_file();
	o.mono_to_real_ns = TEST_BASE_NS;
	if (o.fd >= 0 && ebt_sink_new(&sink, &o) == 0 && ebt_sink_event(sink, ev) == 0 &&
	    ebt_sink_flush(sink) == 0)
		text = test_contents(o.fd, len);
	ebt_sink_free(&sink);
	close(o.fd);
	return text;
}

#endif
