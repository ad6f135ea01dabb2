/* SPDX-License-Identifier: BSD-3-Clause */
/* program_load.c - load programs of the right type, and get the verifier's log when it refuses
 * one */
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>

#include "base/arch.h"
#include "base/cleanup.h"
#include "base/failure.h"
#include "bpf/program_load.h"

/* The verifier's log is requested only after a refusal. 16 MiB - 1 is the largest size that Linux
 * 5.8 accepts (UINT_MAX >> 8). */
#define LOG_BYTES  ((16u << 20) - 1)
#define LOG_STATES 1 /* BPF_LOG_LEVEL1 and BPF_LOG_STATS, include/linux/bpf_verifier.h */
#define LOG_STATS  4
/* the last line, "processed … insns", begins within this many bytes of the end */
#define LOG_END 4096

/* The program type that a prefix of the name stands for. */
struct prog_kind {
	const char *prefix;
	enum bpf_prog_type type;
	enum bpf_attach_type attach_type;
	/* begin of the name of the kernel's function, whose rest follows the prefix in the name of
	 * the program; NULL if the program is not bound to a function */
	const char *function;
	/* loading goes on if the kernel refuses it, because there is an alternative */
	bool optional;
};

static const struct prog_kind *kind_of(const char *name)
{
	static const struct prog_kind kinds[] = {
		{ "ebt_fx_", BPF_PROG_TYPE_TRACING, BPF_TRACE_FEXIT, EBT_ARCH_SYSCALL_PREFIX,
		  true },
		{ "ebt_fh_", BPF_PROG_TYPE_TRACING, BPF_TRACE_FEXIT, EBT_ARCH_SYSCALL_PREFIX,
		  true },
		{ "ebt_kfx_", BPF_PROG_TYPE_TRACING, BPF_TRACE_FEXIT, "", true },
		{ "ebt_kfh_", BPF_PROG_TYPE_TRACING, BPF_TRACE_FEXIT, "", true },
		{ "ebt_tp_", BPF_PROG_TYPE_TRACEPOINT, 0, NULL, false },
		/* Attached like a raw tracepoint, but the verifier knows the types, so the program
		 * reads the task with plain loads. */
		{ "ebt_raw_", BPF_PROG_TYPE_TRACING, BPF_TRACE_RAW_TP, "", false },
		/* An LSM hook. Many kernels run without BPF among their security modules. */
		{ "ebt_lsm_", BPF_PROG_TYPE_LSM, BPF_LSM_MAC, "", true },
		{ "", BPF_PROG_TYPE_RAW_TRACEPOINT, 0, NULL, false },
	};
	size_t i = 0;

	while (strncmp(name, kinds[i].prefix, strlen(kinds[i].prefix)) != 0)
		i++;
	return &kinds[i];
}

int ebt_program_load(const struct ebt_prog_spec *p, const struct bpf_insn *insns,
		     const struct ebt_load_extra *extra)
{
	const struct prog_kind *kind = kind_of(p->name);
	LIBBPF_OPTS(bpf_prog_load_opts, opts, .expected_attach_type = kind->attach_type);
	char name[BPF_OBJ_NAME_LEN] = { 0 }, function[64];

	memcpy(name, p->name, strnlen(p->name, sizeof(name) - 1));
	if (kind->function) {
		int id;

		snprintf(function, sizeof(function), "%s%s", kind->function,
			 p->name + strlen(kind->prefix));
		id = libbpf_find_vmlinux_btf_id(function, kind->attach_type);
		if (id < 0)
			return id;
		opts.attach_btf_id = (uint32_t)id;
	}
	if (extra) {
		opts.log_buf = extra->log;
		opts.log_level = extra->log_level;
		opts.log_size = extra->log_bytes;
		opts.prog_btf_fd = (uint32_t)extra->btf_fd;
		opts.line_info = extra->lines;
		opts.line_info_cnt = extra->n_lines;
		opts.line_info_rec_size = extra->n_lines ? sizeof(*extra->lines) : 0;
	}
	return bpf_prog_load(kind->type, name, "Dual BSD/GPL", insns + p->first, p->count, &opts);
}

static void load_for_log(const struct ebt_prog_spec *p, const struct bpf_insn *insns, char *log,
			 uint32_t level)
{
	int fd = ebt_program_load(
		p, insns,
		&(struct ebt_load_extra){ .log = log, .log_level = level, .log_bytes = LOG_BYTES });

	ebt_cleanup_close(&fd);
}

/* Get the verifier's log of a program that it refused. Up to Linux 6.3 a log that is too long loses
 * its end, which contains the reason; in that case get the end alone. */
static void fetch_log(const struct ebt_prog_spec *p, const struct bpf_insn *insns,
		      struct ebt_failure *failure)
{
	char *log =
		mmap(NULL, LOG_BYTES, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	size_t len;

	if (log == MAP_FAILED)
		return;
	load_for_log(p, insns, log, LOG_STATES);
	len = strlen(log);
	if (len > LOG_BYTES / 2 && !strstr(log + len - LOG_END, "processed ")) {
		*log = '\0';
		load_for_log(p, insns, log, LOG_STATS);
	}
	ebt_failure_add_words(failure, (struct ebt_bytes){ log, strlen(log) }, true);
	munmap(log, LOG_BYTES);
}

/* Two threads share the programs, because verifying takes most of a start and the kernel verifies
 * two programs at a time as fast as one. */
struct loading {
	const struct ebt_prog_spec *progs;
	uint32_t n;
	int *fds;
	const struct bpf_insn *insns;
	uint32_t next; /* next program to load, taken with atomic addition */
};

static void *load_some(void *arg)
{
	struct loading *l = arg;
	uint32_t i;

	/* Start with the last program: ebt_on_walk takes longest, so it should not start last. */
	while ((i = __atomic_fetch_add(&l->next, 1, __ATOMIC_RELAXED)) < l->n) {
		i = l->n - 1 - i;
		l->fds[i] = ebt_program_load(&l->progs[i], l->insns, NULL);
	}
	return NULL;
}

int ebt_program_load_all(const struct ebt_prog_spec *progs, uint32_t n,
			 const struct bpf_insn *insns, int *fds, struct ebt_failure *failure)
{
	struct loading loading = { .progs = progs, .n = n, .fds = fds, .insns = insns };
	pthread_t helper;
	bool helped = pthread_create(&helper, NULL, load_some, &loading) == 0;

	load_some(&loading);
	if (helped)
		pthread_join(helper, NULL);
	for (uint32_t i = 0; i < n; i++) {
		const struct ebt_prog_spec *p = &progs[i];
		int err = fds[i];

		if (err >= 0 || kind_of(p->name)->optional)
			continue;
		if (!failure)
			return err;
		fetch_log(p, insns, failure);
		return ebt_failure_set(failure, err,
				       "the kernel's verifier refused the program %s: %s", p->name,
				       ebt_strerror(-err));
	}
	return 0;
}
