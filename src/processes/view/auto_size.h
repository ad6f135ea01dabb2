/* SPDX-License-Identifier: BSD-3-Clause */
/* auto_size.h - the view looks at its buffers: advice for the Buffers screen, and --auto. */
#ifndef EBT_PROCESSES_VIEW_AUTO_SIZE_H
#define EBT_PROCESSES_VIEW_AUTO_SIZE_H

#include "processes/view/view_internal.h"

/* With fresh counters, as of now_ns: what is advised; with --auto it is asked for, and noted as an
 * event. */
void ebt_view_advise(struct ebt_view *v, uint64_t now_ns);
/* Another generation runs: sizes and losses are looked at anew. */
void ebt_view_advise_anew(struct ebt_view *v, uint64_t now_ns);

#endif
