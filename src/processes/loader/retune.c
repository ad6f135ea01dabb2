/* SPDX-License-Identifier: BSD-3-Clause */
/* retune.c - the loader's side of a retune: what was asked for is checked, compiled beside what
 * runs, swapped in, and answered. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/clock.h"
#include "base/log.h"
#include "processes/loader/session_internal.h"
#include "processes/loader/transport_handover.h"

/* The sentence in the message, the compiler's or verifier's words in a memory file beside it; for
 * the one who asked (see asker). */
static void tell_refused(struct ebt_session *s, int asker, const struct ebt_failure *failure)
{
	struct ebt_msg msg = { .type = EBT_MSG_REFUSED, .value = s->building };
	_cleanup_close_ int fd = memfd_create("refusal", MFD_CLOEXEC);

	snprintf(msg.text, sizeof(msg.text), "%s", failure->text);
	if (fd >= 0 && failure->words.len && write(fd, failure->words.data, failure->words.len) < 0)
		ebt_debug("cannot pass on the refusal: %s", strerror(errno));
	if (asker >= 0)
		ebt_control_answer(&s->control, asker, &msg, fd);
	else
		ebt_outbox_send(&s->out, &msg, &fd, fd >= 0 ? 1 : 0);
}

/* Counters as a file for the view; -1: none. */
int ebt_session_counters(struct ebt_session *s, bool old)
{
	size_t len = ebt_loader_ncpu(s->loader) * sizeof(struct ebt_cpu_counters);
	_cleanup_free_ struct ebt_cpu_counters *c = malloc(len);
	_cleanup_close_ int fd = c ? memfd_create("counters", MFD_CLOEXEC) : -1;
	int err = fd < 0 ? -ENOMEM
		  : old	 ? ebt_loader_counters_old(s->loader, c)
			 : ebt_loader_counters_current(s->loader, c);

	if (err || write(fd, c, len) != (ssize_t)len)
		return -1;
	return TAKE_FD(fd);
}

/* What runs, for one who asks. */
void ebt_session_answer(struct ebt_session *s, int asker, uint64_t took_ns)
{
	struct ebt_msg msg = { .type = EBT_MSG_SWAPPED,
			       .generation = ebt_loader_generation(s->loader),
			       .params = *ebt_loader_params(s->loader),
			       .took_ns = took_ns,
			       .poll_ms = s->poll_ms,
			       .filters = s->filters };

	ebt_control_answer(&s->control, asker, &msg, -1);
}

/* ended: file with what the old generation counted, -1: it is not known. */
static void tell_swapped(struct ebt_session *s, uint64_t took_ns, int ended)
{
	struct ebt_msg msg = { .type = EBT_MSG_SWAPPED,
			       .generation = ebt_loader_generation(s->loader),
			       .params = *ebt_loader_params(s->loader),
			       .took_ns = took_ns,
			       .compile_ns = s->built_ns };
	int fds[2] = { ebt_handover_send(&s->out, s->loader, &msg), ended };

	ebt_outbox_send(&s->out, &msg, fds, ended < 0 ? 1 : 2);
}

/* The filters that were asked for, and what else is not the programs'. */
static int apply_rest(struct ebt_session *s, struct ebt_failure *failure)
{
	struct ebt_msg msg = { .type = EBT_MSG_FILTERED };
	struct ebt_filters filters = s->filters;
	int err = 0;

	if (s->wanted_filters.given) {
		ebt_filters_merge(&filters, &s->wanted_filters);
		err = ebt_session_filter(s, &filters, failure);
	}
	if (err || !(s->wanted_filters.given || s->wanted_poll_ms))
		return err;
	s->poll_ms = s->wanted_poll_ms ? s->wanted_poll_ms : s->poll_ms;
	msg.poll_ms = s->poll_ms;
	msg.filters = s->filters;
	msg.filters.given = s->wanted_filters.given;
	msg.since_ns = ebt_mono_ns();
	ebt_outbox_send(&s->out, &msg, NULL, 0);
	return 0;
}

static void tell_progress(struct ebt_session *s, enum ebt_progress progress)
{
	struct ebt_msg msg = { .type = EBT_MSG_PROGRESS, .value = progress };

	ebt_outbox_send(&s->out, &msg, NULL, 0);
	/* A client waits longer for one that it knows to be at work. */
	if (progress != EBT_PROGRESS_NONE)
		ebt_control_answer(&s->control, s->asker, &msg, -1);
}

/* Answered: the view waits for nothing more. */
static void end_retune(struct ebt_session *s)
{
	s->control.asking = s->asker = -1;
	tell_progress(s, EBT_PROGRESS_NONE);
}

static int switch_over(struct ebt_session *s, const struct ebt_image *image,
		       struct ebt_failure *failure)
{
	int err = ebt_session_load(s, image, &s->wanted, failure), held;

	if (!err)
		err = apply_rest(s, failure);
	if (err)
		return err;
	held = ebt_held_add(&s->held, s->loader);
	if (held)
		ebt_warn("what the view has not read yet of the perf buffers is lost: %s",
			 strerror(-held));
	return ebt_loader_switch(s->loader, failure);
}

/* New programs in the slots, then the old ones' last events, then their ring goes to the view to be
 * emptied. The view is told only when nobody writes to the old ring any more. */
static void swap(struct ebt_session *s, const struct ebt_image *image, uint64_t began_ns)
{
	struct ebt_failure failure = { 0 };
	_cleanup_close_ int ended = -1;

	tell_progress(s, EBT_PROGRESS_LOADING);
	if (switch_over(s, image, &failure)) {
		ebt_loader_discard(s->loader);
		tell_refused(s, s->asker, &failure);
	} else {
		/* One that does not come to rest keeps what it needs until the next swap. */
		if (ebt_loader_settle(s->loader, EBT_QUIESCE_MS)) {
			ended = ebt_session_counters(s, true);
			ebt_loader_retire(s->loader);
		} else {
			ebt_warn("a program of the generation before is still at work");
		}
		tell_swapped(s, ebt_mono_ns() - began_ns, ended);
		ebt_session_answer(s, s->asker, ebt_mono_ns() - began_ns);
	}
	ebt_buf_free(&failure.words);
	end_retune(s);
}

/* Everything that can be refused without having compiled. */
static int check_request(struct ebt_session *s, const struct ebt_params *params,
			 struct ebt_msg *msg, struct ebt_failure *failure)
{
	struct ebt_filters filters = s->filters;
	struct ebt_filter_set set;
	int err = ebt_params_check(params, failure->text, sizeof(failure->text));

	if (s->building) {
		snprintf(failure->text, sizeof(failure->text), "another retune is still under way");
		return -EBUSY;
	}
	/* What it was told last is still ours to keep: no more than one retune of it. */
	if (!ebt_outbox_empty(&s->out)) {
		snprintf(failure->text, sizeof(failure->text),
			 "the view does not read what it is told: it is stopped, or nobody reads "
			 "its output; let it go on, then ask again");
		return -EBUSY;
	}
	if (!ebt_held_has_room(&s->held, s->loader)) {
		snprintf(failure->text, sizeof(failure->text),
			 "the view does not run: it has not taken the buffers of the last %u "
			 "retunes",
			 EBT_HELD_MAX);
		return -EBUSY;
	}
	if (!err)
		err = ebt_filters_check(&msg->filters, failure->text, sizeof(failure->text));
	if (!err && (msg->poll_ms > EBT_POLL_MAX_MS)) {
		snprintf(failure->text, sizeof(failure->text),
			 "poll is %u ms; %u to %u are allowed", msg->poll_ms, EBT_POLL_MIN_MS,
			 EBT_POLL_MAX_MS);
		err = -ERANGE;
	}
	if (err)
		return err;
	ebt_filters_merge(&filters, &msg->filters);
	return ebt_filters_resolve(&filters, &s->cgroups, &set, failure->text,
				   sizeof(failure->text));
}

/* asker: a client of control, -1: the view. swaps: also when the parameters are those that run. */
void ebt_session_retune(struct ebt_session *s, const struct ebt_params *params, struct ebt_msg *msg,
			int asker, bool swaps)
{
	_cleanup_image_ struct ebt_image *image = NULL;
	struct ebt_failure failure = { 0 };
	uint64_t began_ns = ebt_mono_ns();

	if (check_request(s, params, msg, &failure)) {
		tell_refused(s, asker, &failure);
		return;
	}
	s->wanted = *params;
	s->wanted_filters = msg->filters;
	s->wanted_poll_ms = msg->poll_ms;
	s->control.asking = s->asker = asker;
	if (!swaps && memcmp(params, ebt_loader_params(s->loader), sizeof(*params)) == 0) {
		if (apply_rest(s, &failure))
			tell_refused(s, asker, &failure);
		else
			ebt_session_answer(s, asker, ebt_mono_ns() - began_ns);
		end_retune(s);
		return;
	}
	s->built_ns = 0;
	if (!ebt_images_cached(&s->images, params, &image)) {
		swap(s, image, began_ns);
		return;
	}
	if (ebt_images_build(&s->images, &s->wanted, &s->build, &failure)) {
		tell_refused(s, asker, &failure);
		end_retune(s);
	} else {
		s->building = true;
		tell_progress(s, EBT_PROGRESS_COMPILING);
	}
}

void ebt_session_retune_step(struct ebt_session *s)
{
	_cleanup_image_ struct ebt_image *image = NULL;
	struct ebt_failure failure = { 0 };
	int err = ebt_build_step(&s->build);

	if (err == 1)
		return;
	err = ebt_images_built(&s->images, &s->wanted, &s->build, err, &image, &failure);
	s->building = false;
	s->built_ns = ebt_mono_ns() - s->build.begin_ns;
	if (err) {
		tell_refused(s, s->asker, &failure);
		end_retune(s);
	} else {
		swap(s, image, s->build.begin_ns);
	}
	ebt_buf_free(&failure.words);
	ebt_build_free(&s->build);
}
