/* SPDX-License-Identifier: BSD-3-Clause */
#include "processes/view/view.h"

#include <errno.h>
#include <langinfo.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/signals.h"
#include "config/output_targets.h"

int ebt_view_open_signals(struct ebt_view *v)
{
	int list[] = { SIGINT, SIGTERM, SIGHUP, SIGCONT, 0, 0 };

	signal(SIGPIPE, SIG_IGN);
	signal(SIGXFSZ, SIG_IGN);
	if (v->options->rotate.on_signal)
		list[EBT_ARRAY_SIZE(list) - 2] = SIGUSR1;
	/* This also unblocks what the loader had blocked before it forked the view. */
	v->signals = ebt_signals_open(SIG_SETMASK, list);
	return v->signals < 0 ? v->signals : 0;
}

void ebt_view_take_signals(struct ebt_view *v)
{
	struct signalfd_siginfo info;

	while (read(v->signals, &info, sizeof(info)) == sizeof(info)) {
		bool command_runs = v->options->command && !v->command_ended;

		if (info.ssi_signo == SIGCONT)
			v->continued = true;
		else if (info.ssi_signo == SIGUSR1)
			ebt_recorder_rotate(v->recorder);
		/* The terminal sends SIGINT to the command too: the view ends after it. */
		else if (info.ssi_signo != SIGINT || !command_runs)
			v->ended = true;
	}
}

int ebt_view_open_sink(struct ebt_view *v, int fd)
{
	const struct ebt_options *o = v->options;
	struct ebt_sink_options so = { .fd = fd,
				       .header = true,
				       .date = o->date,
				       .raw = o->raw,
				       .columns = o->line_columns,
				       .mono_to_real_ns = v->mono_to_real_ns,
				       .names = v->model,
				       .host = ebt_facts_get(&v->facts, "host"),
				       .machine_id = ebt_facts_get(&v->facts, "machine_id"),
				       .boot_id = ebt_facts_get(&v->facts, "boot_id"),
				       .kernel = ebt_facts_get(&v->facts, "kernel"),
				       .os = ebt_facts_get(&v->facts, "os") };

	v->out_fd = fd;
	if (o->quiet)
		return 0;
	switch (o->mode) {
	case EBT_MODE_EVENTS:
		so.format = EBT_SINK_TEXT;
		break;
	case EBT_MODE_JSON:
		so.format = o->json_format;
		break;
	case EBT_MODE_CSV:
		so.format = EBT_SINK_CSV;
		break;
	default:
		return 0;
	}
	so.ascii = o->no_unicode || strcmp(nl_langinfo(CODESET), "UTF-8") != 0;
	return ebt_sink_new(&v->sink, &so);
}

int ebt_view_reader_fd(const struct ebt_view *v)
{
	bool has_reader = v->options->mode != EBT_MODE_LIVE && !v->options->quiet;

	return has_reader && !v->sink_error && !v->ended ? v->out_fd : -1;
}

void ebt_view_reader_polled(struct ebt_view *v, short revents)
{
	if (revents & (POLLERR | POLLHUP))
		ebt_view_output_failed(v, -EPIPE);
}

void ebt_view_output_failed(struct ebt_view *v, int err)
{
	if (!err || v->sink_error)
		return;
	v->sink_error = err;
	if (!ebt_recorder_writes(v->recorder))
		v->ended = true;
	else if (err == -EPIPE)
		ebt_warn("nobody reads standard output any more; the files are written on");
}

int ebt_view_output_status(const struct ebt_view *v)
{
	if (!v->sink_error || v->sink_error == -EPIPE)
		return EBT_EXIT_OK;
	ebt_error("cannot write %s: %s", ebt_options_output_name(v->options),
		  strerror(-v->sink_error));
	return EBT_EXIT_FAILURE;
}

void ebt_view_free(struct ebt_view *v)
{
	ebt_event_filter_free(&v->event_filter);
	ebt_sink_free(&v->sink);
	ebt_recorder_free(&v->recorder);
	ebt_facts_free(&v->facts);
	ebt_model_free(&v->model);
	ebt_name_filters_free(&v->names);
	ebt_cleanup_close(&v->signals);
}

void ebt_view_unfiltered(struct ebt_view *v, const struct ebt_event *ev)
{
	ebt_model_event(v->model, ev);
	if (v->sink && !v->sink_error)
		ebt_view_output_failed(v, ebt_sink_event(v->sink, ev));
}

/* Give an event that passed the filters to the sink. */
static void view_print(const struct ebt_event *ev, void *arg)
{
	struct ebt_view *v = arg;

	/* The end of a run may give two lines, of which -n wants one. */
	if (ebt_view_enough(v))
		return;
	/* -e does not print the exits of processes that succeeded, so they do not count for -n. */
	if (v->options->mode != EBT_MODE_EVENTS ||
	    (ev->type == EBT_EVENT_EXIT ? ev->exit.status != 0 : ev->type != EBT_EVENT_REPLACED))
		v->events++;
	if (v->sink && !v->sink_error)
		ebt_view_output_failed(v, ebt_sink_event(v->sink, ev));
}

static const struct ebt_event_filter_ops view_event_filter_ops = { .pass = view_print };

int ebt_view_set_filter(struct ebt_view *v)
{
	const struct ebt_options *o = v->options;

	if (!o->filter)
		return 0;
	if (o->mode == EBT_MODE_LIVE || o->mode == EBT_MODE_BATCH)
		return ebt_model_set_filter(v->model, o->filter, NULL);
	return ebt_event_filter_new(&v->event_filter, o->filter, v->model, &view_event_filter_ops,
				    v);
}

void ebt_view_finish_filter(struct ebt_view *v)
{
	if (v->event_filter)
		ebt_event_filter_finish(v->event_filter);
}

/* The model learns of everything, since it knows parents and what runs. */
static void view_take(struct ebt_view *v, const struct ebt_event *ev)
{
	ebt_model_event(v->model, ev);
	if (v->event_filter)
		ebt_event_filter_event(v->event_filter, ev);
	else
		view_print(ev, v);
}

void ebt_view_event(struct ebt_view *v, const struct ebt_event *ev)
{
	struct ebt_event judged = *ev;

	if (ebt_view_enough(v))
		return;
	if (ebt_name_filters_apply(&v->names, v->model, &judged))
		view_take(v, &judged);
	else if (ev->type == EBT_EVENT_EXIT)
		ebt_model_end_unshown(v->model, ev);
}

void ebt_view_note(struct ebt_view *v, const char *text)
{
	struct ebt_event ev = { .type = EBT_EVENT_NOTE, .mono_ns = ebt_mono_ns() };

	ev.note.text = ebt_bytes_from(text);
	ebt_view_unfiltered(v, &ev);
	ebt_recorder_note(v->recorder, ev.mono_ns, ev.note.text);
	ebt_view_notice(v, false, "%s", text);
}

void ebt_view_notice(struct ebt_view *v, bool is_error, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(v->notice.text, sizeof(v->notice.text), fmt, ap);
	va_end(ap);
	v->notice.is_error = is_error;
	v->notice.is_new = true;
}

void ebt_view_report_recorder(struct ebt_view *v)
{
	const char *text = ebt_recorder_trouble(v->recorder);

	/* Without lines there is nothing left to do when no file is written any more. */
	v->ended |= (v->options->quiet || v->sink_error) && !ebt_recorder_writes(v->recorder);
	if (!text)
		return;
	if (v->options->mode == EBT_MODE_LIVE)
		ebt_view_notice(v, true, "%s", text);
	else
		ebt_warn("%s", text);
}

void ebt_view_report_end(struct ebt_view *v)
{
	const char *text = ebt_recorder_trouble(v->recorder);

	/* A screen has shown earlier trouble, but it is gone. */
	if (!text && v->options->mode == EBT_MODE_LIVE)
		text = ebt_recorder_last_trouble(v->recorder);
	if (text)
		ebt_error("%s", text);
}

void ebt_view_set_clock(struct ebt_view *v, int64_t mono_to_real_ns)
{
	v->mono_to_real_ns = mono_to_real_ns;
	ebt_model_set_clock(v->model, mono_to_real_ns);
	if (v->sink)
		ebt_sink_set_clock(v->sink, mono_to_real_ns);
}

size_t ebt_view_history_bytes(const struct ebt_options *o)
{
	return o->mode == EBT_MODE_LIVE || o->mode == EBT_MODE_BATCH ? o->history_bytes
								     : EBT_HISTORY_MIN;
}
