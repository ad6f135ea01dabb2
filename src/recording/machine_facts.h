/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * machine_facts.h - what a recording says of the machine it was made on: "name=value" texts.
 *
 *	version host kernel arch os machine_id boot_id page_bytes tick_hz
 *	cpus_possible cpus_online cpuN ("package P core C") command
 */
#ifndef EBT_RECORDING_MACHINE_FACTS_H
#define EBT_RECORDING_MACHINE_FACTS_H

#include "base/bytes.h"

struct ebt_options;

#define EBT_FACTS_CPUS 1024 /* CPUs whose place is told */

/* Zero-initialised is empty. */
struct ebt_facts {
	struct ebt_buf text; /* as in the recording: NUL-terminated "name=value" */
};

int ebt_facts_collect(struct ebt_facts *facts, const struct ebt_options *options);
/* From a recording; copied. -ENOMEM. Texts without "=" or NUL are left out. */
int ebt_facts_parse(struct ebt_facts *facts, struct ebt_bytes text);
void ebt_facts_free(struct ebt_facts *facts);
/* Value by name; NULL when there is none. Borrowed. */
const char *ebt_facts_get(const struct ebt_facts *facts, const char *name);
/* One after the other: name=value, NULL at the end. *at begins as 0. */
const char *ebt_facts_next(const struct ebt_facts *facts, size_t *at);

#endif
