/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * expect_places.h - the cases of `expect` about where a program lies and where it runs: deleted,
 * mounted, chrooted, deep, long.
 */
#ifndef EBT_TESTS_EXPECT_PLACES_H
#define EBT_TESTS_EXPECT_PLACES_H

#include "expect_exec.h"

#define PATH_ROOM 16384

static void no_cwd(void)
{
	must(mkdir(in("gone"), 0755), "mkdir");
	must(chdir(in("gone")), "chdir");
	must(rmdir(in("gone")), "rmdir");
	RUN(in("expect"), "cwd");
}

static void no_exe(void)
{
	int fd;

	copy_self(in("short-lived"), 0755);
	fd = open(in("short-lived"), O_PATH);
	must(unlink(in("short-lived")), "unlink");
	run_at(fd, "", AT_EMPTY_PATH);
}

/* In a child, because a pid namespace begins with one. */
static void pid_namespace(void)
{
	int status;
	pid_t pid;

	own_mounts();
	if (unshare(CLONE_NEWPID))
		not_here("own pid namespace");
	pid = fork();
	must(pid, "fork");
	if (pid == 0)
		RUN(in("expect"), "first");
	must(waitpid(pid, &status, 0), "waitpid");
	_exit(status ? 1 : 0);
}

static void mount_namespace(void)
{
	own_mounts();
	RUN(in("expect"), "mounts");
}

static void enter_root(void)
{
	must(mkdir(in("root"), 0755), "mkdir");
	must(mkdir(in("root/bin"), 0755), "mkdir");
	copy_self(in("root/bin/inner"), 0755);
	must(chroot(in("root")), "chroot");
}

static void changed_root(void)
{
	enter_root();
	must(chdir("/bin"), "chdir");
	RUN("/bin/inner", "inner");
}

static void changed_root_top(void)
{
	must(mkdir(in("top"), 0755), "mkdir");
	copy_self(in("top/inner"), 0755);
	must(chroot(in("top")), "chroot");
	must(chdir("/"), "chdir");
	RUN("inner", "inner");
}

static void outside_root(void)
{
	int fd = open(in("expect"), O_PATH);

	must(chdir(base), "chdir");
	must(mkdir(in("jail"), 0755), "mkdir");
	must(chroot(in("jail")), "chroot");
	let("EXPECT_FLAGS", "\"exe_unreachable\",\"cwd_unreachable\"");
	run_at(fd, "", AT_EMPTY_PATH);
}

static void bind_dir(void)
{
	own_mounts();
	must(mkdir(in("from"), 0755), "mkdir");
	must(mkdir(in("from/deep"), 0755), "mkdir");
	must(mkdir(in("to"), 0755), "mkdir");
	copy_self(in("from/deep/bound"), 0755);
	if (mount(in("from"), in("to"), NULL, MS_BIND, NULL))
		not_here("bind mount");
	must(chdir(in("to/deep")), "chdir");
	RUN(in("to/deep/bound"), "bound");
}

static void bind_file(void)
{
	own_mounts();
	copy_self(in("other"), 0755);
	copy_self(in("covered"), 0755);
	if (mount(in("other"), in("covered"), NULL, MS_BIND, NULL))
		not_here("bind mount of a file");
	RUN(in("covered"), "covered");
}

static void overlay(void)
{
	static const char *const dirs[] = { "o", "o/low", "o/up", "o/work", "o/seen", "o/low/sub" };
	char options[8192];

	own_mounts();
	must(mkdir(in("o"), 0755), "mkdir");
	if (mount("none", in("o"), "tmpfs", 0, NULL))
		not_here("tmpfs");
	for (size_t i = 1; i < sizeof(dirs) / sizeof(dirs[0]); i++)
		must(mkdir(in(dirs[i]), 0755), dirs[i]);
	copy_self(in("o/low/sub/layered"), 0755);
	snprintf(options, sizeof(options), "lowerdir=%s,upperdir=%s,workdir=%s", in("o/low"),
		 in("o/up"), in("o/work"));
	if (mount("none", in("o/seen"), "overlay", 0, options))
		not_here("overlay");
	must(chdir(in("o/seen/sub")), "chdir");
	RUN(in("o/seen/sub/layered"), "layered");
}

/* Makes count directories of len bytes below each other, goes down and gives the whole path. */
static char *descend(const char *top, unsigned count, unsigned len)
{
	static char path[PATH_ROOM];
	char name[256];
	char *end = path + sprintf(path, "%s", in(top));

	must(mkdir(path, 0755), "mkdir");
	must(chdir(path), "chdir");
	for (unsigned i = 0; i < count; i++) {
		memset(name, 'a' + (int)(i % 26), len);
		name[len] = '\0';
		if (len >= 4) {
			snprintf(name, sizeof(name), "%04u", i);
			name[4] = len > 4 ? 'x' : '\0';
		}
		must(mkdir(name, 0755), "mkdir");
		must(chdir(name), "chdir");
		end += sprintf(end, "/%s", name);
	}
	return path;
}

static void deep_exe(void)
{
	char *path = descend("deep-exe", 200, 6);

	copy_self("expect", 0755);
	must(chdir(base), "chdir");
	strcat(path, "/expect");
	RUN(path, "deep");
}

static void deep_cwd(void)
{
	descend("deep-cwd", 200, 6);
	RUN(in("expect"), "deep");
}

static void deep_both(void)
{
	char *path = descend("deep-both", 200, 6);

	copy_self("expect", 0755);
	strcat(path, "/expect");
	RUN(path, "deep");
}

static void wide(void)
{
	char name[256];

	descend("wide", 3, 255);
	memset(name, 'w', 255);
	name[255] = '\0';
	copy_self(name, 0755);
	RUN(name, "wide");
}

static void long_filename(void)
{
	char *path = descend("long-name", 15, 250);

	copy_self("expect", 0755);
	must(chdir(base), "chdir");
	strcat(path, "/expect");
	RUN(path, "long", "a");
}

/* Longer than any path may be: the root's side is missing, and the event says so. */
static void too_long(void)
{
	char *path = descend("too-long", 20, 250);

	copy_self("expect", 0755);
	let("EXPECT_CWD", path);
	strcat(path, "/expect");
	let("EXPECT_EXE", path);
	let("EXPECT_FLAGS", "\"path_truncated\",\"cwd_truncated\"");
	RUN("./expect", "long");
}

/* Short, but of more components than anybody has. */
static void too_deep(void)
{
	char *path = descend("too-deep", 1500, 1);

	copy_self("expect", 0755);
	let("EXPECT_CWD", path);
	strcat(path, "/expect");
	let("EXPECT_EXE", path);
	RUN("./expect", "deep");
}

#endif
