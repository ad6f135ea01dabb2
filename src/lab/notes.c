/* SPDX-License-Identifier: BSD-3-Clause */
/* notes.c - name the map, member or function that an instruction refers to */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "ebt_members.h"
#include "image/members.h"
#include "lab/lab_internal.h"

static uint64_t imm64(const struct bpf_insn *in)
{
	return (uint32_t)in[0].imm | (uint64_t)(uint32_t)in[1].imm << 32;
}

/* The meaning of a member's value, by the first character of its path (ebt_members.h). */
static const char *member_kind(char first)
{
	switch (first) {
	case '=':
		return "";
	case '?':
		return "size of ";
	case '#':
		return "parameters of ";
	case '@':
		return "value of ";
	case '%':
	case '&':
		return "BTF number of ";
	default:
		return "offset of ";
	}
}

/* Name a call of a kernel function. Return false for a call of a helper. */
static bool note_call(struct ebt_lab *l, struct ebt_listing_insn *to, uint32_t at)
{
	int member = ebt_member_called(&l->image->insns[at]);

	if (member < 0 || (uint32_t)member >= l->image->n_members)
		return false;
	if (l->n_notes < l->max_notes) {
		char *note = l->notes[l->n_notes++];
		const char *path = l->image->members[member].path;

		snprintf(note, EBT_LAB_NOTE_LEN, "call %s", path + (path[0] == '&'));
		to->text = note;
	}
	return true;
}

static void note_member(const struct ebt_lab *l, char *note, unsigned reg, uint32_t member)
{
	const char *path = l->image->members[member].path;
	const char *kind = member_kind(path[0]);

	snprintf(note, EBT_LAB_NOTE_LEN, "r%u = %s%s", reg, kind,
		 path + (path[0] && strchr("=?#@%&", path[0])));
}

/* Name the two halves of a 64-bit load of a map or member. */
static void note_load(struct ebt_lab *l, struct ebt_listing_insn *to, uint32_t at)
{
	const struct bpf_insn *in = &l->image->insns[at];
	char *note = l->notes[l->n_notes];
	uint64_t imm = imm64(in);

	if (in->src_reg == BPF_PSEUDO_MAP_FD && (uint32_t)in->imm < l->image->n_maps)
		snprintf(note, EBT_LAB_NOTE_LEN, "r%u = map %s", in->dst_reg,
			 l->image->maps[in->imm].name);
	else if (!in->src_reg && (imm & EBT_RELOC_MASK) == EBT_RELOC_MAGIC &&
		 (uint32_t)imm < l->image->n_members)
		note_member(l, note, in->dst_reg, (uint32_t)imm);
	else
		snprintf(note, EBT_LAB_NOTE_LEN, "r%u = 0x%llx", in->dst_reg,
			 (unsigned long long)imm);
	to[0].text = note;
	to[1].text = "";
	l->n_notes++;
}

int ebt_lab_note_insns(struct ebt_lab *l, struct ebt_lab_shown *p)
{
	const struct bpf_insn *from = &l->image->insns[p->spec->first];

	for (uint32_t i = 0; i + 1 < p->spec->count; i++) {
		if (note_call(l, &p->insns[i], p->spec->first + i) ||
		    from[i].code != (BPF_LD | BPF_DW | BPF_IMM))
			continue;
		if (l->n_notes == l->max_notes) /* happens if programs overlap */
			return -EBADMSG;
		note_load(l, &p->insns[i], p->spec->first + i);
		i++;
	}
	return 0;
}
