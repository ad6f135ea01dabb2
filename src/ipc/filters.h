/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * filters.h - the filters of a run in the form that travels between the view, the loader and
 * `execbig-top tune`.
 *
 * The kernel side applies user, processes and cgroup; the view applies the two expressions. Nothing
 * here owns memory or keeps state; a struct ebt_filters may be used by one thread at a time.
 */
#ifndef EBT_IPC_FILTERS_H
#define EBT_IPC_FILTERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "config/options.h"

#define EBT_FILTERS_TEXT 512 /* maximum bytes of an expression or path, including its NUL */
#define EBT_FILTERS_USER 64  /* maximum bytes of a user name, including its NUL */

/* The members that a request names. */
enum {
	EBT_FILTERS_PIDS = 0x01,
	EBT_FILTERS_USERS = 0x02,
	EBT_FILTERS_COMM = 0x04,
	EBT_FILTERS_MATCH = 0x08,
	EBT_FILTERS_CGROUP = 0x10,
	EBT_FILTERS_ENOENT = 0x20,
	EBT_FILTERS_ALL = 0x3f,
};

/* An empty text, or no pids, means that there is no such filter. */
struct ebt_filters {
	uint32_t given;			    /* in a request: EBT_FILTERS_* of the members it sets */
	uint32_t no_enoent;		    /* leave out execs that fail with ENOENT */
	uint32_t n_pids;		    /* used entries of pids */
	uint32_t pids[EBT_OPTION_PIDS_MAX]; /* these processes and their descendants */
	/* name or number, as it was typed, with real: or effective: before it */
	char user[EBT_FILTERS_USER];
	char cgroup[EBT_FILTERS_TEXT]; /* as in /proc/PID/cgroup, or a directory */
	char comm[EBT_FILTERS_TEXT], match[EBT_FILTERS_TEXT]; /* POSIX extended expressions */
};

/* Take the filters of a command line; for `tune`, those that its options name. Return -E2BIG with a
 * sentence in why if a text is too long to be passed on; the others are taken nevertheless. */
int ebt_filters_from(struct ebt_filters *out, const struct ebt_options *o, char *why,
		     size_t why_len);
/* Copy the members that from->given names into *into. */
void ebt_filters_merge(struct ebt_filters *into, const struct ebt_filters *from);
/* Check filters that came over a socket, and end their texts. Return 0, or -EINVAL with a sentence
 * in why. */
int ebt_filters_check(struct ebt_filters *filters, char *why, size_t why_len);
/* Check that comm and match compile. Return 0, or -EINVAL with a sentence in why. Call this only in
 * the view or in `tune`: compiling expressions is too much attack surface for the root process. */
int ebt_filters_check_names(const struct ebt_filters *filters, char *why, size_t why_len);
/* Write the filters as options into out, such as "-u 1000 -p 1,2"; "" if there are none. With tune,
 * use the option names of `tune`. Return out. */
const char *ebt_filters_words(const struct ebt_filters *filters, bool tune, char *out, size_t len);
/* Read "1,2,3" into the pids; an empty text gives none. Return false if text is anything else. */
bool ebt_filters_parse_pids(struct ebt_filters *filters, const char *text);
/* Write the pids as "1,2,3" into out, and return out. */
const char *ebt_filters_pids(const struct ebt_filters *filters, char *out, size_t len);

#endif
