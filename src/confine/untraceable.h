/* SPDX-License-Identifier: BSD-3-Clause */
/* untraceable.h - keep a program whose output we trust out of the hands of the user who started us
 *
 * When our rights come from file capabilities, the compiler runs as that user, who could take it over
 * with ptrace(2), and whatever it hands out becomes a program of the kernel. */
#ifndef EBT_CONFINE_UNTRACEABLE_H
#define EBT_CONFINE_UNTRACEABLE_H

#include <stddef.h>

/* Drop what ebt_sandbox_drop_capabilities() drops, before the exec of such a program. With file
 * capabilities CAP_PERFMON stays: who lacks it cannot trace a process that has it, also between its
 * exec and its call of ebt_untraceable(). Return 0, or -errno with a sentence in why. */
int ebt_untraceable_before_exec(char *why, size_t why_len);
/* Let no process without CAP_SYS_PTRACE trace this one, and drop what the function above left. To be
 * called when such a program begins. Return 0 or -errno. */
int ebt_untraceable(void);

#endif
