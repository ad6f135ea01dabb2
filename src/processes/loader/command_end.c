/* SPDX-License-Identifier: BSD-3-Clause */
/* command_end.c - the end of the program behind "--", once the view has ended. */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "processes/loader/command.h"

#define KILLED_NS 500000000ull	/* the end of what got SIGKILL, where it can be killed at all */
#define SAID_NS	  1000000000ull /* until the user hears that it does not end */
#define LOOK_MS	  100

static void command_report_waiter(const struct ebt_command *c)
{
	if (c->waiter.pid)
		ebt_warn("%s (process %d) waits for input, and gets none here", c->waiter.comm,
			 (int)c->waiter.pid);
}

/* Take its output and one signal, for at most LOOK_MS. Return the signal, SIGCHLD excepted, or 0. */
static int command_look(struct ebt_command *c, int signals, struct signalfd_siginfo *info)
{
	struct pollfd fds[2] = { { .fd = signals, .events = POLLIN },
				 { .fd = c->output, .events = POLLIN } };

	if (poll(fds, 2, LOOK_MS) < 0 && errno != EINTR)
		return 0;
	ebt_command_drain(c);
	if (ebt_command_look_after(c))
		command_report_waiter(c);
	if (signals < 0 || read(signals, info, sizeof(*info)) != sizeof(*info))
		info->ssi_signo = 0;
	ebt_command_reap(c);
	return info->ssi_signo == SIGCHLD ? 0 : (int)info->ssi_signo;
}

void ebt_command_interrupt(struct ebt_command *c, const struct signalfd_siginfo *info)
{
	if (c->own_session || info->ssi_code != SI_KERNEL)
		ebt_command_signal(c, SIGINT);
}

int ebt_command_await(struct ebt_command *c, int signals)
{
	struct signalfd_siginfo info;
	bool interrupted = false;
	int signal;

	ebt_warn("%s (process %d) still runs, and is waited for; Ctrl-C twice ends it", c->name,
		 (int)c->pid);
	command_report_waiter(c);
	while (ebt_command_runs(c)) {
		signal = command_look(c, signals, &info);
		if (signal == SIGINT && !interrupted) {
			interrupted = true;
			ebt_command_interrupt(c, &info);
		} else if (signal == SIGINT) {
			ebt_command_end(c, signals, SIGTERM, EBT_COMMAND_HURRY_NS);
			return signal;
		} else if (signal) {
			ebt_command_end(c, signals, signal, EBT_COMMAND_GRACE_NS);
			return signal;
		}
	}
	return 0;
}

void ebt_command_end(struct ebt_command *c, int signals, int signal, uint64_t grace_ns)
{
	uint64_t now_ns = ebt_mono_ns(), killed_ns = 0;
	struct signalfd_siginfo info;
	bool said = grace_ns <= SAID_NS;

	if (!c->asked_ns) {
		c->asked_ns = now_ns;
		ebt_command_signal(c, signal);
	}
	for (; ebt_command_runs(c); now_ns = ebt_mono_ns()) {
		bool hurry = command_look(c, signals, &info) != 0;

		if (!said && now_ns - c->asked_ns > SAID_NS) {
			said = true;
			ebt_warn(
				"%s (process %d) was asked to end and still runs; it is killed %llu s after that",
				c->name, (int)c->pid, (unsigned long long)(grace_ns / 1000000000));
		}
		if (!killed_ns && (hurry || now_ns - c->asked_ns > grace_ns)) {
			killed_ns = now_ns;
			ebt_command_signal(c, SIGKILL);
		}
		if (killed_ns && now_ns - killed_ns > KILLED_NS) {
			ebt_error("%s (process %d) cannot be ended: it waits for something in the "
				  "kernel, and is left behind",
				  c->name, (int)c->pid);
			break;
		}
	}
}
