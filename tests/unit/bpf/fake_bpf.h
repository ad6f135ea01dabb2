/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * fake_bpf.h - the functions of libbpf that load and change something in the kernel, on tables in
 * memory. A test that includes it needs neither a kernel with BPF nor privileges.
 *
 * Include it once in a test: its definitions take the place of those in the library. Every map,
 * program and link is a memory file of its own, because callers duplicate and close descriptors. Up
 * to two threads may load programs at a time.
 */
#ifndef EBT_TESTS_FAKE_BPF_H
#define EBT_TESTS_FAKE_BPF_H

#include <bpf/bpf.h>
#include <bpf/btf.h>
#include <bpf/libbpf.h>
#include <dirent.h>
#include <errno.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define FAKE_OBJECTS  256
#define FAKE_CPUS     2
#define FAKE_REFUSALS 4
#define FAKE_KEY_MAX  32

struct fake_element {
	struct fake_element *next;
	unsigned char key[FAKE_KEY_MAX];
	unsigned char value[];
};

/* A map, a program or a link. */
struct fake_object {
	ino_t ino;
	char name[32]; /* a map's or program's name; the tracepoint of a link */
	enum bpf_map_type type;
	uint32_t key_size, value_size, max_entries;
	struct fake_element *first;
	int prog; /* of a link: the object that it runs */
	struct bpf_prog_info info;
	struct bpf_insn insns[8]; /* the first instructions of a program */
	struct bpf_line_info lines[8];
	uint32_t n_insns, n_lines;
	uint32_t attach_btf_id, attach_type, log_level;
	int prog_type;
};

/* The kernel refuses an operation ("map", "prog", "link", "update", "delete") on what has that name,
 * or on everything if name is NULL. */
struct fake_refusal {
	const char *operation, *name;
	int error;
	unsigned times; /* how often; counts down */
};

static struct fake_bpf {
	struct fake_object objects[FAKE_OBJECTS];
	unsigned n;
	struct fake_refusal refusals[FAKE_REFUSALS];
	const char *log;	   /* the verifier's, of every program */
	const unsigned char *code; /* machine code that programs have */
	uint32_t code_bytes;
	uint32_t lined_bytes; /* of that, what programs with a line table have; 0: all */
	int cpus;	      /* answer of libbpf_num_possible_cpus; 0: FAKE_CPUS */
	bool hides_code;
	unsigned updates; /* of maps, in all */
	pthread_mutex_t lock;
} fake_bpf = { .lock = PTHREAD_MUTEX_INITIALIZER };

static inline void fake_bpf_reset(void)
{
	for (unsigned i = 0; i < fake_bpf.n; i++) {
		struct fake_element *e, *next;

		for (e = fake_bpf.objects[i].first; e; e = next) {
			next = e->next;
			free(e);
		}
	}
	fake_bpf = (struct fake_bpf){ .lock = PTHREAD_MUTEX_INITIALIZER };
}

static inline void fake_bpf_refuse(const char *operation, const char *name, int error,
				   unsigned times)
{
	for (unsigned i = 0; i < FAKE_REFUSALS; i++) {
		struct fake_refusal *r = &fake_bpf.refusals[i];

		if (r->times)
			continue;
		*r = (struct fake_refusal){ operation, name, error, times };
		return;
	}
	abort();
}

static inline int fake_bpf_refused(const char *operation, const char *name)
{
	for (unsigned i = 0; i < FAKE_REFUSALS; i++) {
		struct fake_refusal *r = &fake_bpf.refusals[i];

		if (!r->times || strcmp(r->operation, operation) != 0 ||
		    (r->name && strcmp(r->name, name) != 0))
			continue;
		r->times--;
		errno = -r->error;
		return r->error;
	}
	return 0;
}

/* Return the index of the object behind a descriptor, or -1. */
static inline int fake_bpf_find(int fd)
{
	struct stat st;

	if (fd < 0 || fstat(fd, &st))
		return -1;
	for (unsigned i = 0; i < fake_bpf.n; i++) {
		if (fake_bpf.objects[i].ino == st.st_ino)
			return (int)i;
	}
	return -1;
}

static inline struct fake_object *fake_bpf_object(int fd)
{
	int i = fake_bpf_find(fd);

	return i < 0 ? NULL : &fake_bpf.objects[i];
}

/* Make a memory file whose name begins with kind, and its object. Return its descriptor. */
static inline int fake_bpf_make(const char *kind, const char *name, struct fake_object **out)
{
	struct fake_object *o = &fake_bpf.objects[fake_bpf.n];
	char file[64];
	struct stat st;
	int fd;

	if (fake_bpf.n == FAKE_OBJECTS)
		abort();
	snprintf(file, sizeof(file), "fake-%s-%s", kind, name);
	fd = memfd_create(file, MFD_CLOEXEC);
	if (fd < 0 || fstat(fd, &st))
		abort();
	*o = (struct fake_object){ .ino = st.st_ino, .prog = -1 };
	snprintf(o->name, sizeof(o->name), "%s", name);
	fake_bpf.n++;
	*out = o;
	return fd;
}

/* Return how many descriptors of one kind ("map", "prog", "link"), and of that name unless it is
 * NULL, this process has open. */
static inline unsigned fake_bpf_open(const char *kind, const char *name)
{
	DIR *d = opendir("/proc/self/fd");
	char want[64], path[64], link[300];
	struct dirent *e;
	unsigned n = 0;

	snprintf(want, sizeof(want), "/memfd:fake-%s-%s", kind, name ? name : "");
	while (d && (e = readdir(d))) {
		ssize_t len;

		snprintf(path, sizeof(path), "/proc/self/fd/%.20s", e->d_name);
		len = readlink(path, link, sizeof(link) - 1);
		if (len < 0)
			continue;
		link[len] = '\0';
		/* Behind a memory file's name the kernel writes " (deleted)". */
		if (strncmp(link, want, strlen(want)) == 0 && (!name || link[strlen(want)] == ' '))
			n++;
	}
	if (d)
		closedir(d);
	return n;
}

static inline bool fake_bpf_per_cpu(const struct fake_object *o)
{
	return o->type == BPF_MAP_TYPE_PERCPU_ARRAY || o->type == BPF_MAP_TYPE_PERCPU_HASH;
}

static inline size_t fake_bpf_value_bytes(const struct fake_object *o)
{
	return fake_bpf_per_cpu(o) ? ((o->value_size + 7) & ~7u) * (size_t)FAKE_CPUS
				   : o->value_size;
}

static inline struct fake_element **fake_bpf_place(struct fake_object *o, const void *key)
{
	struct fake_element **at = &o->first;

	while (*at && memcmp((*at)->key, key, o->key_size) != 0)
		at = &(*at)->next;
	return at;
}

static inline int fake_bpf_error(int error)
{
	errno = error;
	return -error;
}

/* Return the value of a map's element, or NULL. */
static inline void *fake_bpf_value(int fd, const void *key)
{
	struct fake_object *o = fake_bpf_object(fd);
	struct fake_element *e = o ? *fake_bpf_place(o, key) : NULL;

	return e ? e->value : NULL;
}

/* Return the name of the program in a slot of a program array, or "". */
static inline const char *fake_bpf_slot(int fd, uint32_t slot)
{
	const int *object = fake_bpf_value(fd, &slot);

	return object ? fake_bpf.objects[*object].name : "";
}

/* Return the object in a slot, which tells programs of the same name apart; NULL if it is empty. */
static inline struct fake_object *fake_bpf_slot_object(int fd, uint32_t slot)
{
	const int *object = fake_bpf_value(fd, &slot);

	return object ? &fake_bpf.objects[*object] : NULL;
}

int bpf_map_create(enum bpf_map_type type, const char *name, __u32 key_size, __u32 value_size,
		   __u32 max_entries, const struct bpf_map_create_opts *opts)
{
	struct fake_object *o;
	int fd, err = fake_bpf_refused("map", name);

	(void)opts;
	if (err)
		return err;
	fd = fake_bpf_make("map", name, &o);
	o->type = type;
	o->key_size = key_size;
	o->value_size = value_size;
	o->max_entries = max_entries;
	return fd;
}

int bpf_map_lookup_elem(int fd, const void *key, void *value)
{
	struct fake_object *o = fake_bpf_object(fd);
	struct fake_element *e;

	if (!o)
		return fake_bpf_error(EBADF);
	e = *fake_bpf_place(o, key);
	if (e) {
		memcpy(value, e->value, fake_bpf_value_bytes(o));
		return 0;
	}
	if (o->type != BPF_MAP_TYPE_ARRAY && o->type != BPF_MAP_TYPE_PERCPU_ARRAY)
		return fake_bpf_error(ENOENT);
	memset(value, 0, fake_bpf_value_bytes(o));
	return 0;
}

int bpf_map_update_elem(int fd, const void *key, const void *value, __u64 flags)
{
	struct fake_object *o = fake_bpf_object(fd);
	struct fake_element **at, *e;
	int prog = -1, err;

	if (!o)
		return fake_bpf_error(EBADF);
	err = fake_bpf_refused("update", o->name);
	if (err)
		return err;
	at = fake_bpf_place(o, key);
	if (*at && flags == BPF_NOEXIST)
		return fake_bpf_error(EEXIST);
	if (!*at && flags == BPF_EXIST)
		return fake_bpf_error(ENOENT);
	if (o->type == BPF_MAP_TYPE_PROG_ARRAY) {
		prog = fake_bpf_find(*(const int *)value);
		if (prog < 0)
			return fake_bpf_error(EBADF);
		value = &prog;
	}
	if (!*at) {
		unsigned n = 0;

		for (e = o->first; e; e = e->next)
			n++;
		if (n == o->max_entries)
			return fake_bpf_error(E2BIG);
		*at = calloc(1, sizeof(**at) + fake_bpf_value_bytes(o));
		if (!*at)
			abort();
		memcpy((*at)->key, key, o->key_size);
	}
	memcpy((*at)->value, value, fake_bpf_value_bytes(o));
	fake_bpf.updates++;
	return 0;
}

int bpf_map_delete_elem(int fd, const void *key)
{
	struct fake_object *o = fake_bpf_object(fd);
	struct fake_element **at, *e;
	int err;

	if (!o)
		return fake_bpf_error(EBADF);
	err = fake_bpf_refused("delete", o->name);
	if (err)
		return err;
	at = fake_bpf_place(o, key);
	e = *at;
	if (!e)
		return fake_bpf_error(ENOENT);
	*at = e->next;
	free(e);
	return 0;
}

int bpf_map_get_next_key(int fd, const void *key, void *next)
{
	struct fake_object *o = fake_bpf_object(fd);
	struct fake_element *e;

	if (!o)
		return fake_bpf_error(EBADF);
	e = key ? *fake_bpf_place(o, key) : NULL;
	/* As in the kernel, a key that is not there is followed by the first. */
	e = e ? e->next : o->first;
	if (!e || (key && !e))
		return fake_bpf_error(ENOENT);
	memcpy(next, e->key, o->key_size);
	return 0;
}

static inline void fake_bpf_fill_prog(struct fake_object *o, const struct bpf_insn *insns,
				      size_t count, const struct bpf_prog_load_opts *opts)
{
	o->n_insns = (uint32_t)count;
	memcpy(o->insns, insns, (count < 8 ? count : 8) * sizeof(*insns));
	o->info.id = fake_bpf.n;
	o->info.xlated_prog_len = (uint32_t)(count * sizeof(*insns));
	o->attach_btf_id = opts->attach_btf_id;
	o->attach_type = opts->expected_attach_type;
	o->log_level = opts->log_level;
	o->n_lines = opts->line_info_cnt;
	if (o->n_lines && o->n_lines <= 8)
		memcpy(o->lines, opts->line_info, o->n_lines * sizeof(o->lines[0]));
}

int bpf_prog_load(enum bpf_prog_type type, const char *name, const char *license,
		  const struct bpf_insn *insns, size_t count, const struct bpf_prog_load_opts *opts)
{
	struct fake_object *o;
	int fd, err;

	(void)license;
	pthread_mutex_lock(&fake_bpf.lock);
	if (opts->log_buf && opts->log_level && fake_bpf.log)
		snprintf(opts->log_buf, opts->log_size, "%s", fake_bpf.log);
	err = fake_bpf_refused("prog", name);
	fd = err ? err : fake_bpf_make("prog", name, &o);
	if (!err) {
		fake_bpf_fill_prog(o, insns, count, opts);
		o->prog_type = (int)type;
	}
	pthread_mutex_unlock(&fake_bpf.lock);
	return fd;
}

int bpf_raw_tracepoint_open(const char *name, int prog)
{
	struct fake_object *o;
	int fd, object = fake_bpf_find(prog), err;
	const char *of = name ? name : object >= 0 ? fake_bpf.objects[object].name : "";

	if (object < 0)
		return fake_bpf_error(EBADF);
	err = fake_bpf_refused("link", of);
	if (err)
		return err;
	fd = fake_bpf_make("link", of, &o);
	o->prog = object;
	return fd;
}

static inline void fake_bpf_tell_lines(const struct fake_object *o, struct bpf_prog_info *out)
{
	struct bpf_line_info *lines = (void *)(uintptr_t)out->line_info;
	uint64_t *addresses = (void *)(uintptr_t)out->jited_line_info;
	uint64_t *base = (void *)(uintptr_t)out->jited_ksyms;

	out->nr_line_info = out->nr_jited_line_info = o->n_lines;
	if (!lines || !addresses || !base)
		return;
	*base = 0xffff0000;
	for (uint32_t i = 0; i < o->n_lines && i < 8; i++) {
		lines[i] = o->lines[i];
		addresses[i] = *base + 4 * (uint64_t)o->lines[i].insn_off;
	}
}

int bpf_obj_get_info_by_fd(int fd, void *info, __u32 *len)
{
	struct fake_object *o = fake_bpf_object(fd);
	struct bpf_prog_info asked, *out = info;

	if (!o || *len < sizeof(asked))
		return fake_bpf_error(EBADF);
	memcpy(&asked, info, sizeof(asked));
	*out = o->info;
	out->jited_prog_len =
		o->n_lines && fake_bpf.lined_bytes ? fake_bpf.lined_bytes : fake_bpf.code_bytes;
	out->jited_prog_insns = asked.jited_prog_insns;
	out->line_info = asked.line_info;
	out->jited_line_info = asked.jited_line_info;
	out->jited_ksyms = asked.jited_ksyms;
	if (asked.jited_prog_len && fake_bpf.hides_code)
		out->jited_prog_insns = 0;
	else if (asked.jited_prog_len)
		memcpy((void *)(uintptr_t)asked.jited_prog_insns, fake_bpf.code,
		       out->jited_prog_len);
	if (asked.nr_line_info)
		fake_bpf_tell_lines(o, out);
	return 0;
}

int libbpf_num_possible_cpus(void)
{
	return fake_bpf.cpus ? fake_bpf.cpus : FAKE_CPUS;
}

/* Every function has a number that its name decides. */
static inline int fake_bpf_btf_id(const char *name)
{
	int id = 1000;

	while (*name)
		id += *name++;
	return id;
}

int libbpf_find_vmlinux_btf_id(const char *name, enum bpf_attach_type type)
{
	int err = fake_bpf_refused("btf", name);

	(void)type;
	return err ? err : fake_bpf_btf_id(name);
}

/* The kernel's type information has no types, so that all offsets are missing. */
struct btf *btf__parse(const char *path, struct btf_ext **ext)
{
	(void)path;
	(void)ext;
	return btf__new_empty();
}

int btf__load_into_kernel(struct btf *btf)
{
	struct fake_object *o;
	int err = fake_bpf_refused("load_btf", "btf");

	if (err)
		return err;
	btf__set_fd(btf, fake_bpf_make("btf", "btf", &o));
	return 0;
}

#endif
