/* SPDX-License-Identifier: BSD-3-Clause */
/* settings_file.c - find, read and write the settings file */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/cleanup.h"
#include "base/output_place.h"
#include "base/replace_file.h"
#include "ui/core/settings.h"

#define SYSTEM_FILE "/etc/execbig-top.conf"

int ebt_settings_path(struct ebt_buf *out)
{
	const char *xdg = getenv("XDG_CONFIG_HOME"), *home = getenv("HOME");

	if (xdg && xdg[0] == '/')
		ebt_buf_printf(out, "%s/execbig-top/config", xdg);
	else if (home && home[0] == '/')
		ebt_buf_printf(out, "%s/.config/execbig-top/config", home);
	else
		return -ENOENT;
	return out->error;
}

static int read_file(const char *path, char *text, size_t size, size_t *len)
{
	_cleanup_close_ int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	struct stat st;

	if (fd < 0 || fstat(fd, &st) < 0)
		return -errno;
	if (!S_ISREG(st.st_mode))
		return -EINVAL;
	*len = 0;
	while (*len < size) {
		ssize_t n = read(fd, text + *len, size - *len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		if (n == 0)
			break;
		*len += (size_t)n;
	}
	return 0;
}

int ebt_settings_read(char **out, size_t *len)
{
	_cleanup_free_ char *text = malloc(EBT_SETTINGS_MAX + 1);
	_cleanup_buf_ struct ebt_buf path = { 0 };
	int rc = -ENOENT;

	if (!text)
		return -ENOMEM;
	if (ebt_settings_path(&path) == 0)
		rc = read_file(path.data, text, EBT_SETTINGS_MAX + 1, len);
	if (rc == -ENOENT || rc == -ENOTDIR)
		rc = read_file(SYSTEM_FILE, text, EBT_SETTINGS_MAX + 1, len);
	if (rc == 0)
		*out = TAKE_PTR(text);
	return rc;
}

int ebt_settings_take(struct ebt_settings *settings, struct ebt_bytes text, int error, char *err,
		      size_t err_len)
{
	ebt_settings_default(settings);
	if (err_len)
		err[0] = '\0';
	if (error == -ENOENT)
		return 0;
	if (error < 0) {
		snprintf(err, err_len, "settings: %s", strerror(-error));
		return error;
	}
	return ebt_settings_parse(settings, text, err, err_len);
}

int ebt_settings_load(struct ebt_settings *settings, char *err, size_t err_len)
{
	_cleanup_free_ char *text = NULL;
	size_t len = 0;
	int rc = ebt_settings_read(&text, &len);

	return ebt_settings_take(settings, (struct ebt_bytes){ text, len }, rc, err, err_len);
}

static int make_directories(char *path)
{
	for (char *slash = strchr(path + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		int rc = mkdir(path, 0700) < 0 && errno != EEXIST ? -errno : 0;

		*slash = '/';
		if (rc < 0)
			return rc;
	}
	return 0;
}

int ebt_settings_save(const struct ebt_settings *settings, const char *path)
{
	static const struct ebt_replace_options options = { .mode = 0600,
							    .flags = EBT_REPLACE_SYNC };
	_cleanup_buf_ struct ebt_buf text = { 0 };
	const char *sudo_uid = getenv("SUDO_UID");
	_cleanup_free_ char *copy = NULL;
	struct ebt_output_place place;
	char why[256];
	int rc;

	if (geteuid() == 0 && sudo_uid && strcmp(sudo_uid, "0") != 0)
		return -EPERM;
	if (ebt_settings_format(settings, &text) < 0)
		return text.error;
	copy = strdup(path);
	rc = copy ? make_directories(copy) : -ENOMEM;
	if (rc < 0)
		return rc;
	rc = ebt_output_find(&place, path, why, sizeof(why));
	if (rc < 0)
		return rc;
	rc = ebt_replace_file(place.dir, place.name, (struct ebt_bytes){ text.data, text.len },
			      &options);
	ebt_output_close(&place);
	return rc;
}
