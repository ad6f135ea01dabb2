/* SPDX-License-Identifier: BSD-3-Clause */
/* details_fields.h - the fields of the summary that the details screen begins with. */
#ifndef EBT_UI_SCREENS_DETAILS_FIELDS_H
#define EBT_UI_SCREENS_DETAILS_FIELDS_H

#include "ui/core/ui_state.h"

unsigned ebt_details_field_count(void);
/* First field that stands below the arguments. */
unsigned ebt_details_field_late(void);
const char *ebt_details_field_label(unsigned field);
/* Has an event of homeostasis this one? */
bool ebt_details_field_of_event(unsigned field);
struct ebt_bytes ebt_details_field(const struct ebt_details *details, unsigned field, char *buf,
				   size_t buf_len, enum ebt_role *role);

#endif
