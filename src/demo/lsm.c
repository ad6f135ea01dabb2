/* SPDX-License-Identifier: BSD-3-Clause */
/* lsm.c - lesson 20: programs that deny system calls at LSM hooks */
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/failure.h"
#include "confine/child.h"
#include "base/cleanup.h"
#include "confine/child.h"
#include "demo/lesson.h"
#include "demo/lessons.h"

struct denial {
	uint64_t inode;
	uint32_t exec, seen;
};

/* The result of each attempt as the child reports it: 0, or the errno. */
struct tries {
	int open_err, exec_err;
};

static int try_open(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return errno;
	close(fd);
	return 0;
}

/* Run in the child: wait until the parent has put it into the map, then try to open and to execute.
 * execve() only returns if it was denied. */
static _Noreturn void lsm_child(int go, int say, const char *path)
{
	struct tries t = { 0 };
	char byte;

	if (read(go, &byte, 1) != 1)
		_exit(1);
	t.open_err = try_open(path);
	/* Report success before the exec, because a successful exec cannot report anything. */
	if (write(say, &t, sizeof(t)) != sizeof(t))
		_exit(1);
	execl("/bin/true", "true", NULL);
	t.exec_err = errno;
	if (write(say, &t, sizeof(t)) != sizeof(t))
		_exit(1);
	_exit(0);
}

/* Fork the child with the two pipe ends that it needs. Return its id, or -errno. */
static pid_t lsm_fork(int go, int say, const char *path)
{
	const struct ebt_child_fd keep[] = { { go, EBT_CHILD_SAME }, { say, EBT_CHILD_SAME } };
	const struct ebt_child child = { .keep = keep, .keep_count = EBT_ARRAY_SIZE(keep) };
	pid_t pid = ebt_child_fork(&child);

	if (pid == 0)
		lsm_child(go, say, path);
	return pid;
}

/* Start a child that tries an open and an exec, with or without an entry in the map that denies
 * them. */
static int one_child(struct ebt_demo *d, const struct ebt_demo_obj *obj, const char *path,
		     struct tries *t, struct denial *denial)
{
	int go[2], say[2], denials = ebt_demo_map(obj, "denials");
	uint32_t key;
	pid_t pid;

	if (pipe2(go, O_CLOEXEC) || pipe2(say, O_CLOEXEC))
		return ebt_demo_fail(d, -errno, "cannot create pipes");
	pid = lsm_fork(go[0], say[1], path);
	close(go[0]);
	close(say[1]);
	key = (uint32_t)pid;
	if (denial)
		bpf_map_update_elem(denials, &key, denial, BPF_ANY);
	if (write(go[1], "x", 1) != 1)
		ebt_demo_fail(d, -errno, "the child ended early");
	while (read(say[0], t, sizeof(*t)) == sizeof(*t))
		;
	waitpid(pid, NULL, 0);
	if (denial)
		bpf_map_lookup_elem(denials, &key, denial);
	close(go[1]);
	close(say[0]);
	return 0;
}

static void print_tries(const struct tries *t)
{
	printf("   open: %s; exec: %s\n", t->open_err ? ebt_strerror(t->open_err) : "done",
	       t->exec_err ? ebt_strerror(t->exec_err) : "done");
}

/* Load a program for an LSM hook and attach it. Return the fd of the link, or -errno. */
static int attach_hook(struct ebt_demo *d, const struct ebt_demo_obj *obj, const char *name,
		       const char *hook)
{
	_cleanup_prog_ struct ebt_demo_prog prog = { .name = name,
						     .type = BPF_PROG_TYPE_LSM,
						     .attach_type = BPF_LSM_MAC };
	int id = libbpf_find_vmlinux_btf_id(hook, BPF_LSM_MAC), fd;

	if (id < 0)
		return ebt_demo_lacks(d, "BPF LSM (CONFIG_BPF_LSM): no hook bpf_lsm_%s", hook);
	prog.attach_btf_id = (uint32_t)id;
	ebt_demo_load(d, obj, &prog);
	if (prog.err == -EPERM || prog.err == -EINVAL || prog.err == -524) {
		ebt_demo_words(prog.log.data, 5);
		return ebt_demo_lacks(d, "BPF LSM programs: loading one for %s gives: %s", hook,
				      ebt_strerror(-prog.err));
	}
	if (prog.err) {
		ebt_demo_words(prog.log.data, 20);
		return ebt_demo_fail(d, prog.err, "the verifier refused %s", name);
	}
	fd = bpf_raw_tracepoint_open(NULL, prog.fd);
	if (fd < 0)
		return ebt_demo_lacks(d, "BPF LSM programs: attaching to %s gives: %s", hook,
				      ebt_strerror(-fd));
	printf("   %s is at the hook %s\n", name, hook);
	return fd;
}

/* Return whether "bpf" is in the kernel's list of security modules, without which it calls no BPF
 * hook. If the list is not readable, return true, so that the lesson tries. */
static bool in_list(void)
{
	_cleanup_fclose_ FILE *f = fopen("/sys/kernel/security/lsm", "re");
	char list[256] = "";

	return !f || !fgets(list, sizeof(list), f) || strstr(list, "bpf");
}

static int with_hooks(struct ebt_demo *d, const struct ebt_demo_obj *obj, const char *path,
		      struct denial denial)
{
	_cleanup_close_ int exec_link = -1, open_link = -1;
	struct tries t = { 0 };
	int err;

	ebt_demo_stage(d, "Two programs at two hooks");
	exec_link = attach_hook(d, obj, "deny_exec", "bprm_check_security");
	if (exec_link < 0)
		return exec_link;
	open_link = attach_hook(d, obj, "deny_open", "file_open");
	if (open_link < 0)
		return open_link;
	ebt_demo_stage(d, "A child that is in the map opens a file and executes a program");
	err = one_child(d, obj, path, &t, &denial);
	if (err)
		return err;
	print_tries(&t);
	ebt_demo_expect(d, t.open_err == EPERM && t.exec_err == EPERM && denial.seen == 2,
			"both are denied, %u denials were counted", denial.seen);
	ebt_demo_expect(d, try_open(path) == 0, "this process, which is not in the map, may");
	ebt_demo_stage(d, "A child that is not in the map");
	err = one_child(d, obj, path, &t, NULL);
	print_tries(&t);
	ebt_demo_expect(d, !t.open_err && !t.exec_err, "nothing happens to it");
	return err;
}

int ebt_demo_lsm(struct ebt_demo *d)
{
	static const char path[] = "/proc/self/exe"; /* a file that exists for the child, too */
	_cleanup_obj_ struct ebt_demo_obj obj = { 0 };
	struct denial denial = { .exec = 1 };
	struct tries t = { 0 };
	struct stat st;
	int err;

	if (!in_list())
		return ebt_demo_lacks(d, "BPF in its list of security modules: add bpf to lsm= on "
					 "the kernel command line");
	if (stat(path, &st))
		return ebt_demo_fail(d, -errno, "cannot look at %s", path);
	denial.inode = st.st_ino;
	err = ebt_demo_open(d, &obj, NULL);
	if (!err)
		err = with_hooks(d, &obj, path, denial);
	if (err)
		return err;
	ebt_demo_stage(d, "Both detached, a child that is in the map");
	err = one_child(d, &obj, path, &t, &denial);
	if (err)
		return err;
	print_tries(&t);
	ebt_demo_expect(d, !t.open_err && !t.exec_err && !denial.seen,
			"nothing is denied any more");
	return 0;
}
