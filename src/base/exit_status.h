/* SPDX-License-Identifier: BSD-3-Clause */
/* exit_status.h - the exit statuses of every process; 69 and 77 are EX_UNAVAILABLE and EX_NOPERM of
 * sysexits.h. */
#ifndef EBT_BASE_EXIT_STATUS_H
#define EBT_BASE_EXIT_STATUS_H

enum ebt_exit {
	EBT_EXIT_OK = 0,
	EBT_EXIT_FAILURE = 1,
	EBT_EXIT_USAGE = 2,
	EBT_EXIT_KERNEL = 69,
	EBT_EXIT_PRIVILEGE = 77,
};

#endif
