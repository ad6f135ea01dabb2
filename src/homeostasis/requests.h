/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * requests.h - the requests that a monitor answers.
 *
 * A request is one line: "status", "profiles [count]", "ps", "inspect WHAT", "normalize WHAT",
 * "sensitize WHAT", "tolerize WHAT", "respond WHAT kill|default", "set NAME VALUE", "save" or "events".
 * WHAT is a path, a base name, #SLOT or a pid. An answer is any number of JSON objects, one a line,
 * and a last one that is {"ok":true} or {"ok":false,"error":TEXT}. The answer to "events" has no end:
 * it is one object for each event.
 */
#ifndef EBT_HOMEOSTASIS_REQUESTS_H
#define EBT_HOMEOSTASIS_REQUESTS_H

#include "base/bytes.h"
#include "homeostasis/monitor.h"

#define EBT_PH_REQUEST_MAX 4500 /* maximum length of a request: a path and a word */

/* Append the answer to one request. Return true if the request is "events". */
bool ebt_ph_answer(struct ebt_ph_monitor *monitor, const char *request,
		   const struct ebt_ph_asker *who, struct ebt_buf *out);

#endif
