/* SPDX-License-Identifier: BSD-3-Clause */
/* parents.h - which parents start the execs of a group, by command name
 *
 * A few names with their counts are kept. If more come, the name with the fewest execs gives its
 * place, and its count, to the new one, so that a name that starts more than a quarter of all execs is
 * always among them and the one that starts most is found. */
#ifndef EBT_GROUPS_PARENTS_H
#define EBT_GROUPS_PARENTS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/bytes.h"

#define EBT_PARENTS_MAX	    4u
#define EBT_PARENT_COMM_MAX 15u /* bytes of a command name in the kernel */

struct ebt_parent {
	char comm[EBT_PARENT_COMM_MAX];
	uint8_t len;
	uint32_t pid; /* of the latest exec's parent */
	uint32_t count;
	bool several; /* parents of this name with different pids */
};

/* Zero-initialised it is empty. */
struct ebt_parents {
	struct ebt_parent of[EBT_PARENTS_MAX]; /* free where count is 0; those are the last */
	bool more;			       /* there were more names than places */
};

/* Count an exec whose parent has this name (cut to EBT_PARENT_COMM_MAX bytes) and pid. */
void ebt_parents_add(struct ebt_parents *parents, struct ebt_bytes comm, uint32_t pid);
/* Return the parent that started the most execs, borrowed; NULL if there is none. *others is set to
 * the number of further names that are kept. */
const struct ebt_parent *ebt_parents_first(const struct ebt_parents *parents, unsigned *others);

#endif
