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

/* Make HOME that of `user`, and find the settings file below it. */
static bool settings_find_path(struct ebt_user_settings *s, uid_t user)
{
	_cleanup_buf_ struct ebt_buf path = { 0 };
	bool home = ebt_keeper_home(user);

	if (!home || ebt_settings_path(&path) || path.len >= sizeof(s->path)) {
		snprintf(s->why, sizeof(s->why), "user %u has no home directory", user);
		return false;
	}
	memcpy(s->path, path.data, path.len + 1);
	return true;
}

/* Return the length of the deepest existing directory of a path, 0 when that is the root. */
static size_t settings_existing_dir(const char *path, struct stat *st)
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

/* Return true when nobody but root can change the directory of root's file; else say why. */
static bool settings_may_write(struct ebt_user_settings *s)
{
	struct stat st;
	size_t len = settings_existing_dir(s->path, &st);

	if (!len)
		snprintf(s->why, sizeof(s->why), "%.160s: there is no such directory", s->path);
	else if (st.st_uid != 0 || (st.st_mode & 022))
		snprintf(s->why, sizeof(s->why), "%.*s is not root's alone",
			 (int)(len < 200 ? len : 200), s->path);
	else
		return true;
	return false;
}

void ebt_user_settings_open(struct ebt_user_settings *s)
{
	struct stat st;
	char *text;

	if (geteuid() != 0 || ebt_sandbox_invoker_differs())
		return;
	if (ebt_saver_start(&s->execs, true, s->read_file))
		ebt_warn("the process that saves execs to files could not be started");
	if (!settings_find_path(s, 0))
		return;
	s->owner = EBT_SETTINGS_ROOT;
	s->read_error = ebt_settings_read(&text, &s->text.len);
	if (!s->read_error)
		s->text.data = text;
	if (settings_may_write(s) &&
	    ebt_keeper_start_saver(&s->saver, s->path, settings_existing_dir(s->path, &st)))
		snprintf(s->why, sizeof(s->why), "the process that writes it could not be started");
}

void ebt_user_settings_start(struct ebt_user_settings *s, struct ebt_settings *settings)
{
	char why[160] = "";

	if (s->owner == EBT_SETTINGS_NONE && settings_find_path(s, geteuid()))
		s->owner = EBT_SETTINGS_USER;
	if (s->owner == EBT_SETTINGS_ROOT)
		ebt_settings_take(settings, s->text, s->read_error, why, sizeof(why));
	else
		ebt_settings_load(settings, why, sizeof(why));
	free((void *)s->text.data);
	s->text = (struct ebt_bytes){ 0 };
	if (*why)
		ebt_warn("%s", why);
	if (geteuid() != 0 && !s->execs && ebt_saver_start(&s->execs, false, s->read_file))
		ebt_warn("the process that saves execs to files could not be started");
	if (ebt_keeper_start(&s->keeper, s->owner == EBT_SETTINGS_USER ? s->path : NULL))
		ebt_warn(
			"the process that saves settings and describes executables could not be started");
}

static void settings_say_saved(struct ebt_user_settings *s, int err)
{
	if (!err)
		ebt_info("settings written to %s", s->path);
	else if (err == -EPIPE)
		ebt_error("cannot write %s: the process that does it has ended", s->path);
	else
		ebt_error("cannot write %s: %s", s->path, strerror(-err));
}

void ebt_user_settings_save(struct ebt_user_settings *s, const struct ebt_settings *settings)
{
	_cleanup_buf_ struct ebt_buf text = { 0 };
	struct ebt_keeper *writer = s->owner == EBT_SETTINGS_ROOT ? s->saver : s->keeper;
	int err = ebt_settings_format(settings, &text);

	if (s->why[0]) {
		ebt_error("settings not written: %s; /etc/execbig-top.conf serves everybody",
			  s->why);
		return;
	}
	if (!err)
		err = writer ? ebt_keeper_save(writer, (struct ebt_bytes){ text.data, text.len })
			     : -EPIPE;
	if (err)
		settings_say_saved(s, err);
}

bool ebt_user_settings_report(struct ebt_user_settings *s)
{
	struct ebt_keeper *writer = s->owner == EBT_SETTINGS_ROOT ? s->saver : s->keeper;
	int saved = writer ? ebt_keeper_saved(writer) : 1;

	if (saved <= 0)
		settings_say_saved(s, saved);
	return saved <= 0;
}

void ebt_user_settings_close(struct ebt_user_settings *s)
{
	free((void *)s->text.data);
	s->text = (struct ebt_bytes){ 0 };
	ebt_keeper_free(&s->keeper);
	ebt_keeper_free(&s->saver);
	ebt_saver_free(&s->execs);
}
