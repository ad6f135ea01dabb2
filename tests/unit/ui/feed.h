/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * feed.h - a scripted machine for tests of the view: the same processes at the same times, every
 * time, on four CPUs. Header only; each test program has its own copy.
 */
#ifndef EBT_TESTS_UI_FEED_H
#define EBT_TESTS_UI_FEED_H

#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "model/model.h"
#include "base/process_cost.h"
#include "model/snapshot.h"
#include "ui/core/settings.h"
#include "ui/core/ui.h"
#include "model/listing.h"
#include "ui/screens/registry.h"

#define FEED_CPUS     4
#define FEED_START_NS 1000000000000u /* CLOCK_MONOTONIC */
/* 2026-11-21T09:15:00Z */
#define FEED_REAL_NS 1795252500000000000
#define MS	     1000000u
#define SEC	     1000000000u

struct feed {
	struct ebt_model *model;
	uint64_t now;
	struct ebt_cpu_counters counters[FEED_CPUS];
	uint64_t received[FEED_CPUS], gaps[FEED_CPUS];
	uint64_t ring_used;
};

/* An argument list: a literal with its NULs, the last one included. */
#define ARGS(s) ((struct ebt_bytes){ s, sizeof(s) })

struct feed_exec {
	uint32_t pid, ppid, uid, cpu;
	const char *comm, *filename, *exe, *cwd;
	struct ebt_bytes args, env;
	int ret;
	uint32_t flags, args_bytes; /* 0: as captured */
	uint64_t start_ns;	    /* 0: now */
};

static inline void feed_new(struct feed *f, size_t history_bytes)
{
	struct ebt_model_options options = { .history_bytes = history_bytes,
					     .ncpu = FEED_CPUS,
					     .mono_to_real_ns =
						     FEED_REAL_NS - (int64_t)FEED_START_NS };

	*f = (struct feed){ .now = FEED_START_NS };
	if (ebt_model_new(&f->model, &options) < 0)
		abort();
	ebt_model_set_user(f->model, 0, "root");
	ebt_model_set_user(f->model, 33, "www-data");
	ebt_model_set_user(f->model, 1000, "alice");
	ebt_model_set_cgroup(f->model, 4711, "/user.slice/user-1000.slice/session-3.scope");
}

static inline void feed_free(struct feed *f)
{
	ebt_model_free(&f->model);
}

static inline uint32_t feed_argc(struct ebt_bytes args)
{
	uint32_t n = 0;

	for (size_t i = 0; i < args.len; i++)
		n += args.data[i] == '\0';
	return n;
}

static inline void feed_count(struct feed *f, uint32_t cpu, uint64_t bytes)
{
	struct ebt_cpu_counters *c = &f->counters[cpu];

	c->seen++;
	c->delivered++;
	c->seq++;
	c->records += 1 + bytes / 8192;
	c->bytes += bytes;
	c->max_event = bytes > c->max_event ? bytes : c->max_event;
	c->high_water = bytes > c->high_water ? (bytes < 8192 ? bytes : 8192) : c->high_water;
	c->slot_used[0]++;
	c->runs++;
	c->run_ns += 1500 + bytes / 8;
	f->received[cpu]++;
}

static inline void feed_exec(struct feed *f, const struct feed_exec *e)
{
	struct ebt_event ev = { .type = EBT_EVENT_EXEC,
				.cpu = e->cpu,
				.seq = f->counters[e->cpu].seq + 1,
				.mono_ns = f->now,
				.generation = 1,
				.records = 1 };

	ev.exec = (struct ebt_event_exec){
		.pid = e->pid,
		.ppid = e->ppid,
		.tid = e->pid,
		.vpid = e->pid,
		.uid = e->uid,
		.euid = e->uid,
		.gid = e->uid,
		.egid = e->uid,
		.loginuid = e->uid == 1000 ? 1000 : EBT_EV_UNSET,
		.sessionid = 3,
		.pid_ns = 4026531836u,
		.mnt_ns = 4026531841u,
		.ret = e->ret,
		.flags = e->flags | EBT_EV_HAS_EXE | EBT_EV_HAS_CWD | EBT_EV_HAS_TTY,
		.argc = feed_argc(e->args),
		.exe_dev = 8u << 20 | 1,
		.exe_ino = 1000 + e->pid % 7,
		.cgroup_id = 4711,
		.start_ns = (e->start_ns ? e->start_ns : f->now) - MS,
		.args_bytes = e->args_bytes ? e->args_bytes : (uint32_t)e->args.len,
		.args_captured = (uint32_t)e->args.len,
		.env_bytes = (uint32_t)e->env.len,
		.env_captured = (uint32_t)e->env.len,
		.comm = ebt_bytes_from(e->comm),
		.prev_comm = ebt_bytes_from("bash"),
		.tty = ebt_bytes_from(e->uid == 1000 ? "pts0" : ""),
		.filename = ebt_bytes_from(e->filename ? e->filename : e->exe),
		.exe = ebt_bytes_from(e->exe),
		.cwd = ebt_bytes_from(e->cwd ? e->cwd : "/"),
		.args = e->args,
		.env = e->env,
	};
	if (e->env.len)
		ev.exec.flags |= EBT_EV_HAS_ENV;
	ebt_model_event(f->model, &ev);
	feed_count(f, e->cpu, 300 + e->args.len + e->env.len);
	f->counters[e->cpu].execs++;
}

static inline void feed_exit(struct feed *f, uint32_t pid, uint64_t start_ns, uint32_t cpu,
			     int status)
{
	struct ebt_event ev = { .type = EBT_EVENT_EXIT,
				.cpu = cpu,
				.seq = f->counters[cpu].seq + 1,
				.mono_ns = f->now,
				.generation = 1,
				.records = 1 };

	ev.exit = (struct ebt_event_exit){ .pid = pid,
					   .status = status,
					   .start_ns = start_ns - MS,
					   .lifetime_ns = f->now - start_ns + MS,
					   .utime_ns = (f->now - start_ns) * 6 / 10,
					   .stime_ns = (f->now - start_ns) / 10,
					   .maxrss_bytes = (uint64_t)(pid % 97 + 3) << 20,
					   .comm = ebt_bytes_from("x") };
	ebt_model_event(f->model, &ev);
	feed_count(f, cpu, 120);
	f->counters[cpu].exits++;
}

static inline void feed_tick(struct feed *f)
{
	/* An eightieth of a CPU in the view, less in the others. */
	const struct ebt_process_cost processes[] = {
		{ .name = "loader", .pid = 11, .cpu_ns = f->now / 500, .memory_bytes = 5u << 20 },
		{ .name = "view", .pid = 12, .cpu_ns = f->now / 80, .memory_bytes = 40u << 20 },
		{ .name = "keeper", .pid = 13, .cpu_ns = 7 * MS, .memory_bytes = 900u << 10 },
	};
	struct ebt_model_buffers buffers = { .counters = f->counters,
					     .ncpu = FEED_CPUS,
					     .ring_used = f->ring_used,
					     .ring_size = 4u << 20,
					     .scratch_bytes = 8192,
					     .kernel_bytes = 5u << 20,
					     .received = f->received,
					     .gaps = f->gaps,
					     .processes = processes,
					     .process_count = EBT_ARRAY_SIZE(processes) };

	ebt_model_buffers(f->model, &buffers, f->now);
	ebt_model_tick(f->model, f->now);
}

/* An exec that ends after life_ns; the clock stands at its end afterwards. */
static inline void feed_run(struct feed *f, const struct feed_exec *e, uint64_t life_ns, int status)
{
	uint64_t start = f->now;

	feed_exec(f, e);
	f->now += life_ns;
	feed_exit(f, e->pid, start, e->cpu, status);
}

static inline void feed_seed(struct feed *f)
{
	ebt_model_seed(f->model, 1, 0, 0, 1, ebt_bytes_from("systemd"), ARGS("/sbin/init"));
	ebt_model_seed(f->model, 2, 0, 0, 1, ebt_bytes_from("kthreadd"), (struct ebt_bytes){ 0 });
	ebt_model_seed(f->model, 640, 1, 0, 9, ebt_bytes_from("cron"), ARGS("/usr/sbin/cron\0-f"));
	ebt_model_seed(f->model, 702, 1, 0, 9, ebt_bytes_from("sshd"),
		       ARGS("sshd: /usr/sbin/sshd -D"));
	ebt_model_seed(f->model, 1180, 702, 0, 99, ebt_bytes_from("sshd"),
		       ARGS("sshd: alice [priv]"));
	ebt_model_seed(f->model, 1201, 1180, 1000, 100, ebt_bytes_from("bash"), ARGS("-bash"));
	ebt_model_seed(f->model, 900, 1, 33, 100, ebt_bytes_from("nginx"),
		       ARGS("nginx: worker process"));
}

#define CC1_ARGS                                                                        \
	"/usr/lib/gcc/x86_64-linux-gnu/12/cc1\0-quiet\0-I\0include\0-imultiarch\0"      \
	"x86_64-linux-gnu\0-MMD\0src/main.d\0-D\0NAME=\"a b\"\0src/main.c\0-dumpbase\0" \
	"main.c\0-mtune=generic\0-O2\0-Wall\0-Wextra\0-o\0/tmp/ccq8RzX1.s"

/* One file of a build: cc -> cc1, as. */
static inline void feed_compile(struct feed *f, uint32_t pid, uint32_t make, uint32_t cpu)
{
	uint64_t start = f->now;
	struct feed_exec cc = { .pid = pid,
				.ppid = make,
				.uid = 1000,
				.cpu = cpu,
				.comm = "cc",
				.filename = "/usr/bin/cc",
				.exe = "/usr/bin/x86_64-linux-gnu-gcc-12",
				.cwd = "/home/alice/project",
				.args = ARGS(
					"cc\0-O2\0-Wall\0-Wextra\0-Iinclude\0-DNAME=\"a b\"\0-c\0"
					"src/main.c\0-o\0build/main.o") };
	struct feed_exec cc1 = cc, as = cc;

	feed_exec(f, &cc);
	cc1.pid = pid + 1;
	cc1.ppid = pid;
	cc1.comm = "cc1";
	cc1.filename = NULL;
	cc1.exe = "/usr/lib/gcc/x86_64-linux-gnu/12/cc1";
	cc1.args = ARGS(CC1_ARGS);
	f->now += 2 * MS;
	feed_run(f, &cc1, 85 * MS + pid % 5 * 30 * MS, 0);
	as.pid = pid + 2;
	as.ppid = pid;
	as.comm = "as";
	as.filename = "/usr/bin/as";
	as.exe = "/usr/bin/x86_64-linux-gnu-as";
	as.args = ARGS("as\0-I\0include\0--64\0-o\0build/main.o\0/tmp/ccq8RzX1.s");
	f->now += MS;
	feed_run(f, &as, 9 * MS, 0);
	f->now += MS;
	feed_exit(f, pid, start, cpu, 0);
}

#define HOSTILE                                      \
	"/tmp/\xe2\x80\xae"                          \
	"gpj.exe\0\x1b[2J\x1b]0;owned\x07\0\xc2\x9b" \
	"31m\0bad\xff\xfe\0a\tb\nc\0"                \
	"\xe6\xbc\xa2\xe5\xad\x97\0e\xcc\x81\xcc\x82\0zero\xe2\x80\x8bwidth\0\xf0\x9f\x98\x80"

/* Seventy seconds of a machine that builds, polls, fails and is attacked a little. */
static inline void feed_script(struct feed *f)
{
	struct feed_exec make = { .pid = 2000,
				  .ppid = 1201,
				  .uid = 1000,
				  .cpu = 1,
				  .comm = "make",
				  .exe = "/usr/bin/make",
				  .cwd = "/home/alice/project",
				  .args = ARGS("make\0-j4\0all"),
				  .env = ARGS("HOME=/home/alice\0LANG=C.UTF-8\0PATH=/usr/bin:/bin\0"
					      "SHELL=/bin/bash\0TERM=xterm-256color") };
	struct feed_exec probe = { .pid = 3000,
				   .ppid = 640,
				   .uid = 0,
				   .cpu = 0,
				   .comm = "check.sh",
				   .exe = "/usr/bin/dash",
				   .flags = EBT_EV_SCRIPT,
				   .args = ARGS("/bin/sh\0/usr/local/bin/check.sh\0--all") };
	struct feed_exec git = { .pid = 4000,
				 .ppid = 1201,
				 .uid = 1000,
				 .cpu = 2,
				 .comm = "git",
				 .exe = "/usr/bin/git",
				 .cwd = "/home/alice/project",
				 .args = ARGS("git\0commit\0-m\0it's done: \"all\" of it") };
	struct feed_exec fail = { .pid = 2000,
				  .ppid = 1201,
				  .uid = 1000,
				  .cpu = 3,
				  .comm = "make",
				  .exe = "/usr/local/sbin/ccache",
				  .ret = -2,
				  .args = ARGS("ccache\0cc") };
	uint64_t end = FEED_START_NS + 70 * (uint64_t)SEC;
	uint32_t pid = 5000;

	feed_seed(f);
	f->now += 100 * MS;
	fail.start_ns = f->now;
	feed_exec(f, &make);
	for (int s = 0; s < 70; s++) {
		uint64_t second = FEED_START_NS + (uint64_t)s * SEC;

		f->now = second + 150 * MS;
		for (int i = 0; i < s % 5; i++, pid += 3)
			feed_compile(f, pid, 2000, (uint32_t)i % FEED_CPUS);
		if (s % 10 == 3) {
			probe.pid = pid++;
			feed_run(f, &probe, 40 * MS, s % 20 == 3 ? 0 : 1 << 8);
		}
		if (s % 8 == 6)
			feed_exec(f, &fail);
		f->ring_used = (uint64_t)(s * 37 % 50) << 15;
		f->now = second + SEC - MS;
		feed_tick(f);
	}
	f->now = end;
	git.pid = pid++;
	feed_run(f, &git, 12 * MS, 0);
	struct feed_exec worker = { .pid = pid++,
				    .ppid = 900,
				    .uid = 33,
				    .cpu = 3,
				    .comm = "convert",
				    .filename = "/usr/bin/convert",
				    .exe = "/usr/bin/convert-im6.q16",
				    .cwd = "/var/www",
				    .args = ARGS("convert\0in.png\0-resize\0"
						 "50%\0out.png") };

	f->now += 30 * MS;
	feed_run(f, &worker, 3100 * (uint64_t)MS, 11 | 0x80);
	struct feed_exec hostile = { .pid = pid++,
				     .ppid = 1201,
				     .uid = 1000,
				     .cpu = 2,
				     .comm = "\x1b[31mx",
				     .exe = "/tmp/\xe2\x80\xaegpj.exe",
				     .cwd = "/tmp/\x1b]8;;http://evil\x07",
				     .flags = EBT_EV_EXE_DELETED,
				     .args = ARGS(HOSTILE) };

	feed_exec(f, &hostile);
	struct feed_exec cut = {
		.pid = pid++,
		.ppid = 1201,
		.uid = 1000,
		.cpu = 1,
		.comm = "rm",
		.exe = "/usr/bin/rm",
		.cwd = "/home/alice/project",
		.flags = EBT_EV_ARGS_TRUNCATED,
		.args_bytes = 230417,
		.args = ARGS("rm\0-f\0build/a.o\0build/b.o\0build/c.o\0build/d.o\0buil")
	};

	f->now += 20 * MS;
	feed_exec(f, &cut);
	f->counters[3].lost_ring = 12;
	f->counters[3].seen += 12;
	f->counters[3].seq += 12;
	f->gaps[3] = 12;
	f->counters[2].slot_used[1] = 3;
	f->now += 300 * MS;
	feed_tick(f);
}

static inline struct ebt_ui_status feed_status(void)
{
	return (struct ebt_ui_status){
		.version = "0.1.0",
		.tuning = { .scratch_bytes = 8192,
			    .ring_bytes = 4u << 20,
			    .args_limit_bytes = EBT_UI_ALL,
			    .env_limit_bytes = 0,
			    .poll_ms = 20 },
		.generation = 1,
		.transport = "ring",
		.offsets = "BTF",
		.kernel = "6.1.0-13-amd64",
		.hooks = "exec exit fork",
	};
}

/* A small program for the Lab: real instructions. */
static const struct ebt_listing_line feed_lab_lines[] = {
	{ "exec.bpf.c", 40, "SEC(\"raw_tp/sched_process_exec\")" },
	{ "exec.bpf.c", 41, "int handle_exec(struct bpf_raw_tracepoint_args *ctx)" },
	{ "exec.bpf.c", 42, "{" },
	{ "exec.bpf.c", 43, "\tu32 slot = 0;" },
	{ "exec.bpf.c", 44, "\tstruct ebt_scratch *s = scratch.lookup(&slot);" },
	{ "exec.bpf.c", 45, "" },
	{ "exec.bpf.c", 46, "\tif (!s)" },
	{ "exec.bpf.c", 47, "\t\treturn 0;" },
	{ "exec.bpf.c", 48, "\ts->busy = 1;" },
	{ "exec.bpf.c", 49, "\treturn 0;" },
	{ "exec.bpf.c", 50, "}" },
};
static const struct ebt_listing_insn feed_lab_insns[] = {
	{ 0x00000000000001b7u, 3, NULL },
	{ 0x00000000fffc1a63u, 3, NULL },
	{ 0x000000000000a2bfu, 4, NULL },
	{ 0xfffffffc00000207u, 4, NULL },
	{ 0x0000000400001118u, 4, "r1 = map scratch" },
	{ 0, 4, NULL },
	{ 0x0000000100000085u, 4, NULL },
	{ 0x0000000000020015u, 6, NULL },
	{ 0x00000001000001b7u, 8, NULL },
	{ 0x0000000000001063u, 8, NULL },
	{ 0x00000000000000b7u, 9, NULL },
	{ 0x0000000000000095u, 9, NULL },
};
static const uint8_t feed_lab_code[] = { 0x55, 0x48, 0x89, 0xe5, 0x31, 0xff, 0x5d, 0xc3 };
static const struct ebt_listing_native feed_lab_native[] = {
	{ 0, feed_lab_code, 1, 0, "push rbp" },
	{ 1, feed_lab_code + 1, 3, 0, "mov rbp, rsp" },
	{ 4, feed_lab_code + 4, 2, 0, "xor edi, edi" },
	{ 6, feed_lab_code + 6, 1, 11, NULL },
	{ 7, feed_lab_code + 7, 1, 11, "ret" },
};
static const struct ebt_listing_program feed_lab_programs[] = {
	{ .name = "handle_exec",
	  .lines = feed_lab_lines,
	  .lines_count = EBT_ARRAY_SIZE(feed_lab_lines),
	  .insns = feed_lab_insns,
	  .insns_count = EBT_ARRAY_SIZE(feed_lab_insns),
	  .native = feed_lab_native,
	  .native_count = EBT_ARRAY_SIZE(feed_lab_native),
	  .native_arch = "x86-64",
	  .verified_insns = 2431,
	  .verify_us = 1830,
	  .run_cnt = 1200,
	  .run_ns = 2760000,
	  .stack_bytes = 96,
	  .jited_bytes = 8 },
	{ .name = "handle_exit",
	  .insns = feed_lab_insns,
	  .insns_count = 2,
	  .native_why = "the kernel hides it (bpf_jit_harden)",
	  .stack_bytes = 16 },
};
static const struct ebt_listing feed_lab = { .programs = feed_lab_programs,
					     .programs_count = EBT_ARRAY_SIZE(feed_lab_programs) };

#endif
