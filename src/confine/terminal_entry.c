/* SPDX-License-Identifier: BSD-3-Clause */
#include "confine/terminal_entry.h"

#include <fcntl.h>
#include <limits.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "confine/sandbox.h"

#define ENTRY_MAX 32768 /* ncurses refuses larger ones */

/* Read the file if it is owned by uid, whom it can tell nothing new. Return its size; 0: it is none. */
static size_t entry_read_file(const char *path, uid_t uid, unsigned char *entry)
{
	_cleanup_close_ int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	struct stat st;
	ssize_t n;

	if (fd < 0 || fstat(fd, &st) || !S_ISREG(st.st_mode) || st.st_uid != uid)
		return 0;
	n = read(fd, entry, ENTRY_MAX);
	return n > 0 ? (size_t)n : 0;
}

/* Read the entry of name below a directory of uid, with the rights of uid. ncurses names the folder
 * by the first letter, or by its number where file names do not tell capitals. */
static size_t entry_read(const char *dir, const char *name, uid_t uid, unsigned char *entry)
{
	uid_t own = geteuid();
	char path[PATH_MAX];
	size_t n = 0;

	if (uid != own && seteuid(uid))
		return 0;
	for (int i = 0; i < 2 && !n; i++) {
		if (i == 0)
			snprintf(path, sizeof(path), "%s/%c/%s", dir, name[0], name);
		else
			snprintf(path, sizeof(path), "%s/%02x/%s", dir, (unsigned char)name[0],
				 name);
		n = entry_read_file(path, uid, entry);
	}
	/* A process that cannot get its rights back could not start to drop them. */
	if (uid != own && seteuid(own))
		_exit(1);
	return n;
}

/* TERMINFO may hold the entry itself, as hexadecimal digits (terminfo(5), ncurses 6.1). */
static void entry_export(const unsigned char *entry, size_t len)
{
	static const char digits[] = "0123456789ABCDEF";
	_cleanup_free_ char *text = malloc(4 + 2 * len + 1);
	char *at = text;

	if (!text)
		return;
	at = stpcpy(at, "hex:");
	for (size_t i = 0; i < len; i++) {
		*at++ = digits[entry[i] >> 4];
		*at++ = digits[entry[i] & 15];
	}
	*at = '\0';
	setenv("TERMINFO", text, 1);
}

void ebt_terminal_entry_keep(void)
{
	const char *name = getenv("TERM"), *terminfo = getenv("TERMINFO");
	uid_t uid = ebt_sandbox_invoker();
	const struct passwd *pw = getpwuid(uid);
	const char *home = pw ? pw->pw_dir : NULL;
	unsigned char entry[ENTRY_MAX];
	char dir[PATH_MAX];
	size_t n = 0;

	if (geteuid() != 0 || !name || !*name || name[0] == '.' || strchr(name, '/'))
		return;
	if (terminfo && terminfo[0] == '/')
		n = entry_read(terminfo, name, uid, entry);
	if (uid == 0 && getenv("HOME"))
		home = getenv("HOME");
	if (!n && home && (size_t)snprintf(dir, sizeof(dir), "%s/.terminfo", home) < sizeof(dir))
		n = entry_read(dir, name, uid, entry);
	if (n)
		entry_export(entry, n);
}
