/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * lesson.h - what every lesson uses: stages and words, compiling its text, making its maps, loading
 * its programs with the verifier's log, driving them, looking into them.
 *
 * Functions that give int give 0 or -errno. What cannot go on is said by the function that found
 * it, so a lesson only passes the number on.
 */
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
	const char *text; /* below bpf_text/ */
	bool members;	  /* the text uses ebt_members.h, which goes before it */
	int (*run)(struct ebt_demo *d);
	int (*bad)(struct ebt_demo *d); /* NULL: there is no wrong variant */
};

/* One run of a lesson. */
struct ebt_demo {
	const struct ebt_demo_options *options;
	const struct ebt_lesson *lesson;
	unsigned number; /* of the lesson */
	unsigned stages; /* begun so far */
	unsigned wrong;	 /* expectations that did not hold */
	bool lacks;	 /* ebt_demo_lacks was called */
	bool quit;	 /* the person at the keyboard has seen enough */
};

/* -- words (say.c) -- */

/* Begins a stage; with --step waits for a key first. */
void ebt_demo_stage(struct ebt_demo *d, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* Prints foreign words (compiler, kernel) line by line, marked, escaped. max_lines: the last so
 * many only, 0: all. */
void ebt_demo_words(const char *words, unsigned max_lines);
/* States what the page promises: "as expected: …", or that it did not hold, which makes the run
 * fail. Gives cond. */
bool ebt_demo_expect(struct ebt_demo *d, bool cond, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
/* The kernel lacks something: says what, gives -EOPNOTSUPP for the lesson to return. */
int ebt_demo_lacks(struct ebt_demo *d, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* Something failed that has nothing to do with the lesson's point. Gives err. */
int ebt_demo_fail(struct ebt_demo *d, int err, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
/* Escaped form of bytes that another program chose, up to a NUL; in a static-size buffer of the
 * caller. */
char *ebt_demo_safe(char *out, size_t out_len, const char *bytes, size_t len);

/* -- compiled text and its maps (object.c) -- */

struct ebt_demo_obj {
	const char *headers;	 /* set by the caller: another include tree; NULL: ours */
	struct ebt_image *image; /* NULL: not compiled */
	int map_fds[EBT_IMAGE_MAX_MAPS];
	uint32_t *values;     /* members' offsets; NULL unless the lesson uses them */
	struct ebt_buf words; /* the compiler's */
	uint64_t compile_ns, maps_ns;
};

#define _cleanup_obj_ __attribute__((cleanup(ebt_demo_obj_free)))
void ebt_demo_obj_free(struct ebt_demo_obj *obj);

/* Compiles the lesson's text. defines: flags for clang, NULL-terminated, or NULL. 0; -EIO: refused,
 * the compiler's words are in obj->words. */
int ebt_demo_compile(struct ebt_demo *d, struct ebt_demo_obj *obj, const char *const *defines);
/* Makes the maps, and finds the members if the lesson uses them. */
int ebt_demo_maps(struct ebt_demo *d, struct ebt_demo_obj *obj);
/* Both; a refusal by the compiler is a failure here. */
int ebt_demo_open(struct ebt_demo *d, struct ebt_demo_obj *obj, const char *const *defines);
/* Fd of a map by name, -1 when there is none. */
int ebt_demo_map(const struct ebt_demo_obj *obj, const char *name);
/* The spec of a map by name. */
const struct ebt_map_spec *ebt_demo_map_spec(const struct ebt_demo_obj *obj, const char *name);
/* Fresh copy of a program's instructions with map fds and offsets in place; NULL. Count in *n. */
struct bpf_insn *ebt_demo_insns(const struct ebt_demo_obj *obj, const char *prog, uint32_t *n);

/* -- programs (prog.c) -- */

struct ebt_demo_prog {
	/* set by the caller */
	const char *name;
	enum bpf_prog_type type; /* 0: raw tracepoint */
	enum bpf_attach_type attach_type;
	uint32_t attach_btf_id, flags;
	/* result */
	int fd, err;	    /* fd -1 and err -errno when refused */
	struct ebt_buf log; /* the verifier's words */
	unsigned processed; /* instructions that the verifier looked at */
	unsigned verify_us; /* as it says itself */
	uint64_t load_ns;   /* the whole system call */
};

#define _cleanup_prog_ __attribute__((cleanup(ebt_demo_prog_free)))
void ebt_demo_prog_free(struct ebt_demo_prog *prog);

/* Loads instructions, or the program prog->name of obj. Not accepted is no failure here: look at
 * prog->err. */
void ebt_demo_load_insns(struct ebt_demo_prog *prog, const struct bpf_insn *insns, uint32_t n);
void ebt_demo_load(struct ebt_demo *d, const struct ebt_demo_obj *obj, struct ebt_demo_prog *prog);
/* The same, and a refusal ends the lesson. */
int ebt_demo_must_load(struct ebt_demo *d, const struct ebt_demo_obj *obj,
		       struct ebt_demo_prog *prog);
/* Says the verifier's last words and checks that one of them is among `words` ("a|b": other
 * kernels' wording). */
void ebt_demo_refused(struct ebt_demo *d, const struct ebt_demo_prog *prog, unsigned lines,
		      const char *words);
/* Raw tracepoint; fd or -errno (said). */
int ebt_demo_attach(struct ebt_demo *d, const struct ebt_demo_prog *prog, const char *tracepoint);
/* One run with two arguments as context, on this CPU or on `cpu` (-1: any). Needs 5.10. */
int ebt_demo_test_run(const struct ebt_demo_prog *prog, uint64_t arg0, uint64_t arg1, int cpu);
/* The same; not supported ends the lesson. */
int ebt_demo_must_run(struct ebt_demo *d, const struct ebt_demo_prog *prog, uint64_t arg0,
		      uint64_t arg1);

/* What the kernel made of a program. Owns both. */
struct ebt_demo_dump {
	struct bpf_insn *xlated;
	uint32_t n_xlated;
	unsigned char *native;
	uint32_t native_bytes;
};
void ebt_demo_dump_free(struct ebt_demo_dump *dump);
int ebt_demo_dump(int prog_fd, struct ebt_demo_dump *dump);

/* -- workload (workload.c) -- */

/* Runs argv[0] with its output thrown away and waits; its pid, and the wait status if asked for. */
pid_t ebt_demo_run_program(const char *const argv[], int *status);
/* Reads what a ring has now, each record to fn(arg, data, len). */
int ebt_demo_drain(struct ebt_demo *d, int ring_map, int (*fn)(void *arg, void *data, size_t len),
		   void *arg);
/* Sum of a per-CPU array's element 0.. : u64 at `key`. */
uint64_t ebt_demo_percpu_sum(int map_fd, uint32_t key);
unsigned ebt_demo_cpus_online(void);
/* Runs fn(arg, cpu) on CPUs 0…n-1 at once, each thread pinned. */
int ebt_demo_on_cpus(unsigned n, void (*fn)(void *arg, unsigned cpu), void *arg);
/* CLOCK_MONOTONIC of BPF as local wall-clock "HH:MM:SS.mmm". */
char *ebt_demo_time(char *out, size_t len, uint64_t mono_ns);

/* -- disassembly (disasm.c) -- */

struct ebt_disasm;
/* For "bpf" or the machine's own code ("native"). NULL with a sentence in why when LLVM's library
 * cannot be opened. */
struct ebt_disasm *ebt_disasm_new(const char *target, char *why, size_t why_len);
void ebt_disasm_free(struct ebt_disasm **disasm);
/* One instruction at code: its length, 0 when it is none; text is one line. */
size_t ebt_disasm_one(struct ebt_disasm *disasm, const void *code, size_t len, uint64_t pc,
		      char *text, size_t text_len);

#endif
