/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * fake_sandbox.h - the functions of sandbox.h without effect, so that a process's main function can run
 * within a test. Include it once in a test: its definitions take the place of those in the library.
 */
#ifndef EBT_TESTS_FAKE_SANDBOX_H
#define EBT_TESTS_FAKE_SANDBOX_H

#include <errno.h>
#include <stdio.h>
#include <unistd.h>

#include "confine/sandbox.h"

/* Set to make the next step refuse. */
static int fake_sandbox_error;

static inline int fake_sandbox_step(char *why, size_t why_len)
{
	if (fake_sandbox_error)
		snprintf(why, why_len, "the sandbox is refused");
	return fake_sandbox_error;
}

uid_t ebt_sandbox_invoker(void)
{
	return getuid();
}

int ebt_sandbox_drop(char *why, size_t why_len)
{
	return fake_sandbox_step(why, why_len);
}

void ebt_sandbox_locale(void)
{
}

bool ebt_sandbox_invoker_differs(void)
{
	return false;
}

int ebt_sandbox_drop_capabilities(char *why, size_t why_len)
{
	return fake_sandbox_step(why, why_len);
}

int ebt_sandbox_seccomp_files(char *why, size_t why_len)
{
	return fake_sandbox_step(why, why_len);
}

int ebt_sandbox_seccomp_reader(char *why, size_t why_len)
{
	return fake_sandbox_step(why, why_len);
}

int ebt_sandbox_seccomp(char *why, size_t why_len)
{
	return fake_sandbox_step(why, why_len);
}

#endif
