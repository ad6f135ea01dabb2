/* SPDX-License-Identifier: BSD-3-Clause */
/* homeo_client.c - ps, profiles, status, inspect, normalize, …: asks the daemon, prints the answer.
 */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <jansson.h>

#include "base/cleanup.h"
#include "base/log.h"
#include "cli/homeo_commands.h"
#include "cli/homeo_print.h"
#include "cli/homeo_screen.h"
#include "config/options.h"
#include "homeostasis/server.h"

static const char usage[] =
	"Usage: execbig-top ps | profiles [count] | status | save\n"
	"       execbig-top inspect|normalize|sensitize|tolerize WHAT\n"
	"       execbig-top set NAME VALUE\n"
	"       execbig-top respond WHAT kill|default\n"
	"       execbig-top attach\n"
	"Talks to `execbig-top daemon`. WHAT: a path, a program's name, #SLOT or a pid.\n"
	"  normalize: normal from now on; sensitize: forget what was learned of late;\n"
	"  tolerize: accept what happened of late;\n"
	"  respond: its processes die above kill-limit, or do not (default);\n"
	"  attach: the screen Profiles on a terminal, else events as they happen.\n"
	"  -J, --json       print the daemon's own JSON lines\n"
	"  --socket PATH    where it listens (" EBT_PH_SOCKET ")\n"
	"  -h, --help       print this help\n";

struct ask {
	const char *socket;
	bool json, help;
	json_t *rows; /* of a table, printed when all are there; owned */
};

static int connect_to(const char *path)
{
	struct sockaddr_un addr = { .sun_family = AF_UNIX };
	_cleanup_close_ int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd < 0 || strlen(path) >= sizeof(addr.sun_path))
		return fd < 0 ? -errno : -ENAMETOOLONG;
	strcpy(addr.sun_path, path);
	if (connect(fd, (struct sockaddr *)&addr, sizeof(addr)))
		return -errno;
	return TAKE_FD(fd);
}

/* One line of the answer. -1: goes on, else the exit status. */
static int take_line(struct ask *a, const char *word, const char *line)
{
	json_t *o = json_loads(line, 0, NULL), *done;
	int status = -1;

	if (!o) {
		ebt_error("the daemon's answer cannot be read");
		return EBT_EXIT_FAILURE;
	}
	done = json_object_get(o, "ok");
	if (done) {
		status = json_is_true(done) ? EBT_EXIT_OK : EBT_EXIT_FAILURE;
		if (status)
			ebt_error("%s", json_string_value(json_object_get(o, "error")));
		else
			ebt_homeo_print_table(word, a->rows);
	} else if (a->json) {
		puts(line);
	} else if (strcmp(word, "ps") == 0 || strcmp(word, "profiles") == 0) {
		json_array_append(a->rows, o);
	} else {
		ebt_homeo_print(word, o);
	}
	json_decref(o);
	return status;
}

static int read_answer(struct ask *a, const char *word, int fd)
{
	_cleanup_fclose_ FILE *in = fdopen(fd, "r");
	_cleanup_free_ char *line = NULL;
	size_t cap = 0;
	int status = -1;

	if (!in) {
		close(fd);
		ebt_error("out of memory");
		return EBT_EXIT_FAILURE;
	}
	while (status < 0 && getline(&line, &cap, in) > 0) {
		line[strcspn(line, "\n")] = '\0';
		status = take_line(a, word, line);
		if (strcmp(word, "attach") == 0)
			fflush(stdout);
	}
	if (status < 0) {
		ebt_error("the daemon has ended");
		return EBT_EXIT_FAILURE;
	}
	return status;
}

/* A connection to the daemon, or -1 with everything said and the exit status in *status. */
static int reach(const struct ask *a, int *status)
{
	int fd = connect_to(a->socket);

	*status = EBT_EXIT_FAILURE;
	if (fd >= 0)
		return fd;
	if (fd == -EACCES || fd == -EPERM) {
		ebt_error(
			"you may not ask the daemon at %s: be root, or a member of the group that "
			"`execbig-top daemon --group NAME` names",
			a->socket);
		*status = EBT_EXIT_PRIVILEGE;
	} else if (fd == -ENOENT || fd == -ECONNREFUSED) {
		ebt_error("no daemon listens at %s: `execbig-top daemon` starts one", a->socket);
	} else {
		ebt_error("cannot reach the daemon at %s: %s", a->socket, strerror(-fd));
	}
	return -1;
}

static int ask(struct ask *a, char **words, int n)
{
	_cleanup_buf_ struct ebt_buf request = { .limit = EBT_PH_REQUEST_MAX };
	int status, fd = reach(a, &status);

	if (fd < 0)
		return status;
	ebt_buf_puts(&request, strcmp(words[0], "attach") == 0 ? "events" : words[0]);
	for (int i = 1; i < n; i++) {
		if (strchr(words[i], '\n'))
			request.error = -EINVAL;
		ebt_buf_printf(&request, " %s", words[i]);
	}
	ebt_buf_puts(&request, "\n");
	if (request.error || send(fd, request.data, request.len, MSG_NOSIGNAL) < 0) {
		ebt_error("cannot ask the daemon: %s", request.error == -EINVAL
							       ? "no name has a line break in it"
						       : request.error ? "this is too long"
								       : strerror(errno));
		close(fd);
		return EBT_EXIT_FAILURE;
	}
	a->rows = json_array();
	status = read_answer(a, words[0], fd);
	json_decref(a->rows);
	return status;
}

/* attach on a terminal: two connections, one for questions and one for events. */
static int attach_screen(const struct ask *a)
{
	int status, requests = reach(a, &status), events;

	if (requests < 0)
		return status;
	events = reach(a, &status);
	if (events < 0) {
		ebt_cleanup_close(&requests);
		return status;
	}
	return ebt_homeo_screen(requests, events);
}

/* What stands behind a request, and how to say it. */
static const struct form {
	const char *word;
	int min, max;
	const char *wants;
} forms[] = {
	{ "ps", 0, 0, "nothing behind it" },
	{ "profiles", 0, 1, "count (pairs and bytes too) or nothing behind it" },
	{ "status", 0, 0, "nothing behind it" },
	{ "save", 0, 0, "nothing behind it" },
	{ "attach", 0, 0, "nothing behind it" },
	{ "set", 2, 2, "a name and a value; `execbig-top status` lists the names" },
	{ "respond", 2, 2, "a path, a program's name, #SLOT or a pid, then kill or default" },
	{ "inspect", 1, 1, "one path, program's name, #SLOT or pid" },
	{ "normalize", 1, 1, "one path, program's name, #SLOT or pid" },
	{ "sensitize", 1, 1, "one path, program's name, #SLOT or pid" },
	{ "tolerize", 1, 1, "one path, program's name, #SLOT or pid" },
};

static bool words_fit(const char *word, int n)
{
	for (size_t i = 0; i < EBT_ARRAY_SIZE(forms); i++) {
		if (strcmp(forms[i].word, word) != 0)
			continue;
		if (n >= forms[i].min && n <= forms[i].max)
			return true;
		ebt_error("%s wants %s; %d words were given", word, forms[i].wants, n);
		return false;
	}
	return false;
}

int ebt_homeo_client_main(int argc, char **argv)
{
	static const struct option options[] = {
		{ "json", no_argument, NULL, 'J' },
		{ "socket", required_argument, NULL, 's' },
		{ "help", no_argument, NULL, 'h' },
		{ 0 },
	};
	struct ask a = { .socket = EBT_PH_SOCKET };
	int c;

	optind = 1;
	while ((c = getopt_long(argc, argv, "Jh", options, NULL)) != -1) {
		if (c == 'J')
			a.json = true;
		else if (c == 's')
			a.socket = optarg;
		else if (c == 'h')
			a.help = true;
		else
			return EBT_EXIT_USAGE;
	}
	if (a.help) {
		fputs(usage, stdout);
		return EBT_EXIT_OK;
	}
	if (!words_fit(argv[0], argc - optind))
		return EBT_EXIT_USAGE;
	if (strcmp(argv[0], "attach") == 0 && !a.json && isatty(STDOUT_FILENO))
		return attach_screen(&a);
	/* The request: the name and what is left behind the options. */
	argv[optind - 1] = argv[0];
	return ask(&a, argv + optind - 1, argc - optind + 1);
}
