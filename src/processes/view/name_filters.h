/* SPDX-License-Identifier: BSD-3-Clause */
/* name_filters.h - the filters that look at names and arguments; they run in the view, after the
 * kernel's. */
#ifndef EBT_PROCESSES_VIEW_NAME_FILTERS_H
#define EBT_PROCESSES_VIEW_NAME_FILTERS_H

#include <stdbool.h>

#include "config/options.h"
#include "decode/event.h"
#include "model/model.h"

/* What was changed while it runs; zeros: the options are still in force. Owned. */
struct ebt_name_filters {
	bool changed;
	struct ebt_option_regex comm, match; /* text NULL: none */
};

/* Empty texts: none. -EINVAL: not regular expressions; those before stay. The texts are borrowed.
 */
int ebt_name_filters_set(struct ebt_name_filters *names, const char *comm, const char *match);
void ebt_name_filters_free(struct ebt_name_filters *names);
/* Is anything left out by its name? */
bool ebt_name_filters_any(const struct ebt_name_filters *names, const struct ebt_options *options);

/* -c on comm, -m on the command line as shown. An exit is wanted when its process's last exec was.
 */
bool ebt_wanted(const struct ebt_name_filters *names, const struct ebt_options *options,
		struct ebt_model *model, const struct ebt_event *ev);

#endif
