/* SPDX-License-Identifier: BSD-3-Clause */
#include "base/process_cost.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/proc.h"

/* The low bits of such a clock's number: CPUCLOCK_SCHED of the kernel, of all threads. */
#define CPU_CLOCK_OF_PROCESS 2u

/* The CPU time of a process is a clock whose number is made from the pid. clock_getcpuclockid() makes the same number but wants a system call that the view's sandbox refuses. */
uint64_t ebt_process_cpu_ns(uint32_t pid)
{
	clockid_t clock = (clockid_t)(~pid << 3 | CPU_CLOCK_OF_PROCESS);
	struct timespec t;

	if (clock_gettime(clock, &t))
		return 0;
	return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

uint64_t ebt_process_memory(uint32_t pid)
{
	char text[2048];
	const char *line;
	uint64_t n;

	if (ebt_proc_read(-1, pid, "smaps_rollup", text, sizeof(text)) > 0) {
		line = strstr(text, "\nPss:");
		if (line && sscanf(line, "\nPss: %" SCNu64, &n) == 1)
			return n << 10; /* it is in kilobytes */
	}
	if (ebt_proc_read(-1, pid, "statm", text, sizeof(text)) > 0 &&
	    sscanf(text, "%*u %" SCNu64, &n) == 1)
		return n * (uint64_t)sysconf(_SC_PAGESIZE);
	return 0;
}
