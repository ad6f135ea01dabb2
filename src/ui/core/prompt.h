/* SPDX-License-Identifier: BSD-3-Clause */
/* prompt.h - search, filter, and the prompt line */
#ifndef EBT_UI_CORE_PROMPT_H
#define EBT_UI_CORE_PROMPT_H

#include "ui/core/ui_state.h"

void ebt_ui_find(struct ebt_ui *ui, int dir);
void ebt_ui_open_prompt(struct ebt_ui *ui, enum ebt_prompt_kind kind);
void ebt_ui_prompt_key(struct ebt_ui *ui, uint32_t key);
bool ebt_ui_set_search(struct ebt_ui *ui, const char *pattern);
/* Search bytes for ui->search. */
bool ebt_ui_matches(struct ebt_ui *ui, struct ebt_bytes text);
/* Return the first match of the search at or behind byte `from` that is not empty, and its length in
 * *len; SIZE_MAX when there is none. */
size_t ebt_ui_find_in(struct ebt_ui *ui, struct ebt_bytes text, size_t from, size_t *len);

#endif
