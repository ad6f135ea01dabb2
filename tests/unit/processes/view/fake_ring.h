/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * fake_ring.h - a memory file that is laid out as the kernel lays out a ring, with events in it
 * whenever a test puts them there. Include it once in a test.
 */
#ifndef EBT_TESTS_FAKE_RING_H
#define EBT_TESTS_FAKE_RING_H

#include <sys/mman.h>
#include <unistd.h>

#include "decode/records.h"

#include <linux/bpf.h>

#define FAKE_RING 65536

static char *fake_ring;

/* Make a ring, in place of the one before, which its reader keeps. Return its descriptor. */
static inline int fake_ring_new(void)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE), len = 2 * page + 2 * FAKE_RING;
	int fd = memfd_create("ring", MFD_CLOEXEC);

	if (fake_ring)
		munmap(fake_ring, len);
	assert_int_equal(ftruncate(fd, (off_t)len), 0);
	fake_ring = mmap(NULL, len, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	assert_true(fake_ring != MAP_FAILED);
	return fd;
}

static inline void fake_ring_put(const void *data, size_t len)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	unsigned long *producer = (unsigned long *)(fake_ring + page);
	uint32_t head = (uint32_t)len;
	char *at = fake_ring + 2 * page + *producer % FAKE_RING;

	memcpy(at, &head, sizeof(head));
	memcpy(at + BPF_RINGBUF_HDR_SZ, data, len);
	*producer += (BPF_RINGBUF_HDR_SZ + len + 7) & ~7ul;
}

/* An exec of COMM with one argument. */
static inline void fake_ring_exec(uint32_t cpu, uint64_t seq, uint32_t generation, const char *comm)
{
	struct exec e = exec_make(cpu, seq);
	char record[sizeof(e.rec) + 64];

	memset(e.rec.comm, 0, sizeof(e.rec.comm));
	memcpy(e.rec.comm, comm, strlen(comm));
	e.rec.hdr.generation = generation;
	e.rec.argc = 1;
	e.sect[EBT_SECT_ARGS] = BYTES("argument\0");
	exec_stream(&e);
	e.rec.hdr.size = (uint32_t)(sizeof(e.rec) + e.len);
	memcpy(record, &e.rec, sizeof(e.rec));
	memcpy(record + sizeof(e.rec), e.stream, e.len);
	fake_ring_put(record, e.rec.hdr.size);
	free(e.stream);
}

#endif
