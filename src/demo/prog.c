/* SPDX-License-Identifier: BSD-3-Clause */
/* prog.c - load programs with the verifier's log, run, attach and inspect them */
#include <bpf/bpf.h>
#include <stdlib.h>

#include "base/failure.h"
#include "demo/lesson.h"

/* 16 MiB - 1 is the largest log size that Linux 5.8 accepts. */
#define LOG_BYTES ((16u << 20) - 1)
/* Log levels from include/linux/bpf_verifier.h. */
#define LOG_WORDS 1 /* log each instruction */
#define LOG_STATS 4

void ebt_demo_prog_free(struct ebt_demo_prog *p)
{
	if (p->fd > 0)
		close(p->fd);
	ebt_buf_free(&p->log);
	p->fd = -1;
}

/* Return the number that follows word in the log, or 0 if word is not in it. */
static unsigned number_after(const char *log, const char *word)
{
	const char *at = log ? strstr(log, word) : NULL;

	return at ? (unsigned)strtoul(at + strlen(word), NULL, 10) : 0;
}

static void prog_load(struct ebt_demo_prog *p, const struct bpf_insn *insns, uint32_t n,
		      unsigned level, char *log)
{
	LIBBPF_OPTS(bpf_prog_load_opts, opts, .log_level = level, .log_size = LOG_BYTES,
		    .log_buf = log, .prog_flags = p->flags, .attach_btf_id = p->attach_btf_id,
		    .expected_attach_type = p->attach_type);
	char name[16] = { 0 };
	uint64_t begin_ns;

	snprintf(name, sizeof(name), "%.15s", p->name);
	begin_ns = ebt_mono_ns();
	p->fd = bpf_prog_load(p->type ? p->type : BPF_PROG_TYPE_RAW_TRACEPOINT, name,
			      "Dual BSD/GPL", insns, n, &opts);
	p->load_ns = ebt_mono_ns() - begin_ns;
	p->err = p->fd < 0 ? p->fd : 0;
	if (p->fd < 0)
		p->fd = -1;
}

/* For an accepted program the log contains only statistics. A log of each instruction is requested
 * only when the program is refused, because writing it takes longer than verifying, and not when
 * the program was refused for its size, because it would have a million lines. */
void ebt_demo_load_insns(struct ebt_demo_prog *p, const struct bpf_insn *insns, uint32_t n)
{
	_cleanup_free_ char *log = calloc(1, LOG_BYTES);

	p->fd = -1;
	p->err = -ENOMEM;
	if (!log)
		return;
	prog_load(p, insns, n, LOG_STATS, log);
	if (p->err && p->err != -E2BIG)
		prog_load(p, insns, n, LOG_WORDS | LOG_STATS, log);
	ebt_buf_reset(&p->log);
	ebt_buf_puts(&p->log, log);
	p->processed = number_after(p->log.data, "processed ");
	p->verify_us = number_after(p->log.data, "verification time ");
}

void ebt_demo_load(struct ebt_demo *d, const struct ebt_demo_obj *obj, struct ebt_demo_prog *p)
{
	uint32_t n = 0;
	_cleanup_free_ struct bpf_insn *insns = ebt_demo_insns(obj, p->name, &n);

	fflush(stdout);
	if (insns) {
		ebt_demo_load_insns(p, insns, n);
		return;
	}
	p->fd = -1;
	p->err = ebt_demo_fail(d, -ENOENT, "the text has no program %s", p->name);
}

int ebt_demo_must_load(struct ebt_demo *d, const struct ebt_demo_obj *obj, struct ebt_demo_prog *p)
{
	ebt_demo_load(d, obj, p);
	if (!p->err)
		return 0;
	ebt_demo_words(p->log.data, 20);
	return ebt_demo_fail(d, p->err, "the verifier refused %s", p->name);
}

static bool says_one_of(const char *log, const char *words)
{
	char one[128];

	while (*words) {
		size_t len = strcspn(words, "|");

		snprintf(one, sizeof(one), "%.*s", (int)len, words);
		if (strstr(log, one))
			return true;
		words += len + (words[len] == '|');
	}
	return false;
}

void ebt_demo_refused(struct ebt_demo *d, const struct ebt_demo_prog *p, unsigned lines,
		      const char *words)
{
	const char *log = p->log.data ? p->log.data : "";

	if (!ebt_demo_expect(d, p->err != 0,
			     p->err ? "%s is refused" : "%s is refused, but it was accepted",
			     p->name))
		return;
	printf("   bpf() says: %s. The verifier says:\n", ebt_strerror(-p->err));
	ebt_demo_words(log, lines);
	if (!says_one_of(log, words))
		ebt_demo_expect(d, false, "the reason should have been: %s", words);
}

int ebt_demo_attach(struct ebt_demo *d, const struct ebt_demo_prog *p, const char *tracepoint)
{
	int fd = bpf_raw_tracepoint_open(tracepoint, p->fd);

	if (fd < 0)
		return ebt_demo_fail(d, fd, "cannot attach to the raw tracepoint %s", tracepoint);
	return fd;
}

int ebt_demo_test_run(const struct ebt_demo_prog *p, uint64_t arg0, uint64_t arg1, int cpu)
{
	uint64_t ctx[2] = { arg0, arg1 };
	LIBBPF_OPTS(bpf_test_run_opts, opts, .ctx_in = ctx, .ctx_size_in = sizeof(ctx));

	if (cpu >= 0) {
		opts.flags = BPF_F_TEST_RUN_ON_CPU;
		opts.cpu = (unsigned)cpu;
	}
	return bpf_prog_test_run_opts(p->fd, &opts);
}

int ebt_demo_must_run(struct ebt_demo *d, const struct ebt_demo_prog *p, uint64_t arg0,
		      uint64_t arg1)
{
	int err = ebt_demo_test_run(p, arg0, arg1, -1);

	if (err == -524 || err == -EINVAL || err == -EOPNOTSUPP)
		return ebt_demo_lacks(d, "BPF_PROG_TEST_RUN for raw tracepoints (Linux 5.10)");
	return err ? ebt_demo_fail(d, err, "%s did not run", p->name) : 0;
}

void ebt_demo_dump_free(struct ebt_demo_dump *dump)
{
	free(dump->xlated);
	free(dump->native);
	*dump = (struct ebt_demo_dump){ 0 };
}

int ebt_demo_dump(int prog_fd, struct ebt_demo_dump *dump)
{
	struct bpf_prog_info info = { 0 };
	uint32_t len = sizeof(info), xlated, native;

	*dump = (struct ebt_demo_dump){ 0 };
	if (bpf_obj_get_info_by_fd(prog_fd, &info, &len))
		return -errno;
	xlated = info.xlated_prog_len;
	native = info.jited_prog_len;
	dump->xlated = calloc(1, xlated + 1);
	dump->native = calloc(1, native + 1);
	if (!dump->xlated || !dump->native)
		return -ENOMEM;
	memset(&info, 0, sizeof(info));
	info.xlated_prog_insns = (uintptr_t)dump->xlated;
	info.xlated_prog_len = xlated;
	info.jited_prog_insns = (uintptr_t)dump->native;
	info.jited_prog_len = native;
	len = sizeof(info);
	if (bpf_obj_get_info_by_fd(prog_fd, &info, &len))
		return -errno;
	/* The kernel clears the pointers to data that this user may not see. */
	dump->n_xlated = info.xlated_prog_insns ? xlated / sizeof(struct bpf_insn) : 0;
	dump->native_bytes = info.jited_prog_insns ? native : 0;
	return 0;
}
