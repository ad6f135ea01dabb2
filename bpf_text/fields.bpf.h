/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * fields.bpf.h - the fixed part of an exec: who, where, since when.
 */
static inline void ebt_fill_ids(struct ebt_rec_exec *r, u64 task)
{
	u64 cred = EBT_GET(task, TASK_CRED);
	u64 parent = EBT_GET(task, TASK_REAL_PARENT);

	r->pid = bpf_get_current_pid_tgid() >> 32;
	r->ppid = EBT_GET32(parent, TASK_TGID);
	r->uid = EBT_GET32(cred, CRED_UID);
	r->euid = EBT_GET32(cred, CRED_EUID);
	r->gid = EBT_GET32(cred, CRED_GID);
	r->egid = EBT_GET32(cred, CRED_EGID);
	r->loginuid = EBT_HAS(TASK_LOGINUID) ? EBT_GET32(task, TASK_LOGINUID) : EBT_UNSET;
	r->sessionid = EBT_HAS(TASK_SESSIONID) ? EBT_GET32(task, TASK_SESSIONID) : EBT_UNSET;
	r->parent_start_ns = EBT_GET(EBT_GET(parent, TASK_GROUP_LEADER), TASK_START_NS);
	r->start_ns = EBT_GET(EBT_GET(task, TASK_GROUP_LEADER), TASK_START_NS);
	r->cgroup_id = bpf_get_current_cgroup_id();
	bpf_get_current_comm(r->comm, sizeof(r->comm));
}

/* The namespace of the pid itself (thread_pid's deepest level), not nsproxy's, which is for
 * children. */
static inline void ebt_fill_namespaces(struct ebt_rec_exec *r, u64 task)
{
	u64 leader = EBT_GET(task, TASK_GROUP_LEADER);
	u64 pid = EBT_GET(leader, TASK_THREAD_PID);
	u64 upid = pid + EBT_OFF(PID_NUMBERS) + (u64)EBT_GET32(pid, PID_LEVEL) * EBT_OFF(UPID_SIZE);

	r->vpid = EBT_GET32(upid, UPID_NR);
	r->pid_ns = EBT_GET32(EBT_GET(upid, UPID_NS), PID_NS_INUM);
	r->mnt_ns = EBT_GET32(EBT_GET(EBT_GET(task, TASK_NSPROXY), NSPROXY_MNT_NS), MNT_NS_INUM);
}

static inline void ebt_fill_tty(struct ebt_rec_exec *r, u64 task)
{
	u64 tty, name;

	name = EBT_OFF(TTY_NAME);
	if (EBT_OFF(SIGNAL_TTY) == EBT_MISSING || name == EBT_MISSING)
		return;
	r->flags |= EBT_EXEC_HAS_TTY;
	tty = EBT_GET(EBT_GET(task, TASK_SIGNAL), SIGNAL_TTY);
	if (tty)
		bpf_probe_read_kernel_str(r->tty, sizeof(r->tty), (void *)(tty + name));
}

static inline void ebt_fill_exe(struct ebt_rec_exec *r, u64 mm)
{
	u64 inode = EBT_GET(EBT_GET(mm, MM_EXE_FILE), FILE_INODE);

	r->exe_ino = EBT_GET(inode, INODE_INO);
	r->exe_dev = EBT_GET32(EBT_GET(inode, INODE_SB), SB_DEV);
}

/* The name before this exec, left by the rename hook a moment ago. */
static inline void ebt_fill_prev_comm(struct ebt_rec_exec *r)
{
	u32 tid = bpf_get_current_pid_tgid();
	u32 at = tid & (EBT_RENAMES - 1);
	struct ebt_rename *prev = ebt_prev_comm.lookup(&at);

	if (!prev || prev->tid != tid)
		return;
	__builtin_memcpy(r->prev_comm, prev->comm, EBT_COMM_LEN);
	prev->tid = 0;
}

/* The count of this executable, made at its first exec; the common one when the table is full. */
static inline struct ebt_exe_count *ebt_exe_count_of(struct ebt_cpu_counters *c,
						     struct ebt_rec_exec *r)
{
	struct ebt_exe_key key = { .ino = r->exe_ino, .dev = r->exe_dev };
	struct ebt_exe_count first = {}, *count = ebt_exe_counts.lookup(&key);

	if (count)
		return count;
	__builtin_memcpy(first.comm, r->comm, EBT_COMM_LEN);
	ebt_exe_counts.insert(&key, &first);
	count = ebt_exe_counts.lookup(&key);
	if (count)
		return count;
	ebt_add(&c->aux_lost, 1);
	key.ino = 0;
	key.dev = 0;
	return ebt_exe_counts.lookup(&key);
}

/* Counted before anything can be lost: the record may find no room, the count stands. */
static inline void ebt_count_exe(struct ebt_cpu_counters *c, struct ebt_rec_exec *r, u64 args_bytes)
{
	struct ebt_exe_count *count = ebt_exe_count_of(c, r);

	if (!count)
		return;
	ebt_add(r->ret ? &count->failed : &count->execs, 1);
	ebt_add(&count->args_bytes, args_bytes);
	count->last_ns = r->hdr.mono_ns;
}
