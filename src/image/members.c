/* SPDX-License-Identifier: BSD-3-Clause */
#include "image/members.h"

#include <bpf/btf.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ebt_members.h"

#define MAX_NESTING 8 /* depth of nested anonymous structs; the kernel has 3 */

static const struct btf_type *skip_modifiers(const struct btf *btf, uint32_t id)
{
	const struct btf_type *t = btf__type_by_id(btf, id);

	while (t && (btf_is_mod(t) || btf_is_typedef(t)))
		t = btf__type_by_id(btf, t->type);
	return t;
}

/* Find `name` in a struct or union and in the anonymous ones inside it, and add its bit offset to
 * *bits. */
static const struct btf_type *find_member(const struct btf *btf, const struct btf_type *t,
					  const char *name, size_t len, uint64_t *bits, int depth)
{
	const struct btf_member *m = btf_members(t);

	for (int i = 0; i < btf_vlen(t); i++, m++) {
		const char *m_name = btf__name_by_offset(btf, m->name_off);
		const struct btf_type *m_type = skip_modifiers(btf, m->type);
		uint64_t at = *bits + btf_member_bit_offset(t, i);

		if (!m_type)
			continue;
		if (strlen(m_name) == len && memcmp(m_name, name, len) == 0) {
			*bits = at;
			return m_type;
		}
		if (m_name[0] == '\0' && btf_is_composite(m_type) && depth < MAX_NESTING) {
			const struct btf_type *found =
				find_member(btf, m_type, name, len, &at, depth + 1);

			if (found) {
				*bits = at;
				return found;
			}
		}
	}
	return NULL;
}

static uint32_t resolve_one(const struct btf *btf, const char *path, size_t len)
{
	char type_name[EBT_IMAGE_PATH_LEN];
	const char *end = path + len, *dot = memchr(path, '.', len);
	const struct btf_type *t;
	uint64_t bits = 0;
	int id;

	if (!dot || dot == path)
		return EBT_MEMBER_MISSING;
	snprintf(type_name, sizeof(type_name), "%.*s", (int)(dot - path), path);
	id = btf__find_by_name_kind(btf, type_name, BTF_KIND_STRUCT);
	t = id > 0 ? btf__type_by_id(btf, (uint32_t)id) : NULL;
	while (t && dot < end) {
		const char *name = dot + 1;

		dot = memchr(name, '.', (size_t)(end - name));
		if (!dot)
			dot = end;
		if (!btf_is_composite(t))
			return EBT_MEMBER_MISSING;
		t = find_member(btf, t, name, (size_t)(dot - name), &bits, 0);
	}
	return t && bits % 8 == 0 ? (uint32_t)(bits / 8) : EBT_MEMBER_MISSING;
}

static uint32_t resolve_size(const struct btf *btf, const char *name)
{
	int id = btf__find_by_name_kind(btf, name, BTF_KIND_STRUCT);
	int64_t size = id > 0 ? btf__resolve_size(btf, (uint32_t)id) : -1;

	return size >= 0 ? (uint32_t)size : EBT_MEMBER_MISSING;
}

/* Give the value of an enumerator, whichever enum it is in. */
static uint32_t resolve_enumerator(const struct btf *btf, const char *name, size_t len)
{
	uint32_t n = btf__type_cnt(btf);

	for (uint32_t id = 1; id < n; id++) {
		const struct btf_type *t = btf__type_by_id(btf, id);
		const struct btf_enum *e;

		if (!btf_is_enum(t))
			continue;
		e = btf_enum(t);
		for (int i = 0; i < btf_vlen(t); i++, e++) {
			const char *found = btf__name_by_offset(btf, e->name_off);

			if (strncmp(found, name, len) == 0 && !found[len])
				return (uint32_t)e->val;
		}
	}
	return EBT_MEMBER_MISSING;
}

static uint32_t count_function_params(const struct btf *btf, const char *name)
{
	int id = btf__find_by_name_kind(btf, name, BTF_KIND_FUNC);
	const struct btf_type *t = id > 0 ? btf__type_by_id(btf, (uint32_t)id) : NULL;

	t = t ? btf__type_by_id(btf, t->type) : NULL;
	return t && btf_is_func_proto(t) ? btf_vlen(t) : EBT_MEMBER_MISSING;
}

/* The prototype of a tracepoint is a typedef of a pointer to a function, whose first parameter is
 * the data of the probe. */
static uint32_t resolve_params(const struct btf *btf, const char *name)
{
	int id = btf__find_by_name_kind(btf, name, BTF_KIND_TYPEDEF);
	const struct btf_type *t = id > 0 ? skip_modifiers(btf, (uint32_t)id) : NULL;

	if (!t)
		return count_function_params(btf, name);
	if (btf_is_ptr(t))
		t = skip_modifiers(btf, t->type);
	return t && btf_is_func_proto(t) && btf_vlen(t) > 0 ? btf_vlen(t) - 1u : EBT_MEMBER_MISSING;
}

int ebt_member_called(const struct bpf_insn *insn)
{
	bool waits = insn->code == (BPF_JMP | BPF_CALL) && !insn->src_reg &&
		     ((uint32_t)insn->imm & EBT_CALL_MASK) == EBT_CALL_MAGIC;

	return waits ? (int)((uint32_t)insn->imm & ~EBT_CALL_MASK) : -1;
}

static uint32_t resolve_id(const struct btf *btf, const char *name, uint32_t kind)
{
	int id = btf__find_by_name_kind(btf, name, kind);

	return id > 0 ? (uint32_t)id : EBT_MEMBER_MISSING;
}

uint32_t ebt_member_resolve(const struct btf *btf, const char *path)
{
	if (path[0] == '%')
		return resolve_id(btf, path + 1, BTF_KIND_STRUCT);
	if (path[0] == '&')
		return resolve_id(btf, path + 1, BTF_KIND_FUNC);
	if (path[0] == '?')
		return resolve_size(btf, path + 1);
	if (path[0] == '#')
		return resolve_params(btf, path + 1);
	if (path[0] == '=')
		return EBT_MEMBER_MISSING;
	while (*path) {
		size_t len = strcspn(path, "|");
		uint32_t offset = path[0] == '@' ? resolve_enumerator(btf, path + 1, len - 1)
						 : resolve_one(btf, path, len);

		if (offset != EBT_MEMBER_MISSING)
			return offset;
		path += len + (path[len] == '|');
	}
	return EBT_MEMBER_MISSING;
}

int ebt_members_resolve(const struct ebt_image *image, const char *btf_path, uint32_t *values)
{
	struct btf *btf = btf__parse(btf_path ? btf_path : "/sys/kernel/btf/vmlinux", NULL);

	if (!btf)
		return errno ? -errno : -ENOENT;
	for (uint32_t i = 0; i < image->n_members; i++)
		values[i] = ebt_member_resolve(btf, image->members[i].path);
	btf__free(btf);
	return 0;
}
