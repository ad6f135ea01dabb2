/* SPDX-License-Identifier: BSD-3-Clause */
/* btf.c - lesson 17: offsets of kernel struct members come from BTF */
#include <bpf/bpf.h>
#include <bpf/btf.h>
#include <stdlib.h>
#include <unistd.h>

#include "demo/lesson.h"
#include "demo/lessons.h"
#include "ebt_members.h"
#include "image/members.h"

#define OTHER_TEXT "demos/17-btf-other.txt"
#define NAME_MAX_  64

struct result {
	uint32_t tgid, parent_tgid;
	char comm[16];
};

static const enum ebt_member used[] = { EBT_M_TASK_TGID, EBT_M_TASK_COMM, EBT_M_TASK_REAL_PARENT };

/* Add one line of the list, "struct NAME SIZE" or "member NAME BYTES", to btf. The resolver only
 * looks at names and offsets, so every member can be an int. */
static int add_line(struct btf *btf, const char *line, int *int_id)
{
	char name[NAME_MAX_];
	unsigned at;

	if (sscanf(line, "struct %63s %u", name, &at) == 2)
		return btf__add_struct(btf, name, at);
	if (sscanf(line, "member %63s %u", name, &at) == 2)
		return btf__add_field(btf, name, *int_id, at * 8, 0);
	return 0;
}

/* Return BTF of another kernel, built from the embedded list, or NULL after reporting an error. The
 * caller frees it with btf__free(). */
static struct btf *other_btf(struct ebt_demo *d, char *name, size_t len)
{
	const char *text = d->options->text(d->options->text_arg, OTHER_TEXT);
	struct btf *btf = btf__new_empty();
	int int_id = btf ? btf__add_int(btf, "int", 4, BTF_INT_SIGNED) : -1;
	char line[128];

	while (text && *text && int_id > 0) {
		size_t n = strcspn(text, "\n");

		snprintf(line, sizeof(line), "%.*s", (int)n, text);
		if (strncmp(line, "kernel ", 7) == 0)
			snprintf(name, len, "%s", line + 7);
		if (add_line(btf, line, &int_id) < 0)
			break;
		text += n + (text[n] != '\0');
	}
	if (!text || *text || int_id <= 0) {
		btf__free(btf);
		ebt_demo_fail(d, -EINVAL, "cannot make BTF from %s", OTHER_TEXT);
		return NULL;
	}
	return btf;
}

static int print_offsets(struct ebt_demo *d, const struct ebt_demo_obj *obj)
{
	struct btf *btf = btf__load_vmlinux_btf();
	bool all = true;

	if (!btf)
		return ebt_demo_lacks(d, "type information in /sys/kernel/btf/vmlinux");
	printf("   %u types in /sys/kernel/btf/vmlinux\n", btf__type_cnt(btf));
	for (size_t i = 0; i < EBT_ARRAY_SIZE(used); i++) {
		const char *path = obj->image->members[used[i]].path;
		uint32_t at = ebt_member_resolve(btf, path);

		printf("   %-28s byte %u\n", path, at);
		all &= at == obj->values[used[i]] && at != EBT_MEMBER_MISSING;
	}
	ebt_demo_expect(d, all, "found by name");
	btf__free(btf);
	return 0;
}

static uint64_t btf_wide(const struct bpf_insn *insn)
{
	return (uint32_t)insn[0].imm | (uint64_t)(uint32_t)insn[1].imm << 32;
}

/* Print each instruction that takes an offset: its value in the image, and the offsets of this
 * kernel and of the other one. */
static void print_patches(struct ebt_demo *d, const struct ebt_demo_obj *obj, struct btf *other,
			  const char *other_name)
{
	unsigned differ = 0;

	printf("   %4s  %-24s %18s %10s %14s\n", "insn", "member", "image", "here", other_name);
	for (uint32_t i = 0; i < obj->image->n_relocs; i++) {
		const struct ebt_reloc *r = &obj->image->relocs[i];
		const char *path = obj->image->members[r->member].path;
		uint32_t there = ebt_member_resolve(other, path);

		printf("   %4u  %-24s %#18llx %10u %14u\n", r->insn, path,
		       (unsigned long long)btf_wide(&obj->image->insns[r->insn]),
		       obj->values[r->member], there);
		differ += there != obj->values[r->member];
	}
	ebt_demo_expect(d, obj->image->n_relocs == 4, "four places, one image for both kernels");
	printf("   places that differ: %u\n", differ);
}

static int run_read(struct ebt_demo *d, const struct ebt_demo_obj *obj, struct result *res)
{
	_cleanup_prog_ struct ebt_demo_prog prog = { .name = "read_task" };
	uint32_t zero = 0;
	int err = ebt_demo_must_load(d, obj, &prog);

	if (!err)
		err = ebt_demo_must_run(d, &prog, 0, 0);
	if (err)
		return err;
	bpf_map_lookup_elem(ebt_demo_map(obj, "results"), &zero, res);
	printf("   it reads tgid %u, parent %u; getpid() says %d, getppid() %d\n", res->tgid,
	       res->parent_tgid, getpid(), getppid());
	return 0;
}

int ebt_demo_btf(struct ebt_demo *d)
{
	_cleanup_obj_ struct ebt_demo_obj obj = { 0 };
	struct result res = { 0 };
	char other_name[64] = "", comm[80];
	struct btf *other;
	int err = ebt_demo_open(d, &obj, NULL);

	if (err)
		return err;
	ebt_demo_stage(d, "Three members by name");
	err = print_offsets(d, &obj);
	if (err)
		return err;
	ebt_demo_stage(d, "The image, patched for two kernels");
	other = other_btf(d, other_name, sizeof(other_name));
	if (!other)
		return -EINVAL;
	print_patches(d, &obj, other, other_name);
	btf__free(other);
	ebt_demo_stage(d, "Loaded with the numbers of this kernel");
	err = run_read(d, &obj, &res);
	if (err)
		return err;
	ebt_demo_expect(d, res.tgid == (uint32_t)getpid() && res.parent_tgid == (uint32_t)getppid(),
			"it reads what is there");
	printf("   and comm \"%s\"\n",
	       ebt_demo_safe(comm, sizeof(comm), res.comm, sizeof(res.comm)));
	return 0;
}

int ebt_demo_btf_bad(struct ebt_demo *d)
{
	_cleanup_obj_ struct ebt_demo_obj obj = { 0 };
	struct result res = { 0 };
	char other_name[64] = "";
	struct btf *other;
	bool same = true;
	int err = ebt_demo_open(d, &obj, NULL);

	if (err)
		return err;
	other = other_btf(d, other_name, sizeof(other_name));
	if (!other)
		return -EINVAL;
	for (size_t i = 0; i < EBT_ARRAY_SIZE(used); i++) {
		uint32_t at = ebt_member_resolve(other, obj.image->members[used[i]].path);

		same &= at == obj.values[used[i]];
		obj.values[used[i]] = at;
	}
	btf__free(other);
	if (same)
		return ebt_demo_lacks(d, "another layout than that of %s", other_name);
	ebt_demo_stage(d, "Loaded with the numbers of %s", other_name);
	err = run_read(d, &obj, &res);
	if (!err)
		ebt_demo_expect(d, res.tgid != (uint32_t)getpid(),
				"no error, and what it reads is something else");
	return err;
}
