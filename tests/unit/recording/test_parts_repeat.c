/* SPDX-License-Identifier: BSD-3-Clause */
/* What a block repeats of the block before: nothing comes twice, and a damaged block costs no clock
 * and no process. */
#include <fcntl.h>
#include <stdlib.h>

#include "parts_place.h"
#include "recording/file_format.h"

/* More processes than a block holds. */
#define PROCESSES 3000u
#define ARGS	  200u
#define SPACED	  (PROCESSES / 3)

static void put_process(struct ebt_parts_writer *w, uint32_t pid)
{
	struct {
		struct ebt_frame_process head;
		char comm[8], args[ARGS];
	} data = { .head = { .start_ns = 1 + pid, .pid = pid, .ppid = 1, .comm_len = 8 } };
	struct ebt_frame f = { EBT_FRAME_PROCESS, (const char *)&data, sizeof(data) };

	memset(data.args, 'a', sizeof(data.args));
	assert_int_equal(ebt_parts_writer_frame(w, &f, 0), 0);
}

static void put_clock(struct ebt_parts_writer *w, uint64_t mono_ns)
{
	struct ebt_frame_clock clock = { mono_ns, 77 };
	struct ebt_frame f = { EBT_FRAME_CLOCK, (const char *)&clock, sizeof(clock) };

	assert_int_equal(ebt_parts_writer_frame(w, &f, mono_ns), 0);
}

/* The processes, in one go or with a block closed after every third of them, and then an event in a
 * block of its own. */
static void record_processes(const struct place *p, bool spaced)
{
	struct ebt_parts_options o = { .path = p->path, .abi = ABI };
	struct ebt_parts_writer *w = NULL;
	char why[256];

	assert_int_equal(ebt_parts_writer_new(&w, &o, why, sizeof(why)), 0);
	put_clock(w, 1);
	for (uint32_t pid = 1; pid <= PROCESSES; pid++) {
		put_process(w, pid);
		if (spaced && pid % SPACED == 0)
			assert_int_equal(ebt_parts_writer_flush(w), 0);
	}
	assert_int_equal(ebt_parts_writer_flush(w), 0);
	for (uint32_t n = 0; n < 2; n++)
		assert_int_equal(put(w, n), 0);
	assert_int_equal(ebt_parts_writer_flush(w), 0);
	ebt_parts_writer_free(&w);
}

struct seen {
	unsigned times[PROCESSES + 1]; /* that a process came, by pid */
	unsigned events, clocks, others;
	bool undated; /* an event came before any clock */
};

static void replay(const struct place *p, struct seen *seen)
{
	struct ebt_parts_reader *r = NULL;
	struct ebt_frame f;
	char why[256];

	assert_int_equal(ebt_parts_reader_new(&r, p->path, ABI, why, sizeof(why)), 0);
	for (int round = 0; round < 2; round++) {
		memset(seen, 0, sizeof(*seen));
		while (ebt_parts_reader_next(r, &f) == 1) {
			struct ebt_frame_process process;

			seen->events += f.kind == EBT_FRAME_RECORD;
			seen->clocks += f.kind == EBT_FRAME_CLOCK;
			seen->undated |= f.kind == EBT_FRAME_RECORD && !seen->clocks;
			seen->others += f.kind > EBT_FRAME_RECORD;
			if (f.kind != EBT_FRAME_PROCESS)
				continue;
			ebt_frame_fixed(&f, &process, sizeof(process));
			assert_in_range(process.pid, 1, PROCESSES);
			assert_int_equal(process.start_ns, 1 + process.pid);
			seen->times[process.pid]++;
		}
		ebt_parts_reader_rewind(r);
	}
	ebt_parts_reader_free(&r);
}

/* Find the stored bytes of block n. Return false if there is no such block. */
static bool find_block(const struct place *p, unsigned n, off_t *at, struct ebt_block_hdr *h)
{
	int fd = open(p->path, O_RDONLY);
	bool there = true;

	*at = sizeof(struct ebt_file_hdr);
	for (unsigned i = 0; there; i++) {
		there = pread(fd, h, sizeof(*h), *at) == sizeof(*h);
		*at += sizeof(*h);
		if (i == n)
			break;
		*at += h->stored_bytes;
	}
	close(fd);
	return there;
}

static void flip(const struct place *p, off_t at)
{
	int fd = open(p->path, O_RDWR);
	char c;

	assert_int_equal(pread(fd, &c, 1, at), 1);
	c = (char)~c;
	assert_int_equal(pwrite(fd, &c, 1, at), 1);
	close(fd);
}

/* Damage each block in turn: every process still comes exactly once. */
static void damage_each(const struct place *p, unsigned *blocks)
{
	struct seen *seen = malloc(sizeof(*seen));
	struct ebt_block_hdr h;
	off_t at;

	assert_non_null(seen);
	for (*blocks = 0; find_block(p, *blocks, &at, &h); (*blocks)++) {
		flip(p, at + h.stored_bytes / 2);
		replay(p, seen);
		for (uint32_t pid = 1; pid <= PROCESSES; pid++)
			assert_int_equal(seen->times[pid], 1);
		assert_false(seen->undated);
		assert_int_equal(seen->others, 0);
		assert_in_range(seen->events, 1, 2);
		flip(p, at + h.stored_bytes / 2);
	}
	replay(p, seen);
	for (uint32_t pid = 1; pid <= PROCESSES; pid++)
		assert_int_equal(seen->times[pid], 1);
	assert_int_equal(seen->events, 2);
	free(seen);
}

static void test_processes_in_spaced_blocks(void **state)
{
	unsigned blocks;

	record_processes(*state, true);
	damage_each(*state, &blocks);
	assert_in_range(blocks, 5, 8);
}

static void test_processes_in_full_blocks(void **state)
{
	unsigned blocks;

	record_processes(*state, false);
	damage_each(*state, &blocks);
	assert_in_range(blocks, 5, 12);
}

/* Two neighbours that are damaged cost what stood in the first of them, and nothing else. */
static void test_two_neighbours(void **state)
{
	struct place *p = *state;
	struct seen *seen = malloc(sizeof(*seen));
	struct ebt_block_hdr h;
	off_t at;

	assert_non_null(seen);
	record_processes(p, true);
	for (unsigned n = 0; n < 2; n++) {
		assert_true(find_block(p, n, &at, &h));
		flip(p, at + h.stored_bytes / 2);
	}
	replay(p, seen);
	assert_int_equal(seen->times[1], 0);
	assert_int_equal(seen->times[PROCESSES], 1);
	assert_int_equal(seen->events, 2);
	assert_false(seen->undated);
	free(seen);
}

#define TEST(fn) cmocka_unit_test_setup_teardown(fn, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_processes_in_spaced_blocks),
		TEST(test_processes_in_full_blocks),
		TEST(test_two_neighbours),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
