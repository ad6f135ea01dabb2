/* SPDX-License-Identifier: BSD-3-Clause */
#include "homeostasis/profile_dir.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/cleanup.h"
#include "base/failure.h"
#include "base/io.h"
#include "base/log.h"
#include "base/replace_file.h"
#include "homeostasis/profile_file.h"

char *ebt_ph_file_name(char out[EBT_PH_NAME_LEN], const struct ebt_ph_key *key)
{
	snprintf(out, EBT_PH_NAME_LEN, "%x-%llx-%x.ph", key->dev, (unsigned long long)key->ino,
		 key->guard);
	return out;
}

int ebt_ph_save(int dir, const char *name, struct ebt_ph_set *set)
{
	_cleanup_buf_ struct ebt_buf file = { .limit = EBT_PH_FILE_MAX_BYTES };
	/* In the profiles' directory a leftover temporary file is from a crash and may be replaced;
	 * elsewhere a file of that name may belong to somebody. */
	struct ebt_replace_options options = { .mode = 0600,
					       .flags = EBT_REPLACE_SYNC | EBT_REPLACE_SYNC_DIR };
	int err = ebt_ph_encode(set, &file);

	if (err)
		return err;
	/* Refuse, because the rename would replace a device or a link. */
	if (ebt_not_a_file(dir, name))
		return -EEXIST;
	if (dir != AT_FDCWD) {
		options.suffix = ".new";
		options.flags |= EBT_REPLACE_UNLINK;
	}
	return ebt_replace_file(dir, name, (struct ebt_bytes){ file.data, file.len }, &options);
}

static int profile_read_file(int dir, const char *name, struct ebt_buf *out)
{
	_cleanup_close_ int fd = openat(dir, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	struct stat st;
	int err;

	if (fd < 0 || fstat(fd, &st))
		return -errno;
	if (!S_ISREG(st.st_mode))
		return -EBADMSG;
	out->limit = EBT_PH_FILE_MAX_BYTES;
	err = ebt_read_all(fd, out);
	return err == -ENOBUFS ? -EBADMSG : err;
}

int ebt_ph_load(int dir, const char *name, struct ebt_ph_set **out, char *why, size_t why_len)
{
	_cleanup_buf_ struct ebt_buf file = { 0 };
	const char *reason = "it is not a profile";
	int err = profile_read_file(dir, name, &file);

	if (!err)
		err = ebt_ph_decode(out, file.data ? file.data : "", file.len, &reason);
	if (err)
		snprintf(why, why_len, "cannot use the profile %s: %s", name,
			 err == -EBADMSG			      ? reason
			 : err == -ELOOP && ebt_not_a_file(dir, name) ? ebt_not_a_file(dir, name)
								      : ebt_strerror(-err));
	return err;
}

static void profile_set_aside(int dir, const char *name, const char *why)
{
	char aside[NAME_MAX + 16];

	snprintf(aside, sizeof(aside), "%s.broken", name);
	if (renameat(dir, name, dir, aside))
		ebt_warn("%s; it cannot be set aside: %s", why, ebt_strerror(errno));
	else
		ebt_warn("%s; set aside as %s", why, aside);
}

/* Return whether an error is caused by this process or the system and not by the file, so that
 * reading the next file would fail as well. */
static bool profile_is_our_fault(int err)
{
	return err == -ENOMEM || err == -EMFILE || err == -ENFILE;
}

int ebt_ph_load_all(int dir, ebt_ph_load_fn fn, void *arg)
{
	int fd = openat(dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC), n = 0;
	_cleanup_closedir_ DIR *d = fd < 0 ? NULL : fdopendir(fd);
	const struct dirent *e;

	if (!d) {
		ebt_cleanup_close(&fd);
		return -errno;
	}
	while ((e = readdir(d))) {
		size_t len = strlen(e->d_name);
		struct ebt_ph_set *set = NULL;
		char why[512];
		int err;

		if (len < 4 || strcmp(e->d_name + len - 3, ".ph") != 0)
			continue;
		err = ebt_ph_load(dir, e->d_name, &set, why, sizeof(why));
		if (err == -ENOENT) /* the file was removed meanwhile */
			continue;
		/* One profile that cannot be read must not prevent the others from being loaded.
		 * Rename it, because the next save would replace it (or fail if it is not a regular
		 * file). */
		if (err && !profile_is_our_fault(err)) {
			profile_set_aside(dir, e->d_name, why);
			continue;
		}
		if (!err)
			err = fn(set, arg);
		if (err < 0)
			return err;
		n++;
	}
	return n;
}
