/* SPDX-License-Identifier: BSD-3-Clause */
/* headers.c - lesson 21: a member found through kernel headers and through BTF */
#include <bpf/bpf.h>
#include <limits.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "demo/lesson.h"
#include "demo/lessons.h"
#include "image/kernel_headers.h"

struct result {
	uint32_t tgid, pid;
};

static int find_headers(struct ebt_demo *d, struct ebt_headers_tree *tree)
{
	char tried[PATH_MAX];
	struct utsname uts;

	uname(&uts);
	if (ebt_headers_find(NULL, tree, tried))
		return ebt_demo_lacks(d,
				      "headers that match it: no %s, or no "
				      "include/linux/kconfig.h with it (on Debian the package "
				      "linux-headers-%s)",
				      tried, uts.release);
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
	const char *flags[EBT_HEADERS_FLAGS + 2] = { "-DWITH_HEADERS" };
	struct ebt_headers_tree tree;
	int err;

	ebt_demo_stage(d, "Without kernel headers");
	err = one_way(d, NULL, NULL, &without, &without_ns);
	if (err)
		return err;
	ebt_demo_expect(d, without.tgid == (uint32_t)getpid(), "the offsets come from BTF");
	ebt_demo_stage(d, "With the headers of the running kernel");
	err = find_headers(d, &tree);
	if (!err) {
		ebt_headers_extra(&tree, flags + 1);
		err = one_way(d, flags, tree.source, &with, &with_ns);
	}
	if (err)
		return err;
	ebt_demo_expect(d, with.tgid == without.tgid && with.pid == without.pid,
			"the headers say the same");
	ebt_demo_expect(d, with_ns > without_ns, "and take longer to read: %.1f times",
			(double)with_ns / (double)without_ns);
	return 0;
}
