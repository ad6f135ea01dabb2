/* SPDX-License-Identifier: BSD-3-Clause */
/* advise.h - the view looks at its buffers: advice for the Buffers screen, and --auto. */
#ifndef EBT_APP_ADVISE_H
#define EBT_APP_ADVISE_H

#include "app/view_internal.h"

/* With fresh counters, as of now_ns: what is advised; with --auto it is asked for, and noted as an
 * event. */
void ebt_view_advise(struct ebt_view *v, uint64_t now_ns);
/* Another generation runs: sizes and losses are looked at anew. */
void ebt_view_advise_anew(struct ebt_view *v, uint64_t now_ns);

#endif
