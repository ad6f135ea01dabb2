/* SPDX-License-Identifier: BSD-3-Clause */
/* test_versions.c - recordings of earlier versions are still read (tests/data/recordings/README.md). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "recording/parts.h"
#include "recording/player.h"

struct versions_seen {
	unsigned execs, exits, others, with_parent;
	char last_comm[EBT_COMM_LEN + 1];
};

static void versions_event(const struct ebt_event *ev, void *arg)
{
	struct versions_seen *seen = arg;
	static const char args[] = "-Wall";

	if (ev->type == EBT_EVENT_EXIT) {
		seen->exits++;
		return;
	}
	if (ev->type != EBT_EVENT_EXEC) {
		seen->others++;
		return;
	}
	seen->execs++;
	seen->with_parent += ev->exec.parent_comm.len > 0;
	snprintf(seen->last_comm, sizeof(seen->last_comm), "%.*s", (int)ev->exec.comm.len,
		 ev->exec.comm.data);
	assert_true(ev->exec.filename.len > 4);
	assert_memory_equal(ev->exec.filename.data, "/usr/bin/", 9);
	assert_true(ebt_bytes_equal(ev->exec.exe, ev->exec.filename));
	assert_int_equal(ev->exec.argc, 9);
	assert_int_equal(ev->exec.args_captured, ev->exec.args_bytes);
	assert_non_null(memmem(ev->exec.args.data, ev->exec.args.len, args, sizeof(args)));
}

static void test_every_version(void **state)
{
	static const struct ebt_player_ops ops = { .event = versions_event };

	(void)state;
	for (uint32_t version = 1; version < EBT_ABI_VERSION; version++) {
		struct versions_seen seen = { 0 };
		struct ebt_parts_reader *reader = NULL;
		struct ebt_player player;
		struct ebt_frame frame;
		char path[64], why[256];
		int err;

		snprintf(path, sizeof(path), "tests/data/recordings/abi-%u.rec", version);
		err = ebt_parts_reader_new(&reader, path, EBT_ABI_VERSION, why, sizeof(why));
		if (err)
			fail_msg("%s: %s", path, why);
		ebt_player_init(&player, &ops, &seen);
		while ((err = ebt_parts_reader_next(reader, &frame)) == 1)
			assert_int_equal(ebt_player_frame(&player, &frame), 0);
		assert_int_equal(err, 0);
		assert_int_equal(ebt_decoder_stats(player.decoder).bad_records, 0);
		assert_int_equal(seen.execs, 4);
		assert_int_equal(seen.exits, 4);
		assert_string_equal(seen.last_comm, "make");
		if (version == 1)
			assert_int_equal(seen.with_parent, 0);
		ebt_player_deinit(&player);
		ebt_parts_reader_free(&reader);
	}
}

/* A recording of a program that is newer than this one is refused with a sentence. */
static void test_later_version(void **state)
{
	struct ebt_parts_reader *reader = NULL;
	char why[256] = "";

	(void)state;
	assert_true(ebt_parts_reader_new(&reader, "tests/data/recordings/abi-1.rec", 0, why,
					 sizeof(why)) < 0);
	assert_null(reader);
	assert_true(strlen(why) > 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_version),
		cmocka_unit_test(test_later_version),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
