/* SPDX-License-Identifier: BSD-3-Clause */
/* headers.c - lesson 21. */
#include <bpf/bpf.h>
#include <limits.h>
#include <stdlib.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "demo/lesson.h"
#include "demo/lessons.h"

#if defined(__x86_64__)
#define KERNEL_ARCH "x86"
#elif defined(__aarch64__)
#define KERNEL_ARCH "arm64"
#else
#define KERNEL_ARCH "none"
#endif

struct result {
	uint32_t tgid, pid;
};

/* Where the headers of the running kernel are: the tree with the sources' headers, and the one with
 * what its build generated (Debian has two, others one). */
struct trees {
	char source[PATH_MAX], build[PATH_MAX];
	char flags[5][PATH_MAX + 64];
	const char *extra[8];
};

static bool has_headers(const char *dir)
{
	char path[PATH_MAX + 32];

	snprintf(path, sizeof(path), "%s/include/linux/kconfig.h", dir);
	return access(path, R_OK) == 0;
}

static int find_trees(struct ebt_demo *d, struct trees *t)
{
	static const char *const generated[] = { "arch/" KERNEL_ARCH "/include/generated",
						 "arch/" KERNEL_ARCH "/include/generated/uapi",
						 "include", "include/generated/uapi" };
	char link[PATH_MAX + 16], dir[PATH_MAX];
	struct utsname uts;
	int n = 0;

	uname(&uts);
	snprintf(dir, sizeof(dir), "/lib/modules/%.64s", uts.release);
	snprintf(link, sizeof(link), "%s/build", dir);
	if (!realpath(link, t->build))
		return ebt_demo_lacks(d,
				      "headers that match it: no %s (on Debian the package "
				      "linux-headers-%s)",
				      link, uts.release);
	snprintf(link, sizeof(link), "%s/source", dir);
	if (!realpath(link, t->source) || !has_headers(t->source))
		snprintf(t->source, sizeof(t->source), "%s", t->build);
	if (!has_headers(t->source))
		return ebt_demo_lacks(d,
				      "headers that match it: %s is there, but not its "
				      "include/linux/kconfig.h",
				      t->source);
	t->extra[n++] = "-DWITH_HEADERS";
	for (size_t i = 0; i < EBT_ARRAY_SIZE(generated); i++) {
		snprintf(t->flags[i], sizeof(t->flags[i]), "-I%s/%s", t->build, generated[i]);
		t->extra[n++] = t->flags[i];
	}
	t->extra[n] = NULL;
	return 0;
}

static int one_way(struct ebt_demo *d, const char *const *defines, const char *headers,
		   struct result *res, uint64_t *compile_ns)
{
	_cleanup_obj_ struct ebt_demo_obj obj = { .headers = headers };
	_cleanup_prog_ struct ebt_demo_prog prog = { .name = "read_task" };
	uint32_t zero = 0;
	int err = ebt_demo_open(d, &obj, defines);

	if (!err)
		err = ebt_demo_must_load(d, &obj, &prog);
	if (!err)
		err = ebt_demo_must_run(d, &prog, 0, 0);
	if (err)
		return err;
	*compile_ns = obj.compile_ns;
	bpf_map_lookup_elem(ebt_demo_map(&obj, "results"), &zero, res);
	printf("   compiled in %.1f ms, %u instructions, %u places to patch\n",
	       (double)obj.compile_ns / 1e6, obj.image->n_insns, obj.image->n_relocs);
	printf("   tgid %u, pid %u; getpid() says %d\n", res->tgid, res->pid, getpid());
	return 0;
}

int ebt_demo_headers(struct ebt_demo *d)
{
	struct result with = { 0 }, without = { 0 };
	uint64_t with_ns = 0, without_ns = 0;
	struct trees trees = { 0 };
	int err;

	ebt_demo_stage(d, "Without kernel headers");
	err = one_way(d, NULL, NULL, &without, &without_ns);
	if (err)
		return err;
	ebt_demo_expect(d, without.tgid == (uint32_t)getpid(), "the offsets come from BTF");
	ebt_demo_stage(d, "With the headers of the running kernel");
	err = find_trees(d, &trees);
	if (!err)
		err = one_way(d, trees.extra, trees.source, &with, &with_ns);
	if (err)
		return err;
	ebt_demo_expect(d, with.tgid == without.tgid && with.pid == without.pid,
			"the headers say the same");
	ebt_demo_expect(d, with_ns > without_ns, "and take longer to read: %.1f times",
			(double)with_ns / (double)without_ns);
	return 0;
}
