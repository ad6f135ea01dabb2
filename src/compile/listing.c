/* SPDX-License-Identifier: BSD-3-Clause */
/* listing.c - get the line of every instruction from libbcc
 *
 * Its C interface passes the line table only to the kernel: bcc_func_load calls bpf_prog_load with
 * it. The functions of libbpf that it calls for that are replaced here, and nothing is loaded. */
#include "compile/listing.h"

#include <bcc/bcc_common.h>
#include <bpf/bpf.h>
#include <bpf/btf.h>
#include <dlfcn.h>
#include <errno.h>
#include <string.h>

#include "base/cleanup.h"

/* State of the replacing functions, to which libbcc passes no argument of ours. There is one module
 * in a process. */
static struct {
	const struct btf *btf; /* BTF of the module; its strings contain the file names */
	struct ebt_buf *out;   /* set while lines are collected */
} taken;

struct btf *btf__new(const void *data, __u32 size)
{
	struct btf *(*real)(const void *, __u32);
	struct btf *btf;

	*(void **)&real = dlsym(RTLD_NEXT, "btf__new");
	btf = real ? real(data, size) : NULL;
	taken.btf = btf;
	return btf;
}

/* libbcc passes on the line table only if it has loaded a BTF. */
int btf__load_into_kernel(struct btf *btf)
{
	(void)btf;
	return 0;
}

static const char *base_name(const char *path)
{
	const char *slash = path ? strrchr(path, '/') : NULL;

	return slash ? slash + 1 : path;
}

int bpf_prog_load(enum bpf_prog_type type, const char *name, const char *license,
		  const struct bpf_insn *insns, size_t count, const struct bpf_prog_load_opts *opts)
{
	const char *record = opts ? opts->line_info : NULL;

	(void)type;
	(void)license;
	(void)insns;
	if (!taken.out || !taken.btf || !record ||
	    opts->line_info_rec_size < sizeof(struct bpf_line_info)) {
		errno = EINVAL;
		return -EINVAL;
	}
	ebt_buf_printf(taken.out, "prog %s\n", name);
	for (__u32 i = 0; i < opts->line_info_cnt; i++, record += opts->line_info_rec_size) {
		struct bpf_line_info info;
		const char *file;

		memcpy(&info, record, sizeof(info));
		file = base_name(btf__name_by_offset(taken.btf, info.file_name_off));
		if (info.insn_off < count && file && *file)
			ebt_buf_printf(taken.out, "%u %u %s\n", info.insn_off,
				       BPF_LINE_INFO_LINE_NUM(info.line_col), file);
	}
	/* Return a number that libbcc takes for a program; it does nothing with it. */
	return 0;
}

int ebt_listing_lines(void *module, struct ebt_buf *out)
{
	taken.out = out;
	for (size_t i = 0; i < bpf_num_functions(module); i++)
		bcc_func_load(module, BPF_PROG_TYPE_RAW_TRACEPOINT, bpf_function_name(module, i),
			      bpf_function_start_id(module, i),
			      (int)bpf_function_size_id(module, i), "GPL", 0, 0, NULL, 0, NULL, -1);
	taken.out = NULL;
	return out->error;
}
