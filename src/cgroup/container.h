/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * container.h - which container a cgroup path belongs to, by the names that runtimes give their
 * cgroups.
 */
#ifndef EBT_CGROUP_CONTAINER_H
#define EBT_CGROUP_CONTAINER_H

#include <stdbool.h>

#include "base/bytes.h"

struct ebt_container {
	const char *runtime; /* "docker", "containerd", "cri-o", "podman", "systemd-nspawn", "lxc";
				static */
	struct ebt_bytes id; /* within the path: 64 hex digits, or the container's name */
};

/* The innermost container that the path names; false when none. */
bool ebt_container_find(const char *cgroup_path, struct ebt_container *out);

#endif
