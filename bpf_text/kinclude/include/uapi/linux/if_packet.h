/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/* Empty on purpose: libbcc includes it, nothing in it is needed. */
