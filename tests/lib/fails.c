/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * fails DIR MARKER - execs that cannot succeed, each in a child, working in the empty directory
 * DIR; prints for each what it tried and what the kernel answered, one JSON object a line. "args"
 * is what can be read behind the pointers that were passed, "whole" false when that is not all.
 */
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#include "tool.h"

static char *no_env[] = { NULL };
static const char *marker;
/* The child's result, for its parent. */
static struct shared {
	int error;
} * shared;

struct attempt {
	const char *name;
	const char *filename; /* as passed; NULL: a pointer to nowhere */
	char **argv;	      /* NULL: {MARKER, name} */
	const char *shown;    /* JSON for args, when argv cannot be read */
	bool at;	      /* by execveat(fd, …, flags) */
	int fd, flags;
	bool not_whole;
};

static void file(const char *name, const char *text, mode_t mode)
{
	int fd = open(name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0700);

	if (fd < 0 || write(fd, text, strlen(text)) < 0 || fchmod(fd, mode))
		tool_die(name);
	close(fd);
}

static char *filled(size_t len, char byte)
{
	char *text = malloc(len + 1);

	if (!text)
		tool_die("malloc");
	memset(text, byte, len);
	text[len] = '\0';
	return text;
}

static void print(const struct attempt *a, char *const argv[], pid_t pid, int error)
{
	static char text[4 << 20];
	char *p = text;

	p += sprintf(p, "{\"case\":\"%s\",\"pid\":%d,\"ret\":%d,\"errno\":\"%s\",\"whole\":%s",
		     a->name, (int)pid, -error, strerrorname_np(error),
		     a->not_whole ? "false" : "true");
	p = stpcpy(p, ",\"filename\":");
	p = a->filename ? tool_json_string(p, a->filename) : stpcpy(p, "null");
	p = stpcpy(p, ",\"args\":[");
	for (int i = 0; !a->shown && argv[i]; i++) {
		if (i)
			*p++ = ',';
		p = tool_json_string(p, argv[i]);
	}
	p = stpcpy(p, a->shown ? a->shown : "");
	p = stpcpy(p, "]}\n");
	if (fwrite(text, 1, (size_t)(p - text), stdout) != (size_t)(p - text))
		tool_die("write");
	fflush(stdout);
}

/* A page that nobody has touched since the fork is not there to be read for a tracer. */
static void touch(const char *text)
{
	volatile size_t sum = 0;

	for (; text && *text; text++)
		sum += (unsigned char)*text;
	sum += text ? (size_t)(unsigned char)*text : 0;
	(void)sum;
}

static void try(const struct attempt *a)
{
	char *plain[] = { (char *)marker, (char *)a->name, "two words", "", NULL };
	char **argv = a->argv ? a->argv : plain;
	const char *filename = a->filename ? a->filename : (const char *)16;
	pid_t pid = fork();

	if (pid < 0)
		tool_die("fork");
	if (pid == 0) {
		prctl(PR_SET_NAME, a->name);
		touch(a->filename);
		for (int i = 0; !a->shown && argv[i]; i++)
			touch(argv[i]);
		if (a->at)
			syscall(SYS_execveat, a->fd, filename, argv, no_env, a->flags);
		else
			syscall(SYS_execve, filename, argv, no_env);
		shared->error = errno;
		_exit(0);
	}
	if (waitpid(pid, NULL, 0) != pid)
		tool_die("waitpid");
	print(a, argv, pid, shared->error);
}

/* The last pointer lies on a page that is not there. */
static char **cut_list(void)
{
	long page = sysconf(_SC_PAGESIZE);
	char *two = mmap(NULL, 2 * (size_t)page, PROT_READ | PROT_WRITE,
			 MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	char **list = (char **)(two + page) - 2;

	if (two == MAP_FAILED || munmap(two + page, (size_t)page))
		tool_die("mmap");
	list[0] = (char *)marker;
	list[1] = "before the hole";
	return list;
}

static char **many_args(int many)
{
	char **list = calloc((size_t)many + 1, sizeof(*list));

	if (!list)
		tool_die("calloc");
	for (int i = 0; i < many; i++)
		if (asprintf(&list[i], "%s-%d", marker, i) < 0)
			tool_die("asprintf");
	return list;
}

static void by_execve(void)
{
	char bad_pointer[256];
	int busy;

	snprintf(bad_pointer, sizeof(bad_pointer), "\"%s\",\"before the hole\"", marker);
	try(&(struct attempt){ .name = "not-there", .filename = "./not-there" });
	try(&(struct attempt){ .name = "empty-name", .filename = "" });
	try(&(struct attempt){ .name = "bad-name", .not_whole = true });
	try(&(struct attempt){ .name = "no-such-dir", .filename = "/no/such/dir/program" });
	file("plain", "text", 0644);
	try(&(struct attempt){ .name = "not-executable", .filename = "./plain" });
	try(&(struct attempt){ .name = "directory", .filename = "." });
	try(&(struct attempt){ .name = "below-a-file", .filename = "plain/program" });
	file("garbage", "neither ELF nor #!\n", 0755);
	try(&(struct attempt){ .name = "no-format", .filename = "./garbage" });
	file("script", "#!/no/such/interpreter\n", 0755);
	try(&(struct attempt){ .name = "no-interpreter", .filename = "./script" });
	if (symlink("loop", "loop"))
		tool_die("symlink");
	try(&(struct attempt){ .name = "loop", .filename = "./loop" });
	try(&(struct attempt){ .name = "long-component", .filename = filled(256, 'c') });
	try(&(struct attempt){
		.name = "long-path", .filename = filled(5000, '/'), .not_whole = true });
	file("busy", "#!/bin/sh\n", 0755);
	busy = open("busy", O_WRONLY | O_CLOEXEC);
	try(&(struct attempt){ .name = "busy", .filename = "./busy" });
	close(busy);
	try(&(struct attempt){ .name = "bad-name", .filename = NULL, .not_whole = true });
	try(&(struct attempt){ .name = "bad-list",
			       .filename = "/bin/true",
			       .argv = (char **)16,
			       .shown = "",
			       .not_whole = true });
	try(&(struct attempt){ .name = "cut-list",
			       .filename = "/bin/true",
			       .argv = cut_list(),
			       .shown = bad_pointer,
			       .not_whole = true });
	try(&(struct attempt){ .name = "too-big",
			       .filename = "/bin/true",
			       .argv = (char *[]){ (char *)marker, filled(128 << 10, 'b'), NULL },
			       .not_whole = true });
	try(&(struct attempt){ .name = "long-args",
			       .filename = "./not-there",
			       .argv = (char *[]){ (char *)marker, filled(900, 'l'),
						   filled(900, 'm'), "\xc3\xa4\n\"", NULL } });
	try(&(struct attempt){
		.name = "many-args", .filename = "./not-there", .argv = many_args(100) });
	try(&(struct attempt){ .name = "too-many-args",
			       .filename = "./not-there",
			       .argv = many_args(300),
			       .not_whole = true });
}

static void by_execveat(void)
{
	int dir = open(".", O_PATH | O_DIRECTORY | O_CLOEXEC);
	int plain = open("plain", O_PATH | O_CLOEXEC);
	int script = open("script-ok", O_RDONLY | O_CREAT | O_CLOEXEC, 0755);

	file("script-ok", "#!/bin/true\n", 0755);
	if (symlink("/bin/true", "link"))
		tool_die("symlink");
	try(&(struct attempt){
		.name = "at-not-there", .filename = "not-there", .at = true, .fd = dir });
	try(&(struct attempt){
		.name = "at-bad-fd", .filename = "program", .at = true, .fd = 9999 });
	try(&(struct attempt){ .name = "at-bad-flags",
			       .filename = "program",
			       .at = true,
			       .fd = dir,
			       .flags = 0x40000 });
	try(&(struct attempt){ .name = "at-symlink",
			       .filename = "link",
			       .at = true,
			       .fd = dir,
			       .flags = AT_SYMLINK_NOFOLLOW });
	try(&(struct attempt){ .name = "at-empty-path",
			       .filename = "",
			       .at = true,
			       .fd = plain,
			       .flags = AT_EMPTY_PATH });
	try(&(struct attempt){ .name = "at-below-file", .filename = "x", .at = true, .fd = plain });
	/* A script by a descriptor that exec closes: its interpreter would not find it. */
	try(&(struct attempt){ .name = "at-script-closed",
			       .filename = "",
			       .at = true,
			       .fd = script,
			       .flags = AT_EMPTY_PATH });
}

int main(int argc, char **argv)
{
	if (argc != 3 || chdir(argv[1])) {
		fprintf(stderr, "usage: fails DIR MARKER\n");
		return 2;
	}
	marker = argv[2];
	shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1,
		      0);
	if (shared == MAP_FAILED)
		tool_die("mmap");
	by_execve();
	by_execveat();
	return 0;
}
