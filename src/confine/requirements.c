/* SPDX-License-Identifier: BSD-3-Clause */
#include "confine/requirements.h"

#include <cap-ng.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "base/exit_status.h"
#include "base/format.h"

/* Inodes of the initial namespaces: include/linux/proc_ns.h, the same since 3.8. */
#define USER_INIT_INO 0xEFFFFFFDu
#define PID_INIT_INO  0xEFFFFFFCu

#define KERNEL_MAJOR 5u
#define KERNEL_MINOR 14u

/* Measured: 44 files do, with a compile beside it; of stack 128K. */
#define FILES_LEAST 64u
#define STACK_LEAST (256u << 10)

/* Without /proc nothing is known: then as on most machines. */
static bool in_first(const char *path, ino_t first)
{
	struct stat st;

	return stat(path, &st) || st.st_ino == first;
}

bool ebt_may_trace(void)
{
	if (!in_first("/proc/self/ns/user", USER_INIT_INO))
		return false;
	capng_get_caps_process();
	return capng_have_capability(CAPNG_EFFECTIVE, CAP_SYS_ADMIN) ||
	       (capng_have_capability(CAPNG_EFFECTIVE, CAP_BPF) &&
		capng_have_capability(CAPNG_EFFECTIVE, CAP_PERFMON));
}

/* The view becomes another user when this is root. */
static bool may_leave_root(void)
{
	capng_get_caps_process();
	return geteuid() != 0 || (capng_have_capability(CAPNG_EFFECTIVE, CAP_SETUID) &&
				  capng_have_capability(CAPNG_EFFECTIVE, CAP_SETGID));
}

static bool limit_is_below(int resource, rlim_t least, rlim_t *now)
{
	struct rlimit limit;

	if (getrlimit((__rlimit_resource_t)resource, &limit) || limit.rlim_cur >= least)
		return false;
	*now = limit.rlim_cur;
	return true;
}

static int check_limits(char *why, size_t why_len)
{
	char have[EBT_FMT_LEN], least[EBT_FMT_LEN];
	rlim_t now;

	if (limit_is_below(RLIMIT_NOFILE, FILES_LEAST, &now)) {
		snprintf(why, why_len,
			 "only %llu files may be open at a time; at least %u are needed: try "
			 "'ulimit -n 1024'",
			 (unsigned long long)now, FILES_LEAST);
		return EBT_EXIT_KERNEL;
	}
	if (limit_is_below(RLIMIT_STACK, STACK_LEAST, &now)) {
		snprintf(why, why_len,
			 "the stack may have only %s; at least %s are needed: try 'ulimit -s 8192'",
			 ebt_fmt_bytes(have, now), ebt_fmt_bytes(least, STACK_LEAST));
		return EBT_EXIT_KERNEL;
	}
	return 0;
}

bool ebt_is_set_user_id(void)
{
	return getuid() != geteuid() || getgid() != getegid();
}

bool ebt_kernel_is_too_old(const char *release)
{
	unsigned major, minor;

	if (sscanf(release, "%u.%u", &major, &minor) != 2)
		return false;
	return major < KERNEL_MAJOR || (major == KERNEL_MAJOR && minor < KERNEL_MINOR);
}

int ebt_can_load(char *why, size_t why_len)
{
	struct utsname uts;

	if (!ebt_may_trace()) {
		snprintf(why, why_len, "%s",
			 in_first("/proc/self/ns/user", USER_INIT_INO)
				 ? "tracing needs root (or the capabilities CAP_BPF and "
				   "CAP_PERFMON): try 'sudo execbig-top'"
				 : "tracing needs privilege over the machine, and this is a user "
				   "namespace, where root is not root: run it outside (rootless "
				   "containers cannot)");
		return EBT_EXIT_PRIVILEGE;
	}
	if (!uname(&uts) && ebt_kernel_is_too_old(uts.release)) {
		snprintf(
			why, why_len,
			"this kernel is Linux %s and does not accept the programs; Linux %u.%u or later is needed",
			uts.release, KERNEL_MAJOR, KERNEL_MINOR);
		return EBT_EXIT_KERNEL;
	}
	if (access(EBT_BTF_PATH, R_OK)) {
		snprintf(why, why_len,
			 "this kernel gives no type information (%s: %s); a kernel built with "
			 "CONFIG_DEBUG_INFO_BTF is needed, as Debian's are (package "
			 "linux-image-amd64)",
			 EBT_BTF_PATH, strerror(errno));
		return EBT_EXIT_KERNEL;
	}
	return check_limits(why, why_len);
}

int ebt_can_trace(char *why, size_t why_len)
{
	int status;

	if (access("/proc/self/fd", F_OK)) {
		snprintf(
			why, why_len,
			"/proc is not mounted, and nothing can be found without it: mount -t proc proc /proc");
		return EBT_EXIT_KERNEL;
	}
	status = ebt_can_load(why, why_len);
	if (status || may_leave_root())
		return status;
	snprintf(why, why_len,
		 "root without the capabilities CAP_SETUID and CAP_SETGID cannot start the "
		 "view as another user: add them, or run it as a user who has CAP_BPF and "
		 "CAP_PERFMON");
	return EBT_EXIT_PRIVILEGE;
}

int ebt_can_name_pids(char *why, size_t why_len)
{
	if (in_first("/proc/self/ns/pid", PID_INIT_INO))
		return 0;
	snprintf(why, why_len,
		 "-p, COMMAND and homeostasis need the machine's process ids, and this pid "
		 "namespace has its own: start the container with --pid=host, or trace without "
		 "them");
	return -EXDEV;
}
