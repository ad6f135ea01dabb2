/* SPDX-License-Identifier: BSD-3-Clause */
#include "image/kernel_headers.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "base/arch.h"
#include "base/cleanup.h"

/* libbcc includes this file first. */
static bool is_source(const char *dir)
{
	char path[PATH_MAX + 32];

	snprintf(path, sizeof(path), "%s/include/linux/kconfig.h", dir);
	return access(path, R_OK) == 0;
}

static void add_build(struct ebt_headers_tree *t, const char *build)
{
	static const char *const generated[EBT_HEADERS_FLAGS] = {
		"arch/" EBT_ARCH_KERNEL "/include/generated",
		"arch/" EBT_ARCH_KERNEL "/include/generated/uapi", "include",
		"include/generated/uapi"
	};

	for (int i = 0; i < EBT_HEADERS_FLAGS; i++)
		snprintf(t->flags[i], sizeof(t->flags[i]), "-I%s/%s", build, generated[i]);
}

int ebt_headers_find(const char *dir, struct ebt_headers_tree *t, char tried[PATH_MAX])
{
	char link[PATH_MAX], build[PATH_MAX];
	struct utsname uts;

	memset(t, 0, sizeof(*t));
	if (dir) {
		snprintf(tried, PATH_MAX, "%s", dir);
		return realpath(dir, t->source) && is_source(t->source) ? 0 : -ENOENT;
	}
	uname(&uts);
	snprintf(tried, PATH_MAX, "/lib/modules/%s/build", uts.release);
	if (!realpath(tried, build))
		return -ENOENT;
	snprintf(link, sizeof(link), "/lib/modules/%s/source", uts.release);
	if (!realpath(link, t->source) || !is_source(t->source))
		snprintf(t->source, sizeof(t->source), "%s", build);
	if (strcmp(t->source, build) != 0)
		add_build(t, build);
	return is_source(t->source) ? 0 : -ENOENT;
}

int ebt_headers_extra(const struct ebt_headers_tree *t, const char **extra)
{
	int n = 0;

	while (n < EBT_HEADERS_FLAGS && t->flags[n][0]) {
		extra[n] = t->flags[n];
		n++;
	}
	extra[n] = NULL;
	return n;
}
