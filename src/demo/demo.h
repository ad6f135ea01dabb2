/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * demo.h - the lessons: eBPF's limits and parts, each shown by the running kernel.
 *
 * A lesson runs in the process that calls it, which must be privileged: its whole purpose is to
 * show what the kernel says to whoever loads a program. It prints to standard output; bytes that
 * other programs chose are escaped.
 */
#ifndef EBT_DEMO_DEMO_H
#define EBT_DEMO_DEMO_H

#include <stdbool.h>

/* Exit statuses; the numbers of enum ebt_exit (app/options.h). */
enum ebt_demo_status {
	EBT_DEMO_OK = 0,     /* the kernel behaved as the lesson's page says */
	EBT_DEMO_WRONG = 1,  /* it did not, or something else failed */
	EBT_DEMO_USAGE = 2,  /* there is no such lesson */
	EBT_DEMO_LACKS = 69, /* this kernel lacks what the lesson shows; it was named */
};

/* All borrowed for the call. */
struct ebt_demo_options {
	const char *name;     /* "stack-limit" or its number; NULL: list them */
	bool bad;	      /* the wrong variant */
	bool source;	      /* print the text only */
	bool step;	      /* wait for a key before each stage */
	const char *compiler; /* path of execbig-compile */
	const char *headers;  /* include tree for it */
	/* A BPF text by its name below bpf_text/, NULL when there is none. */
	const char *(*text)(void *arg, const char *name);
	void *text_arg;
};

/* True when this needs privilege: a lesson is to be run, not listed or printed. */
bool ebt_demo_needs_privilege(const struct ebt_demo_options *options);
int ebt_demo_run(const struct ebt_demo_options *options);

#endif
