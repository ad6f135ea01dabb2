/* SPDX-License-Identifier: BSD-3-Clause */
/* demo.h - run a lesson that shows one limit or part of eBPF on the running kernel
 *
 * A lesson runs in the calling process, which must be privileged because it loads programs. It
 * prints to standard output and escapes all bytes that other programs chose. */
#ifndef EBT_DEMO_DEMO_H
#define EBT_DEMO_DEMO_H

#include <stdbool.h>

/* Exit statuses. They have the numbers of enum ebt_exit (config/options.h). */
enum ebt_demo_status {
	EBT_DEMO_OK = 0,    /* the kernel behaved as the page of the lesson says */
	EBT_DEMO_WRONG = 1, /* the kernel behaved differently, or something else failed */
	EBT_DEMO_USAGE = 2, /* there is no lesson of this name */
	/* this kernel lacks a feature that the lesson needs; the output names it */
	EBT_DEMO_LACKS = 69,
};

/* What to run. All pointers are borrowed for the duration of the call. */
struct ebt_demo_options {
	/* a name such as "stack-limit" or its number; NULL lists all lessons */
	const char *name;
	bool bad;	      /* run the wrong variant */
	bool source;	      /* print the BPF text instead of running it */
	bool step;	      /* wait for a key before each stage */
	const char *compiler; /* path of execbig-compile */
	const char *headers;  /* directory of the headers for the compiler */
	/* Return the BPF text of this name below bpf_text/, or NULL when there is none. */
	const char *(*text)(void *arg, const char *name);
	void *text_arg;
};

/* Return true if these options run a lesson, which needs privileges; listing and printing do
 * not. */
bool ebt_demo_needs_privilege(const struct ebt_demo_options *options);
int ebt_demo_run(const struct ebt_demo_options *options);

#endif
