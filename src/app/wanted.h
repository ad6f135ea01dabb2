/* SPDX-License-Identifier: BSD-3-Clause */
/* wanted.h - the filters that look at names and arguments; they run in the view, after the
 * kernel's. */
#ifndef EBT_APP_WANTED_H
#define EBT_APP_WANTED_H

#include <stdbool.h>

#include "app/options.h"
#include "decode/event.h"
#include "model/model.h"

/* -c on comm, -m on the command line as shown. An exit is wanted when its process's last exec was.
 */
bool ebt_wanted(const struct ebt_options *options, struct ebt_model *model,
		const struct ebt_event *ev);

#endif
