/* SPDX-License-Identifier: BSD-3-Clause */
/* grace.h - wait until every BPF program that had begun has ended. */
#ifndef EBT_BPF_GRACE_H
#define EBT_BPF_GRACE_H

/* Wait for a grace period of the kernel: a program that began before the call has ended after it. */
void ebt_grace(void);

#endif
