/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * unit.h - which systemd unit and which Kubernetes pod a cgroup path belongs to. Both are decided by
 * the path alone.
 */
#ifndef EBT_CGROUP_UNIT_H
#define EBT_CGROUP_UNIT_H

#include <stdbool.h>

#include "base/bytes.h"

/* Return the unit of the system's manager as sd_pid_get_unit(3) does: the first service, scope or
 * other unit below the slices. A process that is in slices only, or in a cgroup that systemd did not
 * make, has none. The name lies within the path; it is empty when there is none. */
struct ebt_bytes ebt_cgroup_unit(const char *cgroup_path);
/* Return the unit of a user's manager (user@UID.service) likewise, as sd_pid_get_user_unit(3) does. */
struct ebt_bytes ebt_cgroup_user_unit(const char *cgroup_path);

#define EBT_POD_UID_LEN 37 /* 32 hex digits with or without four dashes, and a NUL */

/* Write the UID of the innermost pod that the path names into out, with the dashes that the systemd
 * driver writes as underscores. Return false, with out empty, when there is none. */
bool ebt_cgroup_pod_uid(const char *cgroup_path, char out[EBT_POD_UID_LEN]);

#endif
