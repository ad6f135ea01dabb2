/* SPDX-License-Identifier: BSD-3-Clause */
#include "homeostasis/kernel.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/clock.h"
#include "bpf/generation.h"

#define COMPAT_RT_SIGRETURN 173 /* i386 */
#define COMPAT_SIGRETURN    119
#define TASKS_AT_ONCE	    1024
#define STEP_NS		    100000000 /* less is the error of two readings */

static const struct hook {
	const char *prog, *tracepoint;
} hooks[] = {
	/* The life of threads first, so that no call meets a thread in a state of before. */
	{ "ebt_ph_on_exit", "sched_process_exit" },
	{ "ebt_ph_on_fork", "sched_process_fork" },
	{ "ebt_ph_on_exec", "sched_process_exec" },
	{ "ebt_ph_on_signal", "signal_deliver" },
	{ "ebt_raw_sys_enter", NULL }, /* knows its tracepoint */
};

enum map { CONFIG, GLOBAL, PROFILES, IDS, ROWS, TASKS, MORE_TASKS, COUNTERS, RING, MAP_MAX };
static const char *const map_names[MAP_MAX] = {
	[CONFIG] = "ebt_ph_config",
	[GLOBAL] = "ebt_ph_global",
	[PROFILES] = "ebt_ph_profiles",
	[IDS] = "ebt_ph_ids",
	[ROWS] = "ebt_ph_rows",
	[TASKS] = "ebt_ph_tasks",
	[MORE_TASKS] = "ebt_ph_more_tasks",
	[COUNTERS] = "ebt_ph_counters",
	[RING] = "ebt_ph_ring",
};

struct ebt_ph_kernel {
	struct ebt_persistent persistent;
	struct ebt_generation *gen;
	int maps[MAP_MAX]; /* borrowed from gen */
	int links[EBT_ARRAY_SIZE(hooks)];
	int verb_prog;
	unsigned ncpu;
	int64_t epoch_ns;   /* what to add to CLOCK_BOOTTIME for the time of profiles */
	int64_t step_ns;    /* and what to add to that for the wall clock, when last looked at */
	int deny_link;	    /* -1: this kernel cannot refuse execs, */
	char deny_why[128]; /* and why */
	struct ring_buffer *ring;
	/* During ebt_ph_kernel_read. */
	ebt_ph_rec_fn fn;
	void *arg;
	uint64_t bad_records;
};

/* The time of profiles is the wall clock as it was when we began, and goes on from there by the
 * steady clock (CLOCK_BOOTTIME, which a suspend does not stop), in the kernel and here: somebody
 * who sets the wall clock makes no wait longer or shorter. Only what leaves for the disk or for
 * people, and what comes from the disk, is by the wall clock of that moment. */
static int64_t epoch_now(void)
{
	return ebt_clock_mono_to_real_ns() - (int64_t)ebt_clock_slept_ns();
}

uint64_t ebt_ph_kernel_now_ns(const struct ebt_ph_kernel *k)
{
	return ebt_clock_ns(CLOCK_BOOTTIME) + (uint64_t)k->epoch_ns;
}

int64_t ebt_ph_kernel_step_ns(struct ebt_ph_kernel *k)
{
	int64_t step_ns = epoch_now() - k->epoch_ns;

	if (llabs(step_ns - k->step_ns) > STEP_NS)
		k->step_ns = step_ns;
	return k->step_ns;
}

static int take_record(void *arg, void *data, size_t size)
{
	struct ebt_ph_kernel *k = arg;
	struct ebt_ph_rec rec = { 0 };
	size_t fixed = sizeof(rec) - EBT_PH_PATH_LEN;

	if (size < fixed || size > sizeof(rec)) {
		k->bad_records++;
		return 0;
	}
	memcpy(&rec, data, size);
	if (size == fixed || rec.path_len > EBT_PH_PATH_LEN)
		rec.path_len = 0;
	rec.path[EBT_PH_PATH_LEN - 1] = '\0';
	rec.comm[EBT_PH_COMM_LEN - 1] = '\0';
	k->fn(&rec, k->arg);
	return 0;
}

int ebt_ph_kernel_new(struct ebt_ph_kernel **out, const struct ebt_image *image,
		      const uint32_t *values, struct ebt_failure *failure)
{
	struct ebt_ph_kernel *k = calloc(1, sizeof(*k));
	struct ebt_params params = { 0 };
	int err;

	if (!k)
		return ebt_failure_set(failure, -ENOMEM, "out of memory");
	for (size_t i = 0; i < EBT_ARRAY_SIZE(hooks); i++)
		k->links[i] = -1;
	k->deny_link = -1;
	k->epoch_ns = epoch_now();
	k->ncpu = (unsigned)libbpf_num_possible_cpus();
	err = ebt_generation_new(&k->gen, &k->persistent, image, values, &params, 1, failure);
	for (int i = 0; !err && i < MAP_MAX; i++) {
		k->maps[i] = ebt_generation_map(k->gen, map_names[i]);
		if (k->maps[i] < 0)
			err = ebt_failure_set(failure, -ENOENT, "the text has no map %s",
					      map_names[i]);
	}
	if (!err) {
		k->verb_prog = ebt_generation_prog(k->gen, "ebt_ph_on_verb");
		k->ring = ring_buffer__new(k->maps[RING], take_record, k, NULL);
		if (!k->ring)
			err = ebt_failure_set(failure, -errno, "cannot map the ring: %s",
					      strerror(errno));
	}
	if (err) {
		ebt_ph_kernel_free(&k);
		return err;
	}
	*out = k;
	return 0;
}

void ebt_ph_kernel_free(struct ebt_ph_kernel **kernel)
{
	struct ebt_ph_kernel *k = *kernel;

	if (!k)
		return;
	ebt_ph_kernel_detach(k);
	ring_buffer__free(k->ring);
	ebt_generation_free(&k->gen);
	free(k);
	*kernel = NULL;
}

/* The kernel asks BPF only when it is in its list of security modules; not readable: try. */
static bool bpf_is_asked(void)
{
	_cleanup_fclose_ FILE *f = fopen("/sys/kernel/security/lsm", "re");
	char list[256] = "";

	return !f || !fgets(list, sizeof(list), f) || strstr(list, "bpf");
}

/* Not every kernel can; without it only `enforcing` is missing. */
static void attach_deny(struct ebt_ph_kernel *k)
{
	int prog = ebt_generation_prog(k->gen, "ebt_lsm_bprm_check_security");

	if (!bpf_is_asked()) {
		snprintf(k->deny_why, sizeof(k->deny_why),
			 "bpf is not among its security modules (lsm= on the kernel command line)");
		return;
	}
	k->deny_link = prog < 0 ? prog : bpf_raw_tracepoint_open(NULL, prog);
	if (k->deny_link < 0)
		snprintf(k->deny_why, sizeof(k->deny_why), "BPF LSM programs: %s",
			 strerror(-k->deny_link));
}

int ebt_ph_kernel_attach(struct ebt_ph_kernel *k, struct ebt_failure *failure)
{
	for (size_t i = 0; i < EBT_ARRAY_SIZE(hooks); i++) {
		int prog = ebt_generation_prog(k->gen, hooks[i].prog);
		int fd = prog < 0 ? prog : bpf_raw_tracepoint_open(hooks[i].tracepoint, prog);

		if (fd < 0) {
			ebt_ph_kernel_detach(k);
			return ebt_failure_set(
				failure, fd, "cannot attach to the tracepoint %s: %s",
				hooks[i].tracepoint ? hooks[i].tracepoint : "sys_enter",
				strerror(-fd));
		}
		k->links[i] = fd;
	}
	attach_deny(k);
	return 0;
}

const char *ebt_ph_kernel_no_deny(const struct ebt_ph_kernel *k)
{
	return k->deny_link < 0 ? k->deny_why : NULL;
}

void ebt_ph_kernel_detach(struct ebt_ph_kernel *k)
{
	ebt_cleanup_close(&k->deny_link);
	k->deny_link = -1;
	for (size_t i = EBT_ARRAY_SIZE(hooks); i-- > 0;) {
		ebt_cleanup_close(&k->links[i]);
		k->links[i] = -1;
	}
}

int ebt_ph_kernel_configure(struct ebt_ph_kernel *k, const struct ebt_ph_config *cfg)
{
	struct ebt_ph_config full = *cfg;
	uint32_t zero = 0;

	full.epoch_ns = (uint64_t)k->epoch_ns;
	full.self_tgid = (uint32_t)getpid();
	full.sigreturn[0] = SYS_rt_sigreturn;
	full.sigreturn[1] = EBT_PH_COMPAT + COMPAT_RT_SIGRETURN;
	full.sigreturn[2] = EBT_PH_COMPAT + COMPAT_SIGRETURN;
	return bpf_map_update_elem(k->maps[CONFIG], &zero, &full, BPF_ANY);
}

uint32_t ebt_ph_kernel_slots(const struct ebt_ph_kernel *k)
{
	struct ebt_ph_global global = { 0 };
	uint32_t zero = 0;

	bpf_map_lookup_elem(k->maps[GLOBAL], &zero, &global);
	return global.profiles < EBT_PH_PROFILES ? (uint32_t)global.profiles : EBT_PH_PROFILES - 1;
}

/* Rows into places that nobody has yet: the profile learns their numbers. */
static int put_rows(struct ebt_ph_kernel *k, struct ebt_ph_set *set, struct ebt_ph_global *global)
{
	for (uint32_t col = 1; col < EBT_PH_COLS; col++) {
		uint32_t id = (uint32_t)global->rows + 1;
		int err;

		set->profile.row_of[col] = 0;
		if (!set->rows[col])
			continue;
		if (id >= EBT_PH_ROWS)
			return -ENOSPC;
		err = bpf_map_update_elem(k->maps[ROWS], &id, ebt_ph_set_row(set, col), BPF_ANY);
		if (err)
			return err;
		set->profile.row_of[col] = id;
		global->rows++;
	}
	return 0;
}

int ebt_ph_kernel_put(struct ebt_ph_kernel *k, struct ebt_ph_set *set)
{
	struct ebt_ph_global global = { 0 };
	uint32_t zero = 0, slot;
	int err = bpf_map_lookup_elem(k->maps[GLOBAL], &zero, &global);

	slot = (uint32_t)global.profiles + 1;
	if (!err && slot >= EBT_PH_PROFILES)
		err = -ENOSPC;
	if (!err)
		err = put_rows(k, set, &global);
	if (!err)
		err = bpf_map_update_elem(k->maps[IDS], &set->profile.key, &slot, BPF_NOEXIST);
	if (err)
		return err;
	global.profiles = slot;
	err = bpf_map_update_elem(k->maps[PROFILES], &slot, &set->profile, BPF_ANY);
	if (!err)
		err = bpf_map_update_elem(k->maps[GLOBAL], &zero, &global, BPF_ANY);
	return err ? err : (int)slot;
}

int ebt_ph_kernel_profile(const struct ebt_ph_kernel *k, uint32_t slot, struct ebt_ph_profile *out)
{
	int err = bpf_map_lookup_elem(k->maps[PROFILES], &slot, out);

	if (!err && !out->epoch_a)
		err = -ENOENT;
	return err;
}

int ebt_ph_kernel_get(const struct ebt_ph_kernel *k, uint32_t slot, struct ebt_ph_set **out,
		      uint64_t *bytes)
{
	_cleanup_ph_set_ struct ebt_ph_set *set = NULL;
	int err = ebt_ph_set_new(&set);

	if (!err)
		err = ebt_ph_kernel_profile(k, slot, &set->profile);
	if (err)
		return err;
	/* Its key's element of the hash: key, value, and 48 bytes of the kernel's own. */
	*bytes = sizeof(set->profile) + sizeof(struct ebt_ph_key) + sizeof(slot) + 48;
	for (uint32_t col = 1; col < EBT_PH_COLS; col++) {
		uint32_t id = set->profile.row_of[col];
		struct ebt_ph_row row;

		if (!id || bpf_map_lookup_elem(k->maps[ROWS], &id, &row))
			continue;
		set->rows[col] = malloc(sizeof(row));
		if (!set->rows[col])
			return -ENOMEM;
		row.busy = 0;
		memcpy(set->rows[col], &row, sizeof(row));
		ebt_ph_set_row(set, col);
		*bytes += sizeof(row);
	}
	*out = TAKE_PTR(set);
	return 0;
}

int ebt_ph_kernel_verb(struct ebt_ph_kernel *k, uint32_t slot, enum ebt_ph_verb verb)
{
	uint64_t args[2] = { slot, verb };
	LIBBPF_OPTS(bpf_test_run_opts, opts, .ctx_in = args, .ctx_size_in = sizeof(args));
	int err = bpf_prog_test_run_opts(k->verb_prog, &opts);

	if (err)
		return err;
	return opts.retval == 1 ? 0 : -ENOENT;
}

/* A batch at a time: one system call for a thousand places. */
static int places(const struct ebt_ph_kernel *k, ebt_ph_task_fn fn, void *arg)
{
	_cleanup_free_ struct ebt_ph_task *tasks = calloc(TASKS_AT_ONCE, sizeof(*tasks));
	_cleanup_free_ uint32_t *keys = calloc(TASKS_AT_ONCE, sizeof(*keys));
	uint32_t at = 0, count;

	if (!tasks || !keys)
		return -ENOMEM;
	for (uint32_t done = 0; done < EBT_PH_TASKS; done += count) {
		int err;

		count = TASKS_AT_ONCE;
		err = bpf_map_lookup_batch(k->maps[TASKS], done ? &at : NULL, &at, keys, tasks,
					   &count, NULL);
		if (err && err != -ENOENT)
			return err;
		for (uint32_t i = 0; i < count; i++) {
			if (tasks[i].tid)
				fn((uint32_t)tasks[i].tid, &tasks[i], arg);
		}
		if (err || !count)
			break;
	}
	return 0;
}

int ebt_ph_kernel_tasks(const struct ebt_ph_kernel *k, ebt_ph_task_fn fn, void *arg)
{
	struct ebt_ph_task task;
	uint32_t tid = 0, next;
	int err = places(k, fn, arg);

	/* The table changes while it is walked: bounded, not exact. */
	for (uint32_t i = 0; !err && i < EBT_PH_MORE_TASKS; i++) {
		if (bpf_map_get_next_key(k->maps[MORE_TASKS], i ? &tid : NULL, &next))
			break;
		tid = next;
		if (bpf_map_lookup_elem(k->maps[MORE_TASKS], &tid, &task) == 0)
			fn(tid, &task, arg);
	}
	return err;
}

int ebt_ph_kernel_task(const struct ebt_ph_kernel *k, uint32_t tid, struct ebt_ph_task *out)
{
	uint32_t place = tid & (EBT_PH_TASKS - 1);

	if (bpf_map_lookup_elem(k->maps[TASKS], &place, out) == 0 && out->tid == tid)
		return 0;
	return bpf_map_lookup_elem(k->maps[MORE_TASKS], &tid, out);
}

int ebt_ph_kernel_counters(const struct ebt_ph_kernel *k, struct ebt_ph_counters *out)
{
	_cleanup_free_ struct ebt_ph_counters *cpus = calloc(k->ncpu, sizeof(*cpus));
	uint32_t zero = 0;
	int err;

	*out = (struct ebt_ph_counters){ 0 };
	if (!cpus)
		return -ENOMEM;
	err = bpf_map_lookup_elem(k->maps[COUNTERS], &zero, cpus);
	for (unsigned cpu = 0; !err && cpu < k->ncpu; cpu++) {
		const __u64 *from = (const __u64 *)&cpus[cpu];
		__u64 *to = (__u64 *)out;

		for (size_t i = 0; i < sizeof(*out) / sizeof(*to); i++)
			to[i] += from[i];
	}
	return err;
}

int ebt_ph_kernel_read(struct ebt_ph_kernel *k, ebt_ph_rec_fn fn, void *arg)
{
	k->fn = fn;
	k->arg = arg;
	return ring_buffer__consume(k->ring);
}

int ebt_ph_kernel_ring_fd(const struct ebt_ph_kernel *k)
{
	return ring_buffer__epoll_fd(k->ring);
}

uint64_t ebt_ph_kernel_bytes(const struct ebt_ph_kernel *k)
{
	uint64_t sum = 0;

	for (int i = 0; i < MAP_MAX; i++)
		sum += ebt_memlock_bytes(k->maps[i]);
	return sum;
}
