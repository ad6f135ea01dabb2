/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * filters.h - what is left out, as it stands at start and as it is changed while all runs. User,
 * processes and cgroup are the kernel side's (loader); name and command line are the view's.
 */
#ifndef EBT_IPC_FILTERS_H
#define EBT_IPC_FILTERS_H

#include <stdbool.h>
#include <stdint.h>

#include "bpf/programs.h"
#include "config/options.h"
#include "ipc/cgroup_names.h"

#define EBT_FILTERS_TEXT 512 /* longest expression or path, with its NUL */
#define EBT_FILTERS_USER 64

/* Which members a request names. */
enum {
	EBT_FILTERS_PIDS = 0x01,
	EBT_FILTERS_USERS = 0x02,
	EBT_FILTERS_COMM = 0x04,
	EBT_FILTERS_MATCH = 0x08,
	EBT_FILTERS_CGROUP = 0x10,
	EBT_FILTERS_ENOENT = 0x20,
	EBT_FILTERS_ALL = 0x3f,
};

/* Fixed size: travels between view, loader and `tune`. Empty texts and no pids: no such filter. */
struct ebt_filters {
	uint32_t given; /* EBT_FILTERS_*, in a request */
	uint32_t no_enoent;
	uint32_t n_pids;
	uint32_t pids[EBT_OPTION_PIDS_MAX];
	char user[EBT_FILTERS_USER]; /* name or number */
	char cgroup[EBT_FILTERS_TEXT], comm[EBT_FILTERS_TEXT], match[EBT_FILTERS_TEXT];
};

/* Of a command line; with `tune` of what it names. -E2BIG with a sentence in why: a text is too
 * long to be handed on. */
int ebt_filters_from(struct ebt_filters *out, const struct ebt_options *o, char *why,
		     size_t why_len);
/* The given members of from, put into *into. */
void ebt_filters_merge(struct ebt_filters *into, const struct ebt_filters *from);
/* Of what came over a socket: within bounds, texts that end. -EINVAL with a sentence in why. */
int ebt_filters_check(struct ebt_filters *filters, char *why, size_t why_len);
/* Are the expressions some? Not in the loader: what compiles them is a large parser. */
int ebt_filters_check_names(const struct ebt_filters *filters, char *why, size_t why_len);
/* What the programs get: user and cgroup as numbers. -ENOENT with a sentence in why. pids of *out
 * are borrowed from filters. */
int ebt_filters_resolve(const struct ebt_filters *filters, const struct ebt_cgroups *cgroups,
			struct ebt_filter_set *out, char *why, size_t why_len);
/* "-u 1000 -p 1,2", as options would name them; "" when there are none. Gives out. */
const char *ebt_filters_words(const struct ebt_filters *filters, bool tune, char *out, size_t len);
/* "1,2,3"; false: not process ids. */
bool ebt_filters_parse_pids(struct ebt_filters *filters, const char *text);
const char *ebt_filters_pids(const struct ebt_filters *filters, char *out, size_t len);

#endif
