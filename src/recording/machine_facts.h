/* SPDX-License-Identifier: BSD-3-Clause */
/* machine_facts.h - describe the machine that a recording was made on, as "name=value" texts
 *
 * The names are: version host kernel arch os machine_id boot_id page_bytes tick_hz cpus_possible
 * cpus_online cpuN ("package P core C") command */
#ifndef EBT_RECORDING_MACHINE_FACTS_H
#define EBT_RECORDING_MACHINE_FACTS_H

#include "base/bytes.h"

struct ebt_options;

#define EBT_FACTS_CPUS 1024 /* maximum number of CPUs that are described */

/* A zero-initialised struct is empty. */
struct ebt_facts {
	struct ebt_buf text; /* texts as in the recording: "name=value", each with a NUL */
};

int ebt_facts_collect(struct ebt_facts *facts, const struct ebt_options *options);
/* Copy facts from a recording. Texts without "=" or NUL are left out. Return 0 or -ENOMEM. */
int ebt_facts_parse(struct ebt_facts *facts, struct ebt_bytes text);
void ebt_facts_free(struct ebt_facts *facts);
/* Return the borrowed value of a name, or NULL if there is none. */
const char *ebt_facts_get(const struct ebt_facts *facts, const char *name);
/* Return the next "name=value", or NULL at the end. *at starts at 0. */
const char *ebt_facts_next(const struct ebt_facts *facts, size_t *at);

#endif
