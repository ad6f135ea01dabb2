/* SPDX-License-Identifier: BSD-3-Clause */
#include "confine/view_user.h"

#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <stdio.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#define VIEW_USER_TRIES 64

/* Read the files themselves: a directory service could make root wait. */
static bool view_user_has_account(uid_t id)
{
	FILE *f = fopen("/etc/passwd", "re");
	const struct passwd *pw = NULL;

	while (f && (pw = fgetpwent(f)) && pw->pw_uid != id && pw->pw_gid != id)
		continue;
	if (f)
		fclose(f);
	return pw;
}

static bool view_user_has_group(uid_t id)
{
	FILE *f = fopen("/etc/group", "re");
	const struct group *gr = NULL;

	while (f && (gr = fgetgrent(f)) && gr->gr_gid != id)
		continue;
	if (f)
		fclose(f);
	return gr;
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
