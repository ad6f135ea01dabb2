/* SPDX-License-Identifier: BSD-3-Clause */
#include "confine/view_user.h"

#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#define VIEW_USER_TRIES 64
/* Room for a line to begin with; a longer one doubles it. */
#define VIEW_USER_LINE_BYTES 4096

/* A file with one entry in a line, and room for the longest line so far. */
struct view_user_file {
	FILE *f;
	char *text;
	size_t size;
};

/* Make room for a longer line. Return false if there is no memory. */
static bool view_user_grow(struct view_user_file *file)
{
	size_t size = file->size ? 2 * file->size : VIEW_USER_LINE_BYTES;
	char *text = realloc(file->text, size);

	if (!text)
		return false;
	file->text = text;
	file->size = size;
	return true;
}

static void view_user_close(struct view_user_file *file)
{
	if (file->f)
		fclose(file->f);
	free(file->text);
}

/* Read the files themselves, because a directory service could make root wait. */
static bool view_user_has_account(uid_t id)
{
	struct view_user_file file = { .f = fopen("/etc/passwd", "re") };
	struct passwd entry = { 0 }, *pw;
	bool found = false;
	int err = file.f ? ERANGE : ENOENT;

	while (!found && (err == 0 || (err == ERANGE && view_user_grow(&file)))) {
		err = fgetpwent_r(file.f, &entry, file.text, file.size, &pw);
		found = err == 0 && (pw->pw_uid == id || pw->pw_gid == id);
	}
	view_user_close(&file);
	return found;
}

static bool view_user_has_group(uid_t id)
{
	struct view_user_file file = { .f = fopen("/etc/group", "re") };
	struct group entry = { 0 }, *gr;
	bool found = false;
	int err = file.f ? ERANGE : ENOENT;

	while (!found && (err == 0 || (err == ERANGE && view_user_grow(&file)))) {
		err = fgetgrent_r(file.f, &entry, file.text, file.size, &gr);
		found = err == 0 && gr->gr_gid == id;
	}
	view_user_close(&file);
	return found;
}

bool ebt_view_user_is_unknown(uid_t id)
{
	char lock[64];

	/* systemd keeps a file for each dynamic user that is in use. */
	snprintf(lock, sizeof(lock), "/run/systemd/dynamic-uid/%u", id);
	return access(lock, F_OK) && !view_user_has_account(id) && !view_user_has_group(id);
}

/* Return whether a process has this user id; the kernel looks through all of them. */
static bool view_user_has_process(uid_t id)
{
	errno = 0;
	return getpriority(PRIO_USER, id) != -1 || errno != ESRCH;
}

int ebt_view_user_find(uid_t *uid, char *why, size_t why_len)
{
	const unsigned count = EBT_VIEW_UID_LAST - EBT_VIEW_UID_FIRST + 1;
	unsigned at;

	if (getrandom(&at, sizeof(at), GRND_NONBLOCK) != sizeof(at))
		at = (unsigned)getpid() ^ (unsigned)time(NULL);
	for (unsigned i = 0; i < VIEW_USER_TRIES; i++) {
		*uid = EBT_VIEW_UID_FIRST + (at % count + i) % count;
		if (ebt_view_user_is_unknown(*uid) && !view_user_has_process(*uid))
			return 0;
	}
	snprintf(why, why_len,
		 "cannot find a user id for the view: accounts or processes have all %d that were "
		 "tried between %u and %u; start it with sudo, then it has yours",
		 VIEW_USER_TRIES, EBT_VIEW_UID_FIRST, EBT_VIEW_UID_LAST);
	return -EUSERS;
}
