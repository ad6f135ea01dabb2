/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/* fields.bpf.h - fill the fixed part of an exec's record: process, user, times
 *
 * A task or mm here comes from ebt_task(), for EBT_FOLLOW. */
#define EBT_CGROUP_ROOT 1 /* id of the root of a hierarchy (fs/kernfs) */

/* Give the v2 cgroup. Where v2 is not in use, every process is in its root; then the v1 memory (or
 * pids) hierarchy, which every container manager uses, gives more information. */
static inline void ebt_fill_cgroup(struct ebt_rec_exec *r, u64 task)
{
	u64 css_set, css, id;

	r->cgroup_id = bpf_get_current_cgroup_id();
	if (r->cgroup_id != EBT_CGROUP_ROOT || !EBT_HAS(V1_SUBSYS))
		return;
	css_set = EBT_FOLLOW(task, TASK_CGROUPS) + EBT_OFF(CSS_SET_SUBSYS) +
		  EBT_OFF(V1_SUBSYS) * sizeof(u64);
	bpf_probe_read_kernel(&css, sizeof(css), (void *)css_set);
	id = EBT_GET(EBT_GET(EBT_GET(css, CSS_CGROUP), CGROUP_KN), KN_ID);
	if (id > EBT_CGROUP_ROOT) {
		r->cgroup_id = id;
		r->flags |= EBT_EXEC_CGROUP_V1;
	}
}

/* Audit keeps both numbers for each thread; the kernel may be built without them. */
static inline u32 ebt_loginuid_of(u64 task)
{
	return EBT_HAS(TASK_LOGINUID) ? EBT_FOLLOW32(task, TASK_LOGINUID) : EBT_UNSET;
}

static inline u32 ebt_sessionid_of(u64 task)
{
	return EBT_HAS(TASK_SESSIONID) ? EBT_FOLLOW32(task, TASK_SESSIONID) : EBT_UNSET;
}

static inline void ebt_fill_ids(struct ebt_rec_exec *r, u64 task)
{
	u64 cred = EBT_FOLLOW(task, TASK_CRED), parent = EBT_FOLLOW(task, TASK_REAL_PARENT);
	u64 leader = EBT_FOLLOW(task, TASK_GROUP_LEADER);
	u64 parent_leader = EBT_FOLLOW(parent, TASK_GROUP_LEADER);

	r->uid = EBT_FOLLOW32(cred, CRED_UID);
	r->euid = EBT_FOLLOW32(cred, CRED_EUID);
	r->gid = EBT_FOLLOW32(cred, CRED_GID);
	r->egid = EBT_FOLLOW32(cred, CRED_EGID);
	r->pid = bpf_get_current_pid_tgid() >> 32;
	r->ppid = EBT_FOLLOW32(parent, TASK_TGID);
	r->loginuid = ebt_loginuid_of(task);
	r->sessionid = ebt_sessionid_of(task);
	r->parent_start_ns = EBT_FOLLOW(parent_leader, TASK_START_NS);
	r->start_ns = EBT_FOLLOW(leader, TASK_START_NS);
	ebt_fill_cgroup(r, task);
	/* bpf_get_current_comm copies byte by byte, which takes four times as long. */
	EBT_READ(&r->comm, task, TASK_COMM);
	EBT_READ(&r->parent_comm, parent_leader, TASK_COMM);
	r->flags |= EBT_EXEC_HAS_PARENT_COMM;
}

/* The kernel's struct upid: a number and the namespace that it belongs to. One read gets both if
 * they are neighbours. */
struct ebt_upid {
	u32 nr, pad;
	u64 ns;
};
#define EBT_UPID_KNOWN (EBT_OFF(UPID_NR) == 0 && EBT_OFF(UPID_NS) == 8)

/* Use the namespace of the pid itself (the deepest level of thread_pid); that of nsproxy is for
 * children. */
static inline void ebt_fill_namespaces(struct ebt_rec_exec *r, u64 task)
{
	u64 leader = EBT_FOLLOW(task, TASK_GROUP_LEADER);
	u64 level = EBT_FOLLOW32(EBT_FOLLOW(leader, TASK_THREAD_PID), PID_LEVEL);
	/* Convert it to a number: the verifier of 6.1 allows no addition of an unknown number to a
	 * typed pointer. */
	u64 at = EBT_GET(leader, TASK_THREAD_PID) + EBT_OFF(PID_NUMBERS);
	struct ebt_upid upid;

	at += level * EBT_OFF(UPID_SIZE);
	if (EBT_UPID_KNOWN) {
		bpf_probe_read_kernel(&upid, sizeof(upid), (void *)at);
	} else {
		upid.nr = EBT_GET32(at, UPID_NR);
		upid.ns = EBT_GET(at, UPID_NS);
	}
	r->vpid = upid.nr;
	r->pid_ns = EBT_GET32(upid.ns, PID_NS_INUM);
	r->mnt_ns = EBT_FOLLOW32(EBT_FOLLOW(EBT_FOLLOW(task, TASK_NSPROXY), NSPROXY_MNT_NS),
				 MNT_NS_INUM);
}

static inline void ebt_fill_tty(struct ebt_rec_exec *r, u64 task)
{
	u64 tty, name;

	name = EBT_OFF(TTY_NAME);
	if (EBT_OFF(SIGNAL_TTY) == EBT_MISSING || name == EBT_MISSING)
		return;
	r->flags |= EBT_EXEC_HAS_TTY;
	tty = EBT_FOLLOW(EBT_FOLLOW(task, TASK_SIGNAL), SIGNAL_TTY);
	if (tty)
		bpf_probe_read_kernel_str(r->tty, sizeof(r->tty), (void *)(tty + name));
}

/* Since 6.13 the highest bit of the nanoseconds is a flag: somebody has asked for the time. */
#define EBT_CTIME_NS_MASK 0x7fffffff

static inline void ebt_read_exe(struct ebt_exe_key *key, u64 mm)
{
	u64 inode = EBT_FOLLOW(EBT_FOLLOW(mm, MM_EXE_FILE), FILE_INODE);
	u64 ns = EBT_FOLLOW32(inode, INODE_CTIME_NS) & EBT_CTIME_NS_MASK;

	key->version = EBT_FOLLOW(inode, INODE_CTIME) * 1000000000 + ns;
	key->version ^= (u64)EBT_FOLLOW32(inode, INODE_GENERATION) << 32;
	key->ino = EBT_FOLLOW(inode, INODE_INO);
	key->dev = EBT_FOLLOW32(EBT_FOLLOW(inode, INODE_SB), SB_DEV);
	key->pad = 0;
}

/* Give the name before this exec, which the rename hook has left a moment ago. */
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

/* Return the counter of this executable, which is added at its first exec, or the common one if the
 * table is full. */
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

/* Count the exec before anything can be lost: the record may find no buffer and no room. */
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
