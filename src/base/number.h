/* SPDX-License-Identifier: BSD-3-Clause */
/* number.h - read whole numbers that a user or another process wrote. */
#ifndef EBT_BASE_NUMBER_H
#define EBT_BASE_NUMBER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The largest process id that the kernel assigns: PID_MAX_LIMIT of include/linux/threads.h. */
#define EBT_PID_MAX 4194304u

/* Read len bytes of decimal digits, and nothing else, into *out. Return false, and leave *out
 * alone, if there is no digit, if another byte is among them, or if the value exceeds 64 bits. */
bool ebt_number_digits(const char *text, size_t len, uint64_t *out);

/* Read process ids (1 to EBT_PID_MAX) with a comma between each two and append them to pids, which
 * has room for max and holds *n of them. Return 0, -EINVAL if the text is anything else (also if it
 * is empty or ends in a comma), or -E2BIG if there are more than max. */
int ebt_number_pids(const char *text, uint32_t *pids, unsigned max, unsigned *n);

#endif
