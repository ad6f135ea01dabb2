/* SPDX-License-Identifier: BSD-3-Clause */
/* details_fields.h - the fields of the summary at the top of the details screen */
#ifndef EBT_UI_SCREENS_DETAILS_FIELDS_H
#define EBT_UI_SCREENS_DETAILS_FIELDS_H

#include "ui/core/ui_state.h"

unsigned ebt_details_field_count(void);
/* The first field below the arguments. */
unsigned ebt_details_field_late(void);
const char *ebt_details_field_label(unsigned field);
/* Return whether an event of homeostasis has this field. */
bool ebt_details_field_of_event(unsigned field);
struct ebt_bytes ebt_details_field(const struct ebt_details *details, unsigned field, char *buf,
				   size_t buf_len, enum ebt_role *role);

#endif
