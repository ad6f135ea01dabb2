/* SPDX-License-Identifier: BSD-3-Clause */
#include "base/proc.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"

static int proc_open(int proc, uint32_t pid, const char *name)
{
	char path[64];
	int fd;

	snprintf(path, sizeof(path), "%s%u/%s", proc < 0 ? "/proc/" : "", pid, name);
	fd = openat(proc < 0 ? AT_FDCWD : proc, path, O_RDONLY | O_CLOEXEC);
	return fd < 0 ? -errno : fd;
}

ssize_t ebt_proc_read(int proc, uint32_t pid, const char *name, char *buf, size_t size)
{
	_cleanup_close_ int fd = proc_open(proc, pid, name);
	ssize_t n;

	if (fd < 0)
		return fd;
	n = read(fd, buf, size - 1);
	if (n < 0)
		return -errno;
	buf[n] = '\0';
	return n;
}

ssize_t ebt_proc_read_whole(int proc, uint32_t pid, const char *name, char *buf, size_t size)
{
	_cleanup_close_ int fd = proc_open(proc, pid, name);
	size_t len = 0;
	ssize_t n;

	if (fd < 0)
		return fd;
	do {
		n = read(fd, buf + len, size - len);
		if (n < 0)
			return -errno;
		len += (size_t)n;
	} while (n > 0 && len < size);
	return (ssize_t)len;
}

/* The text is "pid (comm) state ppid … starttime …". comm may hold any byte, also ')', so the
 * other fields begin behind the last one. */
int ebt_proc_parse_stat(const char *text, struct ebt_proc_stat *out)
{
	const char *open = strchr(text, '('), *close = strrchr(text, ')');
	unsigned long long start;

	if (!open || !close || close < open)
		return -EINVAL;
	out->comm = (struct ebt_bytes){ open + 1, (size_t)(close - open - 1) };
	if (sscanf(close + 1,
		   " %c %u %*d %*d %*d %*d %*u %*u %*u %*u %*u %*u %*u %*d %*d %*d %*d %*d %*d %llu",
		   &out->state, &out->ppid, &start) != 3)
		return -EINVAL;
	out->start_ticks = start;
	return 0;
}

int ebt_proc_stat(int proc, uint32_t pid, char *buf, size_t size, struct ebt_proc_stat *out)
{
	ssize_t n = ebt_proc_read(proc, pid, "stat", buf, size);

	return n < 0 ? (int)n : ebt_proc_parse_stat(buf, out);
}

int ebt_proc_parse_ids(const char *text, struct ebt_proc_ids *out)
{
	bool uid = false, gid = false;

	while (*text && !(uid && gid)) {
		uid = uid || sscanf(text, "Uid: %u %u", &out->uid, &out->euid) == 2;
		gid = gid || sscanf(text, "Gid: %u %u", &out->gid, &out->egid) == 2;
		text += strcspn(text, "\n");
		text += *text == '\n';
	}
	return uid && gid ? 0 : -EINVAL;
}

int ebt_proc_parse_status(const char *text, char comm[EBT_PROC_COMM_LEN], uint32_t *tgid)
{
	comm[0] = '\0';
	while (*text) {
		size_t len = strcspn(text, "\n");

		if (strncmp(text, "Name:\t", 6) == 0)
			snprintf(comm, EBT_PROC_COMM_LEN, "%.*s", (int)len - 6, text + 6);
		if (sscanf(text, "Tgid: %u", tgid) == 1)
			return 0;
		text += len + (text[len] == '\n');
	}
	return -EINVAL;
}

ssize_t ebt_proc_exe(uint32_t pid, char *out, size_t size)
{
	char link[32];
	ssize_t n;

	snprintf(link, sizeof(link), "/proc/%u/exe", pid);
	n = readlink(link, out, size - 1);
	if (n < 0)
		return -errno;
	out[n] = '\0';
	return n;
}

bool ebt_proc_runs_our_file(uint32_t pid)
{
	struct stat theirs, ours;
	char link[32];

	snprintf(link, sizeof(link), "/proc/%u/exe", pid);
	return stat(link, &theirs) == 0 && stat("/proc/self/exe", &ours) == 0 &&
	       theirs.st_dev == ours.st_dev && theirs.st_ino == ours.st_ino;
}

/* The line of the cgroup2 hierarchy is "0::PATH". */
int ebt_proc_cgroup(uint32_t pid, char *out, size_t size)
{
	_cleanup_fclose_ FILE *f = NULL;
	char name[32], line[PATH_MAX];

	snprintf(name, sizeof(name), "/proc/%u/cgroup", pid);
	f = fopen(name, "re");
	if (!f)
		return -errno;
	while (fgets(line, sizeof(line), f)) {
		if (strncmp(line, "0::/", 4) != 0)
			continue;
		line[strcspn(line, "\n")] = '\0';
		snprintf(out, size, "%s", strcmp(line + 3, "/") == 0 ? "" : line + 3);
		return 0;
	}
	return -ENOENT;
}
