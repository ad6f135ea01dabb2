/* SPDX-License-Identifier: BSD-3-Clause */
#include "confine/sandbox.h"

#include <cap-ng.h>
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <locale.h>
#include <seccomp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "confine/view_user.h"

#define NOGROUP 65534 /* Debian's nogroup; the kernel's overflow id */

static unsigned long env_id(const char *name, unsigned long fallback)
{
	const char *text = getenv(name);
	char *end;
	unsigned long id;

	if (!text || !*text)
		return fallback;
	errno = 0;
	id = strtoul(text, &end, 10);
	/* root again would be no change of user, and a typo is not worth running as root for */
	return *end || errno || id == 0 || id > 0xfffffffe ? fallback : id;
}

/* Return the user id that sudo came from; 0 when root was not reached by sudo. */
static uid_t sandbox_sudo_uid(void)
{
	return (uid_t)env_id("SUDO_UID", 0);
}

uid_t ebt_sandbox_invoker(void)
{
	return geteuid() == 0 ? sandbox_sudo_uid() : geteuid();
}

bool ebt_sandbox_invoker_differs(void)
{
	return geteuid() == 0 && sandbox_sudo_uid() != 0;
}

/* Find the ids that root is to change to. */
static int sandbox_view_ids(uid_t *uid, gid_t *gid, char *why, size_t why_len)
{
	int err;

	*uid = sandbox_sudo_uid();
	if (*uid) {
		*gid = (gid_t)env_id("SUDO_GID", NOGROUP);
		return 0;
	}
	err = ebt_view_user_find(uid, why, why_len);
	*gid = *uid;
	return err;
}

void ebt_sandbox_locale(void)
{
	if (geteuid() == 0)
		unsetenv("LOCPATH");
	setlocale(LC_ALL, "");
	setlocale(LC_NUMERIC, "C");
}

int ebt_sandbox_drop_capabilities(char *why, size_t why_len)
{
	if (geteuid() == 0) {
		capng_clear(CAPNG_SELECT_BOUNDS);
		capng_apply(CAPNG_SELECT_BOUNDS);
	}
	capng_clear(CAPNG_SELECT_BOTH);
	if (capng_apply(CAPNG_SELECT_CAPS)) {
		snprintf(why, why_len, "cannot drop the capabilities");
		return -EPERM;
	}
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)) {
		snprintf(why, why_len, "cannot set no_new_privs: %s", strerror(errno));
		return -errno;
	}
	return 0;
}

int ebt_sandbox_drop(char *why, size_t why_len)
{
	uid_t uid;
	gid_t gid;
	int err;

	if (geteuid() == 0) {
		err = sandbox_view_ids(&uid, &gid, why, why_len);
		if (err)
			return err;
		/* The bounding set can only be emptied while we still may. */
		capng_clear(CAPNG_SELECT_BOUNDS);
		capng_apply(CAPNG_SELECT_BOUNDS);
		if (setgroups(0, NULL) || setresgid(gid, gid, gid) || setresuid(uid, uid, uid)) {
			snprintf(why, why_len, "cannot become user %u: %s", uid, strerror(errno));
			return -errno;
		}
	}
	return ebt_sandbox_drop_capabilities(why, why_len);
}

/* Calls that carry no right to anything new: memory, time, signals to itself, descriptors it has.
 * docs/security.md says of each that a usual run does not make why it is here. */
static const int allowed[] = {
	SCMP_SYS(read),
	SCMP_SYS(write),
	SCMP_SYS(pread64),
	SCMP_SYS(pwrite64),
	SCMP_SYS(close),
	SCMP_SYS(fstat),
	SCMP_SYS(newfstatat),
	SCMP_SYS(poll),
	SCMP_SYS(ppoll),
	SCMP_SYS(munmap),
	SCMP_SYS(mremap),
	SCMP_SYS(madvise),
	SCMP_SYS(brk),
	SCMP_SYS(futex),
	SCMP_SYS(clock_gettime),
	SCMP_SYS(gettimeofday),
	SCMP_SYS(clock_nanosleep),
	SCMP_SYS(rt_sigaction),
	SCMP_SYS(rt_sigprocmask),
	SCMP_SYS(rt_sigreturn),
	SCMP_SYS(restart_syscall),
	SCMP_SYS(recvmsg),
	SCMP_SYS(sendmsg),
	SCMP_SYS(getpid),
	SCMP_SYS(gettid),
	SCMP_SYS(getrandom),
	SCMP_SYS(fdatasync),
	SCMP_SYS(ftruncate),
	SCMP_SYS(dup2),
	SCMP_SYS(dup3),
	SCMP_SYS(exit_group),
};

/*
 * The writer of files: by name (new parts of a recording, SQLite's journal, a metrics file that is
 * renamed into place), with locks. No sockets, no new processes, no ids, no mounts.
 */
static const int allowed_files[] = {
	SCMP_SYS(openat),  SCMP_SYS(open),	SCMP_SYS(unlink),     SCMP_SYS(unlinkat),
	SCMP_SYS(rename),  SCMP_SYS(renameat),	SCMP_SYS(fchmod),     SCMP_SYS(fchown),
	SCMP_SYS(access),  SCMP_SYS(faccessat), SCMP_SYS(stat),	      SCMP_SYS(lstat),
	SCMP_SYS(fsync),   SCMP_SYS(readlink),	SCMP_SYS(readlinkat), SCMP_SYS(getcwd),
	SCMP_SYS(geteuid), SCMP_SYS(getuid),	SCMP_SYS(mkdir),      SCMP_SYS(mkdirat),
	SCMP_SYS(lseek),   SCMP_SYS(flock),
};

/* Terminal control only: TIOCSTI and the like stay out. */
static const unsigned long ioctls[] = { TCGETS, TCSETS,	    TCSETSW,   TCSETSF,
					TCFLSH, TIOCGWINSZ, TIOCGPGRP, FIONREAD };

/* Status flags and record locks of descriptors it has; F_SETOWN and F_SETSIG would be a kill(). */
static const unsigned long fcntls[] = { F_GETFD, F_SETFD,  F_GETFL, F_SETFL,	    F_GETLK,
					F_SETLK, F_SETLKW, F_DUPFD, F_DUPFD_CLOEXEC };

static int add_rules(scmp_filter_ctx ctx)
{
	int err = 0;

	for (size_t i = 0; !err && i < EBT_ARRAY_SIZE(allowed); i++)
		err = seccomp_rule_add(ctx, SCMP_ACT_ALLOW, allowed[i], 0);
	for (size_t i = 0; !err && i < EBT_ARRAY_SIZE(ioctls); i++)
		err = seccomp_rule_add(ctx, SCMP_ACT_ALLOW, SCMP_SYS(ioctl), 1,
				       SCMP_A1(SCMP_CMP_MASKED_EQ, 0xffffffff, ioctls[i]));
	/* New memory is never executable. */
	if (!err)
		err = seccomp_rule_add(ctx, SCMP_ACT_ALLOW, SCMP_SYS(mmap), 1,
				       SCMP_A2(SCMP_CMP_MASKED_EQ, 0x4 /* PROT_EXEC */, 0));
	if (!err)
		err = seccomp_rule_add(ctx, SCMP_ACT_ALLOW, SCMP_SYS(mprotect), 1,
				       SCMP_A2(SCMP_CMP_MASKED_EQ, 0x4, 0));
	/* Is a process still there? */
	if (!err)
		err = seccomp_rule_add(ctx, SCMP_ACT_ALLOW, SCMP_SYS(kill), 1,
				       SCMP_A1(SCMP_CMP_EQ, 0));
	/* Signals only to itself: Ctrl-Z and abort(). */
	if (!err)
		err = seccomp_rule_add(ctx, SCMP_ACT_ALLOW, SCMP_SYS(kill), 1,
				       SCMP_A0(SCMP_CMP_EQ, (unsigned)getpid()));
	if (!err)
		err = seccomp_rule_add(ctx, SCMP_ACT_ALLOW, SCMP_SYS(tgkill), 1,
				       SCMP_A0(SCMP_CMP_EQ, (unsigned)getpid()));
	for (size_t i = 0; !err && i < EBT_ARRAY_SIZE(fcntls); i++)
		err = seccomp_rule_add(ctx, SCMP_ACT_ALLOW, SCMP_SYS(fcntl), 1,
				       SCMP_A1(SCMP_CMP_MASKED_EQ, 0xffffffff, fcntls[i]));
#ifdef __SANITIZE_ADDRESS__
	/* AddressSanitizer asks for it before each function that does not return. */
	if (!err)
		err = seccomp_rule_add(ctx, SCMP_ACT_ALLOW, SCMP_SYS(sigaltstack), 0);
#endif
	return err;
}

/* Permit opening files that exist, for reading only. */
static int add_reading(scmp_filter_ctx ctx)
{
	unsigned long changes = O_ACCMODE | O_CREAT | O_TRUNC | (O_TMPFILE & ~O_DIRECTORY);
	int err = seccomp_rule_add(ctx, SCMP_ACT_ALLOW, SCMP_SYS(openat), 1,
				   SCMP_A2(SCMP_CMP_MASKED_EQ, changes, O_RDONLY));

	return err ? err : seccomp_rule_add(ctx, SCMP_ACT_ALLOW, SCMP_SYS(lseek), 0);
}

enum sandbox_files { FILES_NONE, FILES_READ, FILES_WRITE };

static int load_filter(enum sandbox_files files, char *why, size_t why_len)
{
	/* An error, not a kill: a library that tries something optional finds out and goes on. */
	scmp_filter_ctx ctx = seccomp_init(SCMP_ACT_ERRNO(EPERM));
	int err = ctx ? add_rules(ctx) : -ENOMEM;

	/* The time zone's file can be read now, and is kept: later every time of day would be UTC.
	 */
	tzset();
	for (size_t i = 0; files == FILES_WRITE && !err && i < EBT_ARRAY_SIZE(allowed_files); i++)
		err = seccomp_rule_add(ctx, SCMP_ACT_ALLOW, allowed_files[i], 0);
	if (!err && files == FILES_READ)
		err = add_reading(ctx);
	if (!err)
		err = seccomp_load(ctx);
	if (ctx)
		seccomp_release(ctx);
	if (err)
		snprintf(why, why_len, "cannot set the system-call filter: %s", strerror(-err));
	return err;
}

int ebt_sandbox_seccomp(char *why, size_t why_len)
{
	return load_filter(FILES_NONE, why, why_len);
}

int ebt_sandbox_seccomp_files(char *why, size_t why_len)
{
	return load_filter(FILES_WRITE, why, why_len);
}

int ebt_sandbox_seccomp_reader(char *why, size_t why_len)
{
	return load_filter(FILES_READ, why, why_len);
}
