/* SPDX-License-Identifier: BSD-3-Clause */
/* object.c - compile a lesson's text into an image and create its maps in the kernel */
#include <bpf/bpf.h>
#include <stdlib.h>

#include "demo/lesson.h"
#include "ebt_members.h"
#include "image/compiler_child.h"
#include "image/members.h"

#define KERNEL_NAME_LEN 16 /* BPF_OBJ_NAME_LEN in linux/bpf.h */

void ebt_demo_obj_free(struct ebt_demo_obj *obj)
{
	if (obj->image) {
		for (uint32_t i = 0; i < obj->image->n_maps; i++) {
			if (obj->map_fds[i] > 0)
				close(obj->map_fds[i]);
		}
	}
	ebt_image_free(&obj->image);
	free(obj->values);
	ebt_buf_free(&obj->words);
	*obj = (struct ebt_demo_obj){ 0 };
}

static int add_text(struct ebt_demo *d, const char *name, struct ebt_buf *out)
{
	const char *text = d->options->text(d->options->text_arg, name);

	if (!text)
		return ebt_demo_fail(d, -ENOENT, "there is no text %s", name);
	ebt_buf_printf(out, "#line 1 \"%s\"\n", name);
	return ebt_buf_puts(out, text);
}

static int object_build(struct ebt_demo *d, struct ebt_demo_obj *obj,
			const struct ebt_build_request *req)
{
	struct ebt_build b;
	const char *why = "";
	int err = ebt_build_start(&b, req);

	if (err)
		return ebt_demo_fail(d, err, "cannot start the compiler");
	err = ebt_build_wait(&b);
	obj->compile_ns = ebt_mono_ns() - b.begin_ns;
	ebt_buf_reset(&obj->words);
	ebt_buf_append(&obj->words, b.messages.data ? b.messages.data : "", b.messages.len);
	if (!err) {
		err = ebt_image_parse(&obj->image, b.image.data, b.image.len, &why);
		if (err)
			ebt_demo_fail(d, err, "the image is not usable (%s)", why);
	} else if (err != -EIO) {
		ebt_demo_words(obj->words.data, 0);
		ebt_demo_fail(d, err, "the compiler did not run");
	}
	ebt_build_free(&b);
	return err;
}

int ebt_demo_compile(struct ebt_demo *d, struct ebt_demo_obj *obj, const char *const *defines)
{
	_cleanup_buf_ struct ebt_buf text = { 0 };
	struct ebt_build_request req = {
		.compiler = d->options->compiler,
		.headers = obj->headers ? obj->headers : d->options->headers,
		.extra = defines,
	};
	int err = 0;

	if (d->lesson->members)
		err = add_text(d, "ebt_members.h", &text);
	if (!err)
		err = add_text(d, d->lesson->text, &text);
	if (err)
		return err;
	fflush(stdout);
	req.text = (struct ebt_bytes){ text.data, text.len };
	return object_build(d, obj, &req);
}

static int create_map(struct ebt_demo *d, const struct ebt_map_spec *spec)
{
	LIBBPF_OPTS(bpf_map_create_opts, opts, .map_flags = spec->flags);
	char name[KERNEL_NAME_LEN] = { 0 };
	int fd;

	memcpy(name, spec->name, strnlen(spec->name, sizeof(name) - 1));
	fd = bpf_map_create(spec->type, name, spec->key_size, spec->value_size, spec->max_entries,
			    &opts);
	if (fd < 0)
		return ebt_demo_fail(d, fd, "cannot create the map %s", spec->name);
	return fd;
}

int ebt_demo_maps(struct ebt_demo *d, struct ebt_demo_obj *obj)
{
	uint64_t begin_ns = ebt_mono_ns();
	int err = 0;

	for (uint32_t i = 0; i < obj->image->n_maps; i++) {
		int fd = create_map(d, &obj->image->maps[i]);

		if (fd < 0)
			return fd;
		obj->map_fds[i] = fd;
	}
	obj->maps_ns = ebt_mono_ns() - begin_ns;
	if (d->lesson->members && obj->image->n_relocs) {
		obj->values = calloc(obj->image->n_members + 1, sizeof(*obj->values));
		if (!obj->values)
			return ebt_demo_fail(d, -ENOMEM, "out of memory");
		err = ebt_members_resolve(obj->image, NULL, obj->values);
		if (err)
			return ebt_demo_lacks(d, "type information in /sys/kernel/btf/vmlinux "
						 "(CONFIG_DEBUG_INFO_BTF)");
	}
	return err;
}

int ebt_demo_open(struct ebt_demo *d, struct ebt_demo_obj *obj, const char *const *defines)
{
	int err = ebt_demo_compile(d, obj, defines);

	if (err == -EIO) {
		ebt_demo_words(obj->words.data, 0);
		ebt_demo_fail(d, err, "the text should have compiled");
	}
	return err ? err : ebt_demo_maps(d, obj);
}

int ebt_demo_map(const struct ebt_demo_obj *obj, const char *name)
{
	int i = ebt_image_find_map(obj->image, name);

	return i < 0 ? -1 : obj->map_fds[i];
}

const struct ebt_map_spec *ebt_demo_map_spec(const struct ebt_demo_obj *obj, const char *name)
{
	static const struct ebt_map_spec none;
	int i = ebt_image_find_map(obj->image, name);

	return i < 0 ? &none : &obj->image->maps[i];
}

/* Put a member's offset into the two halves of a 64-bit load. */
static void object_patch(struct bpf_insn *insn, uint32_t value)
{
	uint64_t wide = value == EBT_MEMBER_MISSING ? EBT_MISSING : value;

	insn[0].imm = (int32_t)wide;
	insn[1].imm = (int32_t)(wide >> 32);
}

struct bpf_insn *ebt_demo_insns(const struct ebt_demo_obj *obj, const char *prog, uint32_t *n)
{
	int at = ebt_image_find_prog(obj->image, prog);
	const struct ebt_prog_spec *p = at < 0 ? NULL : &obj->image->progs[at];
	struct bpf_insn *insns = p ? calloc(p->count, sizeof(*insns)) : NULL;

	if (!insns)
		return NULL;
	memcpy(insns, obj->image->insns + p->first, p->count * sizeof(*insns));
	for (uint32_t i = 0; obj->values && i < obj->image->n_relocs; i++) {
		const struct ebt_reloc *r = &obj->image->relocs[i];

		if (r->insn >= p->first && r->insn + 1 < p->first + p->count)
			object_patch(&insns[r->insn - p->first], obj->values[r->member]);
	}
	for (uint32_t i = 0; i < p->count; i++) {
		if (insns[i].code != (BPF_LD | BPF_DW | BPF_IMM))
			continue;
		if (insns[i].src_reg == BPF_PSEUDO_MAP_FD)
			insns[i].imm = obj->map_fds[insns[i].imm];
		i++;
	}
	*n = p->count;
	return insns;
}
