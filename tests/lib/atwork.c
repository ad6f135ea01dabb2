/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * atwork PID link|prog - the execbig-top with this process id finds that an event is under way: its
 * scratch buffer is marked as a program at work marks it. A real one is there for microseconds and
 * cannot be held.
 *
 * Says "held" once it is. Waits until the loader has closed one of its links (it stops) or programs
 * (it has swapped), takes the mark away HOLD_NS later, and says when: microseconds since 1970.
 * Nothing that the loader is to do after all programs have come to rest may happen before that.
 * "late" instead: the machine was too slow, and the loader may have lost its patience.
 */
#include <dirent.h>
#include <fcntl.h>
#include <linux/bpf.h>
#include <sys/syscall.h>

#include "tool.h"

#define PATIENCE_NS 500000000u /* EBT_QUIESCE_MS of src/processes/loader/retune.h */
#define HOLD_NS	    400000000u
#define MARGIN_NS   10000000u
#define GIVE_UP_NS  20000000000u
#define IDS_MAX	    512
#define SLOT	    1 /* the other is for programs that nothing interrupts */

static long bpf(enum bpf_cmd cmd, union bpf_attr *attr)
{
	return syscall(SYS_bpf, cmd, attr, sizeof(*attr));
}

/* Ids of this kind ("map_id:") among the descriptors of a process, up to max of them. */
static unsigned ids_of(const char *pid, const char *kind, __u32 *ids, unsigned max)
{
	char path[512], text[2048];
	struct dirent *entry;
	unsigned n = 0;
	DIR *dir;

	snprintf(path, sizeof(path), "/proc/%s/fdinfo", pid);
	dir = opendir(path);
	while (dir && n < max && (entry = readdir(dir))) {
		const char *at;
		ssize_t len;
		int fd;

		snprintf(path, sizeof(path), "/proc/%s/fdinfo/%s", pid, entry->d_name);
		fd = open(path, O_RDONLY);
		len = fd < 0 ? -1 : read(fd, text, sizeof(text) - 1);
		if (fd >= 0)
			close(fd);
		if (len <= 0)
			continue;
		text[len] = '\0';
		at = strstr(text, kind);
		if (at)
			ids[n++] = (__u32)strtoul(at + strlen(kind), NULL, 10);
	}
	if (dir)
		closedir(dir);
	return n;
}

/* The map of this name that the process holds; its size of a value in *value_bytes. */
static int map_of(const char *pid, const char *name, size_t *value_bytes)
{
	__u32 ids[IDS_MAX];
	unsigned n = ids_of(pid, "map_id:", ids, IDS_MAX);

	for (unsigned i = 0; i < n; i++) {
		struct bpf_map_info info = { 0 };
		union bpf_attr attr = { .map_id = ids[i] };
		int fd = (int)bpf(BPF_MAP_GET_FD_BY_ID, &attr);

		if (fd < 0)
			continue;
		attr = (union bpf_attr){ .info = { .bpf_fd = (__u32)fd,
						   .info_len = sizeof(info),
						   .info = (__u64)(uintptr_t)&info } };
		if (bpf(BPF_OBJ_GET_INFO_BY_FD, &attr) == 0 && strcmp(info.name, name) == 0) {
			*value_bytes = (info.value_size + 7) & ~7u;
			return fd;
		}
		close(fd);
	}
	fprintf(stderr, "process %s holds no map %s\n", pid, name);
	exit(1);
}

/* CPUs that can be: a lookup gives a value of each. The list may be "0-3" or "0,2-3". */
static size_t possible_cpus(void)
{
	char text[256] = "";
	size_t last = 0;
	int fd = open("/sys/devices/system/cpu/possible", O_RDONLY);

	if (fd < 0 || read(fd, text, sizeof(text) - 1) <= 0)
		tool_die("possible CPUs");
	close(fd);
	for (char *p = strtok(text, ",-\n"); p; p = strtok(NULL, ",-\n"))
		last = strtoul(p, NULL, 10);
	return last + 1;
}

static void mark(int map, size_t value_bytes, __u32 busy)
{
	__u32 slot = SLOT;
	char *values = calloc(possible_cpus(), value_bytes);
	union bpf_attr attr = { .map_fd = (__u32)map,
				.key = (__u64)(uintptr_t)&slot,
				.value = (__u64)(uintptr_t)values };

	if (!values || bpf(BPF_MAP_LOOKUP_ELEM, &attr))
		tool_die("scratch buffer");
	memcpy(values, &busy, sizeof(busy)); /* first member of struct ebt_scratch, of CPU 0 */
	attr.flags = BPF_ANY;
	if (bpf(BPF_MAP_UPDATE_ELEM, &attr))
		tool_die("scratch buffer");
	free(values);
}

/* When there was last as much as ever of what the loader will close: most, or more. 0: it came and
 * went unseen. */
static uint64_t last_whole(const char *pid, const char *kind, unsigned most, uint64_t last_ns)
{
	const struct timespec pause = { 0, 1000000 };
	uint64_t begin_ns = last_ns, now_ns = begin_ns;
	__u32 ids[IDS_MAX];
	unsigned n;

	while (now_ns - begin_ns < GIVE_UP_NS) {
		now_ns = tool_now_ns();
		n = ids_of(pid, kind, ids, IDS_MAX);
		if (n < most)
			return last_ns;
		most = n;
		last_ns = now_ns;
		nanosleep(&pause, NULL);
	}
	return 0;
}

int main(int argc, char **argv)
{
	size_t value_bytes;
	uint64_t last_ns, now_ns;
	struct timespec ts = { 0 };
	__u32 ids[IDS_MAX];
	unsigned most;
	char kind[16];
	int map;

	if (argc != 3 || (strcmp(argv[2], "link") != 0 && strcmp(argv[2], "prog") != 0)) {
		fprintf(stderr, "usage: atwork PID link|prog\n");
		return 2;
	}
	snprintf(kind, sizeof(kind), "%s_id:", argv[2]);
	map = map_of(argv[1], "ebt_scratch", &value_bytes);
	mark(map, value_bytes, 1);
	last_ns = tool_now_ns();
	most = ids_of(argv[1], kind, ids, IDS_MAX);
	printf("held\n");
	fflush(stdout);
	last_ns = last_whole(argv[1], kind, most, last_ns);
	now_ns = tool_now_ns();
	if (last_ns && now_ns < last_ns + HOLD_NS) {
		ts.tv_nsec = (long)(last_ns + HOLD_NS - now_ns);
		nanosleep(&ts, NULL);
	}
	clock_gettime(CLOCK_REALTIME, &ts);
	mark(map, value_bytes, 0);
	if (!last_ns || tool_now_ns() > last_ns + PATIENCE_NS - MARGIN_NS)
		printf("late\n");
	else
		printf("%lld\n", ts.tv_sec * 1000000ll + ts.tv_nsec / 1000);
	return 0;
}
