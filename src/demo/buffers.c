/* SPDX-License-Identifier: BSD-3-Clause */
/* buffers.c - lesson 19: a ring compared with a perf buffer */
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <pthread.h>
#include <stdatomic.h>
#include <time.h>

#include "demo/lesson.h"
#include "demo/lessons.h"

#define RECORDS	   1000 /* records per run, the same number as in the BPF text */
#define RUNS	   200
#define PERF_PAGES 64

struct result {
	uint64_t ns, sent, failed;
};

/* The reader, which runs in a thread of its own. Exactly one of ring and perf is set. */
struct reader {
	struct ring_buffer *ring;
	struct perf_buffer *perf;
	bool silent; /* the BPF program does not wake the reader */
	_Atomic bool stop;
	uint64_t received, lost, wakeups;
};

static int on_ring(void *arg, void *data, size_t len)
{
	((struct reader *)arg)->received++;
	return 0;
}

static void on_perf(void *arg, int cpu, void *data, uint32_t len)
{
	((struct reader *)arg)->received++;
}

static void on_lost(void *arg, int cpu, unsigned long long n)
{
	((struct reader *)arg)->lost += n;
}

static void *read_all(void *arg)
{
	static const struct timespec pause = { 0, 200000 };
	struct reader *r = arg;

	while (!r->stop) {
		int n = 0;

		if (r->silent) {
			ring_buffer__consume(r->ring);
			nanosleep(&pause, NULL);
		} else {
			n = r->ring ? ring_buffer__poll(r->ring, 20)
				    : perf_buffer__poll(r->perf, 20);
		}
		r->wakeups += n > 0;
	}
	return NULL;
}

static void read_rest(struct reader *r)
{
	if (r->ring)
		ring_buffer__consume(r->ring);
	else
		perf_buffer__consume(r->perf);
}

static void free_reader(struct reader *r)
{
	ring_buffer__free(r->ring);
	perf_buffer__free(r->perf);
}

static int open_reader(struct ebt_demo *d, const struct ebt_demo_obj *obj, struct reader *r,
		       bool perf)
{
	if (perf)
		r->perf = perf_buffer__new(ebt_demo_map(obj, "perf"), PERF_PAGES, on_perf, on_lost,
					   r, NULL);
	else
		r->ring = ring_buffer__new(ebt_demo_map(obj, "ring"), on_ring, r, NULL);
	return r->ring || r->perf ? 0 : ebt_demo_fail(d, -errno, "cannot open the buffer");
}

static int buffers_produce(struct ebt_demo *d, const struct ebt_demo_prog *prog)
{
	int err = 0;

	for (int i = 0; i < RUNS && !err; i++)
		err = ebt_demo_test_run(prog, RECORDS, 0, 0);
	/* A perf buffer reports lost records together with the next record that fits, so send one
	 * more. */
	return err ? ebt_demo_fail(d, err, "%s did not run", prog->name) : 0;
}

static int one_kind(struct ebt_demo *d, const struct ebt_demo_obj *obj, const char *name, bool perf,
		    bool silent)
{
	_cleanup_prog_ struct ebt_demo_prog prog = { .name = name };
	struct reader r = { .silent = silent };
	struct result res = { 0 };
	uint32_t zero = 0;
	pthread_t thread;
	double each_ns;
	int err;

	bpf_map_update_elem(ebt_demo_map(obj, "results"), &zero, &res, BPF_ANY);
	err = ebt_demo_must_load(d, obj, &prog);
	if (!err)
		err = ebt_demo_must_run(d, &prog, 0, 0);
	if (!err)
		err = open_reader(d, obj, &r, perf);
	if (err)
		return err;
	err = pthread_create(&thread, NULL, read_all, &r);
	if (!err) {
		err = buffers_produce(d, &prog);
		r.stop = true;
		pthread_join(thread, NULL);
		read_rest(&r);
		ebt_demo_test_run(&prog, 1, 0, 0);
		read_rest(&r);
	}
	free_reader(&r);
	bpf_map_lookup_elem(ebt_demo_map(obj, "results"), &zero, &res);
	if (!perf)
		r.lost = res.failed;
	each_ns = (double)res.ns / (double)(res.sent ? res.sent : 1);
	printf("   %-12s %8.1f %9.1f %9llu %9llu %9llu %8llu\n", name, each_ns,
	       each_ns > 0 ? 1000 / each_ns : 0, (unsigned long long)res.sent,
	       (unsigned long long)r.received, (unsigned long long)r.lost,
	       (unsigned long long)r.wakeups);
	if (res.sent != r.received + r.lost)
		ebt_demo_expect(d, false, "sent = received + lost");
	return err;
}

int ebt_demo_buffers(struct ebt_demo *d)
{
	_cleanup_obj_ struct ebt_demo_obj obj = { 0 };
	int err = ebt_demo_open(d, &obj, NULL);

	if (err)
		return err;
	ebt_demo_stage(d, "%d records of 64 bytes from CPU 0; buffers of 256 KB",
		       RUNS * RECORDS + 1);
	printf("                ns each million/s      sent  received      lost  wakeups\n");
	err = one_kind(d, &obj, "ring_waking", false, false);
	if (!err)
		err = one_kind(d, &obj, "ring_silent", false, true);
	if (!err)
		err = one_kind(d, &obj, "perf_buffer", true, false);
	if (!err)
		ebt_demo_expect(d, !d->wrong, "sent = received + lost, for each of them");
	return err;
}

int ebt_demo_buffers_bad(struct ebt_demo *d)
{
	static const char *const small[] = { "-DRING_PAGES=1", NULL };
	_cleanup_obj_ struct ebt_demo_obj obj = { 0 };
	_cleanup_prog_ struct ebt_demo_prog prog = { .name = "ring_waking" };
	struct reader r = { 0 };
	struct result res = { 0 };
	uint32_t zero = 0;
	int err = ebt_demo_open(d, &obj, small);

	if (!err)
		err = ebt_demo_must_load(d, &obj, &prog);
	if (err)
		return err;
	ebt_demo_stage(d, "A ring of one page, and nobody reads while %d records come", RECORDS);
	err = ebt_demo_must_run(d, &prog, RECORDS, 0);
	if (!err)
		err = open_reader(d, &obj, &r, false);
	if (err)
		return err;
	read_rest(&r);
	free_reader(&r);
	bpf_map_lookup_elem(ebt_demo_map(&obj, "results"), &zero, &res);
	printf("   sent: %llu; refused by the ring: %llu; read afterwards: %llu\n",
	       (unsigned long long)res.sent, (unsigned long long)res.failed,
	       (unsigned long long)r.received);
	ebt_demo_expect(d, res.sent == r.received + res.failed, "sent = received + lost");
	ebt_demo_expect(d, r.received == 4096 / (64 + 8),
			"a record takes 64 bytes and 8 for its "
			"header: %d fit a page",
			4096 / (64 + 8));
	ebt_demo_expect(d, res.failed > 0,
			"the newest are lost, and the program gets an error each time");
	return 0;
}
