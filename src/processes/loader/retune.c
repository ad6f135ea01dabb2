/* SPDX-License-Identifier: BSD-3-Clause */
#include "processes/loader/retune.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/clock.h"
#include "base/failure.h"
#include "base/log.h"
#include "processes/loader/filter_resolve.h"

/* The sentence in the message, the compiler's or verifier's words in a memory file beside it; for
 * the one who asked (see asker). */
static void retune_send_refused(struct ebt_retune *r, int asker, const struct ebt_failure *failure)
{
	struct ebt_msg msg = { .type = EBT_MSG_REFUSED, .value = r->building };
	_cleanup_close_ int fd = memfd_create("refusal", MFD_CLOEXEC);

	snprintf(msg.text, sizeof(msg.text), "%s", failure->text);
	if (fd >= 0 && failure->words.len && write(fd, failure->words.data, failure->words.len) < 0)
		ebt_debug("cannot pass on the refusal: %s", ebt_strerror(errno));
	if (asker >= 0)
		ebt_control_answer(r->control, asker, &msg, fd);
	else
		ebt_outbox_send(r->out, &msg, &fd, fd >= 0 ? 1 : 0);
}

/* What runs, for one who asks. */
void ebt_retune_answer(struct ebt_retune *r, int asker, uint64_t took_ns)
{
	struct ebt_msg msg = { .type = EBT_MSG_SWAPPED,
			       .generation = ebt_programs_generation(r->tracer->programs),
			       .params = *ebt_programs_params(r->tracer->programs),
			       .took_ns = took_ns,
			       .poll_ms = r->poll_ms,
			       .filters = r->tracer->filters };

	ebt_control_answer(r->control, asker, &msg, -1);
}

/* ended: file with what the old generation counted, -1: it is not known. */
static void retune_send_swapped(struct ebt_retune *r, uint64_t took_ns, int ended)
{
	struct ebt_msg msg = { .type = EBT_MSG_SWAPPED,
			       .generation = ebt_programs_generation(r->tracer->programs),
			       .params = *ebt_programs_params(r->tracer->programs),
			       .took_ns = took_ns,
			       .compile_ns = r->built_ns };
	int fds[2] = { ebt_handover_send(r->out, r->tracer->programs, &msg), ended };

	ebt_outbox_send(r->out, &msg, fds, ended < 0 ? 1 : 2);
}

/* Put the filters that were asked for in force. On -errno, with failure filled, the old ones stay. */
static int retune_filter(struct ebt_retune *r, struct ebt_failure *failure)
{
	struct ebt_filters filters = r->tracer->filters;

	if (!r->wanted_filters.given)
		return 0;
	ebt_filters_merge(&filters, &r->wanted_filters);
	return ebt_tracer_filter(r->tracer, &filters, failure);
}

/* Tell the view which filters and poll interval are in force since since_ns. Call this only when
 * nothing of the request can be refused any more. */
static void retune_send_filtered(struct ebt_retune *r, uint64_t since_ns)
{
	struct ebt_msg msg = { .type = EBT_MSG_FILTERED, .since_ns = since_ns };

	if (!r->wanted_filters.given && !r->wanted_poll_ms)
		return;
	r->poll_ms = r->wanted_poll_ms ? r->wanted_poll_ms : r->poll_ms;
	msg.poll_ms = r->poll_ms;
	msg.filters = r->tracer->filters;
	msg.filters.given = r->wanted_filters.given;
	ebt_outbox_send(r->out, &msg, NULL, 0);
}

static void retune_send_progress(struct ebt_retune *r, enum ebt_progress progress)
{
	struct ebt_msg msg = { .type = EBT_MSG_PROGRESS, .value = progress };

	ebt_outbox_send(r->out, &msg, NULL, 0);
	/* A client waits longer for one that it knows to be at work. */
	if (progress != EBT_PROGRESS_NONE)
		ebt_control_answer(r->control, r->asker, &msg, -1);
}

/* Answered: the view waits for nothing more. */
static void retune_end(struct ebt_retune *r)
{
	r->control->asking = r->asker = -1;
	retune_send_progress(r, EBT_PROGRESS_NONE);
}

/* Put the old filters back in force after a switch failed, so that a refused request changes
 * nothing. The failure of the switch stays the one that is reported. */
static void retune_undo_filters(struct ebt_retune *r, const struct ebt_filters *old)
{
	struct ebt_failure second = { 0 };

	if (r->wanted_filters.given && ebt_tracer_filter(r->tracer, old, &second))
		ebt_warn("the filters of the refused retune stay in force: %s", second.text);
	ebt_buf_free(&second.words);
}

static int retune_switch(struct ebt_retune *r, const struct ebt_image *image,
			 struct ebt_failure *failure)
{
	struct ebt_filters old = r->tracer->filters;
	int err = ebt_tracer_load(r->tracer, image, &r->wanted, failure), held;
	uint64_t since_ns;

	if (!err)
		err = retune_filter(r, failure);
	if (err)
		return err;
	since_ns = ebt_mono_ns();
	held = ebt_held_add(&r->held, r->tracer->programs);
	if (held)
		ebt_warn("events in the perf buffers that the view has not read yet are lost: %s",
			 ebt_strerror(-held));
	err = ebt_programs_switch(r->tracer->programs, failure);
	if (err)
		retune_undo_filters(r, &old);
	else
		retune_send_filtered(r, since_ns);
	return err;
}

/* New programs in the slots, then the old ones' last events, then their ring goes to the view to be
 * emptied. The view is told only when nobody writes to the old ring any more. */
static void retune_swap(struct ebt_retune *r, const struct ebt_image *image, uint64_t began_ns)
{
	struct ebt_failure failure = { 0 };
	_cleanup_close_ int ended = -1;

	retune_send_progress(r, EBT_PROGRESS_LOADING);
	if (retune_switch(r, image, &failure)) {
		ebt_programs_discard(r->tracer->programs);
		retune_send_refused(r, r->asker, &failure);
	} else {
		/* One that does not come to rest keeps what it needs until the next swap. */
		if (ebt_programs_settle(r->tracer->programs, EBT_QUIESCE_MS)) {
			ended = ebt_tracer_counters(r->tracer, true);
			ebt_programs_retire(r->tracer->programs);
		} else {
			ebt_warn("a program of the generation before is still at work");
		}
		retune_send_swapped(r, ebt_mono_ns() - began_ns, ended);
		ebt_retune_answer(r, r->asker, ebt_mono_ns() - began_ns);
	}
	ebt_buf_free(&failure.words);
	retune_end(r);
}

/* Check everything that can be refused without compiling. Return 0, or -errno with failure filled. */
static int retune_check(struct ebt_retune *r, const struct ebt_params *params, struct ebt_msg *msg,
			struct ebt_failure *failure)
{
	struct ebt_filters filters = r->tracer->filters;
	struct ebt_filter_set set;
	char why[sizeof(failure->text)];
	int err;

	if (r->building)
		return ebt_failure_set(failure, -EBUSY, "another retune is still under way");
	/* The queue for the view must not grow without bound: it holds one retune at most. */
	if (!ebt_outbox_empty(r->out))
		return ebt_failure_set(
			failure, -EBUSY,
			"the view does not read its messages: it is stopped, or nobody reads its "
			"output; let it go on, then ask again");
	if (!ebt_held_has_room(&r->held, r->tracer->programs))
		return ebt_failure_set(
			failure, -EBUSY,
			"the view does not run: it has not opened the buffers of the last %u retunes",
			EBT_HELD_MAX);
	if (msg->poll_ms > EBT_POLL_MAX_MS)
		return ebt_failure_set(failure, -ERANGE, "poll is %u ms; %u to %u are allowed",
				       msg->poll_ms, EBT_POLL_MIN_MS, EBT_POLL_MAX_MS);
	err = ebt_params_check(params, why, sizeof(why));
	if (!err)
		err = ebt_filters_check(&msg->filters, why, sizeof(why));
	if (err)
		return ebt_failure_set(failure, err, "%s", why);
	ebt_filters_merge(&filters, &msg->filters);
	err = ebt_filters_resolve(&filters, &r->tracer->cgroups, &set, why, sizeof(why));
	if (!err && !ebt_filters_same_pids(&filters, &r->tracer->filters))
		err = ebt_filters_check_pids(&filters, why, sizeof(why));
	return err ? ebt_failure_set(failure, err, "%s", why) : 0;
}

/* asker: a client of control, -1: the view. swaps: also when the parameters are those that run. */
void ebt_retune_request(struct ebt_retune *r, const struct ebt_params *params, struct ebt_msg *msg,
			int asker, bool swaps)
{
	_cleanup_image_ struct ebt_image *image = NULL;
	struct ebt_failure failure = { 0 };
	uint64_t began_ns = ebt_mono_ns();

	if (retune_check(r, params, msg, &failure)) {
		retune_send_refused(r, asker, &failure);
		return;
	}
	r->wanted = *params;
	r->wanted_filters = msg->filters;
	r->wanted_poll_ms = msg->poll_ms;
	r->control->asking = r->asker = asker;
	if (!swaps &&
	    memcmp(params, ebt_programs_params(r->tracer->programs), sizeof(*params)) == 0) {
		if (retune_filter(r, &failure)) {
			retune_send_refused(r, asker, &failure);
		} else {
			retune_send_filtered(r, ebt_mono_ns());
			ebt_retune_answer(r, asker, ebt_mono_ns() - began_ns);
		}
		ebt_buf_free(&failure.words);
		retune_end(r);
		return;
	}
	r->built_ns = 0;
	if (!ebt_images_cached(&r->tracer->images, params, &image)) {
		retune_swap(r, image, began_ns);
		return;
	}
	if (ebt_images_build(&r->tracer->images, &r->wanted, &r->build, &failure)) {
		retune_send_refused(r, asker, &failure);
		retune_end(r);
	} else {
		r->building = true;
		retune_send_progress(r, EBT_PROGRESS_COMPILING);
	}
}

void ebt_retune_step(struct ebt_retune *r)
{
	_cleanup_image_ struct ebt_image *image = NULL;
	struct ebt_failure failure = { 0 };
	int err = ebt_build_step(&r->build);

	if (err == 1)
		return;
	err = ebt_images_built(&r->tracer->images, &r->wanted, &r->build, err, &image, &failure);
	r->building = false;
	r->built_ns = ebt_mono_ns() - r->build.begin_ns;
	if (err) {
		retune_send_refused(r, r->asker, &failure);
		retune_end(r);
	} else {
		retune_swap(r, image, r->build.begin_ns);
	}
	ebt_buf_free(&failure.words);
	ebt_build_free(&r->build);
}
