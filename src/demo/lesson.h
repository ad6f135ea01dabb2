/* SPDX-License-Identifier: BSD-3-Clause */
/* lesson.h - functions that the lessons share: print stages, compile a text, create its maps, load
 * programs with the verifier's log, run and inspect them
 *
 * Functions that return int return 0 or -errno unless stated otherwise. The function that fails
 * prints the reason, so a lesson only returns the error. */
#ifndef EBT_DEMO_LESSON_H
#define EBT_DEMO_LESSON_H

#include <errno.h>
#include <linux/bpf.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/types.h>

#include "base/bytes.h"
#include "base/cleanup.h"
#include "base/clock.h"
#include "demo/demo.h"
#include "image/image.h"

struct ebt_demo;

struct ebt_lesson {
	const char *name, *title;
	const char *text; /* file name below bpf_text/ */
	bool members;	  /* the text uses ebt_members.h, which is then put before it */
	int (*run)(struct ebt_demo *d);
	int (*bad)(struct ebt_demo *d); /* runs the wrong variant; NULL if there is none */
};

/* State of one run of a lesson. */
struct ebt_demo {
	const struct ebt_demo_options *options;
	const struct ebt_lesson *lesson;
	unsigned number; /* number of the lesson, from 1 */
	unsigned stages; /* number of stages begun so far */
	unsigned wrong;	 /* number of expectations that did not hold */
	bool lacks;	 /* ebt_demo_lacks() was called */
	bool quit;	 /* the user pressed q */
};

/* Printing (lesson_print.c). */

/* Begin a stage and print its title. With --step, wait for a key first and exit when it is q. */
void ebt_demo_stage(struct ebt_demo *d, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* Print text of the compiler or the kernel line by line, escaped and with a mark. Print only the
 * last max_lines lines, or all if max_lines is 0. */
void ebt_demo_words(const char *words, unsigned max_lines);
/* Check what the lesson's page promises: print "as expected: …" if cond is true, else print that it
 * did not hold and let the run fail. Return cond. */
bool ebt_demo_expect(struct ebt_demo *d, bool cond, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
/* Print which feature the kernel lacks and return -EOPNOTSUPP, which the lesson then returns. */
int ebt_demo_lacks(struct ebt_demo *d, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* Print a failure that is not part of the lesson's subject. Return err, a negative errno. */
int ebt_demo_fail(struct ebt_demo *d, int err, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
/* Escape bytes that another program chose, up to len bytes or the first NUL, into out. Return
 * out. */
char *ebt_demo_safe(char *out, size_t out_len, const char *bytes, size_t len);

/* Compiled texts and their maps (object.c). */

struct ebt_demo_obj {
	/* set by the caller: include directory for the compiler, NULL for the default */
	const char *headers;
	struct ebt_image *image; /* NULL until the text is compiled */
	int map_fds[EBT_IMAGE_MAX_MAPS];
	/* offsets of the members, indexed like image->members; NULL unless the lesson uses them */
	uint32_t *values;
	struct ebt_buf words; /* output of the compiler */
	uint64_t compile_ns, maps_ns;
};

#define _cleanup_obj_ __attribute__((cleanup(ebt_demo_obj_free)))
void ebt_demo_obj_free(struct ebt_demo_obj *obj);

/* Compile the lesson's text. defines is a NULL-terminated array of clang flags, or NULL. Return 0,
 * -EIO if the compiler refused the text (its output is in obj->words), or another -errno. */
int ebt_demo_compile(struct ebt_demo *d, struct ebt_demo_obj *obj, const char *const *defines);
/* Create the maps, and resolve the members' offsets if the lesson uses them. */
int ebt_demo_maps(struct ebt_demo *d, struct ebt_demo_obj *obj);
/* Compile the text and create the maps. Here a refusal by the compiler is a failure. */
int ebt_demo_open(struct ebt_demo *d, struct ebt_demo_obj *obj, const char *const *defines);
/* Return the fd of a map, or -1 if there is none of this name. The object keeps the fd. */
int ebt_demo_map(const struct ebt_demo_obj *obj, const char *name);
/* Return the spec of a map, or an empty spec if there is none of this name. */
const struct ebt_map_spec *ebt_demo_map_spec(const struct ebt_demo_obj *obj, const char *name);
/* Return a copy of a program's instructions with map fds and offsets filled in, and their number in
 * *n. Return NULL if there is no such program or no memory. The caller frees it. */
struct bpf_insn *ebt_demo_insns(const struct ebt_demo_obj *obj, const char *prog, uint32_t *n);

/* Loaded programs (prog.c). */

struct ebt_demo_prog {
	/* Set by the caller. */
	const char *name;
	enum bpf_prog_type type; /* 0 means a raw tracepoint program */
	enum bpf_attach_type attach_type;
	uint32_t attach_btf_id, flags;
	/* Results. */
	int fd, err;	    /* fd is -1 and err is -errno when the program was refused */
	struct ebt_buf log; /* log of the verifier */
	unsigned processed; /* number of instructions that the verifier processed */
	unsigned verify_us; /* verification time that the log states */
	uint64_t load_ns;   /* duration of the whole system call */
};

#define _cleanup_prog_ __attribute__((cleanup(ebt_demo_prog_free)))
void ebt_demo_prog_free(struct ebt_demo_prog *prog);

/* Load the given instructions, or (ebt_demo_load) the program prog->name of obj. A refusal is not a
 * failure of the lesson: the caller checks prog->err. */
void ebt_demo_load_insns(struct ebt_demo_prog *prog, const struct bpf_insn *insns, uint32_t n);
void ebt_demo_load(struct ebt_demo *d, const struct ebt_demo_obj *obj, struct ebt_demo_prog *prog);
/* Load the program prog->name of obj; a refusal ends the lesson. */
int ebt_demo_must_load(struct ebt_demo *d, const struct ebt_demo_obj *obj,
		       struct ebt_demo_prog *prog);
/* Print the last lines of the verifier's log and check that it contains one of the texts in words,
 * which are separated by "|" because kernels word them differently. */
void ebt_demo_refused(struct ebt_demo *d, const struct ebt_demo_prog *prog, unsigned lines,
		      const char *words);
/* Attach to a raw tracepoint. Return the fd, which the caller closes, or -errno after printing
 * it. */
int ebt_demo_attach(struct ebt_demo *d, const struct ebt_demo_prog *prog, const char *tracepoint);
/* Run the program once with two arguments as its context, on the given CPU, or on any if cpu is -1.
 * This needs Linux 5.10. */
int ebt_demo_test_run(const struct ebt_demo_prog *prog, uint64_t arg0, uint64_t arg1, int cpu);
/* Run the program once; a kernel that does not support it ends the lesson. */
int ebt_demo_must_run(struct ebt_demo *d, const struct ebt_demo_prog *prog, uint64_t arg0,
		      uint64_t arg1);

/* A loaded program's translated instructions and machine code. The struct owns both arrays. */
struct ebt_demo_dump {
	struct bpf_insn *xlated;
	uint32_t n_xlated;
	unsigned char *native;
	uint32_t native_bytes;
};
void ebt_demo_dump_free(struct ebt_demo_dump *dump);
int ebt_demo_dump(int prog_fd, struct ebt_demo_dump *dump);

/* Workload (workload.c). */

/* Run argv[0] with its output discarded and wait for it. Return its pid, and store the wait status
 * in *status unless status is NULL. */
pid_t ebt_demo_run_program(const char *const argv[], int *status);
/* Pass each record that is in the ring now to fn(arg, data, len). */
int ebt_demo_drain(struct ebt_demo *d, int ring_map, int (*fn)(void *arg, void *data, size_t len),
		   void *arg);
/* Return the sum over all CPUs of the u64 element at key of a per-CPU array. */
uint64_t ebt_demo_percpu_sum(int map_fd, uint32_t key);
unsigned ebt_demo_cpus_online(void);
/* Run fn(arg, cpu) on the CPUs 0 to n-1 at the same time, each in a thread pinned to its CPU. */
int ebt_demo_on_cpus(unsigned n, void (*fn)(void *arg, unsigned cpu), void *arg);
/* Format a CLOCK_MONOTONIC time as local time "HH:MM:SS.mmm". Return out. */
char *ebt_demo_time(char *out, size_t len, uint64_t mono_ns);

/* Disassembly (disasm.c). */

struct ebt_disasm;
/* Create a disassembler for "bpf" or for the machine's own code ("native"). Return NULL, with the
 * reason in why, when LLVM's library cannot be opened. */
struct ebt_disasm *ebt_disasm_new(const char *target, char *why, size_t why_len);
void ebt_disasm_free(struct ebt_disasm **disasm);
/* Disassemble one instruction at code into text, as one line. Return its length in bytes, or 0 if
 * the bytes are not an instruction. */
size_t ebt_disasm_one(struct ebt_disasm *disasm, const void *code, size_t len, uint64_t pc,
		      char *text, size_t text_len);

#endif
