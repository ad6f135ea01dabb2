/* SPDX-License-Identifier: BSD-3-Clause */
#include "processes/loader/filter_resolve.h"

#include <errno.h>
#include <limits.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/number.h"
#include "base/proc.h"
#include "confine/requirements.h"

/* Find a cgroup that is named as in /proc/PID/cgroup ("/user.slice") or by its directory. Its id is
 * the directory's inode number, its level the number of directories between it and the root. */
static int filter_find_cgroup(const struct ebt_cgroups *cgroups, const char *name,
			      struct ebt_config *config)
{
	char path[2 * PATH_MAX], full[PATH_MAX];
	size_t root = strlen(cgroups->v2);
	struct stat st;

	if (root && strncmp(name, cgroups->v2, root) == 0)
		snprintf(path, sizeof(path), "%s", name);
	else
		snprintf(path, sizeof(path), "%s/%s", cgroups->v2, name);
	if (!root || !realpath(path, full) || stat(full, &st) || !S_ISDIR(st.st_mode) ||
	    strncmp(full, cgroups->v2, root) != 0)
		return -ENOENT;
	config->cgroup_id = st.st_ino;
	config->cgroup_level = 0;
	for (const char *p = full + root; *p; p++)
		config->cgroup_level += *p == '/';
	config->filter |= EBT_FILTER_CGROUP;
	return 0;
}

static int filter_find_user(const char *name, struct ebt_config *config)
{
	const struct passwd *pw;
	uint64_t uid;

	if (strncmp(name, "real:", 5) == 0) {
		config->filter |= EBT_FILTER_REAL;
		name += 5;
	} else if (strncmp(name, "effective:", 10) == 0) {
		config->filter |= EBT_FILTER_EFFECTIVE;
		name += 10;
	}
	if (ebt_number_digits(name, strlen(name), &uid) && uid < UINT32_MAX) {
		config->uid = (uint32_t)uid;
	} else {
		pw = getpwnam(name);
		if (!pw)
			return -ENOENT;
		config->uid = pw->pw_uid;
	}
	config->filter |= EBT_FILTER_UID;
	return 0;
}

/* Check that a number is that of a process: htop shows the numbers of threads too, and a thread is not
 * what starts others. Return 0, or -ESRCH with a sentence in why. */
static int filter_check_pid(uint32_t pid, char *why, size_t why_len)
{
	char text[1024], comm[EBT_PROC_COMM_LEN];
	uint32_t tgid = 0;

	if (ebt_proc_read(-1, pid, "status", text, sizeof(text)) < 0 ||
	    ebt_proc_parse_status(text, comm, &tgid)) {
		snprintf(why, why_len, "-p %u: there is no process of this number", pid);
		return -ESRCH;
	}
	if (tgid == pid)
		return 0;
	snprintf(why, why_len,
		 "-p %u: this is a thread of process %u; write -p %u to see the process", pid, tgid,
		 tgid);
	return -ESRCH;
}

int ebt_filters_check_pids(const struct ebt_filters *f, char *why, size_t why_len)
{
	int err = 0;

	for (unsigned i = 0; !err && i < f->n_pids; i++)
		err = filter_check_pid(f->pids[i], why, why_len);
	return err;
}

bool ebt_filters_same_pids(const struct ebt_filters *a, const struct ebt_filters *b)
{
	return a->n_pids == b->n_pids &&
	       memcmp(a->pids, b->pids, a->n_pids * sizeof(a->pids[0])) == 0;
}

int ebt_filters_resolve(const struct ebt_filters *f, const struct ebt_cgroups *cgroups,
			struct ebt_filter_set *out, char *why, size_t why_len)
{
	*out = (struct ebt_filter_set){ .pids = f->pids, .n_pids = f->n_pids };
	if (f->n_pids && ebt_can_name_pids(why, why_len))
		return -EXDEV;
	if (f->no_enoent)
		out->config.filter |= EBT_FILTER_NO_ENOENT;
	if (f->user[0] && filter_find_user(f->user, &out->config)) {
		snprintf(why, why_len, "-u %s: no user of this name is known", f->user);
		return -ENOENT;
	}
	if (f->cgroup[0] && filter_find_cgroup(cgroups, f->cgroup, &out->config)) {
		snprintf(why, why_len,
			 "--cgroup %.150s: there is no such cgroup of the v2 hierarchy (%.100s); "
			 "the last line of /proc/PID/cgroup names that of a process",
			 f->cgroup, cgroups->v2[0] ? cgroups->v2 : "not mounted");
		return -ENOENT;
	}
	return 0;
}
