/* SPDX-License-Identifier: BSD-3-Clause */
/* Signals that are masked and read from a descriptor. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/signals.h"

static int is_blocked(int sig)
{
	sigset_t set;

	sigprocmask(SIG_BLOCK, NULL, &set);
	return sigismember(&set, sig);
}

static void test_masks(void **state)
{
	static const int first[] = { SIGUSR1, 0 }, second[] = { SIGUSR2, SIGHUP, 0 };
	sigset_t set;

	ebt_signals_mask(SIG_BLOCK, first, &set);
	assert_int_equal(sigismember(&set, SIGUSR1), 1);
	assert_int_equal(sigismember(&set, SIGUSR2), 0);
	ebt_signals_mask(SIG_BLOCK, second, &set);
	assert_true(is_blocked(SIGUSR1) && is_blocked(SIGUSR2) && is_blocked(SIGHUP));
	ebt_signals_mask(SIG_SETMASK, second, &set);
	assert_true(!is_blocked(SIGUSR1) && is_blocked(SIGUSR2));
	ebt_signals_unblock_all();
	assert_true(!is_blocked(SIGUSR2) && !is_blocked(SIGHUP));
}

/* nohup(1) ignores SIGHUP for what it starts: blocking it would bring it back. */
static void test_nohup(void **state)
{
	static const int list[] = { SIGHUP, SIGUSR1, 0 };
	sigset_t set;

	signal(SIGHUP, SIG_IGN);
	ebt_signals_mask(SIG_SETMASK, list, &set);
	assert_true(!is_blocked(SIGHUP) && is_blocked(SIGUSR1));
	signal(SIGHUP, SIG_DFL);
	ebt_signals_mask(SIG_SETMASK, list, &set);
	assert_true(is_blocked(SIGHUP));
	ebt_signals_unblock_all();
}

static int is_ignored(int sig)
{
	struct sigaction action;

	sigaction(sig, NULL, &action);
	return action.sa_handler == SIG_IGN;
}

/* What a program changes for itself is undone for what it starts. */
static void test_restore(void **state)
{
	struct ebt_signals_state as_called;
	static const int list[] = { SIGUSR1, 0 };
	sigset_t set;

	signal(SIGXFSZ, SIG_IGN);
	ebt_signals_mask(SIG_SETMASK, list, &set);
	ebt_signals_save(&as_called);
	signal(SIGXFSZ, SIG_DFL);
	signal(SIGPIPE, SIG_IGN);
	ebt_signals_unblock_all();
	ebt_signals_restore(&as_called);
	assert_true(is_ignored(SIGXFSZ) && !is_ignored(SIGPIPE) && is_blocked(SIGUSR1));
	signal(SIGXFSZ, SIG_DFL);
	ebt_signals_unblock_all();
}

static void test_descriptor(void **state)
{
	static const int list[] = { SIGUSR1, 0 };
	struct signalfd_siginfo info;
	int fd = ebt_signals_open(SIG_BLOCK, list);

	assert_true(fd >= 0);
	assert_int_equal(read(fd, &info, sizeof(info)), -1);
	assert_int_equal(errno, EAGAIN);
	kill(getpid(), SIGUSR1);
	assert_int_equal(read(fd, &info, sizeof(info)), sizeof(info));
	assert_int_equal(info.ssi_signo, SIGUSR1);
	close(fd);
	ebt_signals_unblock_all();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_masks),
		cmocka_unit_test(test_nohup),
		cmocka_unit_test(test_restore),
		cmocka_unit_test(test_descriptor),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
