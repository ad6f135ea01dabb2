/* SPDX-License-Identifier: BSD-3-Clause */
#include "bpf/fdinfo.h"

#include <bpf/bpf.h>
#include <stdio.h>

#include "base/cleanup.h"

uint64_t ebt_memlock_parse(FILE *text)
{
	unsigned long long bytes = 0, entries = 0;
	unsigned type = 0;
	char line[128];

	while (fgets(line, sizeof(line), text)) {
		if (sscanf(line, "memlock: %llu", &bytes) == 1)
			break;
		(void)(sscanf(line, "map_type: %u", &type) == 1 ||
		       sscanf(line, "max_entries: %llu", &entries) == 1);
	}
	/* Up to Linux 6.3 the kernel computes entries * (key + value), which leaves out a ring's
	 * data: its entries are its bytes, and it has neither key nor value. */
	return type == BPF_MAP_TYPE_RINGBUF && bytes < entries ? bytes + entries : bytes;
}

uint64_t ebt_memlock_bytes(int fd)
{
	_cleanup_fclose_ FILE *f = NULL;
	char path[64];

	snprintf(path, sizeof(path), "/proc/self/fdinfo/%d", fd);
	f = fopen(path, "re");
	return f ? ebt_memlock_parse(f) : 0;
}

uint64_t ebt_prog_misses(int fd)
{
	struct bpf_prog_info info = { 0 };
	uint32_t len = sizeof(info);

	return fd >= 0 && !bpf_obj_get_info_by_fd(fd, &info, &len) ? info.recursion_misses : 0;
}
