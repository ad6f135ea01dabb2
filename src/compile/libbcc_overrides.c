/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * libbcc_overrides.c - functions that libbcc would take from elsewhere, defined here so that the
 * dynamic linker gives it ours.
 */
#include <bpf/bpf.h>
#include <sys/mman.h>

#include "compile/convert.h"

/*
 * libbcc reads all of /proc/kallsyms at every compile (DoMiscWorkAround, b_frontend_action.cc) to
 * find out whether the kernel has a function that we do not use: three quarters of the compile time
 * and half of the memory.
 */
void *bcc_symcache_new(int pid, void *option)
{
	static int nothing;

	(void)pid;
	(void)option;
	return &nothing;
}

/* libbcc asks whether the kernel has bpf_probe_read_kernel and _user, and puts bpf_probe_read in
 * their place if not. It has: they came with 5.5, the ring with 5.8. */
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

/* libbcc creates every map while it compiles. A memory file serves: its number ends up in the
 * instructions, where convert.c finds it. So compiling needs no privilege and leaves nothing in the
 * kernel. */
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
