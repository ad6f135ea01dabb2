/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * fields.bpf.h - the fixed part of an exec: who, where, since when.
 */
#define EBT_CGROUP_ROOT 1 /* id of a hierarchy's root, fs/kernfs */

/* The v2 cgroup; where v2 is not in use everything is in its root, and the v1 memory (else pids)
 * hierarchy, which every container manager uses, says more. */
static inline void ebt_fill_cgroup(struct ebt_rec_exec *r, u64 task)
{
	u64 css_set, css, id;

	r->cgroup_id = bpf_get_current_cgroup_id();
	if (r->cgroup_id != EBT_CGROUP_ROOT || !EBT_HAS(V1_SUBSYS))
		return;
	css_set = EBT_GET(task, TASK_CGROUPS) + EBT_OFF(CSS_SET_SUBSYS) +
		  EBT_OFF(V1_SUBSYS) * sizeof(u64);
	bpf_probe_read_kernel(&css, sizeof(css), (void *)css_set);
	id = EBT_GET(EBT_GET(EBT_GET(css, CSS_CGROUP), CGROUP_KN), KN_ID);
	if (id > EBT_CGROUP_ROOT) {
		r->cgroup_id = id;
		r->flags |= EBT_EXEC_CGROUP_V1;
	}
}

/* The four ids of a credential in one read where they lie as they have since 2.6.29 (uid, gid,
 * suid, sgid, euid, egid). The offsets are constants to the verifier: of two ways one is left. */
#define EBT_CRED_KNOWN                                   \
	(EBT_OFF(CRED_GID) - EBT_OFF(CRED_UID) == 4 &&   \
	 EBT_OFF(CRED_EUID) - EBT_OFF(CRED_UID) == 16 && \
	 EBT_OFF(CRED_EGID) - EBT_OFF(CRED_UID) == 20)

static inline void ebt_fill_cred(struct ebt_rec_exec *r, u64 task)
{
	u64 cred = EBT_GET(task, TASK_CRED);
	u32 ids[6];

	if (EBT_CRED_KNOWN) {
		bpf_probe_read_kernel(ids, sizeof(ids), (void *)(cred + EBT_OFF(CRED_UID)));
		r->uid = ids[0];
		r->gid = ids[1];
		r->euid = ids[4];
		r->egid = ids[5];
		return;
	}
	r->uid = EBT_GET32(cred, CRED_UID);
	r->euid = EBT_GET32(cred, CRED_EUID);
	r->gid = EBT_GET32(cred, CRED_GID);
	r->egid = EBT_GET32(cred, CRED_EGID);
}

static inline void ebt_fill_ids(struct ebt_rec_exec *r, u64 task)
{
	u64 parent = EBT_GET(task, TASK_REAL_PARENT);

	ebt_fill_cred(r, task);
	r->pid = bpf_get_current_pid_tgid() >> 32;
	r->ppid = EBT_GET32(parent, TASK_TGID);
	r->loginuid = EBT_HAS(TASK_LOGINUID) ? EBT_GET32(task, TASK_LOGINUID) : EBT_UNSET;
	r->sessionid = EBT_HAS(TASK_SESSIONID) ? EBT_GET32(task, TASK_SESSIONID) : EBT_UNSET;
	r->parent_start_ns = EBT_GET(EBT_GET(parent, TASK_GROUP_LEADER), TASK_START_NS);
	r->start_ns = EBT_GET(EBT_GET(task, TASK_GROUP_LEADER), TASK_START_NS);
	ebt_fill_cgroup(r, task);
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

static inline void ebt_read_exe(struct ebt_exe_key *key, u64 mm)
{
	u64 inode = EBT_GET(EBT_GET(mm, MM_EXE_FILE), FILE_INODE);

	key->ino = EBT_GET(inode, INODE_INO);
	key->dev = EBT_GET32(EBT_GET(inode, INODE_SB), SB_DEV);
	key->pad = 0;
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
						     struct ebt_exe_key *key)
{
	struct ebt_exe_count first = {}, *count = ebt_exe_counts.lookup(key);
	struct ebt_exe_key others = {};

	if (count)
		return count;
	bpf_get_current_comm(first.comm, sizeof(first.comm));
	ebt_exe_counts.insert(key, &first);
	count = ebt_exe_counts.lookup(key);
	if (count)
		return count;
	ebt_add(&c->aux_lost, 1);
	return ebt_exe_counts.lookup(&others);
}

/* Counted before anything can be lost: the record may find no buffer and no room, the count stands.
 */
static inline void ebt_count_exe(struct ebt_cpu_counters *c, struct ebt_exe_key *key, bool failed,
				 u64 args_bytes, u64 now_ns)
{
	struct ebt_exe_count *count = ebt_exe_count_of(c, key);

	if (!count)
		return;
	ebt_add(failed ? &count->failed : &count->execs, 1);
	ebt_add(&count->args_bytes, args_bytes);
	count->last_ns = now_ns;
}
