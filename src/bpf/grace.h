/* SPDX-License-Identifier: BSD-3-Clause */
/* grace.h - wait until every BPF program run that has begun has ended */
#ifndef EBT_BPF_GRACE_H
#define EBT_BPF_GRACE_H

/* Wait for a grace period of the kernel: a program run that began before the call has ended when it
 * returns. */
void ebt_grace(void);

#endif
