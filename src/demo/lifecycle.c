/* SPDX-License-Identifier: BSD-3-Clause */
/* lifecycle.c - lesson 16: the steps of a program from its text to its first event */
#include "demo/lesson.h"
#include "demo/lessons.h"

struct event {
	uint64_t mono_ns;
	uint32_t pid;
	char comm[16];
};

struct seen {
	pid_t pid;
	struct event event;
};

static void lifecycle_row(const char *step, uint64_t ns, const char *artefact)
{
	printf("   %-12s %10.1f us   %s\n", step, (double)ns / 1000, artefact);
}

static int on_event(void *arg, void *data, size_t len)
{
	struct seen *s = arg;

	if (len >= sizeof(s->event) && (pid_t)((struct event *)data)->pid == s->pid)
		s->event = *(struct event *)data;
	return 0;
}

static void rows_of_load(const struct ebt_demo_prog *prog)
{
	struct ebt_demo_dump dump = { 0 };
	uint64_t verify_ns = prog->verify_us * 1000ull;
	char what[128];

	snprintf(what, sizeof(what), "%u instructions followed", prog->processed);
	lifecycle_row("verify", verify_ns, what);
	ebt_demo_dump(prog->fd, &dump);
	snprintf(what, sizeof(what), "%u bytes of machine code from %u instructions",
		 dump.native_bytes, dump.n_xlated);
	lifecycle_row("JIT, rest", prog->load_ns > verify_ns ? prog->load_ns - verify_ns : 0, what);
	ebt_demo_dump_free(&dump);
}

static int event_and_read(struct ebt_demo *d, const struct ebt_demo_obj *obj)
{
	static const char *const argv[] = { "/bin/true", NULL };
	uint64_t begin_ns = ebt_mono_ns(), read_ns;
	struct seen s = { 0 };
	char what[128], comm[80];
	int err;

	s.pid = ebt_demo_run_program(argv, NULL);
	read_ns = ebt_mono_ns();
	err = ebt_demo_drain(d, ebt_demo_map(obj, "events"), on_event, &s);
	if (err)
		return err;
	snprintf(what, sizeof(what), "%zu bytes in the ring, after fork and exec", sizeof(s.event));
	lifecycle_row("event", s.event.mono_ns ? s.event.mono_ns - begin_ns : 0, what);
	snprintf(what, sizeof(what), "pid %u, %s", s.event.pid,
		 ebt_demo_safe(comm, sizeof(comm), s.event.comm, sizeof(s.event.comm)));
	lifecycle_row("read", ebt_mono_ns() - read_ns, what);
	ebt_demo_expect(d, s.event.mono_ns != 0, "the event of the program that was started");
	return 0;
}

int ebt_demo_lifecycle(struct ebt_demo *d)
{
	_cleanup_obj_ struct ebt_demo_obj obj = { 0 };
	_cleanup_prog_ struct ebt_demo_prog prog = { .name = "trace_exec" };
	uint64_t begin_ns;
	char what[128];
	int err, link;

	ebt_demo_stage(d, "One program's way");
	snprintf(what, sizeof(what), "%zu bytes of C",
		 strlen(d->options->text(d->options->text_arg, d->lesson->text)));
	lifecycle_row("text", 0, what);
	err = ebt_demo_open(d, &obj, NULL);
	if (err)
		return err;
	snprintf(what, sizeof(what), "%u instructions, %zu bytes, %u map", obj.image->n_insns,
		 obj.image->n_insns * sizeof(struct bpf_insn), obj.image->n_maps);
	lifecycle_row("clang", obj.compile_ns, what);
	lifecycle_row("maps", obj.maps_ns, "the ring, 256 KB");
	err = ebt_demo_must_load(d, &obj, &prog);
	if (err)
		return err;
	lifecycle_row("load", prog.load_ns, "of it:");
	rows_of_load(&prog);
	begin_ns = ebt_mono_ns();
	link = ebt_demo_attach(d, &prog, "sched_process_exec");
	if (link < 0)
		return link;
	lifecycle_row("attach", ebt_mono_ns() - begin_ns, "a file descriptor; closing it detaches");
	err = event_and_read(d, &obj);
	begin_ns = ebt_mono_ns();
	close(link);
	lifecycle_row("detach", ebt_mono_ns() - begin_ns, "nothing is left");
	return err;
}
