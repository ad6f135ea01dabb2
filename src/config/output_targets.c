/* SPDX-License-Identifier: BSD-3-Clause */
#include "config/output_targets.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/output_place.h"

#define TARGETS_MAX    5
#define TARGETS_MEMORY 1 /* major number of /dev/null and /dev/full, which two may write to */

enum target_kind { TARGET_STREAM, TARGET_RECORDING, TARGET_DATABASE, TARGET_METRICS };

struct target {
	const char *name; /* as a sentence says it */
	enum target_kind kind;
	struct ebt_output_place place; /* its dir is -1 if it has no name that could be found */
	bool exists;
	struct stat st, dir;
};

static void target_add_stream(struct target *t, const char *name, int fd)
{
	*t = (struct target){ .name = name, .place.dir = -1 };
	t->exists = fstat(fd, &t->st) == 0;
}

/* Errors are reported later, when the file is opened. */
static void target_add_file(struct target *t, const struct ebt_options *o, const char *path,
			    enum target_kind kind)
{
	int fd = ebt_inherited_output(&o->inherited, path);
	char why[512];

	*t = (struct target){ .name = path, .kind = kind, .place.dir = -1 };
	if (fd >= 0) {
		t->exists = fstat(fd, &t->st) == 0;
		return;
	}
	if (ebt_output_find(&t->place, path, why, sizeof(why)))
		return;
	t->exists = fstatat(t->place.dir, t->place.name, &t->st, 0) == 0;
	if (fstat(t->place.dir, &t->dir))
		ebt_output_close(&t->place);
}

static bool target_is_same_file(const struct target *a, const struct target *b)
{
	if (!a->exists || !b->exists)
		return false;
	if (S_ISCHR(a->st.st_mode) && S_ISCHR(b->st.st_mode))
		return a->st.st_rdev == b->st.st_rdev && major(a->st.st_rdev) != TARGETS_MEMORY;
	return a->st.st_dev == b->st.st_dev && a->st.st_ino == b->st.st_ino;
}

static bool target_is_in_same_dir(const struct target *a, const struct target *b)
{
	return a->place.dir >= 0 && b->place.dir >= 0 && a->dir.st_dev == b->dir.st_dev &&
	       a->dir.st_ino == b->dir.st_ino;
}

/* Return whether name is that of a file which belongs to target: a part, or one of SQLite. */
static bool target_owns(const struct target *t, const struct ebt_options *o, const char *name)
{
	static const char *const sqlite[] = { "-wal", "-shm", "-journal" };
	size_t len = strlen(t->place.name);

	if (strncmp(name, t->place.name, len) != 0)
		return false;
	name += len;
	if (!*name)
		return true;
	for (size_t i = 0; t->kind == TARGET_DATABASE && i < EBT_ARRAY_SIZE(sqlite); i++) {
		if (strcmp(name, sqlite[i]) == 0)
			return true;
	}
	return t->kind == TARGET_RECORDING && o->rotate.given && *name == '.' &&
	       isdigit((unsigned char)name[1]) && !name[1 + strspn(name + 1, "0123456789")];
}

static bool target_is_same(const struct target *a, const struct target *b,
			   const struct ebt_options *o)
{
	if (a->kind == TARGET_STREAM && b->kind == TARGET_STREAM)
		return false; /* 2>&1 */
	return target_is_same_file(a, b) ||
	       (target_is_in_same_dir(a, b) &&
		(target_owns(a, o, b->place.name) || target_owns(b, o, a->place.name)));
}

static unsigned targets_collect(const struct ebt_options *o, struct target list[TARGETS_MAX])
{
	unsigned n = 0;

	if (!o->quiet)
		target_add_stream(&list[n++], "standard output", STDOUT_FILENO);
	target_add_stream(&list[n], "standard error", STDERR_FILENO);
	if (list[n].exists && S_ISREG(list[n].st.st_mode))
		n++;
	if (o->write_file)
		target_add_file(&list[n++], o, o->write_file, TARGET_RECORDING);
	if (o->sqlite_file)
		target_add_file(&list[n++], o, o->sqlite_file, TARGET_DATABASE);
	if (o->metrics_file)
		target_add_file(&list[n++], o, o->metrics_file, TARGET_METRICS);
	return n;
}

bool ebt_output_targets_differ(const struct ebt_options *o, char *why, size_t why_len)
{
	struct target list[TARGETS_MAX];
	unsigned n = targets_collect(o, list);
	bool differ = true;

	for (unsigned i = 0; i < n; i++) {
		for (unsigned k = i + 1; differ && k < n; k++) {
			differ = !target_is_same(&list[i], &list[k], o);
			if (!differ)
				snprintf(why, why_len,
					 "%s and %s are the same file, or one belongs to the "
					 "other: give each output a file of its own",
					 list[i].name, list[k].name);
		}
	}
	for (unsigned i = 0; i < n; i++)
		ebt_output_close(&list[i].place);
	return differ;
}

const char *ebt_options_output_name(const struct ebt_options *o)
{
	return o->out_file ? o->out_file : "standard output";
}
