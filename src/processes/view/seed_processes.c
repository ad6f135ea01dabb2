/* SPDX-License-Identifier: BSD-3-Clause */
#include "processes/view/seed_processes.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/mount.h>
#include <mntent.h>
#include <pwd.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/clock.h"
#include "base/proc.h"

#define USERS_MAX 16384
#define REAP_NS	  5000000000ull
#define CMDLINE_MAX \
	4096 /* of a process that was there already; its own execs are recorded whole \
	      */

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

/* starttime is in clock ticks since boot, suspend included; start_ns is CLOCK_MONOTONIC. */
static uint64_t seed_ticks_to_mono_ns(unsigned long long ticks)
{
	uint64_t boot_ns = ticks * (1000000000ull / (unsigned long long)sysconf(_SC_CLK_TCK));
	uint64_t mono_ns = ebt_mono_ns(); /* first: the difference must not be below zero */
	uint64_t suspended_ns = ebt_clock_boot_here_ns() - mono_ns;

	return boot_ns > suspended_ns ? boot_ns - suspended_ns : 0;
}

static void seed_one(struct ebt_model *model, struct ebt_recorder *recorder, int dir, uint32_t pid)
{
	struct ebt_frame_process proc;
	char text[1024], cmdline[CMDLINE_MAX], name[16];
	struct ebt_proc_stat stat;
	struct ebt_bytes args;
	struct stat st;
	ssize_t n;

	snprintf(name, sizeof(name), "%u", pid);
	if (fstatat(dir, name, &st, 0) || ebt_proc_stat(dir, pid, text, sizeof(text), &stat))
		return;
	n = ebt_proc_read(dir, pid, "cmdline", cmdline, sizeof(cmdline));
	args = (struct ebt_bytes){ cmdline, n > 0 ? (size_t)n : 0 };
	proc = (struct ebt_frame_process){ .start_ns = seed_ticks_to_mono_ns(stat.start_ticks),
					   .pid = pid,
					   .ppid = stat.ppid,
					   .uid = st.st_uid,
					   .comm_len = (uint32_t)stat.comm.len };
	ebt_model_seed(model, proc.pid, proc.ppid, proc.uid, proc.start_ns, stat.comm, args);
	ebt_recorder_process(recorder, &proc, stat.comm, args);
}

void ebt_seed_processes(struct ebt_model *model, struct ebt_recorder *recorder, int proc)
{
	_cleanup_closedir_ DIR *dir = proc < 0 ? NULL : fdopendir(proc);
	struct dirent *d;

	if (!dir) {
		ebt_cleanup_close(&proc);
		return;
	}
	while ((d = readdir(dir))) {
		if (isdigit((unsigned char)d->d_name[0]))
			seed_one(model, recorder, dirfd(dir),
				 (uint32_t)strtoul(d->d_name, NULL, 10));
	}
}

/* Another's process gives EPERM. A pid that has been given to another is one that is there: what
 * called exec is known by its start, and what did not is not told of. */
static bool seed_is_there(uint32_t pid, uint64_t start_ns, void *arg)
{
	(void)start_ns;
	(void)arg;
	return kill((pid_t)pid, 0) == 0 || errno != ESRCH;
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
