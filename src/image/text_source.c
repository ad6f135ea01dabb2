/* SPDX-License-Identifier: BSD-3-Clause */
#include "image/text_source.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/failure.h"
#include "base/io.h"
#include "embed.h"

#define TEXT_MAX (1u << 20)

/* in the order in which they need each other */
static const char *const files[] = { "ebt_abi.h",  "ebt_members.h", "ebt_read.h",
				     "ebt_bpf.h",  "ship.bpf.h",    "fields.bpf.h",
				     "path.bpf.c", "exec.bpf.c",    "more.bpf.c",
				     "exit.bpf.c", "failed.bpf.c",  "failed_calls.bpf.c",
				     "stubs.bpf.c" };

/* the programs of --homeostasis and of the daemon */
static const char *const homeostasis_files[] = { "ebt_members.h",    "ebt_read.h",
						 "ebt_ph_profile.h", "ebt_ph.h",
						 "ebt_ph_abi.h",     "homeostasis_tasks.h",
						 "homeostasis.bpf.c" };

static int embedded(const char *name, struct ebt_buf *out)
{
	for (unsigned i = 0; i < ebt_texts_count; i++) {
		if (strcmp(ebt_texts[i].name, name) == 0)
			return ebt_buf_append(out, ebt_texts[i].text, ebt_texts[i].len);
	}
	return -ENOENT;
}

static int from_dir(const char *dir, const char *name, struct ebt_buf *out)
{
	_cleanup_close_ int fd = -1;
	char path[PATH_MAX];

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	return ebt_read_all(fd, out);
}

static int compose(const char *const names[], size_t n, const char *dir, struct ebt_buf *out,
		   char *why, size_t why_len)
{
	out->limit = TEXT_MAX;
	for (size_t i = 0; i < n; i++) {
		int err;

		ebt_buf_printf(out, "#line 1 \"%s\"\n", names[i]);
		err = dir ? from_dir(dir, names[i], out) : embedded(names[i], out);
		if (err) {
			snprintf(why, why_len, "cannot read the BPF text %s%s%s: %s",
				 dir ? dir : "", dir ? "/" : "", names[i], ebt_strerror(-err));
			return err;
		}
	}
	return out->error;
}

int ebt_source_compose(const char *dir, struct ebt_buf *out, char *why, size_t why_len)
{
	return compose(files, EBT_ARRAY_SIZE(files), dir, out, why, why_len);
}

int ebt_source_compose_homeostasis(const char *dir, struct ebt_buf *out, char *why, size_t why_len)
{
	return compose(homeostasis_files, EBT_ARRAY_SIZE(homeostasis_files), dir, out, why,
		       why_len);
}

bool ebt_source_is_secure(void)
{
	return getauxval(AT_SECURE);
}

/* Give the first of the candidates, relative to the directory of this executable, that exists. */
static int beside_us(const char *const candidates[], size_t n, char path[PATH_MAX])
{
	char dir[PATH_MAX], joined[PATH_MAX + 128];
	ssize_t len = readlink("/proc/self/exe", dir, sizeof(dir) - 1);

	if (len <= 0)
		return -ENOENT;
	dir[len] = '\0';
	*strrchr(dir, '/') = '\0';
	for (size_t i = 0; i < n; i++) {
		snprintf(joined, sizeof(joined), "%s/%s", dir, candidates[i]);
		if (realpath(joined, path))
			return 0;
	}
	return -ENOENT;
}

int ebt_source_compiler(char path[PATH_MAX])
{
	static const char *const candidates[] = { "execbig-compile",
						  "../libexec/execbig-top/execbig-compile",
						  "../lib/execbig-top/execbig-compile" };

	return beside_us(candidates, EBT_ARRAY_SIZE(candidates), path);
}

int ebt_source_images(char path[PATH_MAX], uid_t *owner)
{
	static const char *const candidates[] = { "images", "../libexec/execbig-top/images",
						  "../lib/execbig-top/images" };
	struct stat st;

	if (stat("/proc/self/exe", &st))
		return -errno;
	*owner = st.st_uid;
	return beside_us(candidates, EBT_ARRAY_SIZE(candidates), path);
}

int ebt_source_headers(char path[PATH_MAX])
{
	static const char *const candidates[] = { "kinclude", "../share/execbig-top/kinclude" };

	return beside_us(candidates, EBT_ARRAY_SIZE(candidates), path);
}
