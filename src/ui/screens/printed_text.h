/* SPDX-License-Identifier: BSD-3-Clause */
/* printed_text.h - what remains readable of bytes that a program wrote to a terminal */
#ifndef EBT_UI_SCREENS_PRINTED_TEXT_H
#define EBT_UI_SCREENS_PRINTED_TEXT_H

#include "base/bytes.h"

/* Append the text to out, without control sequences: colours and the movements of the cursor are
 * dropped, a carriage return begins the line again, as progress bars do, and a backspace takes back
 * the byte before it. The result has no control character but newline and tab. An error of memory is
 * left in out->error. */
void ebt_printed_text(struct ebt_bytes printed, struct ebt_buf *out);

#endif
