/* SPDX-License-Identifier: BSD-3-Clause */
#include "cgroup/container.h"

#include <ctype.h>
#include <stddef.h>

#include "base/cleanup.h"

#define ID_LEN 64 /* of docker, containerd, cri-o and podman: a SHA-256 in hex */

/* How a runtime names the last directory of a container's cgroup. */
static const struct pattern {
	const char *prefix, *suffix;
	const char *runtime; /* NULL: it is no container */
	bool hex;	     /* what is between is an id of ID_LEN hex digits */
	const char *parent;  /* the directory before it must be this; NULL: any */
} patterns[] = {
	/* systemd drivers: PREFIX-ID.scope */
	{ "docker-", ".scope", "docker", true, NULL },
	{ "cri-containerd-", ".scope", "containerd", true, NULL },
	{ "crio-", ".scope", "cri-o", true, NULL },
	{ "libpod-", ".scope", "podman", true, NULL },
	/* machined has virtual machines too. libvirt calls a scope by its driver, a number and the
	 * name, and systemd writes a dash in a name as \x2d. */
	{ "machine-qemu\\x2d", ".scope", NULL, false, NULL },
	{ "machine-xen\\x2d", ".scope", NULL, false, NULL },
	{ "machine-lxc\\x2d", ".scope", "lxc", false, NULL },
	{ "machine-", ".scope", "systemd-nspawn", false, NULL },
	/* cgroupfs drivers */
	{ "cri-containerd:", "", "containerd", true, NULL },
	{ "crio-", "", "cri-o", true, NULL },
	{ "libpod-", "", "podman", true, NULL },
	{ "lxc.payload.", "", "lxc", false, NULL },
	{ "", "", "docker", true, "docker" },
	{ "", "", "podman", true, "libpod_parent" },
	{ "", "", "lxc", false, "lxc" },
	/* kubernetes with a cgroupfs driver: /kubepods/…/podUID/ID */
	{ "", "", "containerd", true, "pod" },
};

static bool all_hex(struct ebt_bytes b)
{
	for (size_t i = 0; i < b.len; i++) {
		if (!isxdigit((unsigned char)b.data[i]))
			return false;
	}
	return b.len == ID_LEN;
}

static bool parent_fits(const struct pattern *p, struct ebt_bytes parent)
{
	size_t len;

	if (!p->parent)
		return true;
	len = strlen(p->parent);
	/* "pod" stands for "pod" followed by a UID */
	if (strcmp(p->parent, "pod") == 0)
		return parent.len > len && memcmp(parent.data, p->parent, len) == 0;
	return parent.len == len && memcmp(parent.data, p->parent, len) == 0;
}

static bool fits(const struct pattern *p, struct ebt_bytes name, struct ebt_bytes parent,
		 struct ebt_bytes *id)
{
	size_t pre = strlen(p->prefix), post = strlen(p->suffix);

	if (name.len <= pre + post || memcmp(name.data, p->prefix, pre) != 0 ||
	    memcmp(name.data + name.len - post, p->suffix, post) != 0)
		return false;
	*id = (struct ebt_bytes){ name.data + pre, name.len - pre - post };
	return (!p->hex || all_hex(*id)) && parent_fits(p, parent);
}

static bool find_name(struct ebt_bytes name, struct ebt_bytes parent, struct ebt_container *out)
{
	for (size_t i = 0; i < EBT_ARRAY_SIZE(patterns); i++) {
		struct ebt_bytes id;

		if (!fits(&patterns[i], name, parent, &id))
			continue;
		if (!patterns[i].runtime)
			return false;
		*out = (struct ebt_container){ patterns[i].runtime, id };
		return true;
	}
	return false;
}

bool ebt_container_find(const char *path, struct ebt_container *out)
{
	struct ebt_bytes parent = { 0 };
	bool found = false;

	/* From the outside in: a later match is a container within the one before. */
	while (*path) {
		struct ebt_bytes name = { path, strcspn(path, "/") };

		if (name.len)
			found |= find_name(name, parent, out);
		parent = name.len ? name : parent;
		path += name.len + (path[name.len] == '/');
	}
	return found;
}
