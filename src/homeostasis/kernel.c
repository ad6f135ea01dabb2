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
#include "base/failure.h"
#include "bpf/fdinfo.h"
#include "homeostasis/kernel_internal.h"

#define COMPAT_RT_SIGRETURN 173 /* i386 */
#define COMPAT_SIGRETURN    119
/* smaller differences may be inaccuracy of the two readings */
#define STEP_NS 100000000

static const struct kernel_hook {
	const char *prog, *tracepoint;
} kernel_hooks[EBT_PH_HOOKS] = {
	/* Attach the programs that follow the life of threads first, so that no call finds the
	 * state of a thread that has ended. */
	{ "ebt_ph_on_exit", "sched_process_exit" },
	{ "ebt_ph_on_fork", "sched_process_fork" },
	{ "ebt_ph_on_exec", "sched_process_exec" },
	{ "ebt_ph_on_signal", "signal_deliver" },
	{ "ebt_raw_sys_enter", NULL }, /* a typed program (tp_btf), which contains its tracepoint */
};

static const char *const kernel_map_names[EBT_PH_MAP_COUNT] = {
	[EBT_PH_MAP_CONFIG] = "ebt_ph_config",
	[EBT_PH_MAP_GLOBAL] = "ebt_ph_global",
	[EBT_PH_MAP_PROFILES] = "ebt_ph_profiles",
	[EBT_PH_MAP_IDS] = "ebt_ph_ids",
	[EBT_PH_MAP_ROWS] = "ebt_ph_rows",
	[EBT_PH_MAP_TASKS] = "ebt_ph_tasks",
	[EBT_PH_MAP_MORE_TASKS] = "ebt_ph_more_tasks",
	[EBT_PH_MAP_COUNTERS] = "ebt_ph_counters",
	[EBT_PH_MAP_RING] = "ebt_ph_ring",
};

/* Return what to add to CLOCK_BOOTTIME to get the time of profiles. That time starts as the wall
 * clock at the start of the monitor and continues with CLOCK_BOOTTIME (which includes suspend), in
 * the kernel and here, so that setting the wall clock changes no wait. Only times in files and in
 * output are those of the current wall clock. */
static int64_t kernel_epoch_ns(void)
{
	return ebt_clock_mono_to_real_ns() - (int64_t)ebt_clock_slept_ns();
}

uint64_t ebt_ph_kernel_now_ns(const struct ebt_ph_kernel *k)
{
	return ebt_clock_ns(CLOCK_BOOTTIME) + (uint64_t)k->epoch_ns;
}

int64_t ebt_ph_kernel_step_ns(struct ebt_ph_kernel *k)
{
	int64_t step_ns = kernel_epoch_ns() - k->epoch_ns;

	if (llabs(step_ns - k->step_ns) > STEP_NS)
		k->step_ns = step_ns;
	return k->step_ns;
}

static int kernel_take_record(void *arg, void *data, size_t size)
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
	for (size_t i = 0; i < EBT_PH_HOOKS; i++)
		k->links[i] = -1;
	k->deny_link = -1;
	k->epoch_ns = kernel_epoch_ns();
	k->ncpu = (unsigned)libbpf_num_possible_cpus();
	err = ebt_generation_new(&k->gen, &k->persistent, image, values, &params, 1, failure);
	for (int i = 0; !err && i < EBT_PH_MAP_COUNT; i++) {
		k->maps[i] = ebt_generation_map(k->gen, kernel_map_names[i]);
		if (k->maps[i] < 0)
			err = ebt_failure_set(failure, -ENOENT, "the text has no map %s",
					      kernel_map_names[i]);
	}
	if (!err) {
		k->verb_prog = ebt_generation_prog(k->gen, "ebt_ph_on_verb");
		k->ring = ring_buffer__new(k->maps[EBT_PH_MAP_RING], kernel_take_record, k, NULL);
		if (!k->ring)
			err = ebt_failure_set(failure, -errno, "cannot map the ring: %s",
					      ebt_strerror(errno));
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

/* Return whether the kernel calls BPF LSM programs, which requires bpf among its security modules.
 * If the list cannot be read, assume so and let the attempt decide. */
static bool kernel_asks_bpf(void)
{
	_cleanup_fclose_ FILE *f = fopen("/sys/kernel/security/lsm", "re");
	char list[256] = "";

	return !f || !fgets(list, sizeof(list), f) || strstr(list, "bpf");
}

/* Attach the program that refuses execs. On a kernel that cannot do it, only `enforcing` is
 * missing. */
static void kernel_attach_deny(struct ebt_ph_kernel *k)
{
	int prog = ebt_generation_prog(k->gen, "ebt_lsm_bprm_check_security");

	if (!kernel_asks_bpf()) {
		snprintf(k->deny_why, sizeof(k->deny_why),
			 "bpf is not among its security modules (lsm= on the kernel command line)");
		return;
	}
	k->deny_link = prog < 0 ? prog : bpf_raw_tracepoint_open(NULL, prog);
	if (k->deny_link < 0)
		snprintf(k->deny_why, sizeof(k->deny_why), "BPF LSM programs: %s",
			 ebt_strerror(-k->deny_link));
}

int ebt_ph_kernel_attach(struct ebt_ph_kernel *k, struct ebt_failure *failure)
{
	for (size_t i = 0; i < EBT_PH_HOOKS; i++) {
		int prog = ebt_generation_prog(k->gen, kernel_hooks[i].prog);
		int fd =
			prog < 0 ? prog : bpf_raw_tracepoint_open(kernel_hooks[i].tracepoint, prog);

		if (fd < 0) {
			ebt_ph_kernel_detach(k);
			return ebt_failure_set(
				failure, fd, "cannot attach to the tracepoint %s: %s",
				kernel_hooks[i].tracepoint ? kernel_hooks[i].tracepoint
							   : "sys_enter",
				ebt_strerror(-fd));
		}
		k->links[i] = fd;
	}
	kernel_attach_deny(k);
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
	for (size_t i = EBT_PH_HOOKS; i-- > 0;) {
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
	return bpf_map_update_elem(k->maps[EBT_PH_MAP_CONFIG], &zero, &full, BPF_ANY);
}

uint32_t ebt_ph_kernel_slots(const struct ebt_ph_kernel *k)
{
	struct ebt_ph_global global = { 0 };
	uint32_t zero = 0;

	bpf_map_lookup_elem(k->maps[EBT_PH_MAP_GLOBAL], &zero, &global);
	return global.profiles < EBT_PH_PROFILES ? (uint32_t)global.profiles : EBT_PH_PROFILES - 1;
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

	for (int i = 0; i < EBT_PH_MAP_COUNT; i++)
		sum += ebt_memlock_bytes(k->maps[i]);
	return sum;
}
