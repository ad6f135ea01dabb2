/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * nth.c - LD_PRELOAD: the nth call of one function, in one of the program's processes, fails.
 *
 * NTH_CALL: a name of the table below, "ring" or "window" (mmap of what the reader of a ring shares
 * with the kernel, of the ring's data), or a BPF program's name (its load); NTH_N: which call, from
 * 1; NTH_WHO: "loader" (the process that was started), "view" (the one that names itself so);
 * NTH_HIT: a file that gets a line when it happened. Counting begins where the process does, so
 * calls of before the fork do not count for the view. Only calls of the program and its libraries
 * are met, not those inside libc.
 */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/bpf.h>
#include <poll.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

static struct {
	const char *call;
	unsigned long n, count;
	int hit;	  /* fd of NTH_HIT */
	bool view, armed; /* which process is wanted; and it is this one */
} nth = { .hit = -1 };

/* Not dlsym in the middle of an allocation: looked up at the beginning. */
static struct {
	void *(*malloc)(size_t);
	void *(*calloc)(size_t, size_t);
	void *(*realloc)(void *, size_t);
	void *(*mmap)(void *, size_t, int, int, int, off_t);
	int (*prctl)(int, ...);
	ssize_t (*write)(int, const void *, size_t);
	ssize_t (*read)(int, void *, size_t);
	int (*poll)(struct pollfd *, nfds_t, int);
	pid_t (*fork)(void);
	ssize_t (*sendmsg)(int, const struct msghdr *, int);
	ssize_t (*recvmsg)(int, struct msghdr *, int);
	int (*socketpair)(int, int, int, int *);
	int (*pipe2)(int *, int);
	int (*dup2)(int, int);
	int (*memfd_create)(const char *, unsigned);
	int (*signalfd)(int, const sigset_t *, int);
	int (*ftruncate)(int, off_t);
	int (*close_range)(unsigned, unsigned, int);
	char *(*strdup)(const char *);
} real;

/* At the first call, which may come from another library's constructor, before ours. */
static void look_up(void)
{
#define LOOK_UP(name) real.name = dlsym(RTLD_NEXT, #name)
	LOOK_UP(malloc);
	LOOK_UP(calloc);
	LOOK_UP(realloc);
	LOOK_UP(mmap);
	LOOK_UP(prctl);
	LOOK_UP(write);
	LOOK_UP(read);
	LOOK_UP(poll);
	LOOK_UP(fork);
	LOOK_UP(sendmsg);
	LOOK_UP(recvmsg);
	LOOK_UP(socketpair);
	LOOK_UP(pipe2);
	LOOK_UP(dup2);
	LOOK_UP(memfd_create);
	LOOK_UP(signalfd);
	LOOK_UP(ftruncate);
	LOOK_UP(close_range);
	LOOK_UP(strdup);
#undef LOOK_UP
}

__attribute__((constructor)) static void begin(void)
{
	const char *who = getenv("NTH_WHO"), *n = getenv("NTH_N"), *path = getenv("NTH_HIT");

	look_up();
	nth.call = getenv("NTH_CALL");
	nth.n = n ? strtoul(n, NULL, 10) : 0;
	nth.view = who && strcmp(who, "view") == 0;
	if (path)
		nth.hit = (int)syscall(SYS_openat, AT_FDCWD, path, O_WRONLY | O_APPEND | O_CLOEXEC);
	nth.armed = nth.call && nth.n && nth.hit >= 0 && !nth.view;
	/* The command and the compiler are not the program. */
	unsetenv("LD_PRELOAD");
}

/* True once: now. */
static bool fails(const char *call)
{
	if (!nth.armed || strcmp(call, nth.call) != 0 || ++nth.count != nth.n)
		return false;
	syscall(SYS_write, nth.hit, "hit\n", 4);
	return true;
}

/* A child is somebody else, until it says that it is the view. */
pid_t fork(void)
{
	pid_t pid;

	if (fails("fork")) {
		errno = EAGAIN;
		return -1;
	}
	if (!real.fork)
		look_up();
	pid = real.fork();
	if (pid == 0)
		nth.armed = false;
	return pid;
}

int prctl(int option, ...)
{
	unsigned long a[4];
	va_list ap;

	va_start(ap, option);
	for (int i = 0; i < 4; i++)
		a[i] = va_arg(ap, unsigned long);
	va_end(ap);
	if (nth.view && option == PR_SET_NAME && strcmp((char *)a[0], "execbig-view") == 0) {
		nth.armed = true;
		nth.count = 0;
	}
	if (!real.prctl)
		look_up();
	return real.prctl(option, a[0], a[1], a[2], a[3]);
}

/* The program closes all descriptors that it does not know in its children; ours stays. */
int close_range(unsigned first, unsigned last, int flags)
{
	unsigned hit = (unsigned)nth.hit;

	if (!real.close_range)
		look_up();
	if (nth.hit < 0 || hit < first || hit > last)
		return real.close_range(first, last, flags);
	if (hit > first && real.close_range(first, hit - 1, flags))
		return -1;
	return hit < last ? real.close_range(hit + 1, last, flags) : 0;
}

/* dlsym itself allocates before its answer is there. */
void *malloc(size_t size)
{
	if (!real.malloc)
		real.malloc = dlsym(RTLD_NEXT, "malloc");
	if (fails("malloc")) {
		errno = ENOMEM;
		return NULL;
	}
	return real.malloc(size);
}

void *calloc(size_t n, size_t size)
{
	static char early[4096];
	static size_t used;

	if (!real.calloc) {
		void *at = early + used;

		used += (n * size + 15) / 16 * 16;
		if (used > sizeof(early))
			abort();
		return at;
	}
	if (fails("calloc")) {
		errno = ENOMEM;
		return NULL;
	}
	return real.calloc(n, size);
}

void *realloc(void *p, size_t size)
{
	if (!real.realloc)
		real.realloc = dlsym(RTLD_NEXT, "realloc");
	if (fails("realloc")) {
		errno = ENOMEM;
		return NULL;
	}
	return real.realloc(p, size);
}

/* bpf(2), perf_event_open(2) and others without a function of their own. */
long syscall(long number, ...)
{
	static long (*next)(long, ...);
	unsigned long a[6];
	va_list ap;

	if (!next)
		next = dlsym(RTLD_NEXT, "syscall");
	va_start(ap, number);
	for (int i = 0; i < 6; i++)
		a[i] = va_arg(ap, unsigned long);
	va_end(ap);
	if (number == SYS_bpf && a[0] == BPF_PROG_LOAD &&
	    fails(((const union bpf_attr *)a[1])->prog_name)) {
		errno = ENOMEM;
		return -1;
	}
	if (number != SYS_write && number != SYS_openat && fails("syscall")) {
		errno = EPERM;
		return -1;
	}
	return next(number, a[0], a[1], a[2], a[3], a[4], a[5]);
}

#define FAILING(type, name, error, params, args) \
	type name params                         \
	{                                        \
		if (fails(#name)) {              \
			errno = error;           \
			return (type)-1;         \
		}                                \
		if (!real.name)                  \
			look_up();               \
		return real.name args;           \
	}

void *mmap(void *a, size_t len, int prot, int flags, int fd, off_t off)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	bool shared = fd >= 0 && flags == MAP_SHARED;
	bool ring = shared && len == page && off == 0 && prot == (PROT_READ | PROT_WRITE);
	bool window = shared && (size_t)off >= 2 * page && prot == PROT_READ;

	if (fails("mmap") || (ring && fails("ring")) || (window && fails("window"))) {
		errno = ENOMEM;
		return MAP_FAILED;
	}
	if (!real.mmap)
		look_up();
	return real.mmap(a, len, prot, flags, fd, off);
}

FAILING(ssize_t, write, EIO, (int fd, const void *data, size_t len), (fd, data, len))
FAILING(ssize_t, read, EIO, (int fd, void *data, size_t len), (fd, data, len))
FAILING(int, poll, ENOMEM, (struct pollfd * fds, nfds_t n, int ms), (fds, n, ms))
FAILING(ssize_t, sendmsg, ENOBUFS, (int fd, const struct msghdr *msg, int flags), (fd, msg, flags))
FAILING(ssize_t, recvmsg, ENOMEM, (int fd, struct msghdr *msg, int flags), (fd, msg, flags))
FAILING(int, socketpair, EMFILE, (int d, int t, int p, int fds[2]), (d, t, p, fds))
FAILING(int, pipe2, EMFILE, (int fds[2], int flags), (fds, flags))
FAILING(int, dup2, EBUSY, (int from, int to), (from, to))
FAILING(int, memfd_create, EMFILE, (const char *name, unsigned flags), (name, flags))
FAILING(int, ftruncate, EIO, (int fd, off_t len), (fd, len))

int signalfd(int fd, const sigset_t *set, int flags)
{
	if (fails("signalfd")) {
		errno = EMFILE;
		return -1;
	}
	if (!real.signalfd)
		look_up();
	return real.signalfd(fd, set, flags);
}

char *strdup(const char *text)
{
	if (fails("strdup")) {
		errno = ENOMEM;
		return NULL;
	}
	if (!real.strdup)
		look_up();
	return real.strdup(text);
}

/* open and openat take a mode only sometimes. */
int open(const char *path, int flags, ...)
{
	va_list ap;
	mode_t mode;

	va_start(ap, flags);
	mode = va_arg(ap, mode_t);
	va_end(ap);
	if (fails("open")) {
		errno = EMFILE;
		return -1;
	}
	return openat(AT_FDCWD, path, flags, mode);
}

int openat(int dir, const char *path, int flags, ...)
{
	static int (*next)(int, const char *, int, ...);
	va_list ap;
	mode_t mode;

	if (!next)
		next = dlsym(RTLD_NEXT, "openat");
	va_start(ap, flags);
	mode = va_arg(ap, mode_t);
	va_end(ap);
	if (fails("openat")) {
		errno = EMFILE;
		return -1;
	}
	return next(dir, path, flags, mode);
}
