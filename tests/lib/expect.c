/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * expect DIR [CASE] - executes itself in all the ways of the table at the end, working in the empty
 * directory DIR; each executed program prints what it knows of its exec (expect.h) to stdout, which
 * must be a file. A case that this machine does not allow is printed as {"case":…,"skip":…}.
 */
#include <pthread.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>

#include "expect.h"

#define PATH_ROOM 16384
#define SKIP	  77

static char base[2048]; /* DIR */
static char *env[64];
static int env_count;
static int proc;

static void let(const char *name, const char *value)
{
	if (env_count + 1 >= (int)(sizeof(env) / sizeof(env[0])) ||
	    asprintf(&env[env_count++], "%s=%s", name, value) < 0)
		tool_die(name);
}

static void let_number(const char *name, unsigned long long value)
{
	char text[32];

	snprintf(text, sizeof(text), "%llu", value);
	let(name, text);
}

static void __attribute__((noreturn)) not_here(const char *what)
{
	dprintf(STDERR_FILENO, "expect: %s: %s\n", what, strerror(errno));
	_exit(SKIP);
}

/* DIR/name, in one of a few buffers. */
static char *in(const char *name)
{
	static char paths[8][4096];
	static unsigned next;
	char *path = paths[next++ % 8];

	snprintf(path, sizeof(paths[0]), "%s/%s", base, name);
	return path;
}

static void must(int result, const char *what)
{
	if (result < 0)
		tool_die(what);
}

static void copy_to(int to, mode_t mode)
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

static void copy_self(const char *path, mode_t mode)
{
	int to = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0700);

	must(to, path);
	copy_to(to, mode);
	close(to);
}

static void run(const char *path, char *const argv[])
{
	execve(path, argv, env);
	tool_die(path);
}

#define RUN(path, ...) run(path, (char *[]){ __VA_ARGS__, NULL })

static void run_at(int fd, const char *name, int flags)
{
	syscall(SYS_execveat, fd, name, (char *[]){ "at", "two words", "", NULL }, env, flags);
	tool_die("execveat");
}

static void own_mounts(void)
{
	if (unshare(CLONE_NEWNS) || mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL))
		not_here("own mount namespace");
}

static void plain(void)
{
	RUN(in("expect"), "expect", "two words", "", "\xc3\xa4\n\t\"\\");
}

static void by_symlink(void)
{
	must(symlink("expect", in("link")), "symlink");
	must(chdir(base), "chdir");
	RUN("./link", "link");
}

static void setuid_file(void)
{
	copy_self(in("setuid"), 04755);
	must(setresgid(2345, 2345, 2345), "setresgid");
	must(setresuid(1234, 1234, 1234), "setresuid");
	RUN(in("setuid"), "setuid");
}

static void setgid_file(void)
{
	copy_self(in("setgid"), 0755);
	must(chown(in("setgid"), 0, 3456), "chown");
	must(chmod(in("setgid"), 02755), "chmod");
	must(setresgid(2345, 2345, 2345), "setresgid");
	must(setresuid(1234, 1234, 1234), "setresuid");
	RUN(in("setgid"), "setgid");
}

static void four_ids(void)
{
	must(setresgid(2001, 2002, 2003), "setresgid");
	must(setresuid(1001, 1002, 1003), "setresuid");
	RUN(in("expect"), "ids");
}

static void login(void)
{
	int fd = open("/proc/self/loginuid", O_WRONLY | O_CLOEXEC);

	if (fd < 0 || write(fd, "4321", 4) != 4)
		not_here("/proc/self/loginuid");
	RUN(in("expect"), "login");
}

static void write_script(const char *path, const char *line)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0755);

	must(fd, path);
	if (dprintf(fd, "#!%s\n", line) < 0)
		tool_die(path);
	must(fchmod(fd, 0755), path);
	close(fd);
}

static void script(void)
{
	char line[4096];

	snprintf(line, sizeof(line), "%s -o one", in("expect"));
	write_script(in("script"), line);
	let("EXPECT_SCRIPT", "true");
	RUN(in("script"), "not shown", "a", "b c");
}

static void script_chain(void)
{
	write_script(in("first"), in("expect"));
	write_script(in("second"), in("first"));
	write_script(in("third"), in("second"));
	let("EXPECT_SCRIPT", "true");
	must(chdir(base), "chdir");
	RUN("./third", "third", "a");
}

static void empty_path(void)
{
	run_at(open(in("expect"), O_PATH), "", AT_EMPTY_PATH);
}

static void below_fd(void)
{
	run_at(open(base, O_PATH | O_DIRECTORY), "expect", 0);
}

static void memory_file(void)
{
	int fd = memfd_create("a program", 0);

	must(fd, "memfd_create");
	copy_to(fd, 0755);
	/* Open for writing is "text file busy". */
	{
		char path[32];
		int again;

		snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
		again = open(path, O_RDONLY);
		must(again, path);
		close(fd);
		fexecve(again, (char *[]){ "memory", NULL }, env);
	}
	tool_die("fexecve");
}

static void *in_thread(void *unused)
{
	let_number("EXPECT_TID", (unsigned long long)syscall(SYS_gettid));
	RUN(in("expect"), "thread");
	return unused;
}

static void thread(void)
{
	pthread_t id;

	errno = pthread_create(&id, NULL, in_thread, NULL);
	if (errno)
		not_here("pthread_create");
	pthread_join(id, NULL);
}

static void no_args(void)
{
	run(in("expect"), (char *[]){ NULL });
}

static void other_name(void)
{
	RUN(in("expect"), "-a login shell, or so it says", "x");
}

static char *filled(size_t len, char byte)
{
	char *text = malloc(len + 1);

	if (!text)
		tool_die("malloc");
	memset(text, byte, len);
	text[len] = '\0';
	return text;
}

static void big_arg(void)
{
	RUN(in("expect"), "big", filled((128 << 10) - 1, 'b'), "after");
}

static void big_env(void)
{
	for (char c = 'a'; c < 'a' + 16; c++)
		let((char[]){ c, 0 }, filled((64 << 10) - 3, c));
	RUN(in("expect"), "environment");
}

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

static void terminal(void)
{
	int master = posix_openpt(O_RDWR | O_NOCTTY), slave;
	char name[64];

	if (master < 0 || unlockpt(master) || ptsname_r(master, name, sizeof(name)))
		not_here("pseudo-terminal");
	must(setsid(), "setsid");
	slave = open(name, O_RDWR | O_NOCTTY);
	must(slave, name);
	must(ioctl(slave, TIOCSCTTY, 0), "TIOCSCTTY");
	must(dup2(slave, STDIN_FILENO), "dup2");
	RUN(in("expect"), "terminal");
}

static void no_terminal(void)
{
	must(setsid(), "setsid");
	RUN(in("expect"), "session");
}

static const struct test_case {
	const char *name;
	void (*run)(void);
} cases[] = {
	{ "plain", plain },
	{ "symlink", by_symlink },
	{ "setuid", setuid_file },
	{ "setgid", setgid_file },
	{ "four-ids", four_ids },
	{ "login", login },
	{ "script", script },
	{ "script-chain", script_chain },
	{ "empty-path", empty_path },
	{ "below-fd", below_fd },
	{ "memfd", memory_file },
	{ "thread", thread },
	{ "no-args", no_args },
	{ "other-name", other_name },
	{ "big-arg", big_arg },
	{ "big-env", big_env },
	{ "no-cwd", no_cwd },
	{ "no-exe", no_exe },
	{ "pid-namespace", pid_namespace },
	{ "mount-namespace", mount_namespace },
	{ "chroot", changed_root },
	{ "chroot-top", changed_root_top },
	{ "outside-root", outside_root },
	{ "bind-dir", bind_dir },
	{ "bind-file", bind_file },
	{ "overlay", overlay },
	{ "deep-exe", deep_exe },
	{ "deep-cwd", deep_cwd },
	{ "deep-both", deep_both },
	{ "wide", wide },
	{ "long-filename", long_filename },
	{ "too-long", too_long },
	{ "too-deep", too_deep },
	{ "tty", terminal },
	{ "no-tty", no_terminal },
};

/* Where EXPECT_CGROUP and EXPECT_CGROUP_ID come from: what the shell found in cgroupfs. */
static void inherit(const char *name)
{
	if (getenv(name))
		let(name, getenv(name));
}

static void one(const struct test_case *c)
{
	char was[16];
	int status;
	pid_t pid = fork();

	must(pid, "fork");
	if (pid == 0) {
		snprintf(was, sizeof(was), "was-%s", c->name);
		prctl(PR_SET_NAME, was);
		let("EXPECT_PREV", was);
		let("EXPECT_CASE", c->name);
		c->run();
		_exit(1);
	}
	must(waitpid(pid, &status, 0), "waitpid");
	if (WIFEXITED(status) && WEXITSTATUS(status) == SKIP) {
		dprintf(STDOUT_FILENO, "{\"case\":\"%s\",\"skip\":true}\n", c->name);
	} else if (status) {
		fprintf(stderr, "expect: case %s: wait status %#x\n", c->name, (unsigned)status);
		exit(1);
	}
}

int main(int argc, char **argv, char **envp)
{
	if (getenv("EXPECT_CASE"))
		return told(argc, argv, envp);
	if (argc < 2 || argc > 3 || !realpath(argv[1], base)) {
		fprintf(stderr, "usage: expect DIR [CASE]\n");
		return 2;
	}
	/* As standard output is for the executed ones: kept open through exec. */
	must(fcntl(STDOUT_FILENO, F_SETFL, O_APPEND), "F_SETFL");
	proc = open("/proc", O_PATH | O_DIRECTORY);
	must(proc, "/proc");
	let_number("EXPECT_PROC", (unsigned long long)proc);
	inherit("EXPECT_CGROUP");
	inherit("EXPECT_CGROUP_ID");
	copy_self(in("expect"), 0755);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		if (argc == 2 || strcmp(argv[2], cases[i].name) == 0)
			one(&cases[i]);
	return 0;
}
