/* SPDX-License-Identifier: BSD-3-Clause */
#include "bpf/grace.h"

#include <linux/membarrier.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

void ebt_grace(void)
{
	/* The kernel refuses membarrier with nohz_full. Wait two milliseconds instead, a thousand
	 * times the run time of a program. */
	if (syscall(SYS_membarrier, MEMBARRIER_CMD_GLOBAL, 0, 0))
		nanosleep(&(struct timespec){ 0, 2000000 }, NULL);
}
