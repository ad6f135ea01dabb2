/* SPDX-License-Identifier: BSD-3-Clause */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "decode/lost.h"

/* The events as words: CPU:cause:user:count. */
static void on_event(const struct ebt_event *ev, void *story)
{
	char word[64], user[16];

	assert_int_equal(ev->type, EBT_EVENT_LOST);
	assert_int_equal(ev->mono_ns, 77);
	snprintf(user, sizeof(user), "%u", ev->lost.uid);
	snprintf(word, sizeof(word), "%u:%s:%s:%u ", ev->cpu, ebt_lost_cause_name(ev->lost.cause),
		 ev->lost.uid == EBT_EV_UNSET ? "?" : user, (unsigned)ev->lost.count);
	strcat(story, word);
}

static void tells(struct ebt_lost_told *told, const struct ebt_cpu_counters *now, const char *want)
{
	char story[512] = "";

	ebt_lost_tell(told, now, 3, 77, on_event, story);
	assert_string_equal(story, want);
}

static void names_users(void **state)
{
	struct ebt_lost_told told = { 0 };
	struct ebt_cpu_counters c = {
		.lost_ring = 9,
		.lost_busy = 1,
		.losers = { { 1, { 2, 1 } }, { 1001, { 4, 0 } } },
	};

	tells(&told, &c, "3:ring:0:2 3:ring:1000:4 3:ring:?:3 3:busy:0:1 ");
	tells(&told, &c, "");
	c.lost_ring += 5;
	c.losers[1].lost[EBT_LOST_RING] += 5;
	tells(&told, &c, "3:ring:1000:5 ");
	/* A sum over generations may list the users in another order. */
	c.losers[2] = c.losers[0];
	c.losers[0] = (struct ebt_loser){ 8, { 1, 0 } };
	c.lost_ring++;
	tells(&told, &c, "3:ring:7:1 ");
}

static void parts_ahead_of_the_total_wait(void **state)
{
	struct ebt_lost_told told = { 0 };
	struct ebt_cpu_counters c = { .lost_ring = 3, .losers = { { 1, { 5, 0 } } } };

	tells(&told, &c, "3:ring:0:3 ");
	c.lost_ring = 5;
	tells(&told, &c, "3:ring:0:2 ");
	/* Counters never fall; of a file that says so nothing is told. */
	c.lost_ring = 4;
	tells(&told, &c, "");
}

static void more_users_than_entries(void **state)
{
	struct ebt_lost_told told = { 0 };
	struct ebt_cpu_counters c = { .lost_ring = 5 };

	for (unsigned i = 0; i < EBT_LOSERS; i++)
		c.losers[i] = (struct ebt_loser){ 10 + i, { 1, 0 } };
	tells(&told, &c, "3:ring:9:1 3:ring:10:1 3:ring:11:1 3:ring:12:1 3:ring:?:1 ");
	/* Entries of a hostile file that change their users are not followed. */
	for (unsigned i = 0; i < EBT_LOSERS; i++)
		c.losers[i] = (struct ebt_loser){ 20 + i, { 9, 0 } };
	c.lost_ring += 4;
	tells(&told, &c, "3:ring:?:4 ");
}

static void skips(void **state)
{
	struct ebt_lost_told told = { 0 };
	struct ebt_cpu_counters c = { .lost_ring = 3,
				      .lost_busy = 2,
				      .losers = { { 1, { 3, 2 } } } };

	ebt_lost_skip(&told, &c);
	tells(&told, &c, "");
	c.lost_busy++;
	c.losers[0].lost[EBT_LOST_BUSY]++;
	tells(&told, &c, "3:busy:0:1 ");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_users),
		cmocka_unit_test(parts_ahead_of_the_total_wait),
		cmocka_unit_test(more_users_than_entries),
		cmocka_unit_test(skips),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
