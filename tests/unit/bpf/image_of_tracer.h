/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * image_of_tracer.h - an image with the maps and programs of the tracer's names, each program a load
 * and an exit, to be loaded into fake_bpf.h.
 */
#ifndef EBT_TESTS_IMAGE_OF_TRACER_H
#define EBT_TESTS_IMAGE_OF_TRACER_H

#include <stdlib.h>
#include <string.h>

#include "ebt_abi.h"
#include "ebt_members.h"
#include "image/image.h"
#include "image/params.h"

#define TRACER_SCRATCH 512
#define TRACER_INSNS   3 /* of each program: a 64-bit load, which is two, and an exit */

static const struct ebt_map_spec tracer_maps[] = {
	{ "ebt_slots", BPF_MAP_TYPE_PROG_ARRAY, 4, 4, EBT_SLOT_MAX, 0 },
	{ "ebt_counters", BPF_MAP_TYPE_PERCPU_ARRAY, 4, sizeof(struct ebt_counter_pair), 1, 0 },
	{ "ebt_config", BPF_MAP_TYPE_ARRAY, 4, sizeof(struct ebt_config), EBT_CONFIG_MAX, 0 },
	{ "ebt_tracked", BPF_MAP_TYPE_HASH, 4, 4, EBT_TRACKED_MAX, 0 },
	{ "ebt_shown_tgids", BPF_MAP_TYPE_HASH, 4, 4, EBT_TRACKED_MAX, 0 },
	{ "ebt_exe_counts", BPF_MAP_TYPE_HASH, sizeof(struct ebt_exe_key),
	  sizeof(struct ebt_exe_count), EBT_EXE_MAX, 0 },
	{ "ebt_slots_tp", BPF_MAP_TYPE_PROG_ARRAY, 4, 4, 1, 0 },
	{ "ebt_slots_fx", BPF_MAP_TYPE_PROG_ARRAY, 4, 4, 1, 0 },
	{ "ebt_slots_fxat", BPF_MAP_TYPE_PROG_ARRAY, 4, 4, 1, 0 },
	{ "ebt_slots_sc", BPF_MAP_TYPE_PROG_ARRAY, 4, 4, 1, 0 },
	{ "ebt_scratch", BPF_MAP_TYPE_PERCPU_ARRAY, 4, TRACER_SCRATCH, EBT_SCRATCH_SLOTS, 0 },
	{ "ebt_ring", BPF_MAP_TYPE_RINGBUF, 0, 0, 65536, 0 },
};
#define TRACER_MAPS (sizeof(tracer_maps) / sizeof(tracer_maps[0]))
#define TRACER_OWN  2 /* the last of them, which each generation has for itself */

/* Names are at most 15 characters long here, so that the kernel's name is the whole name, except for
 * those of the tracepoints and of seccomp. */
static const char *const tracer_progs[] = {
	"ebt_stub_exec",
	"ebt_stub_exit",
	"ebt_stub_fork",
	"ebt_stub_rename",
	"ebt_on_more",
	"ebt_on_build",
	"ebt_on_walk",
	"ebt_on_threads",
	"ebt_on_rename",
	"ebt_on_fork",
	"ebt_on_exec",
	"ebt_on_exit",
	"ebt_fx_execve",
	"ebt_fx_execveat",
	"ebt_fh_execve",
	"ebt_fh_execveat",
	"ebt_tp_on_failed",
	"ebt_tp_sys_enter_execve",
	"ebt_tp_sys_enter_execveat",
	"ebt_tp_sys_exit_execve",
	"ebt_tp_sys_exit_execveat",
	"ebt_kfx___secure_computing",
	"ebt_kfh___secure_computing",
};
#define TRACER_PROGS (sizeof(tracer_progs) / sizeof(tracer_progs[0]))

static inline struct ebt_image *tracer_image(void)
{
	struct ebt_image *im = calloc(1, sizeof(*im));

	im->n_maps = TRACER_MAPS;
	im->n_progs = TRACER_PROGS;
	im->n_insns = TRACER_PROGS * TRACER_INSNS;
	im->n_relocs = im->n_members = 5;
	im->maps = calloc(im->n_maps, sizeof(*im->maps));
	im->progs = calloc(im->n_progs, sizeof(*im->progs));
	im->insns = calloc(im->n_insns, sizeof(*im->insns));
	im->relocs = calloc(im->n_relocs, sizeof(*im->relocs));
	im->members = calloc(im->n_members, sizeof(*im->members));
	memcpy(im->maps, tracer_maps, sizeof(tracer_maps));
	for (uint32_t i = 0; i < im->n_progs; i++) {
		struct bpf_insn *insns = &im->insns[i * TRACER_INSNS];

		strcpy(im->progs[i].name, tracer_progs[i]);
		im->progs[i].first = i * TRACER_INSNS;
		im->progs[i].count = TRACER_INSNS;
		insns[0] = (struct bpf_insn){ .code = BPF_LD | BPF_DW | BPF_IMM };
		insns[2] = (struct bpf_insn){ .code = BPF_JMP | BPF_EXIT };
	}
	/* Program 0 has an offset, 1 a missing one, 2 the generation, 3 its parity, 4 whether
	 * pointers are typed; 5 refers to the map ebt_scratch. */
	strcpy(im->members[0].path, "task_struct.pid");
	strcpy(im->members[1].path, "task_struct.none");
	strcpy(im->members[2].path, "=generation");
	strcpy(im->members[3].path, "=parity");
	strcpy(im->members[4].path, "=typed");
	for (uint32_t i = 0; i < im->n_relocs; i++)
		im->relocs[i] = (struct ebt_reloc){ .insn = i * TRACER_INSNS, .member = i };
	im->insns[5 * TRACER_INSNS].src_reg = BPF_PSEUDO_MAP_FD;
	im->insns[5 * TRACER_INSNS].imm = TRACER_MAPS - TRACER_OWN;
	return im;
}

#define TRACER_OFFSET 0x1234u
static const uint32_t tracer_values[5] = { TRACER_OFFSET, 0xffffffffu, 0, 0, 0 };

static inline struct ebt_params tracer_params(void)
{
	return (struct ebt_params){ .scratch_bytes = TRACER_SCRATCH, .ring_bytes = 65536 };
}

#endif
