/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * listing.h - the contents of the Lab screen: programs as source, bytecode and native code. src/lab
 * makes it from the loader's memory file, and owns all that it points to; the ui borrows it until
 * the next ebt_ui_set_lab.
 */
#ifndef EBT_MODEL_LISTING_H
#define EBT_MODEL_LISTING_H

#include <stdint.h>

struct ebt_listing_line {
	const char *file; /* base name */
	uint32_t line;
	const char *text; /* without newline */
};

struct ebt_listing_insn {
	uint64_t raw;	  /* struct bpf_insn as it lies in memory */
	int32_t source;	  /* index of the line it came from; -1 unknown */
	const char *text; /* disassembled; NULL: the ui makes do with its own */
};

struct ebt_listing_native {
	uint64_t offset; /* from the start of the program's code */
	const uint8_t *bytes;
	uint8_t len;
	int32_t insn;	  /* index of the bytecode instruction; -1 unknown */
	const char *text; /* disassembled; NULL: bytes only */
};

struct ebt_listing_program {
	const char *name;
	const struct ebt_listing_line *lines; /* all source lines to show, in reading order */
	uint32_t lines_count;
	const struct ebt_listing_insn *insns;
	uint32_t insns_count;
	const struct ebt_listing_native *native;
	uint32_t native_count;	  /* 0: the kernel does not give it */
	const char *native_arch;  /* "x86-64" */
	const char *native_why;	  /* why there is none */
	uint64_t verified_insns;  /* instructions the verifier walked; 0: unknown */
	uint64_t verify_us;	  /* 0: unknown */
	uint64_t run_cnt, run_ns; /* kernel statistics; run_ns 0 when they are off */
	uint32_t stack_bytes;	  /* of 512, of all its functions; 0: none, or unknown */
	uint32_t jited_bytes;
	uint64_t memlock_bytes;
	uint32_t id, tag_hi, tag_lo; /* kernel's program id and tag; 0: unknown */
};

struct ebt_listing {
	const struct ebt_listing_program *programs;
	uint32_t programs_count;
	const char *why_empty;	    /* shown when there is no program */
	uint32_t event_fixed_bytes; /* of an exec event, before names and arguments; 0: unknown */
};

#endif
