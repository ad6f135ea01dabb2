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

#include "app/homeo.h"
#include "app/homeo_screen.h"
#include "app/options.h"
#include "base/cleanup.h"
#include "base/log.h"
#include "base/text.h"
#include "homeo/server.h"

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
	bool titles; /* printed */
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

/* A daemon's text on our terminal: it came from file names. */
static void print_value(const json_t *v)
{
	_cleanup_buf_ struct ebt_buf text = { 0 };

	if (json_is_string(v)) {
		ebt_text_escape(&text,
				(struct ebt_bytes){ json_string_value(v), json_string_length(v) },
				0);
		fputs(text.data ? text.data : "", stdout);
	} else if (json_is_integer(v)) {
		printf("%lld", (long long)json_integer_value(v));
	} else if (json_is_object(v) || json_is_array(v)) {
		json_dumpf(v, stdout, JSON_COMPACT | JSON_ENSURE_ASCII);
	}
}

/* Tables: a title line from the first object's keys, then values with tabs between. */
static void print_row(struct ask *a, json_t *o)
{
	const char *key;
	json_t *v;
	bool first = true;

	if (!a->titles) {
		json_object_foreach(o, key, v)
		{
			printf("%s%s", first ? "" : "\t", key);
			first = false;
		}
		putchar('\n');
		a->titles = true;
		first = true;
	}
	json_object_foreach(o, key, v)
	{
		if (!first)
			putchar('\t');
		first = false;
		print_value(v);
	}
	putchar('\n');
}

static void print_pairs(json_t *o)
{
	const char *key;
	json_t *v;

	json_object_foreach(o, key, v)
	{
		if (json_is_object(v)) {
			printf("%s:\n", key);
			print_pairs(v);
		} else {
			printf("%-18s ", key);
			print_value(v);
			putchar('\n');
		}
	}
}

/* inspect: CURR PREV and the distances, as bits of A and B from 1 on. */
static void print_pair_rows(json_t *o)
{
	json_t *before = json_object_get(o, "before"), *e;
	size_t i;

	json_array_foreach(before, i, e)
	{
		int a = (int)json_integer_value(json_object_get(e, "a"));
		int b = (int)json_integer_value(json_object_get(e, "b"));

		printf("%-20s %-20s ", json_string_value(json_object_get(o, "call")),
		       json_string_value(json_object_get(e, "call")));
		for (int d = 0; d < EBT_PH_BEFORE; d++)
			putchar(b >> d & 1 ? 'N' : a >> d & 1 ? 't' : '.');
		putchar('\n');
	}
}

static void print_event(json_t *o)
{
	static const char *const keys[] = { "ts",   "level",  "pid", "exe",	 "event",
					    "call", "missed", "lfc", "anomalies" };

	for (size_t i = 0; i < EBT_ARRAY_SIZE(keys); i++) {
		const json_t *v = json_object_get(o, keys[i]);

		if (!v)
			continue;
		if (i)
			putchar(' ');
		if (i > 5)
			printf("%s=", keys[i]);
		print_value(v);
	}
	putchar('\n');
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
	} else if (a->json) {
		puts(line);
	} else if (strcmp(word, "status") == 0 || strcmp(word, "save") == 0) {
		print_pairs(o);
	} else if (strcmp(word, "inspect") == 0) {
		print_pair_rows(o);
	} else if (strcmp(word, "attach") == 0) {
		print_event(o);
	} else {
		print_row(a, o);
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

static int ask(struct ask *a, char **words, int n)
{
	_cleanup_buf_ struct ebt_buf request = { .limit = EBT_PH_REQUEST_MAX };
	int fd = connect_to(a->socket);

	if (fd < 0) {
		ebt_error("cannot reach the daemon at %s: %s; `execbig-top daemon` starts it",
			  a->socket, strerror(-fd));
		return fd == -EACCES ? EBT_EXIT_PRIVILEGE : EBT_EXIT_FAILURE;
	}
	ebt_buf_puts(&request, strcmp(words[0], "attach") == 0 ? "events" : words[0]);
	for (int i = 1; i < n; i++) {
		if (strchr(words[i], '\n'))
			request.error = -EINVAL;
		ebt_buf_printf(&request, " %s", words[i]);
	}
	ebt_buf_puts(&request, "\n");
	if (request.error || send(fd, request.data, request.len, MSG_NOSIGNAL) < 0) {
		ebt_error("cannot ask the daemon");
		close(fd);
		return EBT_EXIT_FAILURE;
	}
	return read_answer(a, words[0], fd);
}

/* attach on a terminal: two connections, one for questions and one for events. */
static int attach_screen(const struct ask *a)
{
	int requests = connect_to(a->socket), events = requests < 0 ? -1 : connect_to(a->socket);

	if (requests < 0 || events < 0) {
		ebt_error("cannot reach the daemon at %s: %s; `execbig-top daemon` starts it",
			  a->socket, strerror(requests < 0 ? -requests : -events));
		ebt_cleanup_close(&requests);
		return EBT_EXIT_FAILURE;
	}
	return ebt_homeo_screen(requests, events);
}

/* Number of words behind the request itself. */
static bool words_fit(const char *word, int n)
{
	if (strcmp(word, "set") == 0 || strcmp(word, "respond") == 0)
		return n == 2;
	if (strcmp(word, "profiles") == 0)
		return n <= 1;
	if (strcmp(word, "ps") == 0 || strcmp(word, "status") == 0 || strcmp(word, "save") == 0 ||
	    strcmp(word, "attach") == 0)
		return n == 0;
	return n == 1;
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
	while ((c = getopt_long(argc, argv, "+Jh", options, NULL)) != -1) {
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
	if (!words_fit(argv[0], argc - optind)) {
		fputs(usage, stderr);
		return EBT_EXIT_USAGE;
	}
	if (strcmp(argv[0], "attach") == 0 && !a.json && isatty(STDOUT_FILENO))
		return attach_screen(&a);
	/* The request: the name and what is left behind the options. */
	argv[optind - 1] = argv[0];
	return ask(&a, argv + optind - 1, argc - optind + 1);
}
