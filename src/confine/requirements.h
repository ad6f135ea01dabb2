/* SPDX-License-Identifier: BSD-3-Clause */
/* requirements.h - what tracing needs of this kernel, this user and this process; looked at before
 * anything is begun, so that what is missing is one sentence. */
#ifndef EBT_CONFINE_REQUIREMENTS_H
#define EBT_CONFINE_REQUIREMENTS_H

#include <stdbool.h>
#include <stddef.h>

/* The kernel's types of itself. */
#define EBT_BTF_PATH "/sys/kernel/btf/vmlinux"

/* Privilege to load and attach programs; false in a user namespace, whose root is nobody's. */
bool ebt_may_trace(void);

/* Return true if this process has another effective user or group than the one who started it. */
bool ebt_is_set_user_id(void);
#define EBT_SET_USER_ID_IS_REFUSED \
	"execbig-top does not run set-user-ID or set-group-ID, because files would be read and written with the rights of its owner; use sudo, or file capabilities: setcap cap_bpf,cap_perfmon+ep"

/* Return true if a kernel with this release, as uname -r prints it, is older than the first that
 * accepts the programs: 5.14, which brought bpf_get_current_ancestor_cgroup_id to tracepoints. (The
 * result of an atomic addition needs 5.12.) False if it is no version. */
bool ebt_kernel_is_too_old(const char *release);

/* Return 0 when programs can be loaded and attached, else the exit status (69, 77) and a sentence
 * with the cure. Cheap. */
int ebt_can_load(char *why, size_t why_len);

/* The same for a run that also starts a view: root must be able to become another user. */
int ebt_can_trace(char *why, size_t why_len);

/* 0 when ids of processes mean the same to this process and to the kernel's programs, else -EXDEV
 * and a sentence: in a pid namespace of its own (a container's) they do not. */
int ebt_can_name_pids(char *why, size_t why_len);

#endif
