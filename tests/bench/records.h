/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * records.h - records in memory as a build makes them, for measuring without a kernel: 2,000
 * executables, each exec with its exit.
 */
#ifndef EBT_BENCH_RECORDS_H
#define EBT_BENCH_RECORDS_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <linux/types.h>

#include "decode/decode.h"
#include "ebt_abi.h"

#define RECORDS_EXES 2000u

struct records {
	char *bytes;
	size_t len, cap;
	size_t n;
};

static inline void records_put(struct records *r, const void *fixed, size_t fixed_len,
			       const char *payload, size_t len)
{
	size_t size = fixed_len + len;

	if (r->cap - r->len < size + 8) {
		r->cap = r->cap * 2 + size + 4096;
		r->bytes = realloc(r->bytes, r->cap);
		if (!r->bytes)
			abort();
	}
	memcpy(r->bytes + r->len, fixed, fixed_len);
	memcpy(r->bytes + r->len, &(uint32_t){ (uint32_t)size }, 4);
	if (len)
		memcpy(r->bytes + r->len + fixed_len, payload, len);
	r->len += (size + 7) & ~(size_t)7;
	r->n++;
}

static inline void records_put_exec(struct records *r, uint32_t i, uint32_t cpu, uint64_t seq,
				    uint64_t mono_ns)
{
	struct ebt_rec_exec rec = { 0 };
	char payload[1024];
	uint32_t exe = i * 2654435761u % RECORDS_EXES;
	int n = 0, len;

	rec.hdr.type = EBT_REC_EXEC;
	rec.hdr.seq = seq;
	rec.hdr.cpu = cpu;
	rec.hdr.mono_ns = mono_ns;
	rec.pid = 1000 + i % 30000;
	rec.ppid = 1000 + (i * 7 + 1) % 30000;
	rec.uid = 1000 + i % 3;
	rec.start_ns = mono_ns - 500000;
	rec.cgroup_id = 100 + i % 20;
	rec.flags =
		EBT_EXEC_HAS_EXE | EBT_EXEC_HAS_CWD | EBT_EXEC_HAS_TTY | EBT_EXEC_HAS_PARENT_COMM;
	snprintf(rec.comm, sizeof(rec.comm), "prog%u", exe % 300);
	snprintf(rec.prev_comm, sizeof(rec.prev_comm), "make");
	snprintf(rec.parent_comm, sizeof(rec.parent_comm), "make");
	snprintf(rec.tty, sizeof(rec.tty), "pts0");
	len = snprintf(payload, sizeof(payload), "./prog%u", exe);
	rec.sect_len[EBT_SECT_FILENAME] = (uint32_t)len;
	n += len;
	len = snprintf(payload + n, sizeof(payload) - (size_t)n, "prog%u%clib%cusr", exe, 0, 0) + 1;
	rec.sect_len[EBT_SECT_EXE] = (uint32_t)len;
	n += len;
	len = snprintf(payload + n, sizeof(payload) - (size_t)n, "src%cbuild%chome", 0, 0) + 1;
	rec.sect_len[EBT_SECT_CWD] = (uint32_t)len;
	n += len;
	len = snprintf(payload + n, sizeof(payload) - (size_t)n,
		       "prog%u%c-O2%c-Wall%c-I/usr/include/some/where%c-DNDEBUG=1%c-c%c"
		       "/home/user/project/src/file%u.c%c-o%cfile%u.o",
		       exe, 0, 0, 0, 0, 0, 0, i % 5000, 0, 0, i % 5000) +
	      1;
	rec.sect_len[EBT_SECT_ARGS] = rec.args_bytes = (uint32_t)len;
	n += len;
	records_put(r, &rec, sizeof(rec), payload, (size_t)n);
}

static inline void records_put_exit(struct records *r, uint32_t i, uint32_t cpu, uint64_t seq,
				    uint64_t exec_ns)
{
	struct ebt_rec_exit rec = { 0 };

	rec.hdr.type = EBT_REC_EXIT;
	rec.hdr.seq = seq;
	rec.hdr.cpu = cpu;
	rec.hdr.mono_ns = exec_ns + 1000000 + i % 1000 * 10000;
	rec.pid = 1000 + i % 30000;
	rec.start_ns = exec_ns - 500000;
	rec.exit_code = i % 50 ? 0 : 256;
	rec.utime_ns = rec.stime_ns = 4000000;
	rec.rtime_ns = 1000000 + i;
	records_put(r, &rec, sizeof(rec), NULL, 0);
}

/*
 * Appends the execs first..first + count - 1 of an endless row, 5,000 a second. Each is followed by
 * the exit of the one 100 before: that many run at a time. They go round ncpu CPUs; seq: one number
 * a CPU, counted on.
 */
static inline void records_add(struct records *r, uint32_t first, uint32_t count, uint32_t ncpu,
			       uint64_t *seq)
{
	const uint64_t t0 = 1000000000u, step = 200000;

	for (uint32_t i = first; i < first + count; i++) {
		uint32_t cpu = i % ncpu;

		records_put_exec(r, i, cpu, ++seq[cpu], t0 + i * step);
		if (i >= 100)
			records_put_exit(r, i - 100, cpu, ++seq[cpu], t0 + (i - 100) * step);
	}
}

/* Take every event that a record gives; what ebt_decoder_next returned at the end. */
static inline int decode_record(struct ebt_decoder *dec, const void *data, size_t size,
				ebt_event_fn fn, void *arg)
{
	struct ebt_event ev;
	int got;

	ebt_decoder_put(dec, data, size);
	while ((got = ebt_decoder_next(dec, &ev)) == 1)
		fn(&ev, arg);
	return got;
}

#endif
