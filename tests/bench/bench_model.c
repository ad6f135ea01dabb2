/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * bench_model.c - what an event costs from record to model, and what a screen costs.
 *
 * Records are made before the clock starts, see records.h. Prints ns an event and ns a snapshot.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "decode/decode.h"
#include "groups/columns.h"
#include "model/model.h"
#include "model/snapshot.h"
#include "records.h"

#define EXECS  100000u
#define ROUNDS 5u

static struct records make_records(void)
{
	struct records r = { 0 };
	uint64_t seq = 0;

	records_add(&r, 0, EXECS + 100, 1, &seq);
	return r;
}

static void count_event(const struct ebt_event *ev, void *arg)
{
	*(uint64_t *)arg += ev->type == EBT_EVENT_EXEC ? ev->exec.args.len : 1;
}

static void to_model(const struct ebt_event *ev, void *arg)
{
	ebt_model_event(arg, ev);
}

static uint64_t run(struct ebt_decoder *dec, const struct records *r, ebt_event_fn fn, void *arg)
{
	uint64_t t = ebt_mono_ns();

	for (size_t at = 0; at < r->len;) {
		uint32_t size;

		memcpy(&size, r->bytes + at, sizeof(size));
		if (decode_record(dec, r->bytes + at, size, fn, arg) < 0)
			abort();
		at += (size + 7) & ~(size_t)7;
	}
	return ebt_mono_ns() - t;
}

static void bench_decode(const struct records *r)
{
	uint64_t best = UINT64_MAX, sum = 0;

	for (unsigned i = 0; i < ROUNDS; i++) {
		struct ebt_decoder *dec = NULL;
		uint64_t ns;

		if (ebt_decoder_new(&dec, 1) < 0)
			abort();
		ns = run(dec, r, count_event, &sum);
		best = ns < best ? ns : best;
		ebt_decoder_free(&dec);
	}
	printf("decode                %8.1f ns/event\n", (double)best / (double)r->n);
}

static struct ebt_model *bench_model(const struct records *r, const char *what, const char *filter,
				     size_t history_bytes)
{
	struct ebt_model_options options = { .history_bytes = history_bytes, .ncpu = 1 };
	struct ebt_model *model = NULL;
	uint64_t best = UINT64_MAX;

	for (unsigned i = 0; i < ROUNDS; i++) {
		struct ebt_decoder *dec = NULL;
		uint64_t ns;

		ebt_model_free(&model);
		if (ebt_model_new(&model, &options) < 0 || ebt_decoder_new(&dec, 1) < 0 ||
		    ebt_model_set_filter(model, filter, NULL) < 0)
			abort();
		ns = run(dec, r, to_model, model);
		best = ns < best ? ns : best;
		ebt_decoder_free(&dec);
	}
	printf("%-21s %8.1f ns/event  %10.0f events/s\n", what, (double)best / (double)r->n,
	       1e9 * (double)r->n / (double)best);
	return model;
}

static void bench_snapshot(struct ebt_model *model, const char *what, const struct ebt_query *query)
{
	uint64_t best = UINT64_MAX, now = 21000000000u;
	struct ebt_snapshot snap = { 0 };

	for (unsigned i = 0; i < 20; i++) {
		uint64_t t = ebt_mono_ns(), ns;

		ebt_snapshot_take(model, query, now, &snap);
		ns = ebt_mono_ns() - t;
		best = ns < best ? ns : best;
	}
	printf("snapshot %-12s %8.1f us  (%zu of %zu rows)\n", what, (double)best / 1e3, snap.count,
	       snap.total_rows);
}

/* The tree after something has changed in it. */
static void bench_tree(struct ebt_model *model)
{
	struct ebt_query query = { .list = EBT_LIST_TREE, .count = 60 };
	uint64_t best = UINT64_MAX, now = 21000000000u;
	struct ebt_snapshot snap = { 0 };

	ebt_snapshot_take(model, &query, now, &snap);
	for (unsigned i = 0; i < 20 && snap.count > 0; i++) {
		uint64_t t, ns;

		ebt_snapshot_collapse(model, snap.rows[0].id, i % 2 == 0);
		t = ebt_mono_ns();
		ebt_snapshot_take(model, &query, now, &snap);
		ns = ebt_mono_ns() - t;
		best = ns < best ? ns : best;
	}
	printf("snapshot %-12s %8.1f us  (%zu of %zu rows)\n", "tree, built", (double)best / 1e3,
	       snap.count, snap.total_rows);
}

static void bench_filter(struct ebt_model *model, const char *pattern)
{
	uint64_t t = ebt_mono_ns();

	if (ebt_model_set_filter(model, pattern, NULL) < 0)
		abort();
	printf("filter %-14s %8.1f ms for the whole history\n", pattern,
	       (double)(ebt_mono_ns() - t) / 1e6);
}

int main(void)
{
	struct records r = make_records();
	struct ebt_model *model = NULL;

	printf("%zu events, %u executables, %.0f bytes a record\n", r.n, RECORDS_EXES,
	       (double)r.len / (double)r.n);
	bench_decode(&r);
	model = bench_model(&r, "decode+model+filter", "prog1[0-9]+ ", (size_t)64 << 20);
	ebt_model_free(&model);
	/* Nine of ten rows drop out of the history again. */
	model = bench_model(&r, "decode+model, full", NULL, (size_t)5 << 20);
	ebt_model_free(&model);
	model = bench_model(&r, "decode+model", NULL, (size_t)64 << 20);
	bench_snapshot(model, "events",
		       &(struct ebt_query){ .list = EBT_LIST_EVENTS, .first = 50000, .count = 60 });
	for (unsigned by = 0; by < EBT_GROUP_BY_MAX; by++)
		bench_snapshot(model, ebt_group_by_name(by),
			       &(struct ebt_query){ .list = EBT_LIST_GROUPS,
						    .count = 60,
						    .group_by = by,
						    .sort = EBT_COL_COUNT });
	for (unsigned column = 0; column < EBT_COL_MAX; column++)
		bench_snapshot(model, ebt_column_name(column),
			       &(struct ebt_query){
				       .list = EBT_LIST_GROUPS, .count = 60, .sort = column });
	bench_snapshot(model, "tree", &(struct ebt_query){ .list = EBT_LIST_TREE, .count = 60 });
	bench_tree(model);
	bench_filter(model, "file42");
	bench_filter(model, "prog1[0-9]+ ");
	bench_snapshot(model, "filtered",
		       &(struct ebt_query){ .list = EBT_LIST_EVENTS, .first = 500, .count = 60 });
	printf("memory %.1f MiB\n", (double)ebt_model_memory_bytes(model) / (1 << 20));
	ebt_model_free(&model);
	free(r.bytes);
	return 0;
}
