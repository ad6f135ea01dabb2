/* SPDX-License-Identifier: BSD-3-Clause */
/* lister.h - the process that reads /proc for the view; see process_list.h. */
#ifndef EBT_PROCESSES_KEEPER_LISTER_H
#define EBT_PROCESSES_KEEPER_LISTER_H

/* Write every process in the directory proc to the pipe to, as struct ebt_listed with its texts.
 * Never returns. */
_Noreturn void ebt_lister_run(int proc, int to);

#endif
