/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * bpfobjects progs|maps PREFIX - names of the BPF programs or maps of this machine that begin so,
 * one a line.
 *
 * Not bpftool: to list programs it opens their maps, and a program array that is opened and closed
 * while the kernel empties it is never freed (prog_array_map_clear takes a reference each time, its
 * pending work drops one; 6.18). Here programs are listed without touching a map.
 */
#include <linux/bpf.h>
#include <sys/syscall.h>

#include "tool.h"

static long bpf(enum bpf_cmd cmd, union bpf_attr *attr)
{
	return syscall(SYS_bpf, cmd, attr, sizeof(*attr));
}

/* Name of an open program or map; "" when it cannot be read. */
static void name_of(int fd, bool maps, char name[BPF_OBJ_NAME_LEN])
{
	struct bpf_prog_info prog = { 0 };
	struct bpf_map_info map = { 0 };
	union bpf_attr attr = { 0 };

	attr.info.bpf_fd = (__u32)fd;
	attr.info.info_len = maps ? sizeof(map) : sizeof(prog);
	attr.info.info = (__u64)(uintptr_t)(maps ? (void *)&map : (void *)&prog);
	if (bpf(BPF_OBJ_GET_INFO_BY_FD, &attr) == 0)
		memcpy(name, maps ? map.name : prog.name, BPF_OBJ_NAME_LEN);
	else
		name[0] = '\0';
}

int main(int argc, char **argv)
{
	bool maps = argc == 3 && strcmp(argv[1], "maps") == 0;
	__u32 id = 0;

	if (argc != 3 || (!maps && strcmp(argv[1], "progs") != 0)) {
		fprintf(stderr, "usage: bpfobjects progs|maps PREFIX\n");
		return 2;
	}
	for (;;) {
		union bpf_attr attr = { 0 };
		char name[BPF_OBJ_NAME_LEN];
		int fd;

		attr.start_id = id;
		if (bpf(maps ? BPF_MAP_GET_NEXT_ID : BPF_PROG_GET_NEXT_ID, &attr) != 0)
			break;
		id = attr.next_id;
		attr = (union bpf_attr){ 0 };
		attr.prog_id = id; /* the same word as map_id */
		fd = (int)bpf(maps ? BPF_MAP_GET_FD_BY_ID : BPF_PROG_GET_FD_BY_ID, &attr);
		if (fd < 0)
			continue; /* gone meanwhile */
		name_of(fd, maps, name);
		close(fd);
		if (strncmp(name, argv[2], strlen(argv[2])) == 0)
			printf("%s %.16s %u\n", argv[1], name, id);
	}
	if (errno != ENOENT)
		tool_die("bpf");
	return 0;
}
