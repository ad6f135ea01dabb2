/* SPDX-License-Identifier: BSD-3-Clause */
/* syscall_names.h - names of system calls */
#ifndef EBT_HOMEOSTASIS_SYSCALL_NAMES_H
#define EBT_HOMEOSTASIS_SYSCALL_NAMES_H

#include <stdint.h>

#define EBT_PH_CALL_LEN 48

/* Write the name of a call number of a profile to out and return it. Calls of another ABI end in
 * "@compat"; a call without a name is written as its number. */
char *ebt_ph_call_name(char out[EBT_PH_CALL_LEN], uint32_t call);

#endif
