/* SPDX-License-Identifier: BSD-3-Clause */
#include "processes/view/user_settings.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/log.h"
#include "confine/sandbox.h"

/* The path of this run's file, once HOME is that of `user`. */
static bool find_path(struct ebt_kept *k, uid_t user)
{
	_cleanup_buf_ struct ebt_buf path = { 0 };
	bool home = ebt_keeper_home(user);

	if (!home || ebt_settings_path(&path) || path.len >= sizeof(k->path)) {
		snprintf(k->why, sizeof(k->why), "user %u has no home directory", user);
		return false;
	}
	memcpy(k->path, path.data, path.len + 1);
	return true;
}

/* The deepest directory of a path that exists: its length in the path, 0 when that is the root. */
static size_t existing(const char *path, struct stat *st)
{
	char dir[PATH_MAX];
	char *slash;

	snprintf(dir, sizeof(dir), "%s", path);
	while ((slash = strrchr(dir, '/')) && slash != dir) {
		*slash = '\0';
		if (stat(dir, st) == 0)
			return S_ISDIR(st->st_mode) ? strlen(dir) : 0;
	}
	return 0;
}

/* Root's file is written only where nobody else has a say. */
static bool may_write(struct ebt_kept *k)
{
	struct stat st;
	size_t len = existing(k->path, &st);

	if (!len)
		snprintf(k->why, sizeof(k->why), "%.160s: there is no such directory", k->path);
	else if (st.st_uid != 0 || (st.st_mode & 022))
		snprintf(k->why, sizeof(k->why), "%.*s is not root's alone",
			 (int)(len < 200 ? len : 200), k->path);
	else
		return true;
	return false;
}

void ebt_kept_open(struct ebt_kept *k)
{
	struct stat st;
	char *text;

	if (geteuid() != 0 || ebt_sandbox_invoker_differs() || !find_path(k, 0))
		return;
	k->owner = EBT_KEPT_ROOT;
	k->read_error = ebt_settings_read(&text, &k->text.len);
	if (!k->read_error)
		k->text.data = text;
	if (may_write(k) && ebt_keeper_start_saver(&k->saver, k->path, existing(k->path, &st)))
		snprintf(k->why, sizeof(k->why), "no process for it could be started");
}

void ebt_kept_start(struct ebt_kept *k, struct ebt_settings *settings)
{
	char why[160] = "";

	if (k->owner == EBT_KEPT_NOBODY && find_path(k, geteuid()))
		k->owner = EBT_KEPT_USER;
	if (k->owner == EBT_KEPT_ROOT)
		ebt_settings_take(settings, k->text, k->read_error, why, sizeof(why));
	else
		ebt_settings_load(settings, why, sizeof(why));
	free((void *)k->text.data);
	k->text = (struct ebt_bytes){ 0 };
	if (*why)
		ebt_warn("%s", why);
	if (ebt_keeper_start(&k->keeper, k->owner == EBT_KEPT_USER ? k->path : NULL))
		ebt_warn("no process for settings and executables could be started");
}

static void say(struct ebt_kept *k, int err)
{
	if (!err)
		ebt_info("settings written to %s", k->path);
	else if (err == -EPIPE)
		ebt_error("cannot write %s: the process that does it has ended", k->path);
	else
		ebt_error("cannot write %s: %s", k->path, strerror(-err));
}

void ebt_kept_save(struct ebt_kept *k, const struct ebt_settings *settings)
{
	_cleanup_buf_ struct ebt_buf text = { 0 };
	struct ebt_keeper *writer = k->owner == EBT_KEPT_ROOT ? k->saver : k->keeper;
	int err = ebt_settings_format(settings, &text);

	if (k->why[0]) {
		ebt_error("settings not written: %s; /etc/execbig-top.conf serves everybody",
			  k->why);
		return;
	}
	if (!err)
		err = writer ? ebt_keeper_save(writer, (struct ebt_bytes){ text.data, text.len })
			     : -EPIPE;
	if (err)
		say(k, err);
}

bool ebt_kept_news(struct ebt_kept *k)
{
	struct ebt_keeper *writer = k->owner == EBT_KEPT_ROOT ? k->saver : k->keeper;
	int saved = writer ? ebt_keeper_saved(writer) : 1;

	if (saved <= 0)
		say(k, saved);
	return saved <= 0;
}

void ebt_kept_close(struct ebt_kept *k)
{
	free((void *)k->text.data);
	k->text = (struct ebt_bytes){ 0 };
	ebt_keeper_free(&k->keeper);
	ebt_keeper_free(&k->saver);
}
