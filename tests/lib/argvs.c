/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * argvs FILE [PROGRAM] - start PROGRAM once with each argument vector of FILE, one after the other,
 * or print the vectors: each argument with a NUL, each vector with a newline and a NUL. A line of
 * FILE holds arguments as hexadecimal bytes, separated by blanks; - is an empty argument.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static void die(const char *what)
{
	perror(what);
	exit(1);
}

static unsigned digit(char c)
{
	return c <= '9' ? (unsigned)(c - '0') : (unsigned)(c - 'a' + 10);
}

/* Turn the hexadecimal text into the bytes, in its place. */
static void from_hex(char *text)
{
	char *to = text;

	if (strcmp(text, "-") != 0)
		for (; text[0] && text[1]; text += 2)
			*to++ = (char)(digit(text[0]) << 4 | digit(text[1]));
	*to = '\0';
}

static void start(const char *program, char **argv)
{
	int status;
	pid_t pid = fork();

	if (pid < 0)
		die("fork");
	if (pid == 0) {
		execve(program, argv, (char *[]){ NULL });
		_exit(127);
	}
	if (waitpid(pid, &status, 0) < 0 || (WIFEXITED(status) && WEXITSTATUS(status) == 127))
		die(program);
}

int main(int argc, char **argv)
{
	FILE *file = argc > 1 ? fopen(argv[1], "re") : NULL;
	char *line = NULL, *args[64];
	size_t size = 0;

	if (!file)
		die("argvs");
	while (getline(&line, &size, file) > 0) {
		unsigned count = 0;

		for (char *p = strtok(line, " \n"); p && count < 63; p = strtok(NULL, " \n")) {
			from_hex(p);
			args[count++] = p;
		}
		args[count] = NULL;
		if (argc > 2) {
			start(argv[2], args);
			continue;
		}
		for (unsigned i = 0; i < count; i++)
			fwrite(args[i], 1, strlen(args[i]) + 1, stdout);
		fwrite("\n", 1, 2, stdout);
	}
	free(line);
	fclose(file);
	return 0;
}
