/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * expect DIR [CASE] - executes itself in all the ways of the table at the end, working in the empty
 * directory DIR; each executed program prints what it knows of its exec (expect.h) to stdout, which
 * must be a file. A case that this machine does not allow is printed as {"case":…,"skip":…}.
 */
#include <pthread.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>

#include "expect.h"
#include "expect_exec.h"
#include "expect_places.h"

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
