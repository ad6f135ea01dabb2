/* SPDX-License-Identifier: BSD-3-Clause */
/* helpers.c - lesson 18: which helpers a program type may call */
#include <bpf/bpf.h>
#include <unistd.h>

#include "demo/insns.h"
#include "demo/lesson.h"
#include "demo/lessons.h"

static const struct {
	enum bpf_prog_type type;
	const char *name;
} types[] = {
	{ BPF_PROG_TYPE_RAW_TRACEPOINT, "raw_tp" }, { BPF_PROG_TYPE_TRACEPOINT, "tp" },
	{ BPF_PROG_TYPE_KPROBE, "kprobe" },	    { BPF_PROG_TYPE_PERF_EVENT, "perf" },
	{ BPF_PROG_TYPE_SOCKET_FILTER, "socket" },  { BPF_PROG_TYPE_XDP, "xdp" },
	{ BPF_PROG_TYPE_SCHED_CLS, "tc" },
};
#define TYPES EBT_ARRAY_SIZE(types)

static const struct {
	enum bpf_func_id id;
	const char *name;
} shown[] = {
	{ BPF_FUNC_map_lookup_elem, "map_lookup_elem" },
	{ BPF_FUNC_ktime_get_ns, "ktime_get_ns" },
	{ BPF_FUNC_get_current_task, "get_current_task" },
	{ BPF_FUNC_get_current_comm, "get_current_comm" },
	{ BPF_FUNC_probe_read_user, "probe_read_user" },
	{ BPF_FUNC_probe_read_kernel, "probe_read_kernel" },
	{ BPF_FUNC_ringbuf_output, "ringbuf_output" },
	{ BPF_FUNC_perf_event_output, "perf_event_output" },
	{ BPF_FUNC_get_stackid, "get_stackid" },
	{ BPF_FUNC_send_signal, "send_signal" },
	{ BPF_FUNC_tail_call, "tail_call" },
	{ BPF_FUNC_skb_load_bytes, "skb_load_bytes" },
	{ BPF_FUNC_redirect, "redirect" },
	{ BPF_FUNC_d_path, "d_path" },
};

/* Return whether programs of this type may call the helper. The test program only calls the helper,
 * with wrong arguments, so the kernel always refuses it; the log tells whether it refused the call
 * itself. */
static bool helpers_allowed(size_t type, int helper)
{
	struct bpf_insn insns[] = { CALL_HELPER(helper), MOV64_IMM(BPF_REG_0, 0), EXIT() };
	char log[4096] = "";
	LIBBPF_OPTS(bpf_prog_load_opts, opts, .log_level = 1, .log_buf = log,
		    .log_size = sizeof(log));
	int fd = bpf_prog_load(types[type].type, "probe", "GPL", insns, EBT_ARRAY_SIZE(insns),
			       &opts);

	if (fd >= 0) {
		close(fd);
		return true;
	}
	return log[0] && !strstr(log, "unknown func") && !strstr(log, "cannot use helper") &&
	       !strstr(log, "invalid func");
}

static void print_head(const char *first)
{
	printf("   %-20s", first);
	for (size_t t = 0; t < TYPES; t++)
		printf("%8s", types[t].name);
	printf("\n");
}

static void print_matrix(struct ebt_demo *d)
{
	bool stack_raw_tp = false, stack_socket = true;

	print_head("");
	for (size_t i = 0; i < EBT_ARRAY_SIZE(shown); i++) {
		printf("   %-20s", shown[i].name);
		for (size_t t = 0; t < TYPES; t++) {
			bool yes = helpers_allowed(t, shown[i].id);

			if (shown[i].id == BPF_FUNC_get_stackid && t == 0)
				stack_raw_tp = yes;
			if (shown[i].id == BPF_FUNC_get_stackid && t == 4)
				stack_socket = yes;
			printf("%8s", yes ? "yes" : "-");
		}
		printf("\n");
	}
	ebt_demo_expect(d, stack_raw_tp && !stack_socket,
			"who traces may take a stack trace, who filters packets may not");
}

static void print_totals(struct ebt_demo *d)
{
	unsigned tracing = 0;

	print_head("");
	printf("   %-20s", "of all");
	for (size_t t = 0; t < TYPES; t++) {
		unsigned n = 0;

		for (int id = 1; id < __BPF_FUNC_MAX_ID; id++)
			n += helpers_allowed(t, id);
		if (t == 0)
			tracing = n;
		printf("%8u", n);
	}
	printf("\n");
	ebt_demo_expect(d, tracing > 40 && tracing < __BPF_FUNC_MAX_ID - 1,
			"%d helpers are known, a raw tracepoint may call %u", __BPF_FUNC_MAX_ID - 1,
			tracing);
}

int ebt_demo_helpers(struct ebt_demo *d)
{
	_cleanup_obj_ struct ebt_demo_obj obj = { 0 };
	_cleanup_prog_ struct ebt_demo_prog prog = { .name = "counts_stacks" };
	int err;

	ebt_demo_stage(d, "The program as a raw tracepoint");
	err = ebt_demo_open(d, &obj, NULL);
	if (!err)
		err = ebt_demo_must_load(d, &obj, &prog);
	if (err)
		return err;
	ebt_demo_expect(d, !prog.err, "accepted");
	ebt_demo_stage(d, "The kernel asked, helper by helper and type by type");
	print_matrix(d);
	ebt_demo_stage(d, "How many of all");
	print_totals(d);
	return 0;
}

int ebt_demo_helpers_bad(struct ebt_demo *d)
{
	_cleanup_obj_ struct ebt_demo_obj obj = { 0 };
	_cleanup_prog_ struct ebt_demo_prog prog = { .name = "counts_stacks",
						     .type = BPF_PROG_TYPE_SOCKET_FILTER };
	int err = ebt_demo_open(d, &obj, NULL);

	if (err)
		return err;
	ebt_demo_stage(d, "The same program as a socket filter");
	ebt_demo_load(d, &obj, &prog);
	ebt_demo_refused(d, &prog, 5, "program of this type cannot use helper|unknown func");
	return 0;
}
