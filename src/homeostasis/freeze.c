/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * freeze.c - a process stands still in a cgroup of its own, below the one it is in: nobody but us
 * can let it go on (a SIGCONT does nothing), its parent hears of no stop, its limits stay its own.
 * Needs a cgroup2 tree that can be written.
 */
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "homeostasis/monitor_internal.h"

#define NAME	   "execbig-top-frozen-"
#define OPEN_DIRS  16
#define THAW_TRIES 100

/* Where cgroup2 is mounted; the plain tree or the one beside v1 hierarchies. */
static const char *mount_point(void)
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

static int put(const char *cgroup, const char *file, const char *value)
{
	_cleanup_close_ int fd = -1;
	char path[PATH_MAX];

	snprintf(path, sizeof(path), "%s/%s", cgroup, file);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0 || write(fd, value, strlen(value)) < 0)
		return -errno;
	return 0;
}

/* The v2 cgroup of a process: the line "0::PATH". */
static bool cgroup_of(uint32_t pid, char path[PATH_MAX])
{
	_cleanup_fclose_ FILE *f = NULL;
	char name[32], line[PATH_MAX];

	snprintf(name, sizeof(name), "/proc/%u/cgroup", pid);
	f = fopen(name, "re");
	while (f && fgets(line, sizeof(line), f)) {
		if (strncmp(line, "0::/", 4) != 0)
			continue;
		line[strcspn(line, "\n")] = '\0';
		snprintf(path, PATH_MAX, "%s", strcmp(line + 3, "/") == 0 ? "" : line + 3);
		return true;
	}
	return false;
}

char *ebt_ph_freeze(uint32_t pid)
{
	const char *mount = mount_point();
	char own[PATH_MAX], path[PATH_MAX], number[16];
	_cleanup_free_ char *name = NULL;

	if (!mount || !cgroup_of(pid, own) ||
	    snprintf(path, sizeof(path), "%s%s/" NAME "%d-%u", mount, own, getpid(), pid) >=
		    (int)sizeof(path))
		return NULL;
	snprintf(number, sizeof(number), "%u", pid);
	/* First: whom we freeze and cannot name, nobody would thaw. */
	name = strdup(path);
	if (!name || mkdir(path, 0755))
		return NULL;
	if (put(path, "cgroup.procs", number) || put(path, "cgroup.freeze", "1")) {
		ebt_ph_thaw(path);
		return NULL;
	}
	return TAKE_PTR(name);
}

/* All its processes back to the cgroup above; what they started meanwhile goes along. */
static void move_up(const char *cgroup)
{
	_cleanup_fclose_ FILE *f = NULL;
	char path[PATH_MAX], above[PATH_MAX], line[32];

	snprintf(above, sizeof(above), "%s", cgroup);
	*strrchr(above, '/') = '\0';
	snprintf(path, sizeof(path), "%s/cgroup.procs", cgroup);
	f = fopen(path, "re");
	while (f && fgets(line, sizeof(line), f))
		put(above, "cgroup.procs", line);
}

void ebt_ph_thaw(const char *cgroup)
{
	put(cgroup, "cgroup.freeze", "0");
	for (int i = 0; i < THAW_TRIES; i++) {
		move_up(cgroup);
		if (rmdir(cgroup) == 0 || errno != EBUSY)
			return;
	}
}

static int look(const char *path, const struct stat *st, int kind, struct FTW *at)
{
	const char *name = path + at->base;

	(void)st;
	/* A monitor that lives thaws its own. */
	if (kind == FTW_D && strncmp(name, NAME, strlen(NAME)) == 0 &&
	    kill((pid_t)atoi(name + strlen(NAME)), 0) && errno == ESRCH)
		ebt_ph_thaw(path);
	return 0;
}

void ebt_ph_thaw_leftovers(void)
{
	const char *mount = mount_point();

	if (mount)
		nftw(mount, look, OPEN_DIRS, FTW_PHYS | FTW_MOUNT);
}
