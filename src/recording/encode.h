/* SPDX-License-Identifier: BSD-3-Clause */
/* encode.h - make the record of an exec or an exit again from its event, for a recording of events that were
 * decoded before. One record holds all of it. */
#ifndef EBT_RECORDING_ENCODE_H
#define EBT_RECORDING_ENCODE_H

#include "decode/event.h"

/* Append the record (bpf_text/ebt_abi.h). seq takes the place of the event's number: what is written must have
 * no gaps on a CPU, because a reader takes them for losses. 0, -EINVAL for another type of event, or
 * -ENOMEM. */
int ebt_encode_event(const struct ebt_event *ev, uint64_t seq, struct ebt_buf *out);

#endif
