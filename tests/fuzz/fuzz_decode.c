/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * fuzz_decode.c - libFuzzer target: a stream of records into decoder and model.
 *
 * Input: records one behind the other. Each begins with two bytes, the length of what follows; its
 * hdr.size and hdr.cpu are put right most of the time, so that the fuzzer gets past the first
 *check. The whole input is processed under a small history, and a snapshot of each list is taken at
 *the end. Aborts when an event breaks what event.h promises.
 *
 *	clang -g -O1 -fsanitize=fuzzer,address,undefined …
 */
#include <stdlib.h>
#include <string.h>

#include "decode/decode.h"
#include "ebt_abi.h"
#include "model/model.h"
#include "model/snapshot.h"

struct target {
	struct ebt_model *model;
	unsigned sum;
};

static void require(int ok)
{
	if (!ok)
		abort();
}

static unsigned read_all(struct ebt_bytes text)
{
	unsigned sum = 0;

	for (size_t i = 0; i < text.len; i++)
		sum += (unsigned char)text.data[i];
	return sum;
}

static void on_event(const struct ebt_event *ev, void *arg)
{
	struct target *t = arg;

	if (ev->type == EBT_EVENT_EXEC) {
		const struct ebt_event_exec *x = &ev->exec;

		require(x->args_captured <= x->args_bytes && x->args_captured <= x->args.len);
		require(x->env_captured <= x->env_bytes && x->env_captured <= x->env.len);
		t->sum += read_all(x->comm) + read_all(x->prev_comm) + read_all(x->tty) +
			  read_all(x->filename) + read_all(x->exe) + read_all(x->cwd) +
			  read_all(x->args) + read_all(x->env);
	} else {
		t->sum += read_all(ev->exit.comm);
	}
	ebt_model_event(t->model, ev);
}

static void feed(struct ebt_decoder *dec, const uint8_t *data, size_t size, struct target *t)
{
	struct ebt_event ev;

	while (size > 2) {
		size_t len = data[0] | (size_t)data[1] << 8;
		struct ebt_rec_hdr hdr;
		uint8_t *copy;

		data += 2;
		size -= 2;
		len = len < size ? len : size;
		copy = malloc(len ? len : 1); /* of exactly its size: the sanitizer watches */
		require(copy != NULL);
		memcpy(copy, data, len);
		if (len >= sizeof(hdr)) {
			memcpy(&hdr, copy, sizeof(hdr));
			if (hdr.size % 16 != 15)
				hdr.size = (uint32_t)len;
			if (hdr.cpu % 16 != 15)
				hdr.cpu %= 2;
			memcpy(copy, &hdr, sizeof(hdr));
		}
		ebt_decoder_put(dec, copy, len);
		while (ebt_decoder_next(dec, &ev) == 1)
			on_event(&ev, t);
		free(copy);
		data += len;
		size -= len;
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct ebt_model_options options = { .history_bytes = 1, .ncpu = 2 };
	struct ebt_query query = { .count = 100 };
	struct ebt_expr_error error;
	struct ebt_decoder *dec = NULL;
	struct ebt_event ev;
	struct target t = { 0 };
	struct ebt_snapshot snap;

	require(ebt_model_new(&t.model, &options) == 0);
	require(ebt_decoder_new(&dec, 2) == 0);
	require(ebt_model_set_filter(t.model, "a[b-z]|x", &error) == 0);
	feed(dec, data, size, &t);
	while (ebt_decoder_flush(dec, 0, 0, &ev))
		on_event(&ev, &t);
	ebt_model_tick(t.model, 1u << 30);
	for (query.list = EBT_LIST_EVENTS; query.list <= EBT_LIST_TREE; query.list++) {
		for (query.group_by = 0; query.group_by < EBT_GROUP_BY_MAX; query.group_by++) {
			query.sort = (size + query.group_by) % EBT_COL_MAX;
			ebt_snapshot_take(t.model, &query, 1u << 30, &snap);
			require(snap.count <= snap.total_rows && snap.total_rows <= snap.all_rows);
			for (size_t i = 0; snap.rows && i < snap.count; i++)
				t.sum += read_all(snap.rows[i].args) + read_all(snap.rows[i].exe);
			for (size_t i = 0; snap.groups && i < snap.count; i++)
				t.sum += read_all(snap.groups[i].name);
		}
	}
	ebt_decoder_free(&dec);
	ebt_model_free(&t.model);
	return t.sum == 0x7fffffff; /* keeps the reading */
}
