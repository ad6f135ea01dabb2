/* SPDX-License-Identifier: BSD-3-Clause */
/* big_exec.c - lesson 2: all arguments of an exec through a buffer that is smaller than they are */
#include <bpf/bpf.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/failure.h"
#include "demo/lesson.h"
#include "demo/lessons.h"

#define ARGS_MAX  16
#define TOTAL_MAX (4u << 20)

struct piece {
	uint32_t pid, total, offset, len;
	char bytes[];
};

/* The bytes of one exec's arguments as they arrived, joined from their pieces. */
struct whole {
	char *bytes;
	uint32_t total, got, pieces;
};

static int on_piece(void *arg, void *data, size_t len)
{
	struct whole *w = arg;
	const struct piece *p = data;

	if (len < sizeof(*p) || len < sizeof(*p) + p->len || p->offset > TOTAL_MAX ||
	    p->len > TOTAL_MAX - p->offset)
		return 0;
	memcpy(w->bytes + p->offset, p->bytes, p->len);
	w->total = p->total;
	w->got += p->len;
	w->pieces++;
	return 0;
}

/* Build argv from "/bin/true" and n arguments of len bytes with different letters. Store all
 * strings in *flat, laid out as the kernel lays them out. Return NULL when memory runs out. */
static char **make_args(unsigned n, size_t len, struct ebt_buf *flat)
{
	static char *argv[ARGS_MAX + 2];

	ebt_buf_append(flat, "/bin/true", 10);
	for (unsigned i = 0; i < n; i++) {
		char *at = ebt_buf_reserve(flat, len + 1);

		if (!at)
			return NULL;
		for (size_t k = 0; k < len; k++)
			at[k] = (char)('a' + (k + i + k / 1000) % 26);
		at[len] = '\0';
		flat->len += len + 1;
	}
	argv[0] = flat->data;
	for (unsigned i = 0; i < n; i++)
		argv[i + 1] = flat->data + 10 + i * (len + 1);
	argv[n + 1] = NULL;
	return argv;
}

static int exec_with(struct ebt_demo *d, const struct ebt_demo_obj *obj, unsigned n, size_t len,
		     unsigned want_pieces)
{
	_cleanup_buf_ struct ebt_buf flat = { .limit = TOTAL_MAX };
	_cleanup_free_ char *bytes = calloc(1, TOTAL_MAX);
	struct whole w = { .bytes = bytes };
	char **argv = make_args(n, len, &flat);
	int status = 0, err;

	if (!argv || !bytes)
		return ebt_demo_fail(d, -ENOMEM, "out of memory");
	ebt_demo_run_program((const char *const *)argv, &status);
	if (status)
		return ebt_demo_fail(d, -E2BIG, "/bin/true did not run with %zu bytes", flat.len);
	err = ebt_demo_drain(d, ebt_demo_map(obj, "pieces"), on_piece, &w);
	if (err)
		return err;
	printf("   passed: %zu bytes of arguments; arrived: %u bytes, pieces: %u\n", flat.len,
	       w.got, w.pieces);
	ebt_demo_expect(d, w.got == flat.len && w.total == flat.len && w.pieces == want_pieces,
			"all of them, in %u piece%s", want_pieces, want_pieces == 1 ? "" : "s");
	ebt_demo_expect(d, memcmp(bytes, flat.data, flat.len) == 0, "every byte is the same");
	return 0;
}

/* Load the program with a buffer of the size in defines, and run one exec while it is attached. */
static int one_size(struct ebt_demo *d, const char *const *defines, unsigned n, size_t len,
		    unsigned pieces)
{
	_cleanup_obj_ struct ebt_demo_obj obj = { 0 };
	_cleanup_prog_ struct ebt_demo_prog prog = { .name = "trace_exec" };
	_cleanup_close_ int link = -1;
	uint32_t zero = 0, me = (uint32_t)getpid();
	int err = ebt_demo_open(d, &obj, defines);

	if (err)
		return err;
	printf("   scratch: %u bytes on each CPU\n",
	       ebt_demo_map_spec(&obj, "scratch")->value_size);
	bpf_map_update_elem(ebt_demo_map(&obj, "parent"), &zero, &me, BPF_ANY);
	err = ebt_demo_must_load(d, &obj, &prog);
	if (err)
		return err;
	printf("   loaded: the verifier looked at %u instructions\n", prog.processed);
	link = ebt_demo_attach(d, &prog, "sched_process_exec");
	return link < 0 ? link : exec_with(d, &obj, n, len, pieces);
}

int ebt_demo_big_exec(struct ebt_demo *d)
{
	static const char *const large[] = { "-DCHUNK=32752", "-DCHUNKS=64", NULL };
	int err;

	ebt_demo_stage(d, "The impossible program: a buffer of 4 KB, one exec with 4,000 bytes");
	err = one_size(d, NULL, 1, 3989, 1);
	if (err)
		return err;
	ebt_demo_stage(d, "Megabytes: the largest scratch a CPU can have, filled again and again");
	return one_size(d, large, 12, 131000, 48);
}

/* Try to create a per-CPU array with a value of this size. The per-CPU allocator's largest piece is
 * 32 KiB. */
static void percpu_value(struct ebt_demo *d, uint32_t bytes, bool want)
{
	int fd = bpf_map_create(BPF_MAP_TYPE_PERCPU_ARRAY, "percpu_value", 4, bytes, 1, NULL);

	printf("   BPF_PERCPU_ARRAY with a value of %u bytes: %s\n", bytes,
	       fd < 0 ? ebt_strerror(-fd) : "created");
	ebt_demo_expect(d, (fd >= 0) == want, "%u bytes are %s", bytes,
			want ? "possible" : "too large");
	if (fd >= 0)
		close(fd);
}

int ebt_demo_big_exec_bad(struct ebt_demo *d)
{
	static const char *const bad[] = { "-DBAD_EXAMPLE", NULL };
	_cleanup_obj_ struct ebt_demo_obj obj = { 0 };
	int err;

	ebt_demo_stage(d, "The buffer of 4 KB as a variable");
	err = ebt_demo_compile(d, &obj, bad);
	if (!ebt_demo_expect(d, err == -EIO, "clang's BPF back end refuses; it says:"))
		return err;
	ebt_demo_words(obj.words.data, 0);
	ebt_demo_expect(d, obj.words.data && strstr(obj.words.data, "stack limit of 512 bytes"),
			"it is the stack");
	ebt_demo_stage(d, "One buffer for megabytes, on each CPU");
	percpu_value(d, 32768, true);
	percpu_value(d, 32776, false);
	percpu_value(d, 2u << 20, false);
	return 0;
}
