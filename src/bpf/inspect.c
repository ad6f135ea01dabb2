/* SPDX-License-Identifier: BSD-3-Clause */
#include "bpf/inspect.h"

#include <bpf/bpf.h>
#include <bpf/btf.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/failure.h"
#include "bpf/fdinfo.h"
#include "bpf/generation.h"

/* MAX_BPF_STACK of include/linux/filter.h. */
#define INSPECT_STACK_MAX 512u
#define LOG_STATS	  4    /* BPF_LOG_STATS, include/linux/bpf_verifier.h */
#define STATS_BYTES	  4096 /* room for the few lines of statistics */
#define NATIVE_MAX	  (4u << 20)
#define LINE_BITS	  10 /* BPF_LINE_INFO_LINE_NUM */

void ebt_inspection_free(struct ebt_inspection *in)
{
	ebt_buf_free(&in->native);
	ebt_buf_free(&in->map);
}

bool ebt_inspect_same(const struct ebt_programs *programs, const struct ebt_image *image)
{
	const struct ebt_generation *g = ebt_programs_current(programs);

	return g && g->n_progs == image->n_progs && g->checksum == ebt_insns_checksum(image);
}

/* Load the smallest BTF that a line table may refer to. Return its fd or -errno. */
static int tiny_btf(void)
{
	struct btf *btf = btf__new_empty();
	int err = btf ? 0 : -ENOMEM, fd = -1;

	if (!err)
		err = btf__add_int(btf, "int", 4, BTF_INT_SIGNED) < 0 ? -ENOMEM : 0;
	if (!err)
		err = btf__load_into_kernel(btf);
	if (!err)
		fd = dup(btf__fd(btf));
	btf__free(btf);
	return err ? err : fd < 0 ? -errno : fd;
}

/* Number the instructions: instruction i is line i + 1. The second halves of 64-bit loads have no
 * line. */
static struct bpf_line_info *number_lines(const struct bpf_insn *insns, uint32_t count, uint32_t *n)
{
	struct bpf_line_info *lines = calloc(count, sizeof(*lines));

	*n = 0;
	for (uint32_t i = 0; lines && i < count; i++) {
		if (!insns[i].code)
			continue;
		lines[(*n)++] =
			(struct bpf_line_info){ .insn_off = i, .line_col = (i + 1) << LINE_BITS };
	}
	return lines;
}

static uint64_t number_after(const char *log, const char *word)
{
	const char *at = strstr(log, word);

	return at ? strtoull(at + strlen(word), NULL, 10) : 0;
}

uint32_t ebt_inspect_stack_bytes(const char *log)
{
	static const char word[] = "stack depth ";
	const char *at = strstr(log, word);
	uint64_t sum = 0;
	char *end;

	if (!at)
		return 0;
	at += strlen(word);
	do {
		sum += strtoull(at, &end, 10);
		at = end + 1;
	} while (*end == '+');
	return sum < INSPECT_STACK_MAX ? (uint32_t)sum : INSPECT_STACK_MAX;
}

/* Load the same program with a line table. Return its fd or -errno. */
static int load_numbered(const struct ebt_prog_spec *p, const struct bpf_insn *insns,
			 struct ebt_inspection *out)
{
	_cleanup_free_ struct bpf_line_info *lines = NULL;
	_cleanup_close_ int btf = tiny_btf();
	char log[STATS_BYTES] = "";
	struct ebt_load_extra extra = { .log = log,
					.log_level = LOG_STATS,
					.log_bytes = sizeof(log) };
	int fd;

	if (btf >= 0 && p->count < 1u << (32 - LINE_BITS))
		lines = number_lines(insns + p->first, p->count, &extra.n_lines);
	if (lines) {
		extra.btf_fd = btf;
		extra.lines = lines;
	}
	fd = ebt_program_load(p, insns, &extra);
	if (fd < 0)
		return fd;
	out->verified_insns = number_after(log, "processed ");
	out->verify_us = number_after(log, "verification time ");
	out->stack_bytes = ebt_inspect_stack_bytes(log);
	return fd;
}

/* Copy the machine code of a loaded program. */
static int take_code(int fd, struct ebt_buf *out)
{
	struct bpf_prog_info info = { 0 };
	uint32_t len = sizeof(info);
	char *code;

	if (bpf_obj_get_info_by_fd(fd, &info, &len))
		return -errno;
	if (!info.jited_prog_len)
		return -ENOENT;
	if (info.jited_prog_len > NATIVE_MAX)
		return -E2BIG;
	code = ebt_buf_reserve(out, info.jited_prog_len);
	if (!code)
		return out->error;
	len = info.jited_prog_len;
	info = (struct bpf_prog_info){ .jited_prog_len = len,
				       .jited_prog_insns = (uint64_t)(uintptr_t)code };
	len = sizeof(info);
	if (bpf_obj_get_info_by_fd(fd, &info, &len))
		return -errno;
	/* The kernel sets the pointer to 0 if this process may not see kernel addresses. */
	if (!info.jited_prog_insns || !info.jited_prog_len)
		return -EPERM;
	out->len = info.jited_prog_len;
	return 0;
}

static void put_map(const struct bpf_line_info *lines, const uint64_t *addresses, uint32_t n,
		    uint64_t base, uint32_t code_bytes, struct ebt_buf *out)
{
	for (uint32_t i = 0; i < n; i++) {
		struct ebt_native_map m = { .offset = (uint32_t)(addresses[i] - base),
					    .insn = (lines[i].line_col >> LINE_BITS) - 1 };

		if (addresses[i] >= base && addresses[i] - base < code_bytes)
			ebt_buf_append(out, &m, sizeof(m));
	}
}

/* Copy the offset of each numbered line from the beginning of the code. */
static void take_map(int fd, uint32_t max, uint32_t code_bytes, struct ebt_buf *out)
{
	_cleanup_free_ struct bpf_line_info *lines = calloc(max, sizeof(*lines));
	_cleanup_free_ uint64_t *addresses = calloc(max, sizeof(*addresses));
	uint64_t base = 0;
	struct bpf_prog_info info = { .nr_line_info = max,
				      .line_info = (uint64_t)(uintptr_t)lines,
				      .line_info_rec_size = sizeof(*lines),
				      .nr_jited_line_info = max,
				      .jited_line_info = (uint64_t)(uintptr_t)addresses,
				      .jited_line_info_rec_size = sizeof(*addresses),
				      .nr_jited_ksyms = 1,
				      .jited_ksyms = (uint64_t)(uintptr_t)&base };
	uint32_t len = sizeof(info);

	if (!lines || !addresses || bpf_obj_get_info_by_fd(fd, &info, &len))
		return;
	if (!info.jited_line_info || !base || info.nr_jited_line_info != info.nr_line_info ||
	    info.nr_line_info > max)
		return;
	put_map(lines, addresses, info.nr_line_info, base, code_bytes, out);
}

static int running_fd(const struct ebt_programs *programs, const char *name)
{
	int fd = ebt_programs_stub_fd(programs, name);

	return fd >= 0 ? fd : ebt_programs_prog_fd(programs, name);
}

void ebt_inspect_counts(const struct ebt_programs *programs, struct ebt_inspection *in)
{
	struct bpf_prog_info info = { 0 };
	uint32_t len = sizeof(info);
	int fd = running_fd(programs, in->name);

	if (fd < 0 || bpf_obj_get_info_by_fd(fd, &info, &len))
		return;
	in->run_cnt = info.run_cnt;
	in->run_ns = info.run_time_ns;
}

static void say_why(struct ebt_inspection *out, int err)
{
	snprintf(out->why_native, sizeof(out->why_native), "%s",
		 err == -ENOENT	 ? "the kernel interprets this program: its JIT compiler is off "
				   "(net.core.bpf_jit_enable)"
		 : err == -EPERM ? "the kernel does not show native code (kernel.kptr_restrict, "
				   "kernel.perf_event_paranoid or lockdown)"
				 : ebt_strerror(-err));
}

/* Show the code of the running program with the map of the numbered one: the same compiler made
 * both, from the same instructions and for the same maps. If their lengths differ, show the code of
 * the numbered one. */
static void take_native(int running, int numbered, uint32_t insns, struct ebt_inspection *out)
{
	_cleanup_buf_ struct ebt_buf other = { 0 };
	int err = take_code(running, &out->native);

	if (err) {
		ebt_buf_reset(&out->native);
		say_why(out, err);
		return;
	}
	out->jited_bytes = (uint32_t)out->native.len;
	if (numbered < 0 || take_code(numbered, &other))
		return;
	if (other.len != out->native.len) {
		ebt_buf_reset(&out->native);
		ebt_buf_append(&out->native, other.data, other.len);
	}
	take_map(numbered, insns, (uint32_t)other.len, &out->map);
}

int ebt_inspect(const struct ebt_programs *programs, const struct ebt_image *image,
		const uint32_t *values, uint32_t i, struct ebt_inspection *out)
{
	const struct ebt_generation *g = ebt_programs_current(programs);
	const struct ebt_prog_spec *p = &image->progs[i];
	_cleanup_free_ struct bpf_insn *insns = NULL;
	_cleanup_close_ int numbered = -1;
	struct bpf_prog_info info = { 0 };
	uint32_t len = sizeof(info);
	int fd;

	*out = (struct ebt_inspection){ .native.limit = NATIVE_MAX };
	memcpy(out->name, p->name, sizeof(out->name));
	snprintf(out->why_native, sizeof(out->why_native), "the kernel does not run this program");
	fd = running_fd(programs, p->name);
	if (!g || fd < 0)
		return -ENOENT;
	if (bpf_obj_get_info_by_fd(fd, &info, &len))
		return -errno;
	out->id = info.id;
	memcpy(out->tag, info.tag, sizeof(out->tag));
	out->verified_insns = info.verified_insns;
	out->xlated_bytes = info.xlated_prog_len;
	out->jited_bytes = info.jited_prog_len;
	out->run_cnt = info.run_cnt;
	out->run_ns = info.run_time_ns;
	out->memlock_bytes = ebt_memlock_bytes(fd);
	insns = ebt_generation_insns(g, image, values);
	if (insns)
		numbered = load_numbered(p, insns, out);
	take_native(fd, numbered, p->count, out);
	return 0;
}
