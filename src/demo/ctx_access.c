/* SPDX-License-Identifier: BSD-3-Clause */
/* ctx_access.c - lesson 5: access to the context of a raw tracepoint */
#include <bpf/bpf.h>

#include "base/failure.h"
#include "demo/lesson.h"
#include "demo/lessons.h"

#define WORKLOAD 3

struct note {
	uint32_t pid, old_tid;
};

struct seen {
	pid_t pid;
	unsigned mine, same;
};

static int on_note(void *arg, void *data, size_t len)
{
	struct seen *s = arg;
	const struct note *n = data;

	if (len < sizeof(*n) || (pid_t)n->pid != s->pid)
		return 0;
	printf("   pid %u, args[1] says the thread was %u before the exec\n", n->pid, n->old_tid);
	s->mine++;
	s->same += n->pid == n->old_tid;
	return 0;
}

int ebt_demo_ctx_access(struct ebt_demo *d)
{
	static const char *const argv[] = { "/bin/true", NULL };
	_cleanup_obj_ struct ebt_demo_obj obj = { 0 };
	_cleanup_prog_ struct ebt_demo_prog prog = { .name = "read_args" };
	_cleanup_close_ int link = -1;
	struct seen s = { 0 };
	int err;

	ebt_demo_stage(d, "Compile and load: args[1] is read");
	err = ebt_demo_open(d, &obj, NULL);
	if (!err)
		err = ebt_demo_must_load(d, &obj, &prog);
	if (err)
		return err;
	ebt_demo_expect(d, !prog.err, "accepted");
	ebt_demo_stage(d, "Attach, start %d programs", WORKLOAD);
	link = ebt_demo_attach(d, &prog, "sched_process_exec");
	if (link < 0)
		return link;
	for (int i = 0; i < WORKLOAD && !err; i++) {
		s.pid = ebt_demo_run_program(argv, NULL);
		err = ebt_demo_drain(d, ebt_demo_map(&obj, "notes"), on_note, &s);
	}
	ebt_demo_expect(d, s.mine == WORKLOAD && s.same == WORKLOAD,
			"%d events; a main thread keeps its number", WORKLOAD);
	return err;
}

static void attach_fifth(struct ebt_demo *d, const struct ebt_demo_prog *prog)
{
	int fd = bpf_raw_tracepoint_open("sched_process_exec", prog->fd);

	printf("   attaching it to sched_process_exec: %s\n", fd < 0 ? ebt_strerror(-fd) : "done");
	ebt_demo_expect(d, fd < 0, "the kernel compares with the tracepoint when it attaches");
	if (fd >= 0)
		close(fd);
}

int ebt_demo_ctx_access_bad(struct ebt_demo *d)
{
	static const char *const bad[] = { "-DBAD_EXAMPLE", NULL };
	_cleanup_obj_ struct ebt_demo_obj obj = { 0 };
	_cleanup_prog_ struct ebt_demo_prog beyond = { .name = "read_beyond" };
	_cleanup_prog_ struct ebt_demo_prog written = { .name = "write_args" };
	_cleanup_prog_ struct ebt_demo_prog fifth = { .name = "read_fifth" };
	int err = ebt_demo_open(d, &obj, bad);

	if (err)
		return err;
	ebt_demo_stage(d, "Reading args[12]: there are never more than 12");
	ebt_demo_load(d, &obj, &beyond);
	ebt_demo_refused(d, &beyond, 5, "invalid bpf_context access off=96");
	ebt_demo_stage(d, "Writing args[0]");
	ebt_demo_load(d, &obj, &written);
	ebt_demo_refused(d, &written, 5, "invalid bpf_context access off=0");
	ebt_demo_stage(d, "Reading args[4]: sched_process_exec has three");
	err = ebt_demo_must_load(d, &obj, &fifth);
	if (err)
		return err;
	ebt_demo_expect(d, !fifth.err, "the verifier accepts: it does not know the tracepoint");
	attach_fifth(d, &fifth);
	return 0;
}
