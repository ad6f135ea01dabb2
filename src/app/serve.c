/* SPDX-License-Identifier: BSD-3-Clause */
/* serve.c - the loader between set-up and end: answers the view, retunes, watches its children. */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "app/carry.h"
#include "app/session_internal.h"
#include "base/cleanup.h"
#include "base/clock.h"
#include "base/log.h"

#define QUIESCE_MS 500

static void tell(struct ebt_session *s, uint32_t type, int32_t value)
{
	struct ebt_msg msg = { .type = type, .value = value };

	ebt_msg_send(s->sock, &msg, NULL, 0);
}

/* The sentence in the message, the compiler's or verifier's words in a memory file beside it; for
 * the one who asked (see asker). */
static void tell_refused(struct ebt_session *s, int asker, const struct ebt_failure *failure)
{
	struct ebt_msg msg = { .type = EBT_MSG_REFUSED };
	_cleanup_close_ int fd = memfd_create("refusal", MFD_CLOEXEC);

	snprintf(msg.text, sizeof(msg.text), "%s", failure->text);
	if (fd >= 0 && failure->words.len && write(fd, failure->words.data, failure->words.len) < 0)
		ebt_debug("cannot pass on the refusal: %s", strerror(errno));
	if (asker >= 0)
		ebt_control_answer(&s->control, asker, &msg, fd);
	else
		ebt_msg_send(s->sock, &msg, &fd, fd >= 0 ? 1 : 0);
}

static void tell_swapped(struct ebt_session *s, uint64_t took_ns)
{
	struct ebt_msg msg = { .type = EBT_MSG_SWAPPED,
			       .generation = ebt_loader_generation(s->loader),
			       .params = *ebt_loader_params(s->loader),
			       .took_ns = took_ns };
	int fd = ebt_carry_send(s->sock, s->loader, &msg);

	ebt_msg_send(s->sock, &msg, &fd, 1);
	ebt_control_answer(&s->control, s->asker, &msg, -1);
}

static void forget_asker(struct ebt_session *s)
{
	s->control.asking = s->asker = -1;
}

/* New programs in the slots, then the old ones' last events, then their ring goes to the view to be
 * emptied. The view is told only when nobody writes to the old ring any more. */
static void swap(struct ebt_session *s, const struct ebt_image *image, uint64_t began_ns)
{
	struct ebt_failure failure = { 0 };
	int err = ebt_session_load(s, image, &s->wanted, &failure);

	if (err) {
		ebt_loader_discard(s->loader);
		tell_refused(s, s->asker, &failure);
	} else {
		/* One that does not come to rest keeps what it needs until the next swap. */
		if (ebt_loader_settle(s->loader, QUIESCE_MS))
			ebt_loader_retire(s->loader);
		else
			ebt_warn("a program of the generation before is still at work");
		tell_swapped(s, ebt_mono_ns() - began_ns);
	}
	ebt_buf_free(&failure.words);
	forget_asker(s);
}

/* asker: a client of control, -1: the view. */
static void begin_retune(struct ebt_session *s, const struct ebt_params *params, int asker)
{
	_cleanup_image_ struct ebt_image *image = NULL;
	struct ebt_failure failure = { 0 };
	uint64_t began_ns = ebt_mono_ns();

	if (s->building) {
		snprintf(failure.text, sizeof(failure.text), "another retune is still under way");
		tell_refused(s, asker, &failure);
		return;
	}
	if (ebt_params_check(params, failure.text, sizeof(failure.text))) {
		tell_refused(s, asker, &failure);
		return;
	}
	s->wanted = *params;
	s->control.asking = s->asker = asker;
	if (!ebt_images_cached(&s->images, params, &image)) {
		swap(s, image, began_ns);
		return;
	}
	if (ebt_images_build(&s->images, &s->wanted, &s->build, &failure)) {
		tell_refused(s, asker, &failure);
		forget_asker(s);
	} else {
		s->building = true;
	}
}

static void step_retune(struct ebt_session *s)
{
	_cleanup_image_ struct ebt_image *image = NULL;
	struct ebt_failure failure = { 0 };
	int err = ebt_build_step(&s->build);

	if (err == 1)
		return;
	err = ebt_images_built(&s->images, &s->wanted, &s->build, err, &image, &failure);
	s->building = false;
	if (err) {
		tell_refused(s, s->asker, &failure);
		forget_asker(s);
	} else {
		swap(s, image, s->build.begin_ns);
	}
	ebt_buf_free(&failure.words);
	ebt_build_free(&s->build);
}

/* `execbig-top tune`: asks how it is, or for a change of what it names. */
static void serve_clients(struct ebt_session *s)
{
	struct ebt_params params;
	struct ebt_msg msg;
	int client;

	while ((client = ebt_control_request(&s->control, &msg)) >= 0) {
		params = *ebt_loader_params(s->loader);
		if (msg.type == EBT_MSG_RETUNE) {
			ebt_control_merge(&params, &msg.params, (uint32_t)msg.value);
			begin_retune(s, &params, client);
			continue;
		}
		msg = (struct ebt_msg){ .type = EBT_MSG_SWAPPED,
					.generation = ebt_loader_generation(s->loader),
					.params = params };
		ebt_control_answer(&s->control, client, &msg, -1);
	}
}

/* No event begins after this, none is under way, the counters are final. */
static void stop(struct ebt_session *s)
{
	ebt_loader_detach(s->loader);
	ebt_loader_quiesce(s->loader, QUIESCE_MS);
	ebt_session_fill_status(s, true);
	tell(s, EBT_MSG_STOPPED, 1);
}

/* False when the view is gone. */
static bool take_messages(struct ebt_session *s)
{
	struct ebt_msg msg;
	int fds[EBT_MSG_FDS], got;

	while ((got = ebt_msg_receive(s->sock, &msg, fds)) != 0) {
		for (int i = 0; i < EBT_MSG_FDS; i++)
			ebt_cleanup_close(&fds[i]);
		if (got < 0)
			return false;
		switch (msg.type) {
		case EBT_MSG_GET_STATUS:
			ebt_session_fill_status(s, msg.value == 1);
			tell(s, EBT_MSG_STATUS, msg.value);
			break;
		case EBT_MSG_RETUNE:
			begin_retune(s, &msg.params, -1);
			break;
		case EBT_MSG_STOP:
			stop(s);
			break;
		case EBT_MSG_SUSPEND:
			kill(0, SIGTSTP);
			break;
		case EBT_MSG_GET_LAB:
			ebt_lab_ask(&s->lab, &s->images, s->loader, s->sock);
			break;
		default:
			return false;
		}
	}
	return true;
}

/* False when the view has ended. */
static bool reap(struct ebt_session *s)
{
	if (s->view_pid > 0 && waitpid(s->view_pid, &s->view_status, WNOHANG) == s->view_pid) {
		s->view_pid = 0;
		if (WIFSIGNALED(s->view_status))
			ebt_rescue_restore(&s->rescue);
		return false;
	}
	if (s->command.pid > 0 && !s->command.ended) {
		ebt_command_reap(&s->command);
		if (s->command.ended)
			tell(s, EBT_MSG_COMMAND, s->command.status);
	}
	return true;
}

static bool take_signals(struct ebt_session *s)
{
	struct signalfd_siginfo info;
	bool go_on = true;

	while (read(s->signals, &info, sizeof(info)) == sizeof(info)) {
		if (info.ssi_signo == SIGCHLD)
			go_on = reap(s) && go_on;
		else if (info.ssi_signo == SIGINT && s->command.pid > 0 && !s->command.ended)
			continue; /* Ctrl-C is the command's: it ends, then we do */
		else
			tell(s, EBT_MSG_FINISH, (int32_t)info.ssi_signo);
	}
	return go_on;
}

/* What a build waits for: one of three. */
static void poll_build(struct pollfd fds[3], const struct ebt_build *build, bool under_way)
{
	fds[0] = (struct pollfd){ .fd = under_way ? build->in : -1, .events = POLLOUT };
	fds[1] = (struct pollfd){ .fd = under_way ? build->out : -1, .events = POLLIN };
	fds[2] = (struct pollfd){ .fd = under_way ? build->diag : -1, .events = POLLIN };
}

static int wait_ms(const struct ebt_session *s)
{
	if (s->lab.state == EBT_LAB_LOOKING)
		return 0;
	return s->building || ebt_lab_busy(&s->lab) ? 100 : -1;
}

void ebt_session_serve(struct ebt_session *s)
{
	for (;;) {
		int clients[EBT_CONTROL_FDS];
		struct pollfd fds[9 + EBT_CONTROL_FDS] = {
			{ .fd = s->query_sock, .events = POLLIN },
			{ .fd = s->sock, .events = POLLIN },
			{ .fd = s->signals, .events = POLLIN },
		};

		poll_build(fds + 3, &s->build, s->building);
		poll_build(fds + 6, &s->lab.build,
			   ebt_lab_busy(&s->lab) && s->lab.state != EBT_LAB_LOOKING);
		ebt_control_fds(&s->control, clients);
		for (int i = 0; i < EBT_CONTROL_FDS; i++)
			fds[9 + i] = (struct pollfd){ .fd = clients[i], .events = POLLIN };
		if (poll(fds, 9 + EBT_CONTROL_FDS, wait_ms(s)) < 0 && errno != EINTR)
			return;
		if (!take_signals(s) || !take_messages(s))
			return;
		ebt_cgroups_serve(&s->cgroups, s->query_sock);
		serve_clients(s);
		if (s->building)
			step_retune(s);
		ebt_lab_step(&s->lab, &s->images, s->loader, s->sock);
	}
}
