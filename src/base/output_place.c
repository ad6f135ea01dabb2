/* SPDX-License-Identifier: BSD-3-Clause */
#include "base/output_place.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <unistd.h>

#include "base/cleanup.h"

#define OUTPUT_LINKS_MAX 40 /* MAXSYMLINKS, include/linux/namei.h */
#define OUTPUT_DIR_FLAGS (O_PATH | O_DIRECTORY | O_CLOEXEC)

/* A walk from directory to directory. */
struct output_walk {
	int dir;
	char rest[PATH_MAX]; /* components that are still to come */
	unsigned links;	     /* followed so far */
	uid_t stranger;	     /* owner of the link that was refused */
};

/* Change to a directory, which is open as fd. */
static int output_enter(struct output_walk *w, int fd)
{
	if (fd < 0)
		return -errno;
	ebt_cleanup_close(&w->dir);
	w->dir = fd;
	return 0;
}

/* Take the first component off the rest. Return its length; 0: there is none. *last: no other one
 * follows. */
static size_t output_component(struct output_walk *w, char name[NAME_MAX + 1], bool *last)
{
	const char *at = w->rest + strspn(w->rest, "/");
	size_t len = strcspn(at, "/"), slashes = strspn(at + len, "/");

	*last = !at[len + slashes];
	if (!len || len > NAME_MAX)
		return len;
	memcpy(name, at, len);
	name[len] = '\0';
	/* A slash behind the last one says that it is a directory, and none can be written. */
	if (*last && slashes)
		*last = false;
	memmove(w->rest, at + len, strlen(at + len) + 1);
	return len;
}

/* Put what a link says before the rest. */
static int output_follow(struct output_walk *w, int link)
{
	char target[PATH_MAX], rest[PATH_MAX];
	ssize_t len = readlinkat(link, "", target, sizeof(target) - 1);

	if (len <= 0)
		return len < 0 ? -errno : -ENOENT;
	if (++w->links > OUTPUT_LINKS_MAX)
		return -ELOOP;
	target[len] = '\0';
	memcpy(rest, w->rest, strlen(w->rest) + 1);
	if ((size_t)snprintf(w->rest, sizeof(w->rest), "%s%s", target, rest) >= sizeof(w->rest))
		return -ENAMETOOLONG;
	return target[0] == '/' ? output_enter(w, open("/", OUTPUT_DIR_FLAGS)) : 0;
}

/* Return whether a link is one that /proc makes, which leads to an open file and not to a name. */
static bool output_is_proc(int link)
{
	struct statfs fs;

	return fstatfs(link, &fs) == 0 && fs.f_type == PROC_SUPER_MAGIC;
}

/* Take one step. Return 1 when the last component is reached. */
static int output_step(struct output_walk *w, struct ebt_output_place *place)
{
	char *name = place->name;
	_cleanup_close_ int fd = -1;
	struct stat st;
	bool last;
	size_t len = output_component(w, name, &last);

	if (!len || len > NAME_MAX)
		return len ? -ENAMETOOLONG : -EISDIR;
	if (strcmp(name, ".") == 0 || strcmp(name, "..") == 0)
		return last ? -EISDIR : output_enter(w, openat(w->dir, name, OUTPUT_DIR_FLAGS));
	fd = openat(w->dir, name, O_PATH | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0)
		return errno == ENOENT && last ? 1 : -errno;
	if (fstat(fd, &st))
		return -errno;
	if (!S_ISLNK(st.st_mode))
		return last ? 1 : output_enter(w, TAKE_FD(fd));
	if (output_is_proc(fd)) {
		place->is_open_file = last;
		return last ? 1 : output_enter(w, openat(w->dir, name, OUTPUT_DIR_FLAGS));
	}
	if (st.st_uid != 0 && st.st_uid != geteuid()) {
		w->stranger = st.st_uid;
		return -EPERM;
	}
	return output_follow(w, fd);
}

int ebt_output_find(struct ebt_output_place *place, const char *path, char *why, size_t why_len)
{
	struct output_walk w = { .dir = -1 };
	int err = 0;

	*place = (struct ebt_output_place){ .dir = -1 };
	if ((size_t)snprintf(w.rest, sizeof(w.rest), "%s", path) >= sizeof(w.rest))
		err = -ENAMETOOLONG;
	if (!err)
		err = output_enter(&w, open(path[0] == '/' ? "/" : ".", OUTPUT_DIR_FLAGS));
	while (!err)
		err = output_step(&w, place);
	if (err == 1) {
		place->dir = w.dir;
		return 0;
	}
	ebt_cleanup_close(&w.dir);
	if (w.stranger)
		snprintf(why, why_len,
			 "cannot write %s: '%s' on the way is a symbolic link of user %u; only "
			 "links of root and of the user who writes are followed",
			 path, place->name, w.stranger);
	else
		snprintf(why, why_len, "cannot write %s: %s", path, strerror(-err));
	return err;
}

void ebt_output_close(struct ebt_output_place *place)
{
	ebt_cleanup_close(&place->dir);
	place->dir = -1;
}

int ebt_output_flags(const struct ebt_output_place *place)
{
	return O_CLOEXEC | O_NOCTTY | (place->is_open_file ? 0 : O_NOFOLLOW);
}

int ebt_output_path(const struct ebt_output_place *place, char path[PATH_MAX])
{
	char dir[PATH_MAX], link[64];
	ssize_t len;

	snprintf(link, sizeof(link), "/proc/self/fd/%d", place->dir);
	len = readlink(link, dir, sizeof(dir) - 1);
	if (len < 0)
		return -errno;
	dir[len] = '\0';
	if ((size_t)snprintf(path, PATH_MAX, "%s/%s", len == 1 ? "" : dir, place->name) >= PATH_MAX)
		return -ENAMETOOLONG;
	return 0;
}

mode_t ebt_output_mode(const struct ebt_output_place *place, mode_t none)
{
	struct stat st;

	if (fstatat(place->dir, place->name, &st, AT_SYMLINK_NOFOLLOW) || !S_ISREG(st.st_mode))
		return none;
	return st.st_mode & 0777;
}
