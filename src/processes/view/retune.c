/* SPDX-License-Identifier: BSD-3-Clause */
#include "processes/view/retune.h"

#include <stdio.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/format.h"
#include "processes/view/tuning_form.h"

void ebt_retune_set(struct ebt_retune *r, const struct ebt_msg *msg)
{
	r->params = msg->params;
	r->generation = msg->generation;
}

void ebt_retune_free(struct ebt_retune *r)
{
	ebt_buf_free(&r->refusal);
}

bool ebt_retune_send(struct ebt_retune *r, const struct ebt_msg *msg, bool by_auto)
{
	if (ebt_msg_send(r->sock, msg, NULL, 0))
		return false;
	r->since_ns = ebt_mono_ns();
	r->running = true;
	r->auto_asked = by_auto;
	return true;
}

void ebt_retune_from_form(struct ebt_retune *r, const struct ebt_ui_tuning *shown,
			  const struct ebt_ui_tuning *wanted)
{
	struct ebt_msg msg = { .type = EBT_MSG_RETUNE };

	if (r->running) {
		ebt_view_notice(r->view, true, "a retune is under way: F5 again when it has ended");
		return;
	}
	if (ebt_tuning_form_request(shown, wanted, &msg, r->refused, sizeof(r->refused))) {
		/* Shown as the loader's refusals are: beside the form, with the reason. */
		ebt_buf_reset(&r->refusal);
		ebt_view_notice(r->view, true, "%s", r->refused);
		return;
	}
	if (ebt_retune_send(r, &msg, false))
		r->refused[0] = '\0';
}

bool ebt_retune_renew(struct ebt_retune *r, const char *why)
{
	struct ebt_msg msg = { .type = EBT_MSG_RETUNE, .value = EBT_RETUNE_ANYHOW };

	if (!r->params.perf || r->running || !ebt_retune_send(r, &msg, false))
		return false;
	ebt_view_note(r->view, why);
	return true;
}

void ebt_retune_progress(struct ebt_retune *r, enum ebt_progress progress)
{
	/* A retune that somebody else asked for begins here; our own began when it was sent. */
	if (progress != EBT_PROGRESS_NONE && !r->running)
		r->since_ns = ebt_mono_ns();
	r->running = progress != EBT_PROGRESS_NONE;
	r->progress = progress;
}

void ebt_retune_swapped(struct ebt_retune *r, const struct ebt_msg *msg)
{
	char took[EBT_FMT_LEN], built[EBT_FMT_LEN], rest[EBT_FMT_LEN];

	ebt_retune_progress(r, EBT_PROGRESS_NONE);
	ebt_retune_set(r, msg);
	r->refused[0] = '\0';
	r->auto_asked = r->auto_refused = false;
	ebt_fmt_duration(took, msg->took_ns);
	if (msg->compile_ns)
		ebt_view_notice(r->view, false,
				"retuned in %s (compiled in %s, loaded in %s): generation %u runs",
				took, ebt_fmt_duration(built, msg->compile_ns),
				ebt_fmt_duration(rest, msg->took_ns - msg->compile_ns),
				msg->generation);
	else
		ebt_view_notice(r->view, false,
				"retuned in %s (from the cache): generation %u runs", took,
				msg->generation);
}

/* Read the compiler's or verifier's words. */
static void retune_read_refusal(struct ebt_buf *out, int words)
{
	char chunk[4096];
	ssize_t n;
	off_t at = 0;

	ebt_buf_reset(out);
	while (words >= 0 && (n = pread(words, chunk, sizeof(chunk), at)) > 0) {
		ebt_buf_append(out, chunk, (size_t)n);
		at += n;
	}
}

void ebt_retune_refused(struct ebt_retune *r, const struct ebt_msg *msg, int words)
{
	char text[EBT_NOTICE_LEN];

	if (!msg->value) /* else another retune is still under way */
		ebt_retune_progress(r, EBT_PROGRESS_NONE);
	retune_read_refusal(&r->refusal, words);
	snprintf(r->refused, sizeof(r->refused), "%s", msg->text);
	if (r->auto_asked) {
		snprintf(text, sizeof(text), "auto: refused, %s", r->refused);
		ebt_view_note(r->view, text);
		r->auto_refused = true;
	}
	r->auto_asked = false;
	ebt_view_notice(r->view, true, "%s%s", r->refusal.len ? "(e: all of it) " : "", r->refused);
}

/* Change the filters on names: events that still wait in the ring are judged by the filters of their
 * time. Return false for an invalid expression. */
static bool retune_change_names(struct ebt_retune *r, uint64_t since_ns,
				struct ebt_ring_reader *reader)
{
	struct ebt_name_filters *names = &r->view->names;

	if (ebt_name_filters_change(names, r->filters.comm, r->filters.match, since_ns))
		return false;
	ebt_ring_reader_empty(reader);
	ebt_name_filters_settle(names);
	return true;
}

void ebt_retune_filtered(struct ebt_retune *r, const struct ebt_msg *msg,
			 struct ebt_ring_reader *reader)
{
	char words[EBT_FILTERS_TEXT], text[EBT_NOTICE_LEN];

	r->poll_ms = msg->poll_ms;
	if (!msg->filters.given) {
		ebt_view_notice(r->view, false, "the ring is read every %u ms", r->poll_ms);
		return;
	}
	r->filters = msg->filters;
	ebt_model_limit_tree(r->view->model, r->filters.n_pids || r->view->options->command,
			     r->filters.pids, r->filters.n_pids);
	if ((msg->filters.given & (EBT_FILTERS_COMM | EBT_FILTERS_MATCH)) &&
	    !retune_change_names(r, msg->since_ns, reader)) {
		ebt_view_notice(r->view, true, "-c or -m is not a regular expression");
		return;
	}
	ebt_filters_words(&r->filters, false, words, sizeof(words));
	snprintf(text, sizeof(text), "from here on %s%.300s", *words ? "only " : "everything",
		 words);
	ebt_view_note(r->view, text);
}
