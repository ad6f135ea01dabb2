/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
#ifndef EBT_KPAGE_H
#define EBT_KPAGE_H
#define PAGE_SHIFT 12
#define PAGE_SIZE  4096UL
#endif
