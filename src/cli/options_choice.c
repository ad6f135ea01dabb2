/* SPDX-License-Identifier: BSD-3-Clause */
/* options_choice.c - options that take a name, a process, a user, an expression or a directory. */
#include <errno.h>
#include <pwd.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/number.h"
#include "base/regex_compile.h"
#include "cli/options_table.h"
#include "model/snapshot.h"

/* Finds a name in a list of names given by a function; "a, b or c" in words when it is not there.
 */
static int find_name(const char *(*name)(int), int count, const char *arg, char *words, size_t len)
{
	size_t at = 0;

	words[0] = '\0';
	for (int i = 0; i < count; i++) {
		if (strcmp(arg, name(i)) == 0)
			return i;
		if (at < len)
			at += snprintf(words + at, len - at, "%s%s",
				       i == 0		? ""
				       : i + 1 == count ? " or "
							: ", ",
				       name(i));
	}
	return -1;
}

static const char *column_name(int i)
{
	return ebt_column_name((enum ebt_column)i);
}

bool ebt_option_set_sort(struct ebt_options *o, const struct ebt_option *option, const char *arg)
{
	const char *name = arg + (*arg == '+' || *arg == '-');
	char words[256];
	int column = find_name(column_name, EBT_COL_MAX, name, words, sizeof(words));

	if (column < 0)
		return ebt_option_bad(option, arg, "columns are %s", words);
	o->sort = (enum ebt_column)column;
	/* Names come from A to Z by themselves, all else from high to low. */
	o->invert = column == EBT_COL_NAME ? *arg == '+' : *arg == '-';
	o->sort_given = true;
	return true;
}

static const char *group_by_name(int i)
{
	return ebt_group_by_name((enum ebt_group_by)i);
}

bool ebt_option_set_group_by(struct ebt_options *o, const struct ebt_option *option,
			     const char *arg)
{
	char words[256];
	int by = find_name(group_by_name, EBT_GROUP_BY_MAX, arg, words, sizeof(words));

	if (by < 0)
		return ebt_option_bad(option, arg, "allowed are %s", words);
	o->group_by = (enum ebt_group_by)by;
	o->group_given = true;
	return true;
}

static const char *screen_name(int i)
{
	return ebt_screen_name((enum ebt_ui_screen)i);
}

bool ebt_option_set_screen(struct ebt_options *o, const struct ebt_option *option, const char *arg)
{
	char words[256];
	int screen = find_name(screen_name, EBT_SCREEN_TABS, arg, words, sizeof(words));

	if (screen < 0)
		return ebt_option_bad(option, arg, "screens are %s", words);
	o->screen = (enum ebt_ui_screen)screen;
	o->screen_given = true;
	return true;
}

static bool set_pids(uint32_t *pids, unsigned *count, const struct ebt_option *option,
		     const char *arg)
{
	int err = ebt_number_pids(arg, pids, EBT_OPTION_PIDS_MAX, count);

	if (err == -E2BIG)
		return ebt_option_bad(option, arg, "at most %d processes can be named",
				      EBT_OPTION_PIDS_MAX);
	return err == 0 ||
	       ebt_option_bad(option, arg,
			      "allowed are process ids (1 to %u) with commas between them",
			      EBT_PID_MAX);
}

bool ebt_option_set_pids(struct ebt_options *o, const struct ebt_option *option, const char *arg)
{
	return set_pids(o->pids, &o->pid_count, option, arg);
}

bool ebt_option_set_only(struct ebt_options *o, const struct ebt_option *option, const char *arg)
{
	return set_pids(o->only, &o->only_count, option, arg);
}

bool ebt_option_set_user(struct ebt_options *o, const struct ebt_option *option, const char *arg)
{
	const struct passwd *pw;
	uint64_t uid;

	/* 4294967295 is the kernel's "no user". */
	if (ebt_number_digits(arg, strlen(arg), &uid)) {
		if (uid >= UINT32_MAX)
			return ebt_option_bad(option, arg, "user ids are 0 to 4294967294");
	} else {
		pw = getpwnam(arg);
		if (!pw)
			return ebt_option_bad(option, arg, "no user of this name is known");
		uid = pw->pw_uid;
	}
	o->uid = (uint32_t)uid;
	o->uid_set = true;
	return true;
}

bool ebt_option_set_regex(struct ebt_options *o, const struct ebt_option *option, const char *arg)
{
	struct ebt_option_regex *regex = (void *)((char *)o + option->offset);
	char why[256];

	if (regex->text) {
		regfree(&regex->re);
		regex->text = NULL;
	}
	if (ebt_regex_compile(&regex->re, arg, REG_NOSUB, why, sizeof(why)))
		return ebt_option_bad(option, arg, "%s", why);
	regex->text = arg;
	return true;
}

static bool is_directory(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

bool ebt_option_set_directory(struct ebt_options *o, const struct ebt_option *option,
			      const char *arg)
{
	if (!is_directory(arg))
		return ebt_option_bad(option, arg, "a directory that exists is wanted");
	return ebt_option_set_text(o, option, arg);
}

bool ebt_option_set_headers(struct ebt_options *o, const struct ebt_option *option, const char *arg)
{
	static const char *const words[] = {
		[EBT_HEADERS_AUTO] = "auto",
		[EBT_HEADERS_BTF] = "btf",
		[EBT_HEADERS_KERNEL] = "kernel",
	};

	o->headers_dir = NULL;
	for (unsigned i = 0; i < EBT_HEADERS_DIR; i++) {
		if (strcmp(arg, words[i]) == 0) {
			o->headers = (enum ebt_headers)i;
			return true;
		}
	}
	if (!is_directory(arg))
		return ebt_option_bad(option, arg,
				      "allowed are auto, btf, kernel or a directory that exists");
	o->headers = EBT_HEADERS_DIR;
	o->headers_dir = arg;
	return true;
}

bool ebt_option_set_transport(struct ebt_options *o, const struct ebt_option *option,
			      const char *arg)
{
	if (strcmp(arg, "ring") != 0 && strcmp(arg, "perf") != 0)
		return ebt_option_bad(option, arg, "allowed are ring or perf");
	o->params.perf = strcmp(arg, "perf") == 0;
	return true;
}
