/* SPDX-License-Identifier: BSD-3-Clause */
#include "processes/view/seed_processes.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/mount.h>
#include <mntent.h>
#include <pwd.h>
#include <signal.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/process_cost.h"

#define USERS_MAX 16384
#define REAP_NS	  5000000000ull
#define SAMPLE_NS 1000000000ull
/* One system call each: less than a millisecond of CPU time a second for all. */
#define SAMPLES_MAX 256

void ebt_seed_users(struct ebt_model *model)
{
	struct passwd *pw;

	setpwent();
	for (int i = 0; i < USERS_MAX && (pw = getpwent()); i++)
		ebt_model_set_user(model, pw->pw_uid, pw->pw_name);
	endpwent();
}

/* Is /proc mounted with hidepid? To a process without privilege it shows nothing of others then. */
static bool seed_proc_hides(void)
{
	FILE *f = setmntent("/proc/self/mounts", "re");
	struct mntent *m;
	bool hides = false;

	while (f && (m = getmntent(f)))
		if (strcmp(m->mnt_dir, "/proc") == 0) /* the last is on top */
			hides = hasmntopt(m, "hidepid") != NULL;
	if (f)
		endmntent(f);
	return hides;
}

/* An instance that hides nothing, mounted nowhere. From 5.8 on an option of one instance is not
 * that of the others. By number: C libraries before 2.36 have no functions for these. */
static int seed_open_unhidden(void)
{
	_cleanup_close_ int fs = (int)syscall(SYS_fsopen, "proc", FSOPEN_CLOEXEC);

	if (fs < 0 || syscall(SYS_fsconfig, fs, FSCONFIG_SET_STRING, "hidepid", "0", 0) ||
	    syscall(SYS_fsconfig, fs, FSCONFIG_CMD_CREATE, NULL, NULL, 0))
		return -1;
	return (int)syscall(SYS_fsmount, fs, FSMOUNT_CLOEXEC,
			    MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV |
				    MOUNT_ATTR_NOEXEC);
}

int ebt_seed_open_proc(void)
{
	int mount = seed_proc_hides() ? seed_open_unhidden() : -1;
	int dir = mount < 0 ? open("/proc", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
			    : openat(mount, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	ebt_cleanup_close(&mount); /* a path alone: it cannot be listed */
	return dir;
}

struct seed_to {
	struct ebt_model *model;
	struct ebt_recorder *recorder;
};

static void seed_one(const struct ebt_listed *p, struct ebt_bytes comm, struct ebt_bytes exe,
		     struct ebt_bytes args, void *arg)
{
	const struct seed_to *to = arg;
	struct ebt_frame_process frame = { .start_ns = p->start_ns,
					   .pid = p->pid,
					   .ppid = p->ppid,
					   .uid = p->uid,
					   .comm_len = (uint32_t)comm.len };
	struct ebt_seed seed = { .pid = p->pid,
				 .ppid = p->ppid,
				 .uid = p->uid,
				 .euid = p->euid,
				 .gid = p->gid,
				 .egid = p->egid,
				 .start_ns = p->start_ns,
				 .comm = comm,
				 .exe = exe,
				 .args = args,
				 .args_unread = p->args_unread };

	ebt_model_seed_process(to->model, &seed);
	ebt_recorder_process(to->recorder, &frame, comm, args);
}

void ebt_seed_take(struct ebt_process_list **list, int wait_ms, struct ebt_model *model,
		   struct ebt_recorder *recorder)
{
	struct seed_to to = { model, recorder };

	if (*list && !ebt_process_list_take(*list, wait_ms, seed_one, &to))
		ebt_process_list_free(list);
}

/* Another's process gives EPERM. A pid that has been given to another is one that is there: what
 * called exec is known by its start, and what did not is not told of. */
static bool seed_is_there(uint32_t pid, uint64_t start_ns, void *arg)
{
	(void)start_ns;
	(void)arg;
	return kill((pid_t)pid, 0) == 0 || errno != ESRCH;
}

/* No file has to be opened for it, and hidepid does not hide it. */
static uint64_t seed_cpu_ns(uint32_t pid, void *arg)
{
	(void)arg;
	return ebt_process_cpu_ns(pid);
}

void ebt_sample_cpu(struct ebt_model *model, uint64_t now_ns, uint64_t *last_ns)
{
	if (now_ns - *last_ns < SAMPLE_NS)
		return;
	*last_ns = now_ns;
	ebt_model_sample_cpu(model, seed_cpu_ns, NULL, SAMPLES_MAX, now_ns);
}

void ebt_reap_processes(struct ebt_model *model, uint64_t now_ns, uint64_t *last_ns)
{
	if (!*last_ns)
		*last_ns = now_ns; /* /proc has just been read */
	if (now_ns - *last_ns < REAP_NS)
		return;
	*last_ns = now_ns;
	ebt_model_reap(model, seed_is_there, NULL, now_ns);
}
