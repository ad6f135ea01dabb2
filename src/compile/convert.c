/* SPDX-License-Identifier: BSD-3-Clause */
#include "compile/convert.h"

#include <bcc/bcc_common.h>
#include <errno.h>
#include <linux/types.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "ebt_members.h"
#include "image/image.h"
#include "image/members.h"

#define MEMBER_PATH(name, path) path,
static const char *const member_paths[] = { EBT_MEMBERS(MEMBER_PATH) };

static int copy_name(char out[EBT_IMAGE_NAME_LEN], const char *name)
{
	size_t len = strlen(name);

	if (len == 0 || len >= EBT_IMAGE_NAME_LEN) {
		fprintf(stderr, "execbig-compile: name '%s' must have 1 to %d characters\n", name,
			EBT_IMAGE_NAME_LEN - 1);
		return -ENAMETOOLONG;
	}
	memcpy(out, name, len + 1);
	return 0;
}

/* The maps are in libbcc's order; fds[i] is the number that the instructions have for map i. */
static int take_maps(void *module, struct ebt_image *im, int **fds)
{
	size_t n = bpf_num_tables(module);

	if (n > EBT_IMAGE_MAX_MAPS)
		return -E2BIG;
	im->maps = calloc(n + 1, sizeof(*im->maps));
	*fds = calloc(n + 1, sizeof(**fds));
	if (!im->maps || !*fds)
		return -ENOMEM;
	for (size_t i = 0; i < n; i++) {
		struct ebt_map_spec *spec = &im->maps[i];
		int err = copy_name(spec->name, bpf_table_name(module, i));

		if (err)
			return err;
		spec->type = (uint32_t)bpf_table_type_id(module, i);
		spec->key_size = (uint32_t)bpf_table_key_size_id(module, i);
		spec->value_size = (uint32_t)bpf_table_leaf_size_id(module, i);
		spec->max_entries = (uint32_t)bpf_table_max_entries_id(module, i);
		spec->flags = (uint32_t)bpf_table_flags_id(module, i);
		(*fds)[i] = bpf_table_fd_id(module, i);
	}
	im->n_maps = (uint32_t)n;
	return 0;
}

static int take_progs(void *module, struct ebt_image *im)
{
	size_t n = bpf_num_functions(module);

	if (n > EBT_IMAGE_MAX_PROGS)
		return -E2BIG;
	im->progs = calloc(n + 1, sizeof(*im->progs));
	if (!im->progs)
		return -ENOMEM;
	for (size_t i = 0; i < n; i++) {
		struct ebt_prog_spec *p = &im->progs[i];
		size_t count = bpf_function_size_id(module, i) / sizeof(struct bpf_insn);
		int err = copy_name(p->name, bpf_function_name(module, i));
		struct bpf_insn *grown;

		if (err)
			return err;
		if (count == 0 || im->n_insns + count > EBT_IMAGE_MAX_INSNS)
			return -E2BIG;
		grown = reallocarray(im->insns, im->n_insns + count, sizeof(*grown));
		if (!grown)
			return -ENOMEM;
		im->insns = grown;
		memcpy(grown + im->n_insns, bpf_function_start_id(module, i),
		       count * sizeof(*grown));
		p->first = im->n_insns;
		p->count = (uint32_t)count;
		im->n_insns += (uint32_t)count;
	}
	im->n_progs = (uint32_t)n;
	return 0;
}

static int map_index(const struct ebt_image *im, const int *fds, int fd)
{
	for (uint32_t i = 0; i < im->n_maps; i++) {
		if (fds[i] == fd)
			return (int)i;
	}
	return -1;
}

static int add_reloc(struct ebt_image *im, uint32_t insn, uint32_t member)
{
	if (member >= EBT_M_MAX) {
		fprintf(stderr, "execbig-compile: member %u is not in the table\n", member);
		return -ENOENT;
	}
	im->relocs[im->n_relocs++] = (struct ebt_reloc){ .insn = insn, .member = member };
	return 0;
}

/* Replace the descriptors of maps by indices, and list as relocations the loads of EBT_RELOC_MAGIC
 * | member and the calls of EBT_CALL_MAGIC | member. */
static int take_relocs(struct ebt_image *im, const int *fds)
{
	im->relocs = calloc(im->n_insns + 1, sizeof(*im->relocs));
	if (!im->relocs)
		return -ENOMEM;
	for (uint32_t i = 0; i + 1 < im->n_insns; i++) {
		struct bpf_insn *insn = &im->insns[i];
		uint64_t imm;
		int called = ebt_member_called(insn);
		int err = called < 0 ? 0 : add_reloc(im, i, (uint32_t)called);

		if (err)
			return err;
		if (insn->code != (BPF_LD | BPF_DW | BPF_IMM))
			continue;
		imm = (uint32_t)insn[0].imm | (uint64_t)(uint32_t)insn[1].imm << 32;
		if (insn->src_reg == BPF_PSEUDO_MAP_FD) {
			insn->imm = map_index(im, fds, insn->imm);
			if (insn->imm < 0)
				return -ENOENT;
		} else if ((imm & EBT_RELOC_MASK) == EBT_RELOC_MAGIC) {
			err = add_reloc(im, i, (uint32_t)imm);
			if (err)
				return err;
		}
		i++;
	}
	return 0;
}

static int take_members(struct ebt_image *im)
{
	im->members = calloc(EBT_M_MAX, sizeof(*im->members));
	if (!im->members)
		return -ENOMEM;
	for (uint32_t i = 0; i < EBT_M_MAX; i++) {
		size_t len = strlen(member_paths[i]);

		if (len >= EBT_IMAGE_PATH_LEN)
			return -ENAMETOOLONG;
		memcpy(im->members[i].path, member_paths[i], len + 1);
	}
	im->n_members = EBT_M_MAX;
	return 0;
}

int ebt_convert_module(void *module, struct ebt_buf *out)
{
	_cleanup_image_ struct ebt_image *im = calloc(1, sizeof(*im));
	_cleanup_free_ int *fds = NULL;
	int err;

	if (!im)
		return -ENOMEM;
	err = take_maps(module, im, &fds);
	if (!err)
		err = take_progs(module, im);
	if (!err)
		err = take_relocs(im, fds);
	if (!err)
		err = take_members(im);
	if (!err)
		err = ebt_image_write(im, out);
	return err;
}
