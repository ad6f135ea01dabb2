/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * fake_libbcc.h - libbcc's C interface to a module that a test fills in. Include it once in a test,
 * which is then linked without libbcc and LLVM.
 */
#ifndef EBT_TESTS_FAKE_LIBBCC_H
#define EBT_TESTS_FAKE_LIBBCC_H

#include <bcc/bcc_common.h>
#include <bpf/bpf.h>
#include <bpf/btf.h>
#include <stdio.h>
#include <string.h>

#include "image/image.h"

#define FAKE_TABLES    3
#define FAKE_FUNCTIONS 3
#define FAKE_FLAGS     80

struct fake_table {
	const char *name;
	int fd, type, flags;
	size_t key_size, leaf_size, max_entries;
};

struct fake_function {
	const char *name;
	struct bpf_insn insns[6];
	size_t count;
	struct bpf_line_info lines[4];
	uint32_t n_lines;
};

static struct fake_module {
	struct fake_table tables[FAKE_TABLES];
	struct fake_function functions[FAKE_FUNCTIONS];
	size_t n_tables, n_functions;
	struct btf *btf; /* made through our btf__new; owned */
	int loads;	 /* results of bpf_prog_load, in all */
	bool refuses;	 /* the text does not compile */
	char text[512];	 /* as bpf_module_create_c_from_string got it */
	char flags[FAKE_FLAGS][64];
	int n_flags;
} fake_module;

size_t bpf_num_tables(void *module)
{
	return ((struct fake_module *)module)->n_tables;
}

const char *bpf_table_name(void *module, size_t i)
{
	return ((struct fake_module *)module)->tables[i % FAKE_TABLES].name;
}

int bpf_table_type_id(void *module, size_t i)
{
	return ((struct fake_module *)module)->tables[i % FAKE_TABLES].type;
}

size_t bpf_table_key_size_id(void *module, size_t i)
{
	return ((struct fake_module *)module)->tables[i % FAKE_TABLES].key_size;
}

size_t bpf_table_leaf_size_id(void *module, size_t i)
{
	return ((struct fake_module *)module)->tables[i % FAKE_TABLES].leaf_size;
}

size_t bpf_table_max_entries_id(void *module, size_t i)
{
	return ((struct fake_module *)module)->tables[i % FAKE_TABLES].max_entries;
}

int bpf_table_flags_id(void *module, size_t i)
{
	return ((struct fake_module *)module)->tables[i % FAKE_TABLES].flags;
}

int bpf_table_fd_id(void *module, size_t i)
{
	return ((struct fake_module *)module)->tables[i % FAKE_TABLES].fd;
}

size_t bpf_num_functions(void *module)
{
	return ((struct fake_module *)module)->n_functions;
}

const char *bpf_function_name(void *module, size_t i)
{
	return ((struct fake_module *)module)->functions[i % FAKE_FUNCTIONS].name;
}

void *bpf_function_start_id(void *module, size_t i)
{
	return ((struct fake_module *)module)->functions[i % FAKE_FUNCTIONS].insns;
}

size_t bpf_function_size_id(void *module, size_t i)
{
	return ((struct fake_module *)module)->functions[i % FAKE_FUNCTIONS].count *
	       sizeof(struct bpf_insn);
}

/* As libbcc does, give the function's line table to bpf_prog_load. */
int bcc_func_load(void *module, int type, const char *name, const struct bpf_insn *insns, int bytes,
		  const char *license, unsigned version, int log_level, char *log,
		  unsigned log_size, const char *device, int attach_type)
{
	LIBBPF_OPTS(bpf_prog_load_opts, opts);
	const struct fake_module *m = module;
	int result;

	(void)version, (void)log_level, (void)log, (void)log_size, (void)device, (void)attach_type;
	for (size_t i = 0; i < m->n_functions; i++) {
		const struct fake_function *f = &m->functions[i];

		if (strcmp(f->name, name) != 0 || !f->n_lines)
			continue;
		opts.line_info = f->lines;
		opts.line_info_cnt = f->n_lines;
		opts.line_info_rec_size = sizeof(f->lines[0]);
	}
	result = bpf_prog_load((enum bpf_prog_type)type, name, license, insns,
			       (size_t)bytes / sizeof(*insns), &opts);
	fake_module.loads += result;
	return result;
}

void *bpf_module_create_c_from_string(const char *text, unsigned flags, const char *cflags[],
				      int ncflags, bool allow_rlimit, const char *device)
{
	(void)flags, (void)allow_rlimit, (void)device;
	snprintf(fake_module.text, sizeof(fake_module.text), "%s", text);
	fake_module.n_flags = ncflags;
	for (int i = 0; i < ncflags && i < FAKE_FLAGS; i++)
		snprintf(fake_module.flags[i], sizeof(fake_module.flags[i]), "%s", cflags[i]);
	return fake_module.refuses ? NULL : &fake_module;
}

/* Two maps, and two programs: the first refers to both maps and to a member. */
static inline void fake_module_fill(void)
{
	static const struct bpf_insn exit_insn = { .code = BPF_JMP | BPF_EXIT };
	struct fake_function *f = fake_module.functions;

	fake_module = (struct fake_module){ .n_tables = 2, .n_functions = 2 };
	fake_module.tables[0] =
		(struct fake_table){ "numbers", 50, BPF_MAP_TYPE_HASH, 3, 4, 8, 16 };
	fake_module.tables[1] =
		(struct fake_table){ "ring", 40, BPF_MAP_TYPE_RINGBUF, 0, 0, 0, 64 };
	f[0].name = "one";
	for (int i = 0; i < 4; i += 2) {
		f[0].insns[i].code = BPF_LD | BPF_DW | BPF_IMM;
		f[0].insns[i].src_reg = BPF_PSEUDO_MAP_FD;
		f[0].insns[i].imm = i ? 50 : 40;
	}
	f[0].insns[4] = exit_insn;
	f[0].count = 5;
	f[1].name = "two";
	f[1].insns[0] = exit_insn;
	f[1].count = 1;
}

#endif
