/* SPDX-License-Identifier: BSD-3-Clause */
#include "processes/view/loader_messages.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/clock.h"

void ebt_loader_link_init(struct ebt_loader_link *l, struct ebt_view *view, int sock,
			  int query_sock)
{
	*l = (struct ebt_loader_link){ .view = view,
				       .sock = sock,
				       .reader.view = view,
				       .reader.cgroups.sock = query_sock,
				       .retune = { .view = view, .sock = sock },
				       .status = { .reader = &l->reader,
						   .retune = &l->retune,
						   .auto_size = &l->auto_size },
				       .lab.fd = -1,
				       .final_counters = -1 };
}

void ebt_loader_link_free(struct ebt_loader_link *l)
{
	ebt_status_reader_close(&l->status);
	ebt_command_view_free(&l->command);
	ebt_retune_free(&l->retune);
	ebt_accounting_free(&l->accounting);
	ebt_ring_reader_free(&l->reader);
	ebt_handover_free(&l->handover);
	if (l->lab.is_new)
		ebt_cleanup_close(&l->lab.fd);
	ebt_cleanup_close(&l->final_counters);
	ebt_cleanup_close(&l->sock);
}

void ebt_loader_link_send(struct ebt_loader_link *l, enum ebt_msg_type type)
{
	struct ebt_msg msg = { .type = type };

	ebt_msg_send(l->sock, &msg, NULL, 0);
}

/* Tell the loader that it need not keep the transports before this generation's. */
static void link_confirm_transport(struct ebt_loader_link *l, uint32_t generation)
{
	struct ebt_msg msg = { .type = EBT_MSG_TAKEN, .generation = generation };

	ebt_msg_send(l->sock, &msg, NULL, 0);
}

static int link_begin(struct ebt_loader_link *l, const struct ebt_msg *msg, int fds[EBT_MSG_FDS])
{
	struct ebt_transport transport = { 0 };
	int err = ebt_ring_reader_init(&l->reader, l->view, msg->ncpu);

	if (!err)
		err = ebt_accounting_init(&l->accounting, msg->ncpu);
	if (!err)
		err = ebt_handover_open(&l->handover, msg, &fds[0], &transport);
	if (err)
		return err;
	ebt_ring_reader_set_transport(&l->reader, &transport, msg->params.ring_bytes);
	link_confirm_transport(l, msg->generation);
	ebt_retune_set(&l->retune, msg);
	l->retune.filters = msg->filters;
	l->retune.poll_ms = msg->poll_ms;
	l->view->start_ns = ebt_mono_ns();
	ebt_recorder_start(l->view->recorder, msg);
	err = ebt_command_view_open(&l->command, fds[2]);
	return err ? err : ebt_status_reader_open(&l->status, fds[1], msg->ncpu);
}

int ebt_loader_link_start(struct ebt_loader_link *l)
{
	struct ebt_msg msg;
	int fds[EBT_MSG_FDS], err = 0, got = ebt_msg_receive(l->sock, &msg, fds);

	if (got <= 0)
		return got;
	if (msg.type == EBT_MSG_START)
		err = link_begin(l, &msg, fds);
	else if (msg.type == EBT_MSG_PERF)
		err = ebt_handover_add(&l->handover, &msg, fds);
	for (int i = 0; i < EBT_MSG_FDS; i++)
		ebt_cleanup_close(&fds[i]);
	return err ? err : msg.type == EBT_MSG_START;
}

void ebt_loader_link_close_generation(struct ebt_loader_link *l, int counters)
{
	_cleanup_buf_ struct ebt_buf sentence = { 0 };

	ebt_accounting_close(&l->accounting, l->reader.decoder, l->retune.generation, counters,
			     &sentence);
	if (!sentence.error)
		ebt_view_note(l->view, sentence.data);
}

static void link_take_swap(struct ebt_loader_link *l, const struct ebt_msg *msg,
			   int fds[EBT_MSG_FDS])
{
	struct ebt_transport transport = { 0 };
	int err = ebt_handover_open(&l->handover, msg, &fds[0], &transport);

	link_confirm_transport(l, msg->generation);
	/* The programs do not write to the old ring any more: empty it and let it go. */
	ebt_ring_reader_empty(&l->reader);
	ebt_loader_link_close_generation(l, fds[1]);
	ebt_ring_reader_set_transport(&l->reader, &transport, msg->params.ring_bytes);
	memset(&l->reader.demand, 0, sizeof(l->reader.demand));
	ebt_auto_size_restart(&l->auto_size, l->status.shared, ebt_mono_ns());
	ebt_recorder_start(l->view->recorder, msg);
	ebt_retune_swapped(&l->retune, msg);
	/* Without the new ring nothing would ever come again. */
	if (err)
		ebt_ring_reader_give_up(&l->reader, err);
}

static void link_take_lab(struct ebt_lab_answer *lab, const struct ebt_msg *msg, int *fd)
{
	if (lab->is_new)
		ebt_cleanup_close(&lab->fd);
	lab->is_new = true;
	lab->fd = TAKE_FD(*fd);
	snprintf(lab->why, sizeof(lab->why), "%s", msg->text);
}

static void link_take_message(struct ebt_loader_link *l, const struct ebt_msg *msg,
			      int fds[EBT_MSG_FDS])
{
	switch (msg->type) {
	case EBT_MSG_STATUS:
		ebt_status_reader_take(&l->status, false);
		if (msg->value)
			ebt_status_reader_take_exes(&l->status);
		break;
	case EBT_MSG_PERF:
		ebt_handover_add(&l->handover, msg, fds);
		break;
	case EBT_MSG_SWAPPED:
		link_take_swap(l, msg, fds);
		break;
	case EBT_MSG_REFUSED:
		ebt_retune_refused(&l->retune, msg, fds[0]);
		break;
	case EBT_MSG_FILTERED:
		ebt_retune_filtered(&l->retune, msg, &l->reader);
		break;
	case EBT_MSG_PROGRESS:
		ebt_retune_progress(&l->retune, (enum ebt_progress)msg->value);
		break;
	case EBT_MSG_STOPPED:
		l->status.stopped = true;
		l->final_counters = TAKE_FD(fds[0]);
		break;
	case EBT_MSG_COMMAND:
		l->view->command_ended = true;
		break;
	case EBT_MSG_WAITER:
		ebt_command_view_take_waiter(&l->command, msg, l->view);
		break;
	case EBT_MSG_FINISH:
		l->view->ended = true;
		break;
	case EBT_MSG_ROTATE:
		ebt_recorder_rotate(l->view->recorder);
		break;
	case EBT_MSG_LAB:
		link_take_lab(&l->lab, msg, &fds[0]);
		break;
	case EBT_MSG_END:
		if (msg->value == EBT_END_NOT_BEGUN)
			ebt_recorder_discard(l->view->recorder);
		l->view->ended = l->expected_end = true;
		break;
	}
}

void ebt_loader_link_take(struct ebt_loader_link *l)
{
	struct ebt_msg msg;
	int fds[EBT_MSG_FDS], got;

	while ((got = ebt_msg_receive(l->sock, &msg, fds)) != 0) {
		if (got > 0)
			link_take_message(l, &msg, fds);
		for (int i = 0; i < EBT_MSG_FDS; i++)
			ebt_cleanup_close(&fds[i]);
		/* EBADMSG is one bad message; any other error will not pass. */
		if (got < 0 && got != -EBADMSG) {
			l->gone = l->view->ended = true;
			l->lost = !l->expected_end;
			return;
		}
	}
}
