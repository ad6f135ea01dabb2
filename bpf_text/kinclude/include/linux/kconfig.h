/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/* The kernel options that libbcc asks for; this tree stands in for kernel headers (see ../README).
 */
#ifndef EBT_KCONFIG_H
#define EBT_KCONFIG_H
#define CONFIG_BPF_SYSCALL 1
#endif
