/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/* Lesson 20: programs at the hooks of the Linux security modules. Their return value decides: 0
 * continues, -EPERM stops the call before anything has happened. */
#define EPERM 1
#define OFF(member)                                                                              \
	({                                                                                       \
		u64 off_;                                                                        \
		asm volatile("%0 = %1 ll" : "=r"(off_) : "i"(EBT_RELOC_MAGIC | EBT_M_##member)); \
		off_;                                                                            \
	})

/* Maps a process to the inode number of the file that it must not open. 0 means that it must not
 * execute anything. */
struct denial {
	u64 inode;
	u32 exec, seen;
};
BPF_HASH(denials, u32, struct denial, 16);

/* The hook is int bprm_check_security(struct linux_binprm *bprm). */
int deny_exec(struct bpf_raw_tracepoint_args *ctx)
{
	u32 tgid = bpf_get_current_pid_tgid() >> 32;
	struct denial *d = denials.lookup(&tgid);

	if (!d || !d->exec)
		return 0;
	d->seen += 1;
	return -EPERM;
}

/* The hook is int file_open(struct file *file). */
int deny_open(struct bpf_raw_tracepoint_args *ctx)
{
	u32 tgid = bpf_get_current_pid_tgid() >> 32;
	struct denial *d = denials.lookup(&tgid);
	u64 file = ctx->args[0], inode = 0, number = 0;

	if (!d || !d->inode)
		return 0;
	asm volatile("" : "+r"(file));
	bpf_probe_read_kernel(&inode, sizeof(inode), (void *)(file + OFF(FILE_INODE)));
	bpf_probe_read_kernel(&number, sizeof(number), (void *)(inode + OFF(INODE_INO)));
	if (number != d->inode)
		return 0;
	d->seen += 1;
	return -EPERM;
}
