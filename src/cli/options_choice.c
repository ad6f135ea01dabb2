/* SPDX-License-Identifier: BSD-3-Clause */
/* options_choice.c - options that take a word, a process, a user, an expression or a directory. */
#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/log.h"
#include "base/number.h"
#include "base/pattern.h"
#include "cli/options_table.h"
#include "expr/expr.h"

bool ebt_option_set_choice(struct ebt_command_line *line, const struct ebt_option *option,
			   const char *arg)
{
	int value = ebt_words_find(&option->words, arg);
	char words[256];

	if (value < 0)
		return ebt_option_bad(option, arg, "allowed are %s",
				      ebt_words_list(&option->words, words, sizeof(words)));
	ebt_option_store(line, option, (uint64_t)value);
	return true;
}

/* The mode is EBT_MODE_LIVE as long as none was chosen. */
bool ebt_option_set_mode(struct ebt_command_line *line, const struct ebt_option *option,
			 const char *arg)
{
	struct ebt_options *o = &line->options;

	if (o->mode != EBT_MODE_LIVE && o->mode != (enum ebt_mode)option->value) {
		ebt_error(
			"--%s does not go together with another form of output (-b, -e, -J, --csv or --print-bpf): choose one",
			option->name);
		return false;
	}
	o->mode = (enum ebt_mode)option->value;
	return true;
}

static bool choice_pids(uint32_t *pids, unsigned *count, const struct ebt_option *option,
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

bool ebt_option_set_pids(struct ebt_command_line *line, const struct ebt_option *option,
			 const char *arg)
{
	return choice_pids(line->options.pids, &line->options.pid_count, option, arg);
}

bool ebt_option_set_only(struct ebt_command_line *line, const struct ebt_option *option,
			 const char *arg)
{
	return choice_pids(line->options.only, &line->options.only_count, option, arg);
}

bool ebt_option_set_user(struct ebt_command_line *line, const struct ebt_option *option,
			 const char *arg)
{
	const char *user = arg;
	const struct passwd *pw;
	uint64_t uid;

	line->options.user_ids = EBT_USER_EITHER;
	if (strncmp(arg, "real:", 5) == 0) {
		line->options.user_ids = EBT_USER_REAL;
		user += 5;
	} else if (strncmp(arg, "effective:", 10) == 0) {
		line->options.user_ids = EBT_USER_EFFECTIVE;
		user += 10;
	}
	/* 4294967295 is the kernel's "no user". */
	if (ebt_number_digits(user, strlen(user), &uid)) {
		if (uid >= UINT32_MAX)
			return ebt_option_bad(option, arg, "user ids are 0 to 4294967294");
	} else {
		pw = getpwnam(user);
		if (!pw)
			return ebt_option_bad(option, arg, "no user of this name is known");
		uid = pw->pw_uid;
	}
	line->options.uid = (uint32_t)uid;
	line->options.user_text = arg;
	line->options.uid_set = true;
	return true;
}

bool ebt_option_set_group(struct ebt_command_line *line, const struct ebt_option *option,
			  const char *arg)
{
	const struct group *g = getgrnam(arg);

	if (!g)
		return ebt_option_bad(option, arg, "no group of this name is known");
	line->gid = g->gr_gid;
	return true;
}

bool ebt_option_set_regex(struct ebt_command_line *line, const struct ebt_option *option,
			  const char *arg)
{
	struct ebt_option_regex *regex = (void *)((char *)line + option->offset);
	char why[256];

	ebt_pattern_free(&regex->pattern);
	regex->text = NULL;
	if (ebt_pattern_new(&regex->pattern, arg, false, why, sizeof(why)))
		return ebt_option_bad(option, arg, "%s", why);
	regex->text = arg;
	return true;
}

bool ebt_option_set_filter(struct ebt_command_line *line, const struct ebt_option *option,
			   const char *arg)
{
	struct ebt_expr_error error;
	struct ebt_expr *expr;
	int err = ebt_expr_new(&expr, arg, &error);

	ebt_expr_free(&expr);
	if (err == -EINVAL)
		return ebt_option_bad(option, arg, "column %zu: %s", error.at + 1, error.text);
	if (err)
		return ebt_option_bad(option, arg, "%s", strerror(-err));
	line->options.filter = arg;
	return true;
}

static bool choice_directory(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

bool ebt_option_set_directory(struct ebt_command_line *line, const struct ebt_option *option,
			      const char *arg)
{
	if (!choice_directory(arg))
		return ebt_option_bad(option, arg, "a directory that exists is wanted");
	return ebt_option_set_text(line, option, arg);
}

bool ebt_option_set_headers(struct ebt_command_line *line, const struct ebt_option *option,
			    const char *arg)
{
	int value = ebt_words_find(&option->words, arg);

	if (value < 0 && !choice_directory(arg))
		return ebt_option_bad(option, arg,
				      "allowed are auto, btf, kernel or a directory that exists");
	line->options.headers = value < 0 ? EBT_HEADERS_DIR : (enum ebt_headers)value;
	line->options.headers_dir = value < 0 ? arg : NULL;
	return true;
}
