/* SPDX-License-Identifier: BSD-3-Clause */
/* text_put.c - texts and command lines for people. */
#include "sink/text_put.h"

#include "base/command_file.h"
#include "base/text.h"

unsigned ebt_text_flags(const struct ebt_sink_options *o)
{
	return o->ascii ? EBT_TEXT_ASCII : 0;
}

void ebt_text_put(struct ebt_buf *out, const struct ebt_sink_options *o, struct ebt_bytes text)
{
	if (o->raw)
		ebt_buf_append(out, text.data, text.len);
	else
		ebt_text_escape(out, text, ebt_text_flags(o));
}

void ebt_text_put_args(struct ebt_buf *out, const struct ebt_sink_options *o, struct ebt_bytes args)
{
	struct ebt_bytes arg;
	bool first = true;

	if (!o->raw) {
		ebt_text_quote_args(out, args, 0, ebt_text_flags(o));
		return;
	}
	while (ebt_text_next_arg(&args, &arg)) {
		if (!first)
			ebt_buf_puts(out, " ");
		first = false;
		ebt_buf_append(out, arg.data, arg.len);
	}
}

static struct ebt_exec_command text_command(const struct ebt_event_exec *e)
{
	return (struct ebt_exec_command){ .args = e->args,
					  .filename = e->filename,
					  .exe = e->exe,
					  .failed = e->ret < 0,
					  .filename_unread = e->flags & EBT_EV_FILENAME_TRUNCATED,
					  .script = e->flags & EBT_EV_SCRIPT };
}

void ebt_text_put_file(struct ebt_buf *out, const struct ebt_sink_options *o,
		       const struct ebt_event_exec *e)
{
	struct ebt_exec_command command = text_command(e);
	struct ebt_bytes file = ebt_command_file(&command);
	const char *none = ebt_command_no_file(&command);

	if (e->args.len && none) {
		ebt_buf_printf(out, "(%s) ", none);
	} else if (file.len) {
		ebt_buf_puts(out, "(");
		ebt_text_put(out, o, file);
		ebt_buf_puts(out, ") ");
	}
}

void ebt_text_put_command(struct ebt_buf *out, const struct ebt_sink_options *o,
			  const struct ebt_event_exec *e)
{
	struct ebt_exec_command command = text_command(e);
	const char *none = ebt_command_no_file(&command);

	if (e->args.len) {
		ebt_text_put_args(out, o, e->args);
	} else {
		/* The exec had no arguments, or they could not be read: print its name instead. */
		ebt_buf_puts(out, "(");
		if (none)
			ebt_buf_puts(out, none);
		else
			ebt_text_put(out, o, e->filename.len ? e->filename : e->comm);
		ebt_buf_puts(out, ")");
	}
	if (e->flags & (EBT_EV_ARGS_TRUNCATED | EBT_EV_ARGS_LOST))
		ebt_buf_printf(out, " [%u of %u bytes: %s]", e->args_captured, e->args_bytes,
			       e->flags & EBT_EV_ARGS_LOST ? "the rest was lost" : "cut by --args");
	if (e->flags & EBT_EV_IMAGE_GONE)
		ebt_buf_puts(out, " [the arguments were gone when it failed]");
	else if (e->flags & EBT_EV_ARGS_FAULT)
		ebt_buf_puts(out, " [some bytes were unreadable]");
}

const char *ebt_text_lost_cause(enum ebt_lost_cause cause)
{
	static const char *const causes[] = {
		[EBT_LOST_RING] = "the ring was full (a larger --ring helps)",
		[EBT_LOST_BUSY] = "both scratch slots of the CPU were taken",
		[EBT_LOST_UNKNOWN] = "for an unknown reason",
	};

	return causes[cause <= EBT_LOST_UNKNOWN ? cause : EBT_LOST_UNKNOWN];
}
