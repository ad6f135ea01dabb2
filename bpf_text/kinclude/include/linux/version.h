/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
#ifndef EBT_KVERSION_H
#define EBT_KVERSION_H
#define KERNEL_VERSION(a, b, c) (((a) << 16) + ((b) << 8) + ((c) > 255 ? 255 : (c)))
/* Programs loaded from an image are not tied to a kernel version. */
#define LINUX_VERSION_CODE KERNEL_VERSION(5, 8, 0)
#endif
