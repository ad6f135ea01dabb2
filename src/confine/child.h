/* SPDX-License-Identifier: BSD-3-Clause */
/* child.h - start a child process that has no descriptor but those it is given. Every fork of the
 * program is made here. */
#ifndef EBT_CONFINE_CHILD_H
#define EBT_CONFINE_CHILD_H

#include <stdbool.h>
#include <sys/types.h>

#include "confine/inherited.h"

/* A descriptor that the child keeps. */
struct ebt_child_fd {
	int fd; /* borrowed; -1: this entry is skipped */
	int as; /* its number in the child, which no other entry has; EBT_CHILD_SAME: as here */
};

#define EBT_CHILD_SAME (-1)

enum ebt_child_rights {
	EBT_CHILD_ALL_RIGHTS,	  /* those of this process; the child reduces them itself */
	EBT_CHILD_NO_CAPABILITIES /* as ebt_untraceable_before_exec leaves them */
};

/* Exit status of a child that could not be set up; it has printed why. */
#define EBT_CHILD_NOT_STARTED 127

/* Everything is borrowed and zero means no or none. */
struct ebt_child {
	const char *name;		     /* in ps and top; NULL: that of this process */
	int death_signal;		     /* sent to the child when this process ends */
	enum ebt_child_rights rights;	     /* of the child */
	bool silent;			     /* 0 to 2 are /dev/null, unless keep places them */
	const struct ebt_child_fd *keep;     /* beside 0 to 2; those above 2 close on exec */
	unsigned keep_count;		     /* entries of keep */
	const struct ebt_inherited *inherit; /* kept by the same numbers, open across exec */
};

/* Flush all stdio streams and fork. Return the child's id in this process, 0 in the child, which is
 * then set up as asked for, or -errno. A child that cannot be set up never returns: it prints why
 * and ends with EBT_CHILD_NOT_STARTED. */
pid_t ebt_child_fork(const struct ebt_child *child);

#endif
