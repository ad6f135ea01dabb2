/* SPDX-License-Identifier: BSD-3-Clause */
/* sink.c - collects lines and writes them whole. */
#include "sink/sink.h"

#include <errno.h>
#include <stdlib.h>

#include "base/bytes.h"
#include "base/cleanup.h"
#include "base/io.h"
#include "sink/columns.h"
#include "sink/sink_format.h"
#include "sink/sink_names.h"

#define WRITE_BYTES (64u << 10)
/* Memory that is kept between events. An event with megabytes of arguments needs more, which is
 * given back after it. */
#define KEEP_BYTES (1u << 20)
/* The longest line: arguments and environment of EBT_ARGS_MAX bytes, together up to twice 6 MiB,
 * with each byte as \u001b and again as base64. */
#define LINE_LIMIT (112u << 20)

struct ebt_sink {
	struct ebt_sink_line line;
	const struct ebt_sink_format_ops *ops;
	struct ebt_buf buf;
};

static const struct ebt_sink_format_ops *const formats[] = {
	[EBT_SINK_TEXT] = &ebt_sink_text_ops, [EBT_SINK_JSON] = &ebt_sink_json_ops,
	[EBT_SINK_CSV] = &ebt_sink_csv_ops,   [EBT_SINK_ECS] = &ebt_sink_ecs_ops,
	[EBT_SINK_OCSF] = &ebt_sink_ocsf_ops,
};

/* Choose the columns. CSV prints all of them by default; text has a default line without columns. */
static int sink_choose_columns(struct ebt_sink_line *line)
{
	const struct ebt_sink_options *o = &line->options;
	const char *bad;

	if (o->columns)
		return ebt_sink_columns_parse(o->format, o->columns, line->column,
					      &line->column_count, &bad);
	if (o->format == EBT_SINK_CSV)
		line->column_count = ebt_sink_columns_of(o->format, line->column);
	return 0;
}

int ebt_sink_new(struct ebt_sink **out, const struct ebt_sink_options *options)
{
	struct ebt_sink *sink;

	if ((unsigned)options->format >= EBT_ARRAY_SIZE(formats))
		return -EINVAL;
	sink = calloc(1, sizeof(*sink));
	if (!sink)
		return -ENOMEM;
	sink->line.options = *options;
	sink->line.context = ebt_sink_field_context(options->names, options->mono_to_real_ns);
	if (sink_choose_columns(&sink->line)) {
		free(sink);
		return -EINVAL;
	}
	sink->ops = formats[options->format];
	sink->buf.limit = LINE_LIMIT + WRITE_BYTES;
	if (options->header && sink->ops->header)
		sink->ops->header(&sink->buf, &sink->line);
	if (sink->buf.error) {
		ebt_buf_free(&sink->buf);
		free(sink);
		return -ENOMEM;
	}
	*out = sink;
	return 0;
}

void ebt_sink_free(struct ebt_sink **sink)
{
	if (!*sink)
		return;
	ebt_sink_flush(*sink);
	ebt_buf_free(&(*sink)->buf);
	free(*sink);
	*sink = NULL;
}

int ebt_sink_flush(struct ebt_sink *sink)
{
	int r;

	if (!sink || sink->line.options.fd < 0)
		return 0;
	r = ebt_write_all(sink->line.options.fd, sink->buf.data, sink->buf.len);
	/* Drop what could not be written: keeping it for another try would grow without bound. */
	ebt_buf_reset(&sink->buf);
	if (sink->buf.cap > KEEP_BYTES)
		ebt_buf_free(&sink->buf);
	return r;
}

int ebt_sink_take(struct ebt_sink *sink, struct ebt_buf *out)
{
	int r = ebt_buf_append(out, sink->buf.data, sink->buf.len);

	ebt_buf_reset(&sink->buf);
	return r;
}

int ebt_sink_event(struct ebt_sink *sink, const struct ebt_event *ev)
{
	size_t before = sink->buf.len;

	if ((unsigned)ev->type >= EBT_EVENT_TYPES)
		return 0;
	sink->ops->event(&sink->buf, &sink->line, ev);
	if (sink->buf.error) {
		/* A line is written whole or not at all. */
		sink->buf.len = before;
		sink->buf.error = 0;
		return -ENOMEM;
	}
	return sink->buf.len >= WRITE_BYTES ? ebt_sink_flush(sink) : 0;
}

void ebt_sink_set_clock(struct ebt_sink *sink, int64_t mono_to_real_ns)
{
	sink->line.options.mono_to_real_ns = mono_to_real_ns;
	sink->line.context.mono_to_real_ns = mono_to_real_ns;
}
