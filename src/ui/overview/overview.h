/* SPDX-License-Identifier: BSD-3-Clause */
/* overview.h - the first screen: what keeps starting, who starts it, what it costs */
#ifndef EBT_UI_OVERVIEW_OVERVIEW_H
#define EBT_UI_OVERVIEW_OVERVIEW_H

#include "ui/core/screen_ops.h"

extern const struct ebt_screen_ops ebt_screen_overview;

#endif
