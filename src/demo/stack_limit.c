/* SPDX-License-Identifier: BSD-3-Clause */
/* stack_limit.c - lesson 1: three structs that do not fit on the stack of 512 bytes */
#include "demo/insns.h"
#include "demo/lesson.h"
#include "demo/lessons.h"

#define WORKLOAD 5 /* number of programs to start */

/* The structs have the layout of those in bpf_text/demos/01-stack-limit.bpf.c; the lesson compares
 * the sizes. */
struct big_event {
	uint32_t pid;
	uint64_t timestamp;
	char comm[16];
	char data[512];
};

struct seen {
	struct ebt_demo *d;
	pid_t pids[WORKLOAD];
	unsigned mine, others;
	bool data_ok;
};

/* Print the sizes of the three structs as the compiler laid them out, which are the value sizes of
 * three maps. */
static void print_layout(struct ebt_demo *d, const struct ebt_demo_obj *obj)
{
	uint32_t event = ebt_demo_map_spec(obj, "event_scratch")->value_size;
	uint32_t extra = ebt_demo_map_spec(obj, "extra_scratch")->value_size;
	uint32_t local = ebt_demo_map_spec(obj, "local_scratch")->value_size;

	printf("   struct big_event     %4u bytes  (pid, timestamp, comm, data)\n", event);
	printf("   struct extra_buffer  %4u bytes  (buf1, buf2, values)\n", extra);
	printf("   struct local_data    %4u bytes\n", local);
	printf("   together             %4u bytes; the stack of an eBPF program has 512\n",
	       event + extra + local);
	ebt_demo_expect(d, event == 544 && extra == 768 && local == 256,
			"544 + 768 + 256 = 1568 bytes");
}

static int on_event(void *arg, void *data, size_t len)
{
	struct seen *s = arg;
	struct big_event *e = data;
	char time[32], comm[80];
	bool mine = false;

	if (len < sizeof(*e))
		return 0;
	for (unsigned i = 0; i < WORKLOAD; i++)
		mine |= s->pids[i] == (pid_t)e->pid;
	if (!mine) {
		s->others++;
		return 0;
	}
	s->mine++;
	s->data_ok &= (unsigned char)e->data[0] == (e->pid & 0xff);
	printf("   %s  %7u  %-16s  %02x %02x %02x %02x\n",
	       ebt_demo_time(time, sizeof(time), e->timestamp), e->pid,
	       ebt_demo_safe(comm, sizeof(comm), e->comm, sizeof(e->comm)),
	       (unsigned char)e->data[0], (unsigned char)e->data[1], (unsigned char)e->data[2],
	       (unsigned char)e->data[3]);
	return 0;
}

static int trace_workload(struct ebt_demo *d, const struct ebt_demo_obj *obj)
{
	static const char *const argv[] = { "/bin/true", NULL };
	struct seen s = { .d = d, .data_ok = true };
	int err = 0;

	printf("   TIME              PID  COMM              DATA[0-3]\n");
	for (unsigned i = 0; i < WORKLOAD && !err; i++) {
		s.pids[i] = ebt_demo_run_program(argv, NULL);
		err = ebt_demo_drain(d, ebt_demo_map(obj, "events"), on_event, &s);
	}
	ebt_demo_expect(d, s.mine == WORKLOAD, "%u of the %d programs that were started arrived",
			s.mine, WORKLOAD);
	ebt_demo_expect(d, s.data_ok, "data[0] is the lowest byte of each PID");
	return err;
}

int ebt_demo_stack_limit(struct ebt_demo *d)
{
	_cleanup_obj_ struct ebt_demo_obj obj = { 0 };
	_cleanup_prog_ struct ebt_demo_prog prog = { .name = "trace_exec" };
	_cleanup_close_ int link = -1;
	int err;

	ebt_demo_stage(d, "Compile: the structs live in three BPF_PERCPU_ARRAYs");
	err = ebt_demo_open(d, &obj, NULL);
	if (err)
		return err;
	print_layout(d, &obj);
	ebt_demo_stage(d, "Load: the verifier counts the stack");
	err = ebt_demo_must_load(d, &obj, &prog);
	if (err)
		return err;
	ebt_demo_words(prog.log.data, 0);
	ebt_demo_expect(d, strstr(prog.log.data, "stack depth") != NULL,
			"accepted; the three structs are not on the stack");
	ebt_demo_stage(d, "Attach to sched_process_exec, start %d programs", WORKLOAD);
	link = ebt_demo_attach(d, &prog, "sched_process_exec");
	return link < 0 ? link : trace_workload(d, &obj);
}

/* Load the same stack frame as hand-written instructions, with one store at the lower end of each
 * struct. */
static void one_frame(struct ebt_demo *d)
{
	static const struct bpf_insn insns[] = {
		ST_IMM(BPF_DW, BPF_REG_10, -544, 0),
		ST_IMM(BPF_DW, BPF_REG_10, -(544 + 768), 0),
		ST_IMM(BPF_DW, BPF_REG_10, -(544 + 768 + 256), 0),
		MOV64_IMM(BPF_REG_0, 0),
		EXIT(),
	};
	_cleanup_prog_ struct ebt_demo_prog prog = { .name = "one_frame" };

	ebt_demo_load_insns(&prog, insns, EBT_ARRAY_SIZE(insns));
	ebt_demo_refused(d, &prog, 0, "invalid write to stack R10 off=-544|invalid stack off=-544");
}

/* Load the same bytes spread over four functions, whose frames of 392 bytes are each within the
 * limit. */
static void load_four_frames(struct ebt_demo_prog *prog)
{
	static const struct bpf_insn insns[] = {
		ST_IMM(BPF_DW, BPF_REG_10, -392, 0),
		CALL_FUNC(1),
		EXIT(),
		ST_IMM(BPF_DW, BPF_REG_10, -392, 0),
		CALL_FUNC(1),
		EXIT(),
		ST_IMM(BPF_DW, BPF_REG_10, -392, 0),
		CALL_FUNC(1),
		EXIT(),
		ST_IMM(BPF_DW, BPF_REG_10, -392, 0),
		MOV64_IMM(BPF_REG_0, 0),
		EXIT(),
	};

	ebt_demo_load_insns(prog, insns, EBT_ARRAY_SIZE(insns));
}

static void four_frames(struct ebt_demo *d)
{
	_cleanup_prog_ struct ebt_demo_prog filter = { .name = "four_frames",
						       .type = BPF_PROG_TYPE_SOCKET_FILTER };
	_cleanup_prog_ struct ebt_demo_prog tracer = { .name = "four_frames" };

	load_four_frames(&filter);
	ebt_demo_refused(d, &filter, 4, "combined stack size of");
	load_four_frames(&tracer);
	if (tracer.err)
		printf("   as a raw tracepoint program it is refused in the same way\n");
	else
		printf("   as a raw tracepoint program this kernel accepts it: since 6.13 the JIT\n"
		       "   gives each of its functions a stack of its own, still 512 bytes each\n");
	ebt_demo_expect(d, !tracer.err || strstr(tracer.log.data, "combined stack size of"),
			"one function never has more than 512 bytes");
}

/* Load a program whose frame has exactly the 512 bytes that are allowed. */
static void full_frame(struct ebt_demo *d)
{
	static const struct bpf_insn insns[] = {
		ST_IMM(BPF_DW, BPF_REG_10, -512, 0),
		MOV64_IMM(BPF_REG_0, 0),
		EXIT(),
	};
	_cleanup_prog_ struct ebt_demo_prog prog = { .name = "full_frame" };

	ebt_demo_load_insns(&prog, insns, EBT_ARRAY_SIZE(insns));
	ebt_demo_words(prog.log.data, 0);
	ebt_demo_expect(d, !prog.err, "512 bytes, to the last one, are accepted");
}

/* Report the stack depth that the verifier counted, for a user who made the structs smaller. */
static int it_fits(struct ebt_demo *d, struct ebt_demo_obj *obj)
{
	_cleanup_prog_ struct ebt_demo_prog prog = { .name = "trace_exec" };
	int err = ebt_demo_maps(d, obj);

	ebt_demo_expect(d, false,
			"clang's BPF back end refuses, but it did not; the verifier says:");
	if (err)
		return err;
	ebt_demo_load(d, obj, &prog);
	ebt_demo_words(prog.log.data, 4);
	return 0;
}

int ebt_demo_stack_limit_bad(struct ebt_demo *d)
{
	static const char *const bad[] = { "-DBAD_EXAMPLE_STACK", NULL };
	_cleanup_obj_ struct ebt_demo_obj good = { 0 }, obj = { 0 };
	int err;

	ebt_demo_stage(d, "The structs, from the compiler's own layout");
	err = ebt_demo_compile(d, &good, NULL);
	if (err)
		return ebt_demo_fail(d, err, "the right variant does not compile");
	print_layout(d, &good);
	ebt_demo_stage(d, "Compile with -DBAD_EXAMPLE_STACK: the same structs as variables");
	err = ebt_demo_compile(d, &obj, bad);
	if (!err)
		return it_fits(d, &obj);
	if (!ebt_demo_expect(d, err == -EIO, "clang's BPF back end refuses; it says:"))
		return err;
	ebt_demo_words(obj.words.data, 0);
	ebt_demo_expect(d, obj.words.data && strstr(obj.words.data, "stack limit of 512 bytes"),
			"the limit is named, and the cure: a per-CPU array");
	ebt_demo_stage(d, "Past the compiler: the same frame as instructions, to the verifier");
	one_frame(d);
	ebt_demo_stage(d, "Spread over four functions of 392 bytes: 4 x 392 = 1568");
	four_frames(d);
	ebt_demo_stage(d, "What just fits");
	full_frame(d);
	return 0;
}
