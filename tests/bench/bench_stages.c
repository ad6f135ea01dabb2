/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * bench_stages ROUNDS EVENTS - what an event costs in each stage of user space, and how that grows:
 * with the number of events, up to EVENTS, and with the number of CPUs they come from. One JSON
 * object a value, as scripts/bench.sh collects them.
 *
 * By the clock of the thread. The ring is a file in memory of the same layout as the kernel's.
 */
#include <fcntl.h>
#include <inttypes.h>
#include <linux/bpf.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/clock.h"
#include "decode/decode.h"
#include "model/model.h"
#include "records.h"
#include "sink/sink.h"
#include "transport/ring.h"

#define EXECS	  100000u
#define CHUNK	  50000u /* execs made at a time, so that 10^7 events need no memory of their own */
#define CPUS_MAX  64u
#define RING_SIZE (64u << 20)

static void emit(const char *name, const char *tool, unsigned round, double value, const char *unit)
{
	printf("{\"group\":\"internals\",\"case\":\"%s\",\"tool\":\"%s\",\"round\":%u,"
	       "\"value\":%.2f,\"unit\":\"%s\"}\n",
	       name, tool, round, value, unit);
	fflush(stdout);
}

static void fail(const char *what)
{
	perror(what);
	exit(1);
}

static uint64_t feed(struct ebt_decoder *dec, const struct records *r, ebt_event_fn fn, void *arg)
{
	uint64_t t = ebt_clock_ns(CLOCK_THREAD_CPUTIME_ID);

	for (size_t at = 0; at < r->len;) {
		uint32_t size;

		memcpy(&size, r->bytes + at, sizeof(size));
		if (decode_record(dec, r->bytes + at, size, fn, arg) < 0)
			fail("decode");
		at += (size + 7) & ~(size_t)7;
	}
	return ebt_clock_ns(CLOCK_THREAD_CPUTIME_ID) - t;
}

static void count_event(const struct ebt_event *ev, void *arg)
{
	*(uint64_t *)arg += ev->type == EBT_EVENT_EXEC ? ev->exec.args.len : 1;
}

static void to_model(const struct ebt_event *ev, void *arg)
{
	ebt_model_event(arg, ev);
}

static void to_sink(const struct ebt_event *ev, void *arg)
{
	if (ebt_sink_event(arg, ev))
		fail("sink");
}

static double decode_into(const struct records *r, ebt_event_fn fn, void *arg)
{
	struct ebt_decoder *dec = NULL;
	uint64_t ns;

	if (ebt_decoder_new(&dec, 1))
		fail("decoder");
	ns = feed(dec, r, fn, arg);
	ebt_decoder_free(&dec);
	return (double)ns / (double)r->n;
}

struct fake_ring {
	struct ebt_ring *ring;
	char *mem;
	size_t events;
};

/* As many records as fit, as the kernel lays them out: consumer page, producer page, data. */
static void fake_ring_new(struct fake_ring *f, const struct records *r)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE), pos = 0;
	int fd = memfd_create("ring", MFD_CLOEXEC);

	if (fd < 0 || ftruncate(fd, (off_t)(2 * page + 2 * (size_t)RING_SIZE)))
		fail("memfd");
	f->mem = mmap(NULL, 2 * page + RING_SIZE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (f->mem == MAP_FAILED)
		fail("mmap");
	for (size_t at = 0; at < r->len;) {
		char *to = f->mem + 2 * page + pos;
		uint32_t size;

		memcpy(&size, r->bytes + at, sizeof(size));
		if (pos + size + 2 * BPF_RINGBUF_HDR_SZ > RING_SIZE)
			break;
		memcpy(to, &size, sizeof(size));
		memcpy(to + BPF_RINGBUF_HDR_SZ, r->bytes + at, size);
		pos += (size + BPF_RINGBUF_HDR_SZ + 7) & ~7u;
		at += (size + 7) & ~(size_t)7;
		f->events++;
	}
	*(unsigned long *)(f->mem + page) = pos;
	if (ebt_ring_new(&f->ring, fd, RING_SIZE))
		fail("ring");
}

static void stages(const struct records *r, struct fake_ring *ring, unsigned round)
{
	struct ebt_model_options mo = { .ncpu = 1 };
	struct ebt_sink_options so = { .format = EBT_SINK_JSON, .header = true };
	struct ebt_model *model = NULL;
	struct ebt_sink *sink = NULL;
	uint64_t sum = 0, t;
	double decode, ns;
	const void *data;
	size_t len;

	*(unsigned long *)ring->mem = 0; /* all of it once more */
	t = ebt_clock_ns(CLOCK_THREAD_CPUTIME_ID);
	ebt_ring_begin(ring->ring, 0);
	for (size_t n = 0; n < ring->events; n++) {
		if (ebt_ring_next(ring->ring, &data, &len) != 1)
			fail("drain");
		sum += len + *(const uint32_t *)data;
	}
	emit("stage", "transport", round,
	     (double)(ebt_clock_ns(CLOCK_THREAD_CPUTIME_ID) - t) / (double)ring->events,
	     "ns/event");
	decode = decode_into(r, count_event, &sum);
	emit("stage", "decode", round, decode, "ns/event");
	if (ebt_model_new(&model, &mo))
		fail("model");
	ns = decode_into(r, to_model, model);
	emit("stage", "model", round, ns - decode, "ns/event");
	emit("rate", "decode+model", round, 1e9 / ns, "events/s");
	ebt_model_free(&model);
	so.fd = open("/dev/null", O_WRONLY | O_CLOEXEC);
	for (int text = 0; text < 2; text++) {
		so.format = text ? EBT_SINK_TEXT : EBT_SINK_JSON;
		if (ebt_sink_new(&sink, &so))
			fail("sink");
		ns = decode_into(r, to_sink, sink);
		emit("stage", text ? "text line" : "JSON", round, ns - decode, "ns/event");
		ebt_sink_free(&sink);
	}
	close(so.fd);
	if (sum == 0)
		abort();
}

/* ns an event through decoder and model when `events` of them come from ncpu CPUs in turn. */
static double run_many(uint64_t events, uint32_t ncpu)
{
	struct ebt_model_options mo = { .ncpu = ncpu };
	struct ebt_decoder *dec = NULL;
	struct ebt_model *model = NULL;
	uint64_t seq[CPUS_MAX] = { 0 }, ns = 0, n = 0;
	struct records r = { 0 };

	if (ebt_model_new(&model, &mo) || ebt_decoder_new(&dec, ncpu))
		fail("model");
	for (uint32_t first = 0; n < events; first += CHUNK) {
		uint64_t left = (events - n + 1) / 2;

		r.len = r.n = 0;
		records_add(&r, first, left < CHUNK ? (uint32_t)left : CHUNK, ncpu, seq);
		ns += feed(dec, &r, to_model, model);
		n += r.n;
	}
	ebt_decoder_free(&dec);
	ebt_model_free(&model);
	free(r.bytes);
	return (double)ns / (double)n;
}

int main(int argc, char **argv)
{
	struct records r = { 0 };
	struct fake_ring ring = { 0 };
	uint64_t seq = 0, max;
	unsigned rounds;

	if (argc != 3) {
		fprintf(stderr, "usage: bench_stages ROUNDS EVENTS\n");
		return 2;
	}
	rounds = (unsigned)atoi(argv[1]);
	max = strtoull(argv[2], NULL, 10);
	records_add(&r, 0, EXECS, 1, &seq);
	fake_ring_new(&ring, &r);
	for (unsigned round = 0; round < rounds; round++) {
		stages(&r, &ring, round);
		for (uint64_t n = 1000; n <= max; n *= 10) {
			char name[24];

			if (n >= 10000000 && round)
				break; /* long enough to be its own average */
			snprintf(name, sizeof(name), "%" PRIu64, n);
			emit("growth events", name, round, run_many(n, 1), "ns/event");
		}
		for (uint32_t ncpu = 1; ncpu <= CPUS_MAX; ncpu *= 2) {
			char name[24];

			snprintf(name, sizeof(name), "%u", ncpu);
			emit("growth CPUs", name, round, run_many(2 * EXECS, ncpu), "ns/event");
		}
	}
	ebt_ring_free(&ring.ring);
	free(r.bytes);
	return 0;
}
