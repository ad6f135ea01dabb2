/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * tuning_form.h - between the form of the setup screen and what runs: fill the form in, and make a
 * request to the loader of what was changed in it.
 */
#ifndef EBT_PROCESSES_VIEW_TUNING_FORM_H
#define EBT_PROCESSES_VIEW_TUNING_FORM_H

#include <stddef.h>
#include <stdint.h>

#include "ipc/protocol.h"
#include "ui/core/ui.h"

/* Fill the form in with what runs. */
void ebt_tuning_form_fill(struct ebt_ui_tuning *out, const struct ebt_params *params,
			  const struct ebt_filters *filters, uint32_t poll_ms);
/* Put what `wanted` has otherwise than `shown` into a RETUNE message. Return 0, or -EINVAL with a
 * sentence in why. */
int ebt_tuning_form_request(const struct ebt_ui_tuning *shown, const struct ebt_ui_tuning *wanted,
			    struct ebt_msg *msg, char *why, size_t why_len);

#endif
