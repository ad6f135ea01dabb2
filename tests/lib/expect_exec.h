/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * expect_exec.h - what every case of `expect` uses: the environment that goes along, copies of the
 * program in the working directory, exec. One program, so the state is static.
 */
#ifndef EBT_TESTS_EXPECT_EXEC_H
#define EBT_TESTS_EXPECT_EXEC_H

#include <fcntl.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#include "tool.h"

#define SKIP 77

static char base[4096]; /* DIR */
static char *env[64];
static int env_count;
static int proc;

static inline void let(const char *name, const char *value)
{
	if (env_count + 1 >= (int)(sizeof(env) / sizeof(env[0])) ||
	    asprintf(&env[env_count++], "%s=%s", name, value) < 0)
		tool_die(name);
}

static inline void let_number(const char *name, unsigned long long value)
{
	char text[32];

	snprintf(text, sizeof(text), "%llu", value);
	let(name, text);
}

static inline void __attribute__((noreturn)) not_here(const char *what)
{
	dprintf(STDERR_FILENO, "expect: %s: %s\n", what, strerror(errno));
	_exit(SKIP);
}

/* DIR/name, in one of a few buffers. */
static inline char *in(const char *name)
{
	static char paths[8][8192];
	static unsigned next;
	char *path = paths[next++ % 8];

	snprintf(path, sizeof(paths[0]), "%s/%s", base, name);
	return path;
}

static inline void must(int result, const char *what)
{
	if (result < 0)
		tool_die(what);
}

static inline void copy_to(int to, mode_t mode)
{
	char buf[65536];
	int from = openat(proc, "self/exe", O_RDONLY | O_CLOEXEC);
	ssize_t n;

	must(from, "self/exe");
	while ((n = read(from, buf, sizeof(buf))) > 0)
		if (write(to, buf, (size_t)n) != n)
			tool_die("write");
	must(fchmod(to, mode), "fchmod");
	close(from);
}

static inline void copy_self(const char *path, mode_t mode)
{
	int to = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0700);

	must(to, path);
	copy_to(to, mode);
	close(to);
}

static inline void run(const char *path, char *const argv[])
{
	execve(path, argv, env);
	tool_die(path);
}

#define RUN(path, ...) run(path, (char *[]){ __VA_ARGS__, NULL })

static inline void run_at(int fd, const char *name, int flags)
{
	syscall(SYS_execveat, fd, name, (char *[]){ "at", "two words", "", NULL }, env, flags);
	tool_die("execveat");
}

static inline void own_mounts(void)
{
	if (unshare(CLONE_NEWNS) || mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL))
		not_here("own mount namespace");
}
#endif
