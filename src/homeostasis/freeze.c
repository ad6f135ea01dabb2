/* SPDX-License-Identifier: BSD-3-Clause */
#include "homeostasis/freeze.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <limits.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/proc.h"

#define FROZEN_NAME "execbig-top-frozen-"
#define OPEN_DIRS   16
#define THAW_TRIES  100

/* Return where cgroup2 is mounted: as the only hierarchy, or beside those of version 1. */
static const char *freeze_mount_point(void)
{
	static const char *const places[] = { "/sys/fs/cgroup", "/sys/fs/cgroup/unified" };
	char file[64];

	for (size_t i = 0; i < EBT_ARRAY_SIZE(places); i++) {
		snprintf(file, sizeof(file), "%s/cgroup.controllers", places[i]);
		if (access(file, F_OK) == 0)
			return places[i];
	}
	return NULL;
}

static int freeze_write(const char *cgroup, const char *file, const char *value)
{
	_cleanup_close_ int fd = -1;
	char path[PATH_MAX];

	snprintf(path, sizeof(path), "%s/%s", cgroup, file);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0 || write(fd, value, strlen(value)) < 0)
		return -errno;
	return 0;
}

char *ebt_ph_freeze(uint32_t pid)
{
	const char *mount = freeze_mount_point();
	char own[PATH_MAX], path[PATH_MAX], number[16];
	_cleanup_free_ char *name = NULL;

	if (!mount || ebt_proc_cgroup(pid, own, sizeof(own)) ||
	    snprintf(path, sizeof(path), "%s%s/" FROZEN_NAME "%d-%u", mount, own, getpid(), pid) >=
		    (int)sizeof(path))
		return NULL;
	snprintf(number, sizeof(number), "%u", pid);
	/* Allocate the name before freezing, so that a failure cannot leave a frozen cgroup behind that
	 * nobody thaws. */
	name = strdup(path);
	if (!name || mkdir(path, 0755))
		return NULL;
	if (freeze_write(path, "cgroup.procs", number) ||
	    freeze_write(path, "cgroup.freeze", "1")) {
		ebt_ph_thaw(path);
		return NULL;
	}
	return TAKE_PTR(name);
}

/* Move all processes of a cgroup to the cgroup above, including those that they have started
 * meanwhile. */
static void freeze_move_up(const char *cgroup)
{
	_cleanup_fclose_ FILE *f = NULL;
	char path[PATH_MAX], above[PATH_MAX], line[32];

	snprintf(above, sizeof(above), "%s", cgroup);
	*strrchr(above, '/') = '\0';
	snprintf(path, sizeof(path), "%s/cgroup.procs", cgroup);
	f = fopen(path, "re");
	while (f && fgets(line, sizeof(line), f))
		freeze_write(above, "cgroup.procs", line);
}

void ebt_ph_thaw(const char *cgroup)
{
	freeze_write(cgroup, "cgroup.freeze", "0");
	for (int i = 0; i < THAW_TRIES; i++) {
		freeze_move_up(cgroup);
		if (rmdir(cgroup) == 0 || errno != EBUSY)
			return;
	}
}

static int freeze_visit(const char *path, const struct stat *st, int kind, struct FTW *at)
{
	const char *name = path + at->base;

	(void)st;
	/* The name ends in the pid of the monitor. A monitor that still runs thaws its own
	 * cgroups. */
	if (kind == FTW_D && strncmp(name, FROZEN_NAME, strlen(FROZEN_NAME)) == 0 &&
	    kill((pid_t)atoi(name + strlen(FROZEN_NAME)), 0) && errno == ESRCH)
		ebt_ph_thaw(path);
	return 0;
}

void ebt_ph_thaw_leftovers(void)
{
	const char *mount = freeze_mount_point();

	if (mount)
		nftw(mount, freeze_visit, OPEN_DIRS, FTW_PHYS | FTW_MOUNT);
}
