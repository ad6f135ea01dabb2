/* SPDX-License-Identifier: BSD-3-Clause */
/* libbcc_overrides.c - functions that replace those which libbcc would call: the dynamic linker
 * finds them in the executable first */
#include <bpf/bpf.h>
#include <sys/mman.h>

#include "compile/convert.h"

/* At every compilation libbcc reads all of /proc/kallsyms (DoMiscWorkAround, b_frontend_action.cc)
 * to find out whether the kernel has a function that we do not use. That takes three quarters of
 * the time and half of the memory. */
void *bcc_symcache_new(int pid, void *option)
{
	static int nothing;

	(void)pid;
	(void)option;
	return &nothing;
}

/* libbcc asks whether the kernel has bpf_probe_read_kernel and bpf_probe_read_user, and replaces
 * them by bpf_probe_read if not. Every kernel that we support has them: they came with 5.5, the
 * ring with 5.8. */
int bcc_symcache_resolve_name(void *resolver, const char *module, const char *name, uint64_t *addr)
{
	(void)resolver;
	(void)module;
	(void)name;
	*addr = 1;
	return 0;
}

void bcc_free_symcache(void *symcache, int pid)
{
	(void)symcache;
	(void)pid;
}

/* libbcc creates every map while it compiles. A memory file is enough, because only its number ends
 * up in the instructions, where convert.c finds it. So compiling needs no privilege and leaves
 * nothing in the kernel. */
int bpf_map_create(enum bpf_map_type type, const char *name, __u32 key_size, __u32 value_size,
		   __u32 max_entries, const struct bpf_map_create_opts *opts)
{
	(void)type;
	(void)key_size;
	(void)value_size;
	(void)max_entries;
	(void)opts;
	return memfd_create(name ? name : "map", MFD_CLOEXEC);
}
