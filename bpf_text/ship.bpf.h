/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * ship.bpf.h - send a record through the ring or the perf buffer of this CPU, and count an event
 * that finds no room.
 */
/*
 * The last quarter of the buffer is for the first records of events. Continuations are not sent
 * while more than the rest is in use, so that a process with a huge command line loses the end of
 * its own arguments, and not the events of others.
 */
#define EBT_REST_SHARE(bytes) ((bytes) / 4 * 3)

/* Send a record through the ring, unless more than `most` bytes of it are in use. Waking the reader
 * is the most expensive part, and the reader looks by itself every few milliseconds, so it is woken
 * only when the fill level passes another quarter of the ring (BPF_RB_NO_WAKEUP << 1 is
 * BPF_RB_FORCE_WAKEUP). A record of 32 KiB passes two quarters of the smallest ring. */
#ifndef EBT_WITH_PERF
#define EBT_RING_BYTES ((u64)EBT_RING_PAGES * PAGE_SIZE)

static inline long ebt_ship_below(struct ebt_cpu_counters *c, void *rec, u64 size, u64 most)
{
	u64 used = bpf_ringbuf_query(EBT_RING_MAP, BPF_RB_AVAIL_DATA);
	u64 step = EBT_RING_BYTES / 4;
	u64 passed = (used + size + 8) / step - used / step; /* at most 3 */
	u64 wake = (passed | passed >> 1) & 1;		     /* without a branch; see more.bpf.c */
	long err;

	if (used > most)
		return -1;
	err = ebt_ring.ringbuf_output(rec, size, BPF_RB_NO_WAKEUP << wake);
	if (err)
		return err;
	c->wakeups += wake;
	ebt_add(&c->records, 1);
	ebt_add(&c->bytes, size);
	return 0;
}

/* Send the first record of an event. */
static inline long ebt_ship(void *ctx, struct ebt_cpu_counters *c, void *rec, u64 size)
{
	return ebt_ship_below(c, rec, size, EBT_RING_BYTES);
}

static inline void ebt_find_buffer(struct ebt_scratch *s)
{
}

/* Sends a continuation. */
static inline long ebt_ship_rest(void *ctx, struct ebt_cpu_counters *c, struct ebt_scratch *s,
				 u64 size)
{
	return ebt_ship_below(c, s->buf, size, EBT_REST_SHARE(EBT_RING_BYTES));
}
#else
/* Send a record through the perf buffer of this CPU, which wakes the reader at a watermark that the
 * loader has set. It fails if the buffer is full, or if there is none because the CPU came online
 * after the load. */
static inline long ebt_ship(void *ctx, struct ebt_cpu_counters *c, void *rec, u64 size)
{
	long err = ebt_ring.perf_submit(ctx, rec, size);

	if (err)
		return err;
	ebt_add(&c->records, 1);
	ebt_add(&c->bytes, size);
	return 0;
}

/*
 * No helper tells how full a perf buffer is, so this follows the kernel's structs from the map to
 * the buffer of this CPU. The map's address is read back from the stack, because the verifier
 * allows no arithmetic on the pointer itself. A kernel without one of the members gives 0, and then
 * nothing is reserved.
 */
static inline void ebt_find_buffer(struct ebt_scratch *s)
{
	void *volatile map = EBT_RING_MAP;
	u64 array = 0, entry = 0;

	bpf_probe_read_kernel(&array, sizeof(array), (void *)&map);
	array += EBT_OFF(ARRAY_PTRS) + 8 * (u64)bpf_get_smp_processor_id();
	bpf_probe_read_kernel(&entry, sizeof(entry), (void *)array);
	s->st.perf_buffer = EBT_GET(EBT_GET(entry, EVENT_ENTRY_EVENT), PERF_EVENT_RB);
}

static inline long ebt_ship_rest(void *ctx, struct ebt_cpu_counters *c, struct ebt_scratch *s,
				 u64 size)
{
	u64 buffer = s->st.perf_buffer;
	u64 bytes = (u64)EBT_GET32(buffer, PERF_BUFFER_PAGES) * PAGE_SIZE;
	u64 tail = EBT_GET(EBT_GET(buffer, PERF_BUFFER_CONTROL), PERF_CONTROL_TAIL);

	if (EBT_GET(buffer, PERF_BUFFER_HEAD) - tail > EBT_REST_SHARE(bytes))
		return -1;
	return ebt_ship(ctx, c, s->buf, size);
}
#endif

#define EBT_LOST_RING 0
#define EBT_LOST_BUSY 1

/* Count an event that is lost for this cause, in total and for its user. */
static inline void ebt_lose(struct ebt_cpu_counters *c, u32 cause)
{
	u64 who = (bpf_get_current_uid_gid() & 0xffffffff) + 1;

#pragma clang loop unroll(disable)
	for (u32 i = 0; i < EBT_LOSERS; i++) {
		struct ebt_loser *loser = &c->losers[i];

		EBT_FORGET();
		if (!loser->who)
			loser->who = who;
		if (loser->who == who) {
			ebt_add(&loser->lost[cause], 1);
			break;
		}
	}
	ebt_add(cause == EBT_LOST_RING ? &c->lost_ring : &c->lost_busy, 1);
}
