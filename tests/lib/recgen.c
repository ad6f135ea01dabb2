/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * recgen FILE EVENTS [BYTES] - a recording of EVENTS events, half of them execs and half exits, as
 * a machine that builds things makes them: for measurements and for tests of large recordings.
 * BYTES: in parts of that size.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <linux/types.h>

#include "ebt_abi.h"
#include "recording/parts.h"

#define NCPU 4

static struct ebt_parts_writer *writer;

static void put(enum ebt_frame_kind kind, const void *data, size_t len, uint64_t ns)
{
	struct ebt_frame f = { (uint16_t)kind, data, len };
	int err = ebt_parts_writer_frame(writer, &f, ns);

	if (err) {
		fprintf(stderr, "recgen: %s\n", strerror(-err));
		exit(1);
	}
}

static uint64_t seq[NCPU];

static void put_exec(unsigned n, uint64_t ns)
{
	static const char *const programs[] = { "gcc", "sh", "grep", "make", "sed" };
	const char *program = programs[n % 5];
	struct {
		struct ebt_rec_exec rec;
		char payload[2048];
	} e = { 0 };
	struct ebt_rec_exec *r = &e.rec;
	char *p = e.payload;
	unsigned len[EBT_SECT_MAX] = { 0 };
	int args;

	len[EBT_SECT_FILENAME] = (unsigned)sprintf(p, "/usr/bin/%s", program);
	p += len[EBT_SECT_FILENAME];
	len[EBT_SECT_EXE] = (unsigned)sprintf(p, "%s%cbin%cusr%c", program, 0, 0, 0);
	p += len[EBT_SECT_EXE];
	len[EBT_SECT_CWD] = (unsigned)sprintf(p, "project%csrc%cbuilder%chome%c", 0, 0, 0, 0);
	p += len[EBT_SECT_CWD];
	args = sprintf(
		p, "%s%c-O2%c-Wall%c-Iinclude%c-DVERSION=%u%c-c%csrc/file%u.c%c-o%cout/file%u.o%c",
		program, 0, 0, 0, 0, n % 97, 0, 0, n, 0, 0, n, 0);
	len[EBT_SECT_ARGS] = (unsigned)args;
	p += args;
	r->hdr = (struct ebt_rec_hdr){ .size = (uint32_t)(p - (char *)&e),
				       .type = EBT_REC_EXEC,
				       .seq = ++seq[n % NCPU],
				       .mono_ns = ns,
				       .cpu = n % NCPU,
				       .generation = 1 };
	r->pid = r->tid = r->vpid = 1000 + n % 30000;
	r->ppid = 1000 + (n / 7) % 30000;
	r->uid = r->euid = n % 3 ? 1000 : 0;
	r->loginuid = r->sessionid = EBT_UNSET;
	r->argc = 9;
	r->flags =
		EBT_EXEC_HAS_EXE | EBT_EXEC_HAS_CWD | EBT_EXEC_HAS_TTY | EBT_EXEC_HAS_PARENT_COMM;
	memcpy(r->parent_comm, "make", 4);
	r->start_ns = ns - 200000;
	r->args_bytes = (uint32_t)args;
	memcpy(r->sect_len, len, sizeof(len));
	snprintf(r->comm, sizeof(r->comm), "%s", program);
	put(EBT_FRAME_RECORD, &e, r->hdr.size, ns);
}

static void put_exit(unsigned n, uint64_t ns, uint64_t start_ns)
{
	struct ebt_rec_exit r = { .hdr = { .size = sizeof(r),
					   .type = EBT_REC_EXIT,
					   .seq = ++seq[n % NCPU],
					   .mono_ns = ns,
					   .cpu = n % NCPU,
					   .generation = 1 },
				  .pid = 1000 + n % 30000,
				  .ppid = 1000 + (n / 7) % 30000,
				  .exit_code = n % 50 ? 0 : 1 << 8,
				  .uid = n % 3 ? 1000 : 0,
				  .start_ns = start_ns,
				  .utime_ns = 1000000 + n % 1000,
				  .stime_ns = 500000,
				  .rtime_ns = 1500000,
				  .maxrss_pages = 700 };

	snprintf(r.comm, sizeof(r.comm), "x");
	put(EBT_FRAME_RECORD, &r, sizeof(r), ns);
}

static void put_name(enum ebt_frame_kind kind, uint64_t number, const char *name)
{
	char data[64];

	memcpy(data, &number, sizeof(number));
	memcpy(data + sizeof(number), name, strlen(name));
	put(kind, data, sizeof(number) + strlen(name), 0);
}

int main(int argc, char **argv)
{
	struct ebt_parts_options o = { .abi = EBT_ABI_VERSION };
	struct ebt_frame_clock clock = { 1000000000, 1795252502000000000 };
	struct ebt_frame_start start = { .mono_ns = 1000000000, .ncpu = NCPU, .generation = 1 };
	struct ebt_frame_end end = { .flags = EBT_END_SUMMARY };
	uint64_t ns = 1000000000;
	char why[256];
	unsigned events;

	if (argc != 3 && argc != 4) {
		fprintf(stderr, "usage: recgen FILE EVENTS [BYTES]\n");
		return 2;
	}
	o.path = argv[1];
	o.rotate_bytes = argc == 4 ? strtoull(argv[3], NULL, 10) : 0;
	events = (unsigned)strtoul(argv[2], NULL, 10);
	if (ebt_parts_writer_new(&writer, &o, why, sizeof(why))) {
		fprintf(stderr, "recgen: %s\n", why);
		return 1;
	}
	put(EBT_FRAME_META, "host=recgen\0kernel=0", 21, 0);
	put(EBT_FRAME_CLOCK, &clock, sizeof(clock), clock.mono_ns);
	put(EBT_FRAME_START, &start, sizeof(start), start.mono_ns);
	put_name(EBT_FRAME_USER, 0, "root");
	put_name(EBT_FRAME_USER, 1000, "builder");
	for (unsigned n = 0; n < events / 2; n++) {
		ns += 100000;
		put_exec(n, ns);
		put_exit(n, ns + 50000, ns - 200000);
	}
	end.mono_ns = ns + 1000000;
	put(EBT_FRAME_END, &end, sizeof(end), end.mono_ns);
	if (ebt_parts_writer_flush(writer))
		return 1;
	ebt_parts_writer_free(&writer);
	return 0;
}
