/* SPDX-License-Identifier: BSD-3-Clause */
#include "processes/keeper/describe_elf.h"

#include <errno.h>
#include <gelf.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"

#define NOTES_MAX  (64u << 10) /* of a segment; a build-id lies at the beginning */
#define INTERP_MAX 256
#define PHDRS_MAX  256

struct facts {
	char interp[INTERP_MAX];
	char build_id[2 * 64 + 1];
	bool dynamic;
};

static void free_elf(Elf **elf)
{
	if (*elf)
		elf_end(*elf);
}

static const char *machine(unsigned number, char *other, size_t len)
{
	static const struct {
		unsigned number;
		const char *name;
	} names[] = {
		{ EM_X86_64, "x86-64" }, { EM_386, "x86" },	{ EM_AARCH64, "aarch64" },
		{ EM_ARM, "arm" },	 { EM_RISCV, "riscv" }, { EM_PPC64, "ppc64" },
		{ EM_S390, "s390" },	 { EM_MIPS, "mips" },	{ EM_BPF, "bpf" },
	};

	for (size_t i = 0; i < EBT_ARRAY_SIZE(names); i++) {
		if (names[i].number == number)
			return names[i].name;
	}
	snprintf(other, len, "machine %u", number);
	return other;
}

static const char *type_name(const GElf_Ehdr *eh, const struct facts *f)
{
	if (eh->e_type == ET_EXEC)
		return "executable";
	if (eh->e_type == ET_DYN)
		return f->interp[0] ? "PIE"
		       : f->dynamic ? "static PIE or library"
				    : "shared object";
	return eh->e_type == ET_CORE ? "core" : eh->e_type == ET_REL ? "object" : "unknown type";
}

static void take_interp(Elf *elf, const GElf_Phdr *ph, struct facts *f)
{
	Elf_Data *data;

	if (ph->p_filesz == 0 || ph->p_filesz >= INTERP_MAX)
		return;
	data = elf_getdata_rawchunk(elf, (int64_t)ph->p_offset, ph->p_filesz, ELF_T_BYTE);
	if (data && data->d_size == ph->p_filesz)
		memcpy(f->interp, data->d_buf, data->d_size);
}

static void take_notes(Elf *elf, const GElf_Phdr *ph, struct facts *f)
{
	Elf_Data *data;
	GElf_Nhdr nhdr;
	size_t at = 0, name, desc;

	if (f->build_id[0] || !ph->p_filesz || ph->p_filesz > NOTES_MAX)
		return;
	data = elf_getdata_rawchunk(elf, (int64_t)ph->p_offset, ph->p_filesz,
				    ph->p_align == 8 ? ELF_T_NHDR8 : ELF_T_NHDR);
	while (data && (at = gelf_getnote(data, at, &nhdr, &name, &desc)) > 0) {
		const unsigned char *id = (const unsigned char *)data->d_buf + desc;

		if (nhdr.n_type != NT_GNU_BUILD_ID || nhdr.n_namesz != sizeof("GNU") ||
		    memcmp((char *)data->d_buf + name, "GNU", sizeof("GNU")) != 0)
			continue;
		for (size_t i = 0; i < nhdr.n_descsz && i < 64; i++)
			snprintf(f->build_id + 2 * i, 3, "%02x", id[i]);
		return;
	}
}

static void take_segments(Elf *elf, struct facts *f)
{
	size_t n = 0;

	if (elf_getphdrnum(elf, &n))
		return;
	for (size_t i = 0; i < n && i < PHDRS_MAX; i++) {
		GElf_Phdr ph;

		if (!gelf_getphdr(elf, (int)i, &ph))
			return;
		f->dynamic |= ph.p_type == PT_DYNAMIC;
		if (ph.p_type == PT_INTERP)
			take_interp(elf, &ph, f);
		else if (ph.p_type == PT_NOTE)
			take_notes(elf, &ph, f);
	}
}

static void describe_other(int fd, char *out, size_t len)
{
	char head[2];

	if (pread(fd, head, 2, 0) == 2 && memcmp(head, "#!", 2) == 0)
		snprintf(out, len, "a script");
	else
		snprintf(out, len, "not an ELF file");
}

void ebt_keeper_describe_elf(int fd, char *out, size_t len)
{
	EBT_CLEANUP(free_elf) Elf *elf = NULL;
	struct facts f = { 0 };
	char other[32];
	GElf_Ehdr eh;

	if (elf_version(EV_CURRENT) != EV_NONE)
		elf = elf_begin(fd, ELF_C_READ, NULL);
	if (!elf || elf_kind(elf) != ELF_K_ELF || !gelf_getehdr(elf, &eh)) {
		describe_other(fd, out, len);
		return;
	}
	take_segments(elf, &f);
	snprintf(out, len, "ELF %d-bit %s, %s, %s%s%s%s",
		 gelf_getclass(elf) == ELFCLASS64 ? 64 : 32,
		 machine(eh.e_machine, other, sizeof(other)), type_name(&eh, &f),
		 f.interp[0] ? "dynamic, interpreter " : "static", f.interp,
		 f.build_id[0] ? ", build-id " : ", no build-id", f.build_id);
}
