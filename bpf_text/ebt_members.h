/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * ebt_members.h - the kernel struct members that the BPF texts read, by name.
 *
 * M(NAME, "path") or M(NAME, "path|older path|…"): a path is STRUCT.MEMBER[.MEMBER…] through
 * embedded (also anonymous) structs and unions, never through pointers. src/image resolves it in
 * the running kernel's BTF when the program is loaded; the first path that exists gives the byte
 * offset. A member that no path finds has offset EBT_MISSING, and the code that needs it is skipped
 * (the verifier removes it), so the field is off and the rest works.
 *
 * "?TYPE" as a path asks for the size of a type; "#FUNC_PROTO_TYPEDEF" for the number of parameters
 * of a tracepoint's prototype, and "#FUNC" for that of a function: arguments that came or went with
 * a version are found that way. "=generation" is the
 * number of the load, "=parity" its lowest bit, "=typed" 1 unless this kernel refuses typed
 * pointers (EBT_FOLLOW). "%TYPE" and "&FUNC" are the numbers of a struct and of a function in BTF.
 */
#ifndef EBT_MEMBERS_H
#define EBT_MEMBERS_H

#define EBT_MEMBERS(M)                                                                  \
	M(TASK_MM, "task_struct.mm")                                                    \
	M(TASK_PID, "task_struct.pid")                                                  \
	M(TASK_TGID, "task_struct.tgid")                                                \
	M(TASK_REAL_PARENT, "task_struct.real_parent")                                  \
	M(TASK_GROUP_LEADER, "task_struct.group_leader")                                \
	M(TASK_COMM, "task_struct.comm")                                                \
	M(TASK_START_NS, "task_struct.start_time")                                      \
	M(TASK_CRED, "task_struct.cred")                                                \
	M(TASK_LOGINUID, "task_struct.loginuid.val")                                    \
	M(TASK_SESSIONID, "task_struct.sessionid")                                      \
	M(TASK_NSPROXY, "task_struct.nsproxy")                                          \
	M(TASK_THREAD_PID, "task_struct.thread_pid")                                    \
	M(TASK_SIGNAL, "task_struct.signal")                                            \
	M(TASK_FS, "task_struct.fs")                                                    \
	M(TASK_UTIME, "task_struct.utime")                                              \
	M(TASK_STIME, "task_struct.stime")                                              \
	M(TASK_RUNTIME, "task_struct.se.sum_exec_runtime")                              \
	M(TASK_EXIT_CODE, "task_struct.exit_code")                                      \
	M(CRED_UID, "cred.uid.val")                                                     \
	M(CRED_EUID, "cred.euid.val")                                                   \
	M(CRED_GID, "cred.gid.val")                                                     \
	M(CRED_EGID, "cred.egid.val")                                                   \
	M(NSPROXY_MNT_NS, "nsproxy.mnt_ns")                                             \
	M(MNT_NS_INUM, "mnt_namespace.ns.inum")                                         \
	M(PID_LEVEL, "pid.level")                                                       \
	M(PID_NUMBERS, "pid.numbers")                                                   \
	M(UPID_SIZE, "?upid")                                                           \
	M(UPID_NR, "upid.nr")                                                           \
	M(UPID_NS, "upid.ns")                                                           \
	M(PID_NS_INUM, "pid_namespace.ns.inum")                                         \
	M(SIGNAL_TTY, "signal_struct.tty")                                              \
	M(SIGNAL_LIVE, "signal_struct.live.counter")                                    \
	M(SIGNAL_FLAGS, "signal_struct.flags")                                          \
	M(SIGNAL_GROUP_EXIT_CODE, "signal_struct.group_exit_code")                      \
	M(SIGNAL_UTIME, "signal_struct.utime")                                          \
	M(SIGNAL_STIME, "signal_struct.stime")                                          \
	M(SIGNAL_RUNTIME, "signal_struct.sum_sched_runtime")                            \
	M(SIGNAL_MAXRSS, "signal_struct.maxrss")                                        \
	M(TTY_NAME, "tty_struct.name")                                                  \
	M(MM_ARG_START, "mm_struct.arg_start")                                          \
	M(MM_ARG_END, "mm_struct.arg_end")                                              \
	M(MM_ENV_START, "mm_struct.env_start")                                          \
	M(MM_ENV_END, "mm_struct.env_end")                                              \
	M(MM_EXE_FILE, "mm_struct.exe_file")                                            \
	M(FILE_MNT, "file.f_path.mnt")                                                  \
	M(FILE_DENTRY, "file.f_path.dentry")                                            \
	M(FILE_INODE, "file.f_inode")                                                   \
	M(INODE_INO, "inode.i_ino")                                                     \
	M(INODE_SB, "inode.i_sb")                                                       \
	M(INODE_NLINK, "inode.i_nlink")                                                 \
	M(SB_DEV, "super_block.s_dev")                                                  \
	M(BPRM_FILENAME, "linux_binprm.filename")                                       \
	M(BPRM_INTERP, "linux_binprm.interp")                                           \
	M(BPRM_ARGC, "linux_binprm.argc")                                               \
	M(BPRM_ENVC, "linux_binprm.envc")                                               \
	M(DENTRY_NAME, "dentry.d_name.name")                                            \
	M(DENTRY_PARENT, "dentry.d_parent")                                             \
	M(DENTRY_HASHED, "dentry.d_hash.pprev")                                         \
	M(MOUNT_VFS, "mount.mnt")                                                       \
	M(MOUNT_PARENT, "mount.mnt_parent")                                             \
	M(MOUNT_POINT, "mount.mnt_mountpoint")                                          \
	M(VFSMOUNT_ROOT, "vfsmount.mnt_root")                                           \
	M(FS_ROOT_MNT, "fs_struct.root.mnt")                                            \
	M(FS_ROOT_DENTRY, "fs_struct.root.dentry")                                      \
	M(FS_PWD_MNT, "fs_struct.pwd.mnt")                                              \
	M(FS_PWD_DENTRY, "fs_struct.pwd.dentry")                                        \
	M(EXIT_ARGC, "#btf_trace_sched_process_exit")                                   \
	M(GENERATION, "=generation")                                                    \
	M(PARITY, "=parity")                                                            \
	M(REGS_ARG0, "pt_regs.di|pt_regs.orig_x0")                                      \
	M(REGS_ARG1, "pt_regs.si|pt_regs.regs")                                         \
	M(REGS_ARG2, "pt_regs.dx|pt_regs.regs")                                         \
	M(REGS_NR, "pt_regs.orig_ax|pt_regs.syscallno")                                 \
	M(REGS_RET, "pt_regs.ax|pt_regs.regs")                                          \
	M(SECCOMP_ARGC, "#__secure_computing")                                          \
	M(TASK_CGROUPS, "task_struct.cgroups")                                          \
	M(CSS_SET_SUBSYS, "css_set.subsys")                                             \
	M(V1_SUBSYS, "@memory_cgrp_id|@pids_cgrp_id")                                   \
	M(CSS_CGROUP, "cgroup_subsys_state.cgroup")                                     \
	M(CGROUP_KN, "cgroup.kn")                                                       \
	M(KN_ID, "kernfs_node.id")                                                      \
	M(INODE_GENERATION, "inode.i_generation")                                       \
	M(INODE_CTIME, "inode.i_ctime_sec|inode.__i_ctime.tv_sec|inode.i_ctime.tv_sec") \
	M(TASK_ABI, "task_struct.thread_info.status|task_struct.thread_info.flags")     \
	M(KSIG_HANDLER, "k_sigaction.sa.sa_handler")                                    \
	M(SIGNAL_NR_THREADS, "signal_struct.nr_threads")                                \
	M(SIGNAL_THREADS, "signal_struct.thread_head.next")                             \
	M(TASK_THREAD_NODE, "task_struct.thread_node.next")                             \
	M(ARRAY_PTRS, "bpf_array.ptrs")                                                 \
	M(EVENT_ENTRY_EVENT, "bpf_event_entry.event")                                   \
	M(PERF_EVENT_RB, "perf_event.rb")                                               \
	M(PERF_BUFFER_PAGES, "perf_buffer.nr_pages")                                    \
	M(PERF_BUFFER_HEAD, "perf_buffer.head")                                         \
	M(PERF_BUFFER_CONTROL, "perf_buffer.user_page")                                 \
	M(PERF_CONTROL_TAIL, "perf_event_mmap_page.data_tail")                          \
	M(TYPED, "=typed")                                                              \
	M(TASK_TYPE, "%task_struct")                                                    \
	M(RDONLY_CAST, "&bpf_rdonly_cast")                                              \
	M(HAS_TASK_REGS, "&bpf_task_pt_regs")                                           \
	M(TASK_PENDING, "task_struct.pending.signal.sig")                               \
	M(INODE_CTIME_NS, "inode.i_ctime_nsec|inode.__i_ctime.tv_nsec|inode.i_ctime.tv_nsec")

#define EBT_MEMBER_ENUM(name, path) EBT_M_##name,
enum ebt_member { EBT_MEMBERS(EBT_MEMBER_ENUM) EBT_M_MAX };

/* A member's place in an instruction stream: a 64-bit immediate load of EBT_RELOC_MAGIC | member.
 */
#define EBT_RELOC_MAGIC 0x4542545f00000000 /* "EBT_" */
#define EBT_RELOC_MASK	0xffffffff00000000
/* The same for a call: of number EBT_CALL_MAGIC | member. It becomes one of the kernel function
 * with that number in BTF; where there is none it must be dead code. */
#define EBT_CALL_MAGIC 0x45420000
#define EBT_CALL_MASK  0xffff0000
/* What the loader writes for a member that this kernel does not have. */
#define EBT_MISSING 0x8000000000000000

#endif
