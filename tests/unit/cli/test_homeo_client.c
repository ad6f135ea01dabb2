/* SPDX-License-Identifier: BSD-3-Clause */
/* Tests of the commands that ask a daemon: a server of the test's own answers what they send. */
#include "options_test.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>

#include "cli/dispatch.h"

static char dir[] = "/tmp/ebt-client-XXXXXX", path[128];

/* Listen at path and fork a process that takes one request, checks it and sends the answer. */
static pid_t serve(const char *request, const char *answer)
{
	struct sockaddr_un addr = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM, 0), client;
	char got[1024];
	ssize_t n;
	pid_t pid;

	unlink(path);
	strcpy(addr.sun_path, path);
	assert_int_equal(bind(fd, (struct sockaddr *)&addr, sizeof(addr)), 0);
	assert_int_equal(listen(fd, 1), 0);
	fflush(stdout);
	pid = fork();
	assert_true(pid >= 0);
	if (pid) {
		close(fd);
		return pid;
	}
	alarm(60);
	client = accept(fd, NULL, NULL);
	n = read(client, got, sizeof(got) - 1);
	got[n > 0 ? n : 0] = '\0';
	if (*answer && write(client, answer, strlen(answer)) != (ssize_t)strlen(answer))
		_exit(3);
	close(client);
	_exit(strcmp(got, request) != 0 ? 1 : 0);
}

/* Run a command line in this process as the program would, and return its exit status. */
static int app(struct run *r, const char *words)
{
	int out_saved, err_saved, out_file, err_file, status;
	char *argv[20] = { (char *)"execbig-top" }, *copy = strdup(words), *at = copy;
	int argc = 1;

	while (at)
		argv[argc++] = strsep(&at, "|");
	argv[argc] = NULL;
	fflush(stdout);
	out_file = capture(STDOUT_FILENO, &out_saved);
	err_file = capture(STDERR_FILENO, &err_saved);
	status = ebt_app_main(argc, argv);
	fflush(stdout);
	uncapture(STDOUT_FILENO, out_saved, out_file, r->out, sizeof(r->out));
	uncapture(STDERR_FILENO, err_saved, err_file, r->err, sizeof(r->err));
	free(copy);
	return status;
}

/* Ask the server and expect status and texts on stdout and stderr. words end where the socket goes. */
static void asks(const char *words, const char *request, const char *answer, int status,
		 const char *text)
{
	char line[512];
	struct run r;
	pid_t pid = serve(request, answer);
	int got, how;

	snprintf(line, sizeof(line), "%s|--socket|%s", words, path);
	got = app(&r, line);
	assert_int_equal(waitpid(pid, &how, 0), pid);
	if (how)
		fail_msg("%s: sent something else than '%s'", words, request);
	if (got != status || !strstr(status ? r.err : r.out, text))
		fail_msg("%s: status %d, said '%s%s'", words, got, r.out, r.err);
}

static void answers(void **state)
{
	asks("status", "status\n", "{\"version\":\"1\",\"anomaly-limit\":30}\n{\"ok\":true}\n", 0,
	     "anomaly-limit");
	asks("ps", "ps\n",
	     "{\"pid\":4711,\"tid\":4712,\"comm\":\"sh\",\"exe\":\"/bin/sh\"}\n{\"ok\":true}\n", 0,
	     "/bin/sh");
	asks("ps|-J", "ps\n", "{\"pid\":4711}\n{\"ok\":true}\n", 0, "{\"pid\":4711}\n");
	asks("profiles|count", "profiles count\n",
	     "{\"slot\":3,\"exe\":\"/bin/ls\",\"calls\":77}\n{\"ok\":true}\n", 0, "/bin/ls");
	asks("inspect|/bin/ls", "inspect /bin/ls\n",
	     "{\"call\":\"read\",\"before\":[{\"call\":\"write\",\"a\":5,\"b\":1}]}\n{\"ok\":true}\n",
	     0, "read");
	asks("respond|/bin/ls|kill", "respond /bin/ls kill\n", "{\"ok\":true}\n", 0, "");
	asks("set|anomaly-limit|3", "set anomaly-limit 3\n",
	     "{\"ok\":false,\"error\":\"there is no setting so\"}\n", 1, "there is no setting so");
	asks("attach", "events\n",
	     "{\"event\":\"anomaly\",\"exe\":\"/bin/ls\",\"pid\":5,\"call\":\"read\"}\n{\"ok\":true}\n",
	     0, "/bin/ls");
	asks("save", "save\n", "", 1, "the daemon has ended");
	asks("save", "save\n", "no json\n", 1, "cannot be read");
}

static void no_daemon(void **state)
{
	struct run r;
	char line[256];

	unlink(path);
	snprintf(line, sizeof(line), "status|--socket|%s", path);
	assert_int_equal(app(&r, line), 1);
	assert_non_null(strstr(r.err, "no daemon listens at"));
	assert_int_equal(
		app(&r,
		    "status|--socket|/a/path/that/is/longer/than/any/address/of/a/unix/socket/can/be/because/that/has/one/hundred/and/eight/bytes"),
		1);
	assert_non_null(strstr(r.err, "cannot reach the daemon"));
}

/* What a request cannot hold is refused before it is sent: serve() sees nothing. */
static void unsendable(void **state)
{
	char line[512];
	struct run r;
	pid_t pid = serve("", "");
	int how;

	snprintf(line, sizeof(line), "inspect|a\nset monitoring 0|--socket|%s", path);
	assert_int_equal(app(&r, line), 1);
	assert_non_null(strstr(r.err, "no name has a line break in it"));
	assert_int_equal(waitpid(pid, &how, 0), pid);
	assert_int_equal(how, 0);
}

static void dispatched(void **state)
{
	struct run r;

	assert_int_equal(app(&r, "--version"), 0);
	assert_string_equal(r.out, "execbig-top " EBT_VERSION "\n");
	assert_int_equal(app(&r, "help|homeostasis|train"), 0);
	assert_non_null(strstr(r.out, "Usage: execbig-top homeostasis train"));
	assert_int_equal(app(&r, "help"), 0);
	assert_non_null(strstr(r.out, "Usage: execbig-top [OPTION...]"));
	assert_int_equal(app(&r, "help|chekc"), 2);
	assert_non_null(strstr(r.err, "did you mean 'check'?"));
	assert_int_equal(app(&r, "help|homeostasis|trian"), 2);
	assert_non_null(strstr(r.err, "did you mean 'train'?"));
	assert_int_equal(app(&r, "help|export|x"), 2);
	assert_int_equal(app(&r, "--print-bpf|--scratch=4096"), 0);
	assert_non_null(strstr(r.out, "#define"));
	assert_int_equal(app(&r, "demo"), 0);
	assert_non_null(strstr(r.out, "stack-limit"));
	assert_int_equal(app(&r, "demo|stack-limit|--source"), 0);
	assert_non_null(strstr(r.out, "SPDX"));
	assert_int_equal(app(&r, "--bpf-text|bpf_text|demo|stack-limit|--source"), 0);
	assert_non_null(strstr(r.out, "SPDX"));
	assert_int_equal(app(&r, "export|json|-r|/no/such/file"), 1);
	assert_non_null(strstr(r.err, "/no/such/file"));
	assert_int_equal(app(&r, "tune|--pid|1,2"), 1);
	assert_non_null(strstr(r.err, "name one process with --pid"));
	assert_int_equal(app(&r, "tune|--pid|4194304"), 1);
	assert_non_null(strstr(r.err, "process id 4194304"));
	assert_int_equal(app(&r, "chekc"), 2);
}

/* Help that cannot be written is a failure, whichever command is asked. */
static void full_device(void **state)
{
	static const char *const lines[] = { "--help",	      "check|--help",
					     "daemon|--help", "homeostasis|train|--help",
					     "help|ps",	      "--print-completion|zsh" };
	int saved, full;

	for (size_t i = 0; i < EBT_ARRAY_SIZE(lines); i++) {
		pid_t pid;
		int how;

		fflush(stdout);
		pid = fork();
		if (pid == 0) {
			struct run r;
			char *argv[8] = { (char *)"execbig-top" }, *at = strdup(lines[i]);
			int argc = 1;

			(void)r;
			while (at)
				argv[argc++] = strsep(&at, "|");
			full = open("/dev/full", O_WRONLY);
			saved = open("/dev/null", O_WRONLY);
			dup2(full, STDOUT_FILENO);
			dup2(saved, STDERR_FILENO);
			_exit(ebt_app_main(argc, argv));
		}
		assert_int_equal(waitpid(pid, &how, 0), pid);
		if (!WIFEXITED(how) || WEXITSTATUS(how) != 1)
			fail_msg("%s: status %x", lines[i], how);
	}
}

static void profiles_from_files(void **state)
{
	char line[512];
	struct run r;

	snprintf(line, sizeof(line),
		 "homeostasis|train|tests/data/syscall-traces/login-normal.txt.gz|-o|%s/p|-t", dir);
	assert_int_equal(app(&r, line), 0);
	assert_non_null(strstr(r.out, "distinct calls"));
	assert_non_null(strstr(r.out, "NEW-CALLS"));
	snprintf(line, sizeof(line),
		 "homeostasis|test|%s/p|-t|tests/data/syscall-traces/login-homegrown.txt.gz", dir);
	assert_int_equal(app(&r, line), 0);
	assert_non_null(strstr(r.out, "max LFC"));
	snprintf(line, sizeof(line), "homeostasis|train|%s/none|-o|%s/q", dir, dir);
	assert_int_equal(app(&r, line), 1);
	snprintf(line, sizeof(line), "homeostasis|train|x|-o|%s", dir);
	assert_int_equal(app(&r, line), 1);
	assert_non_null(strstr(r.err, "cannot write"));
	snprintf(line, sizeof(line), "homeostasis|test|%s/none|x", dir);
	assert_int_equal(app(&r, line), 1);
	snprintf(line, sizeof(line), "%s/p", dir);
	unlink(line);
}

static int make_directory(void **state)
{
	if (!mkdtemp(dir))
		return -1;
	snprintf(path, sizeof(path), "%s/socket", dir);
	return 0;
}

static int remove_directory(void **state)
{
	unlink(path);
	return rmdir(dir);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(answers),     cmocka_unit_test(no_daemon),
		cmocka_unit_test(unsendable),  cmocka_unit_test(dispatched),
		cmocka_unit_test(full_device), cmocka_unit_test(profiles_from_files),
	};
	return cmocka_run_group_tests(tests, make_directory, remove_directory);
}
