/* SPDX-License-Identifier: BSD-3-Clause */
/* sink.c - buffers lines and writes them whole. */
#include "sink/sink.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/bytes.h"
#include "base/cleanup.h"
#include "base/io.h"
#include "sink/sink_internal.h"

#define WRITE_BYTES (64u << 10)
/* Kept between events; one with megabytes of arguments needs more, and gives it back. */
#define KEEP_BYTES (1u << 20)
/* Worst line: arguments and environment of EBT_ARGS_MAX bytes together up to twice 6 MiB, each byte
 * as \u001b and again as base64. */
#define LINE_LIMIT (112u << 20)

struct ebt_sink {
	struct ebt_sink_options options;
	const struct ebt_sink_ops *ops;
	struct ebt_buf buf;
};

static const struct ebt_sink_ops *const formats[] = {
	[EBT_SINK_TEXT] = &ebt_sink_text_ops, [EBT_SINK_JSON] = &ebt_sink_json_ops,
	[EBT_SINK_CSV] = &ebt_sink_csv_ops,   [EBT_SINK_ECS] = &ebt_sink_ecs_ops,
	[EBT_SINK_OCSF] = &ebt_sink_ocsf_ops,
};

const struct ebt_sink_flag ebt_sink_flags[] = {
	{ EBT_EV_ARGS_TRUNCATED, "args_truncated" },
	{ EBT_EV_ARGS_FAULT, "args_fault" },
	{ EBT_EV_ARGS_LOST, "args_lost" },
	{ EBT_EV_ENV_TRUNCATED, "env_truncated" },
	{ EBT_EV_ENV_FAULT, "env_fault" },
	{ EBT_EV_ENV_LOST, "env_lost" },
	{ EBT_EV_PATH_TRUNCATED, "path_truncated" },
	{ EBT_EV_CWD_TRUNCATED, "cwd_truncated" },
	{ EBT_EV_EXE_DELETED, "exe_deleted" },
	{ EBT_EV_CWD_DELETED, "cwd_deleted" },
	{ EBT_EV_FILENAME_TRUNCATED, "filename_truncated" },
	{ EBT_EV_EXE_UNREACHABLE, "exe_unreachable" },
	{ EBT_EV_CWD_UNREACHABLE, "cwd_unreachable" },
};
const size_t ebt_sink_flags_count = EBT_ARRAY_SIZE(ebt_sink_flags);

int ebt_sink_new(struct ebt_sink **out, const struct ebt_sink_options *options)
{
	struct ebt_sink *sink;
	const char *bad;

	if ((unsigned)options->format >= EBT_ARRAY_SIZE(formats))
		return -EINVAL;
	sink = calloc(1, sizeof(*sink));
	if (!sink)
		return -ENOMEM;
	sink->options = *options;
	if (options->columns &&
	    ebt_sink_columns_parse(options->format, options->columns, sink->options.column,
				   &sink->options.column_count, &bad)) {
		free(sink);
		return -EINVAL;
	}
	sink->ops = formats[options->format];
	sink->buf.limit = LINE_LIMIT + WRITE_BYTES;
	if (options->header && sink->ops->header)
		sink->ops->header(&sink->buf, &sink->options);
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
	int r = ebt_write_all(sink->options.fd, sink->buf.data, sink->buf.len);

	/* What could not be written is gone: trying again would grow without bound. */
	ebt_buf_reset(&sink->buf);
	if (sink->buf.cap > KEEP_BYTES)
		ebt_buf_free(&sink->buf);
	return r;
}

int ebt_sink_event(struct ebt_sink *sink, const struct ebt_event *ev)
{
	size_t before = sink->buf.len;

	sink->ops->event(&sink->buf, &sink->options, ev);
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
	sink->options.mono_to_real_ns = mono_to_real_ns;
}
