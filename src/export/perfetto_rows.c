/* SPDX-License-Identifier: BSD-3-Clause */
#include "export/perfetto_rows.h"

#include <errno.h>
#include <stdlib.h>

#include "base/io.h"
#include "base/json_write.h"

#define ROWS_MAX 65536u

int ebt_trace_flush(struct ebt_trace *t)
{
	int err = ebt_write_all(t->options.fd, t->out.data, t->out.len);

	if (err)
		t->error = err;
	ebt_buf_reset(&t->out);
	return t->error;
}

void ebt_trace_begin_item(struct ebt_trace *t)
{
	ebt_buf_puts(&t->out, t->comma ? ",\n{" : "\n{");
	t->comma = true;
}

void ebt_trace_put_time(struct ebt_buf *out, const char *key, uint64_t ns)
{
	ebt_buf_printf(out, "\"%s\":%llu.%03u", key, (unsigned long long)(ns / 1000),
		       (unsigned)(ns % 1000));
}

uint64_t ebt_trace_since(const struct ebt_trace *t, uint64_t ns)
{
	return ns > t->options.first_ns ? ns - t->options.first_ns : 0;
}

void ebt_trace_free_slice(struct ebt_trace_slice *s)
{
	ebt_buf_free(&s->detail);
	free(s);
}

struct ebt_trace_slice *ebt_trace_find(const struct ebt_trace *t, uint32_t pid)
{
	struct ebt_trace_slice *s;

	HASH_FIND(hh, t->slices, &pid, sizeof(pid), s);
	return s;
}

/* Find an empty row or create one. Return -ENOSPC or -ENOMEM on failure. */
static int trace_free_row(struct ebt_trace *t, uint32_t *out)
{
	struct ebt_trace_slice **rows;
	uint32_t allocated;

	for (; t->rows_full < t->rows_count; t->rows_full++) {
		if (!t->rows[t->rows_full]) {
			*out = t->rows_full;
			return 0;
		}
	}
	if (t->rows_count >= ROWS_MAX)
		return -ENOSPC;
	if (t->rows_count == t->rows_allocated) {
		allocated = t->rows_allocated ? 2 * t->rows_allocated : 64;
		rows = reallocarray(t->rows, allocated, sizeof(struct ebt_trace_slice *));
		if (!rows)
			return -ENOMEM;
		t->rows = rows;
		t->rows_allocated = allocated;
	}
	t->rows[t->rows_count] = NULL;
	*out = t->rows_count++;
	return 0;
}

void ebt_trace_put_slice(struct ebt_trace *t, const struct ebt_trace_slice *s, uint64_t end_ns,
			 const char *end)
{
	ebt_trace_begin_item(t);
	ebt_buf_printf(&t->out, "\"ph\":\"X\",\"cat\":\"exec\",\"pid\":%d,\"tid\":%u,",
		       EBT_TRACE_PID, s->row + 1);
	ebt_trace_put_time(&t->out, "ts", ebt_trace_since(t, s->begin_ns));
	ebt_buf_puts(&t->out, ",");
	ebt_trace_put_time(&t->out, "dur", end_ns > s->begin_ns ? end_ns - s->begin_ns : 0);
	ebt_buf_puts(&t->out, ",");
	ebt_buf_append(&t->out, s->detail.data, s->detail.len);
	ebt_buf_printf(&t->out, ",\"end\":\"%s\"}}", end);
}

void ebt_trace_name_row(struct ebt_trace *t, const struct ebt_trace_slice *s)
{
	struct ebt_json_writer w = { .out = &t->out, .comma = true };

	if (s->row < t->rows_named)
		return;
	t->rows_named = s->row + 1;
	ebt_trace_begin_item(t);
	ebt_buf_printf(&t->out, "\"ph\":\"M\",\"pid\":%d,\"tid\":%u,\"name\":\"thread_name\"",
		       EBT_TRACE_PID, s->row + 1);
	ebt_json_open(&w, "args", "{");
	ebt_json_bytes(&w, "name", ebt_bytes_from(s->row_name));
	ebt_buf_puts(&t->out, "}}");
}

void ebt_trace_forget(struct ebt_trace *t, struct ebt_trace_slice *s)
{
	HASH_DELETE(hh, t->slices, s);
	ebt_trace_free_slice(s);
}

void ebt_trace_take_off(struct ebt_trace *t, struct ebt_trace_slice *s)
{
	t->rows[s->row] = s->below;
	if (!s->below && s->row < t->rows_full)
		t->rows_full = s->row;
}

void ebt_trace_clear_above(struct ebt_trace *t, struct ebt_trace_slice *s, uint64_t now_ns)
{
	while (t->rows[s->row] != s) {
		struct ebt_trace_slice *top = t->rows[s->row];
		uint32_t row;
		int err = trace_free_row(t, &row);

		ebt_trace_put_slice(t, top, now_ns,
				    err ? EBT_TRACE_NO_ROW : "goes on in another row");
		ebt_trace_take_off(t, top);
		if (err) {
			ebt_trace_forget(t, top);
			continue;
		}
		top->below = NULL;
		top->begin_ns = now_ns;
		top->row = row;
		t->rows[row] = top;
		ebt_trace_name_row(t, top);
	}
}

void ebt_trace_end_row(struct ebt_trace *t, uint32_t row, uint64_t now_ns, const char *how)
{
	struct ebt_trace_slice *s;

	while ((s = t->rows[row])) {
		ebt_trace_put_slice(t, s, now_ns, how);
		ebt_trace_take_off(t, s);
		ebt_trace_forget(t, s);
	}
}

/* If all rows are in use, end the oldest process: its end may have been lost or filtered out. */
int ebt_trace_place(struct ebt_trace *t, struct ebt_trace_slice *s, uint32_t ppid, uint64_t now_ns)
{
	struct ebt_trace_slice *parent = ebt_trace_find(t, ppid);
	int err = 0;

	if (parent && parent != s && t->rows[parent->row] == parent)
		s->row = parent->row;
	else
		err = trace_free_row(t, &s->row);
	if (err == -ENOSPC) {
		ebt_trace_end_row(t, t->slices->row, now_ns, EBT_TRACE_NO_ROW);
		err = trace_free_row(t, &s->row);
	}
	if (err)
		return err;
	s->below = t->rows[s->row];
	t->rows[s->row] = s;
	return 0;
}
