/* SPDX-License-Identifier: BSD-3-Clause */
/* jit.c - lesson 15: one function as bytecode, as verified instructions and as machine code */
#include <stdlib.h>

#include "demo/lesson.h"
#include "demo/lessons.h"

#define ROWS 200
#define COLS 40

struct column {
	char rows[ROWS][COLS];
	unsigned n;
};

/* Disassemble code into one row per instruction. */
static int jit_disassemble(struct ebt_demo *d, const char *target, const char *whose,
			   const void *code, size_t len, struct column *out)
{
	char why[128], text[128];
	struct ebt_disasm *dis = ebt_disasm_new(target, why, sizeof(why));
	size_t at = 0;

	if (!dis)
		return ebt_demo_lacks(d, "%s", why);
	out->n = 0;
	while (at < len && out->n < ROWS) {
		size_t n = ebt_disasm_one(dis, (const char *)code + at, len - at, at, text,
					  sizeof(text));

		if (!n)
			break;
		snprintf(out->rows[out->n++], COLS, "%s", text);
		at += n;
	}
	ebt_disasm_free(&dis);
	ebt_demo_expect(d, at == len, "%s: %u instructions in %zu bytes", whose, out->n, len);
	return 0;
}

static const char *jit_row(const struct column *c, unsigned i)
{
	return i < c->n ? c->rows[i] : "";
}

static void print_state(void)
{
	_cleanup_fclose_ FILE *f = fopen("/proc/sys/net/core/bpf_jit_enable", "re");
	int on = f ? fgetc(f) - '0' : -1;

	printf("   /proc/sys/net/core/bpf_jit_enable: %s\n",
	       on == 0	 ? "off, programs are interpreted"
	       : on == 1 ? "on"
	       : on == 2 ? "on, with debug output"
			 : "not readable");
}

static int jit_show(struct ebt_demo *d, const struct bpf_insn *insns, uint32_t n,
		    const struct ebt_demo_dump *dump)
{
	_cleanup_free_ struct column *c = calloc(3, sizeof(*c));
	unsigned rows;
	int err;

	if (!c)
		return -ENOMEM;
	if (!dump->n_xlated)
		return ebt_demo_lacks(d, "translated instructions for this user (kptr_restrict)");
	if (!dump->native_bytes)
		return ebt_demo_lacks(d,
				      "native code: the JIT is off, or this user may not see it");
	err = jit_disassemble(d, "bpf", "clang's bytecode", insns, n * sizeof(*insns), &c[0]);
	if (!err)
		err = jit_disassemble(d, "bpf", "the verifier's", dump->xlated,
				      dump->n_xlated * sizeof(*insns), &c[1]);
	if (!err)
		err = jit_disassemble(d, "native", "the JIT's", dump->native, dump->native_bytes,
				      &c[2]);
	if (err)
		return err;
	ebt_demo_stage(d, "Clang's bytecode, the verifier's, the processor's");
	rows = c[0].n > c[1].n ? c[0].n : c[1].n;
	rows = c[2].n > rows ? c[2].n : rows;
	for (unsigned i = 0; i < rows; i++)
		printf("   %-32s  %-34s  %s\n", jit_row(&c[0], i), jit_row(&c[1], i),
		       jit_row(&c[2], i));
	return 0;
}

static bool jit_calls(const struct bpf_insn *insns, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++) {
		if (insns[i].code == (BPF_JMP | BPF_CALL))
			return true;
	}
	return false;
}

int ebt_demo_jit(struct ebt_demo *d)
{
	_cleanup_obj_ struct ebt_demo_obj obj = { 0 };
	_cleanup_prog_ struct ebt_demo_prog prog = { .name = "example" };
	_cleanup_free_ struct bpf_insn *insns = NULL;
	struct ebt_demo_dump dump = { 0 };
	uint32_t n = 0;
	int err;

	ebt_demo_stage(d, "Compile, load, look");
	print_state();
	err = ebt_demo_open(d, &obj, NULL);
	if (!err)
		err = ebt_demo_must_load(d, &obj, &prog);
	if (err)
		return err;
	insns = ebt_demo_insns(&obj, prog.name, &n);
	err = ebt_demo_dump(prog.fd, &dump);
	if (err || !insns)
		err = ebt_demo_fail(d, err ? err : -ENOMEM, "cannot look into the program");
	if (!err)
		err = jit_show(d, insns, n, &dump);
	if (!err)
		ebt_demo_expect(d, jit_calls(insns, n) && !jit_calls(dump.xlated, dump.n_xlated),
				"the lookup in an array is no call any more");
	ebt_demo_dump_free(&dump);
	return err;
}
