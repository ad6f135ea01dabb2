/* SPDX-License-Identifier: BSD-3-Clause */
/* homeo_client.c - send one request to the daemon and print its answer. */
#include <errno.h>
#include <poll.h>
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

/* A request and what has been received of its answer. */
struct client_answer {
	const struct ebt_homeo_request *request;
	json_t *rows; /* owned: a table is printed once all of its rows are here */
};

static int client_connect(const char *path)
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

/* Handle one line of the answer. Return the exit status if it is the last one, else -1. */
static int client_take_line(struct client_answer *a, const char *line)
{
	json_t *o = json_loads(line, 0, NULL), *done;
	const char *word = a->request->word;
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
	} else if (a->request->json) {
		puts(line);
	} else if (strcmp(word, "ps") == 0 || strcmp(word, "profiles") == 0) {
		json_array_append(a->rows, o);
	} else {
		ebt_homeo_print(word, o);
	}
	json_decref(o);
	return status;
}

/* Wait for a line of a client that follows what happens. Return false if nobody reads our output any
 * more, also if no line comes. */
static bool client_await_line(int fd)
{
	struct pollfd fds[2] = { { .fd = fd, .events = POLLIN }, { .fd = STDOUT_FILENO } };

	while (poll(fds, 2, -1) < 0 && errno == EINTR)
		;
	return !(fds[1].revents & (POLLERR | POLLHUP));
}

static int client_read_answer(struct client_answer *a, int fd)
{
	bool follows = strcmp(a->request->word, "attach") == 0;
	_cleanup_fclose_ FILE *in = fdopen(fd, "r");
	_cleanup_free_ char *line = NULL;
	size_t cap = 0;
	int status = -1;

	if (!in) {
		close(fd);
		ebt_error("out of memory");
		return EBT_EXIT_FAILURE;
	}
	if (follows)
		setvbuf(in, NULL, _IONBF, 0); /* no line waits where poll does not see it */
	while (status < 0) {
		if (follows && !client_await_line(fd))
			return EBT_EXIT_OK;
		if (getline(&line, &cap, in) <= 0)
			break;
		line[strcspn(line, "\n")] = '\0';
		status = client_take_line(a, line);
		if (follows)
			fflush(stdout);
	}
	if (status < 0) {
		ebt_error("the daemon has ended");
		return EBT_EXIT_FAILURE;
	}
	return status;
}

/* Connect to the daemon. On failure print the error, set the exit status and return -1. */
static int client_reach(const struct ebt_homeo_request *r, int *status)
{
	int fd = client_connect(r->socket);

	*status = EBT_EXIT_FAILURE;
	if (fd >= 0)
		return fd;
	if (fd == -EACCES || fd == -EPERM) {
		ebt_error(
			"you may not ask the daemon at %s: be root, or a member of the group that `execbig-top daemon --group NAME` names",
			r->socket);
		*status = EBT_EXIT_PRIVILEGE;
	} else if (fd == -ENOENT || fd == -ECONNREFUSED) {
		ebt_error("no daemon listens at %s: `execbig-top daemon` starts one", r->socket);
	} else {
		ebt_error("cannot reach the daemon at %s: %s", r->socket, strerror(-fd));
	}
	return -1;
}

int ebt_homeo_request(const struct ebt_homeo_request *r)
{
	struct client_answer answer = { .request = r };
	_cleanup_buf_ struct ebt_buf line = { .limit = EBT_PH_REQUEST_MAX };
	int status, fd = client_reach(r, &status);

	if (fd < 0)
		return status;
	ebt_buf_puts(&line, strcmp(r->word, "attach") == 0 ? "events" : r->word);
	for (char **operand = r->operands; *operand; operand++) {
		if (strchr(*operand, '\n'))
			line.error = -EINVAL;
		ebt_buf_printf(&line, " %s", *operand);
	}
	ebt_buf_puts(&line, "\n");
	if (line.error || send(fd, line.data, line.len, MSG_NOSIGNAL) < 0) {
		ebt_error("cannot ask the daemon: %s", line.error == -EINVAL
							       ? "no name has a line break in it"
						       : line.error ? "this is too long"
								    : strerror(errno));
		close(fd);
		return EBT_EXIT_FAILURE;
	}
	answer.rows = json_array();
	status = client_read_answer(&answer, fd);
	json_decref(answer.rows);
	return status;
}

int ebt_homeo_attach(const struct ebt_homeo_request *r)
{
	int status, requests = client_reach(r, &status), events;

	if (requests < 0)
		return status;
	events = client_reach(r, &status);
	if (events < 0) {
		ebt_cleanup_close(&requests);
		return status;
	}
	return ebt_homeo_screen(requests, events);
}
