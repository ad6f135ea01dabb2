/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * expect.h - the half of `expect` that was executed: prints what it knows of its own exec, in the
 * names of execbig-top's JSON, from system calls, the auxiliary vector and /proc.
 *
 * /proc is reached through a directory handed down (EXPECT_PROC), so that it is the initial pid
 * namespace's also in a chroot or another namespace. What no process can know of itself comes as
 * EXPECT_* from the half that called exec.
 */
#ifndef EBT_TESTS_EXPECT_H
#define EBT_TESTS_EXPECT_H

#include <fcntl.h>
#include <stdarg.h>
#include <sys/auxv.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/sysmacros.h>

#include "tool.h"

struct told {
	char *text, *end;
	int proc;
};

static inline void __attribute__((format(printf, 2, 3)))
told_put(struct told *t, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	t->end += vsprintf(t->end, format, args);
	va_end(args);
}

static inline void told_string(struct told *t, const char *name, const char *text)
{
	told_put(t, ",\"%s\":", name);
	t->end = tool_json_string(t->end, text);
}

/* Gives the bytes, NULs included. */
static inline size_t told_strings(struct told *t, const char *name, char *const list[])
{
	size_t bytes = 0;

	told_put(t, ",\"%s\":[", name);
	for (int i = 0; list[i]; i++) {
		if (i)
			*t->end++ = ',';
		t->end = tool_json_string(t->end, list[i]);
		bytes += strlen(list[i]) + 1;
	}
	told_put(t, "],\"%s_bytes\":%zu,\"%s_captured\":%zu", name, bytes, name, bytes);
	return bytes;
}

/* A number or, when it is (unsigned)-1, null: audit's numbers. */
static inline void told_audit(struct told *t, const char *name, const char *file)
{
	char text[32] = "";
	int fd = openat(t->proc, file, O_RDONLY);

	if (fd < 0)
		return; /* a kernel without audit */
	if (read(fd, text, sizeof(text) - 1) < 0)
		tool_die(file);
	close(fd);
	told_put(t, ",\"%s\":%s", name, strcmp(text, "4294967295") == 0 ? "null" : text);
}

/* ppid, controlling terminal and start of a process. */
struct told_stat {
	int ppid, tty;
	unsigned long long start_ticks;
};

static inline struct told_stat told_stat(const struct told *t, const char *pid)
{
	struct told_stat s = { 0 };
	char path[64], text[2048];
	char *from;
	ssize_t n;
	int fd;

	snprintf(path, sizeof(path), "%s/stat", pid);
	fd = openat(t->proc, path, O_RDONLY);
	n = fd < 0 ? -1 : read(fd, text, sizeof(text) - 1);
	if (n <= 0)
		tool_die(path);
	close(fd);
	text[n] = '\0';
	from = strrchr(text, ')');
	if (!from || sscanf(from + 1,
			    " %*c %d %*d %*d %d %*d %*u %*u %*u %*u %*u %*u %*u %*d %*d %*d %*d "
			    "%*d %*d %llu",
			    &s.ppid, &s.tty, &s.start_ticks) != 3)
		tool_die("unknown format of /proc/PID/stat");
	return s;
}

/* A path from a magic link; true when the file is deleted, which is no part of the path here. */
static inline bool told_link(struct told *t, const char *name, const char *link, const char *known)
{
	static char path[8192];
	char file[32];
	struct stat st;
	ssize_t n;
	char *mark;

	snprintf(file, sizeof(file), "self/%s", link);
	if (fstatat(t->proc, file, &st, 0))
		tool_die(file);
	n = known ? snprintf(path, sizeof(path), "%s", known)
		  : readlinkat(t->proc, file, path, sizeof(path) - 1);
	if (n < 0)
		tool_die(file);
	path[n] = '\0';
	mark = strstr(path, " (deleted)");
	if (mark && !st.st_nlink)
		*mark = '\0';
	told_string(t, name, path);
	if (strcmp(name, "exe") == 0)
		told_put(t, ",\"exe_dev\":%u,\"exe_ino\":%llu",
			 (unsigned)(major(st.st_dev) << 20 | minor(st.st_dev)),
			 (unsigned long long)st.st_ino);
	return st.st_nlink == 0;
}

static inline void told_namespace(struct told *t, const char *name, const char *file)
{
	struct stat st;

	if (fstatat(t->proc, file, &st, 0))
		tool_die(file);
	told_put(t, ",\"%s\":%llu", name, (unsigned long long)st.st_ino);
}

static inline const char *told_env(const char *name, const char *otherwise)
{
	const char *text = getenv(name);

	return text ? text : otherwise;
}

static inline void told_who(struct told *t)
{
	struct told_stat me = told_stat(t, "self"), parent;
	char pid[32] = "", ppid[16];
	const char *tty;

	if (readlinkat(t->proc, "self", pid, sizeof(pid) - 1) < 0)
		tool_die("self");
	snprintf(ppid, sizeof(ppid), "%d", me.ppid);
	parent = told_stat(t, ppid);
	told_put(t, ",\"pid\":%s,\"ppid\":%d,\"tid\":%s,\"vpid\":%d", pid, me.ppid,
		 told_env("EXPECT_TID", pid), (int)getpid());
	told_put(t, ",\"uid\":%u,\"euid\":%u,\"gid\":%u,\"egid\":%u", getuid(), geteuid(), getgid(),
		 getegid());
	told_audit(t, "loginuid", "self/loginuid");
	told_audit(t, "sessionid", "self/sessionid");
	tty = me.tty ? ttyname(STDIN_FILENO) : NULL;
	if (tty)
		told_string(t, "tty", tty + strlen("/dev/"));
	else
		told_put(t, ",\"tty\":null");
	told_namespace(t, "pid_ns", "self/ns/pid");
	told_namespace(t, "mnt_ns", "self/ns/mnt");
	if (getenv("EXPECT_CGROUP_ID"))
		told_put(t, ",\"cgroup_id\":%s", getenv("EXPECT_CGROUP_ID"));
	if (getenv("EXPECT_CGROUP"))
		told_string(t, "cgroup", getenv("EXPECT_CGROUP"));
	told_put(t, ",\"start_ticks\":%llu,\"parent_start_ticks\":%llu", me.start_ticks,
		 parent.start_ticks);
}

static inline void told_what(struct told *t, int argc, char **argv, char **envp)
{
	char comm[17] = "";
	int envc = 0;

	prctl(PR_GET_NAME, comm);
	told_string(t, "comm", comm);
	told_string(t, "prev_comm", told_env("EXPECT_PREV", ""));
	told_string(t, "filename", (const char *)getauxval(AT_EXECFN));
	told_put(t, ",\"script\":%s,\"ret\":0,\"type\":\"exec\",\"argc\":%d",
		 told_env("EXPECT_SCRIPT", "false"), argc);
	told_strings(t, "args", argv);
	told_strings(t, "env", envp);
	while (envp[envc])
		envc++;
	told_put(t, ",\"envc\":%d", envc);
}

/* {"case":…} on EXPECT_OUT, by one write: the exec as execbig-top must have shown it. */
static inline int told(int argc, char **argv, char **envp)
{
	struct told t = { .text = malloc(8 << 20), .proc = atoi(told_env("EXPECT_PROC", "-1")) };
	const char *flags = told_env("EXPECT_FLAGS", "");
	bool exe_deleted, cwd_deleted;

	if (!t.text)
		tool_die("malloc");
	t.end = t.text;
	told_put(&t, "{\"case\":\"%s\"", getenv("EXPECT_CASE"));
	told_who(&t);
	told_what(&t, argc, argv, envp);
	exe_deleted = told_link(&t, "exe", "exe", getenv("EXPECT_EXE"));
	cwd_deleted = told_link(&t, "cwd", "cwd", getenv("EXPECT_CWD"));
	told_put(&t, ",\"flags\":[%s%s%s%s%s]}\n", exe_deleted ? "\"exe_deleted\"" : "",
		 exe_deleted && cwd_deleted ? "," : "", cwd_deleted ? "\"cwd_deleted\"" : "",
		 *flags && (exe_deleted || cwd_deleted) ? "," : "", flags);
	if (write(atoi(told_env("EXPECT_OUT", "1")), t.text, (size_t)(t.end - t.text)) !=
	    t.end - t.text)
		tool_die("write");
	return 0;
}

#endif
