/* SPDX-License-Identifier: BSD-3-Clause */
/* failed_execs.c - attaching the stubs for failed execs, once, and filling their slots at each
 * swap; see bpf_text/failed.bpf.c. */
#include <bpf/bpf.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/perf_event.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "bpf/failed_execs.h"
#include "base/failure.h"
#include "bpf/fdinfo.h"

#define TRACEFS "/sys/kernel/tracing"

static const char *const fexits[] = { "ebt_fx_execve", "ebt_fx_execveat" };
/* Attached with fexits if the kernel has such a function. */
static const char seccomp_fexit[] = "ebt_kfx___secure_computing";
static const char *const tracepoints[] = { "ebt_tp_sys_enter_execve", "ebt_tp_sys_enter_execveat",
					   "ebt_tp_sys_exit_execve", "ebt_tp_sys_exit_execveat" };

/* What a stub jumps on to: the only element of a program array. */
static const struct ebt_failed_fill {
	const char *map, *prog;
	enum { BY_TRACEPOINTS, BY_FEXIT, BY_SECCOMP } hook;
} fills[] = {
	{ "ebt_slots_tp", "ebt_tp_on_failed", BY_TRACEPOINTS },
	{ "ebt_slots_fx", "ebt_fh_execve", BY_FEXIT },
	{ "ebt_slots_fxat", "ebt_fh_execveat", BY_FEXIT },
	{ "ebt_slots_sc", "ebt_kfh___secure_computing", BY_SECCOMP },
};

/* A generation without failed execs does not know these maps; they stay all the same. */
static int failed_map(const struct ebt_persistent *maps, const char *name)
{
	for (unsigned i = 0; i < maps->n; i++) {
		if (strcmp(maps->specs[i].name, name) == 0)
			return maps->fds[i];
	}
	return -ENOENT;
}

/* -ENOENT: emptied. */
static int failed_fill_slot(const struct ebt_persistent *maps, const struct ebt_generation *g,
			    const struct ebt_failed_fill *f)
{
	int map_fd = failed_map(maps, f->map), prog = ebt_generation_prog(g, f->prog);
	uint32_t slot = 0;

	if (map_fd >= 0 && prog >= 0)
		return bpf_map_update_elem(map_fd, &slot, &prog, BPF_ANY);
	if (map_fd >= 0)
		bpf_map_delete_elem(map_fd, &slot);
	return -ENOENT;
}

/* Return true if the stubs that are attached jump to this program. */
static bool failed_needs(const struct ebt_failed_execs *l, const struct ebt_failed_fill *f)
{
	if (!l->n_links)
		return false;
	if (f->hook == BY_SECCOMP)
		return l->seccomp;
	return l->fexit == (f->hook == BY_FEXIT);
}

const char *ebt_failed_hook(const struct ebt_failed_execs *l)
{
	if (!l->n_links)
		return NULL;
	if (l->seccomp)
		return "fexit,seccomp";
	return l->fexit ? "fexit" : "tracepoints";
}

int ebt_failed_check(const struct ebt_failed_execs *l, const struct ebt_generation *g,
		     struct ebt_failure *failure)
{
	for (size_t i = 0; g->params.failed && i < EBT_ARRAY_SIZE(fills); i++) {
		int prog = failed_needs(l, &fills[i]) ? ebt_generation_prog(g, fills[i].prog) : 0;

		if (prog < 0)
			return ebt_failure_set(failure, prog,
					       "the kernel did not take the program %s for failed "
					       "execs: %s",
					       fills[i].prog, ebt_strerror(-prog));
	}
	return 0;
}

int ebt_failed_fill(const struct ebt_failed_execs *l, const struct ebt_persistent *maps,
		    const struct ebt_generation *g, struct ebt_failure *failure)
{
	for (size_t i = 0; i < EBT_ARRAY_SIZE(fills); i++) {
		int err = failed_fill_slot(maps, g, &fills[i]);

		if (err && err != -ENOENT &&
		    (fills[i].hook == BY_TRACEPOINTS || failed_needs(l, &fills[i])))
			return ebt_failure_set(failure, err,
					       "the program %s could not be put into its slot: %s",
					       fills[i].prog, ebt_strerror(-err));
	}
	return 0;
}

void ebt_failed_detach(struct ebt_failed_execs *l)
{
	while (l->n_links) {
		unsigned i = --l->n_links;

		close(l->links[i]);
		l->misses += ebt_prog_misses(l->stubs[i]);
		ebt_cleanup_close(&l->stubs[i]);
	}
	l->fexit = l->seccomp = false;
}

static void failed_keep(struct ebt_failed_execs *l, int link, int prog)
{
	l->links[l->n_links] = link;
	l->stubs[l->n_links++] = fcntl(prog, F_DUPFD_CLOEXEC, 0);
}

static int failed_attach_fexit(struct ebt_failed_execs *l, const struct ebt_generation *g,
			       const char *name)
{
	int prog = ebt_generation_prog(g, name);
	int fd = prog < 0 ? -ENOENT : bpf_raw_tracepoint_open(NULL, prog);

	if (fd >= 0)
		failed_keep(l, fd, prog);
	return fd < 0 ? fd : 0;
}

static int failed_attach_fexits(struct ebt_failed_execs *l, const struct ebt_persistent *maps,
				const struct ebt_generation *g)
{
	bool seccomp = true;

	for (size_t i = 0; i < EBT_ARRAY_SIZE(fills); i++) {
		int err =
			fills[i].hook == BY_TRACEPOINTS ? 0 : failed_fill_slot(maps, g, &fills[i]);

		if (err && fills[i].hook == BY_FEXIT)
			return err;
		if (err)
			seccomp = false;
	}
	for (size_t i = 0; i < EBT_ARRAY_SIZE(fexits); i++) {
		int err = failed_attach_fexit(l, g, fexits[i]);

		if (err) {
			ebt_failed_detach(l);
			return err;
		}
	}
	l->fexit = true;
	l->seccomp = seccomp && !failed_attach_fexit(l, g, seccomp_fexit);
	return 0;
}

static int failed_read_id(const char *event)
{
	_cleanup_fclose_ FILE *f = NULL;
	char path[128];
	int id;

	snprintf(path, sizeof(path), TRACEFS "/events/syscalls/%s/id", event);
	f = fopen(path, "re");
	if (!f)
		return -errno;
	return fscanf(f, "%d", &id) == 1 ? id : -EINVAL;
}

/* Where tracefs is not mounted we mount it for ourselves alone, in a mount namespace of our own. */
static int failed_tracepoint_id(const char *event)
{
	int id = failed_read_id(event);

	if (id != -ENOENT)
		return id;
	if (unshare(CLONE_NEWNS) || mount(NULL, "/", NULL, MS_REC | MS_SLAVE, NULL) ||
	    mount("tracefs", TRACEFS, "tracefs", MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL))
		return -errno;
	return failed_read_id(event);
}

static int failed_attach_tracepoint(const char *event, int prog)
{
	struct perf_event_attr attr = { .type = PERF_TYPE_TRACEPOINT,
					.size = sizeof(attr),
					.sample_period = 1,
					.wakeup_events = 1 };
	_cleanup_close_ int fd = -1;
	int id = failed_tracepoint_id(event);

	if (id < 0)
		return id;
	attr.config = (uint64_t)id;
	/* One event on one CPU serves all: a BPF program on a tracepoint runs wherever it fires. */
	fd = (int)syscall(SYS_perf_event_open, &attr, -1, 0, -1, PERF_FLAG_FD_CLOEXEC);
	if (fd < 0 || ioctl(fd, PERF_EVENT_IOC_SET_BPF, prog) ||
	    ioctl(fd, PERF_EVENT_IOC_ENABLE, 0))
		return -errno;
	return TAKE_FD(fd);
}

static int failed_attach_tracepoints(struct ebt_failed_execs *l, const struct ebt_generation *g,
				     struct ebt_failure *failure)
{
	for (size_t i = 0; i < EBT_ARRAY_SIZE(tracepoints); i++) {
		const char *event = tracepoints[i] + strlen("ebt_tp_");
		int prog = ebt_generation_prog(g, tracepoints[i]);
		int fd = prog < 0 ? prog : failed_attach_tracepoint(event, prog);

		if (fd < 0) {
			ebt_failed_detach(l);
			return ebt_failure_set(
				failure, fd,
				"failed execs (-x) cannot be traced here: fexit is refused and "
				"the tracepoint syscalls:%s cannot be used (%s); mount tracefs "
				"on " TRACEFS " or do without -x",
				event, ebt_strerror(-fd));
		}
		failed_keep(l, fd, prog);
	}
	return 0;
}

/* The stubs are of no use to a generation whose predecessor's are attached. */
static void failed_drop_stubs(struct ebt_generation *g)
{
	for (size_t i = 0; i < EBT_ARRAY_SIZE(fexits); i++)
		ebt_generation_drop(g, fexits[i]);
	ebt_generation_drop(g, seccomp_fexit);
	for (size_t i = 0; i < EBT_ARRAY_SIZE(tracepoints); i++)
		ebt_generation_drop(g, tracepoints[i]);
}

int ebt_failed_attach(struct ebt_failed_execs *l, const struct ebt_persistent *maps,
		      struct ebt_generation *g, const struct ebt_generation *current,
		      struct ebt_failure *failure)
{
	int err = 0;

	if (g->params.failed && !l->n_links) {
		err = ebt_failed_fill(l, maps, g, failure);
		if (!err && failed_attach_fexits(l, maps, g))
			err = failed_attach_tracepoints(l, g, failure);
		if (err && current && current != g)
			ebt_failed_fill(l, maps, current, failure); /* the slots must not keep g */
	}
	/* The attached stubs are kept beside the generation. */
	if (!err)
		failed_drop_stubs(g);
	return err;
}

uint64_t ebt_failed_misses(const struct ebt_failed_execs *l)
{
	uint64_t sum = l->misses;

	for (unsigned i = 0; i < l->n_links; i++)
		sum += ebt_prog_misses(l->stubs[i]);
	return sum;
}
