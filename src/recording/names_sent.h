/* SPDX-License-Identifier: BSD-3-Clause */
/* names_sent.h - remember which names of users and cgroups are already in the recording */
#ifndef EBT_RECORDING_NAMES_SENT_H
#define EBT_RECORDING_NAMES_SENT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/siphash.h"

struct ebt_name_sent;

/* A zero-initialised struct is empty. */
struct ebt_names_sent {
	struct ebt_name_sent *table;
	struct ebt_hash_seed seed; /* of the names that are remembered */
	bool seeded;
};

/* Return true if the recording does not have this name of this number yet, and remember it as sent.
 * Names are compared by their text, because they may change. */
bool ebt_names_sent_new(struct ebt_names_sent *sent, uint32_t kind, uint64_t number,
			const char *name);
/* Return whether the recording has a name of this number. */
bool ebt_names_sent_any(const struct ebt_names_sent *sent, uint32_t kind, uint64_t number);
void ebt_names_sent_deinit(struct ebt_names_sent *sent);

#endif
