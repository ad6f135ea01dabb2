/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * loader_test.h - a tracer on a kernel in memory whose compiler is a script: it writes the image of
 * image_of_tracer.h whatever it is asked for. Include it once in a test.
 */
#ifndef EBT_TESTS_LOADER_TEST_H
#define EBT_TESTS_LOADER_TEST_H

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/io.h"
#include "bpf/fake_bpf.h"
#include "bpf/image_of_tracer.h"
#include "ipc/protocol.h"
#include "processes/loader/tracer.h"

#define LOADER_TEST_SCRIPT                                                  \
	"#!/bin/sh\n"                                                       \
	"cat >/dev/null\n"                                                  \
	"[ ! -e %1$s/refuse ] || { echo 'text:1: no good' >&2; exit 1; }\n" \
	"case \"$*\" in\n"                                                  \
	"*--listing*) cat %1$s/listing ;;\n"                                \
	"*--disassemble*) cat %1$s/native ;;\n"                             \
	"*) cat %1$s/image ;;\n"                                            \
	"esac\n"

static struct loader_test {
	char dir[32], compiler[64];
	struct ebt_failure failure;
	struct ebt_msg got; /* the message taken last, and its descriptors */
	int fds[EBT_MSG_FDS];
} loader_test;

static inline void loader_test_write(const char *name, const void *data, size_t len, mode_t mode)
{
	char path[64];
	int fd;

	snprintf(path, sizeof(path), "%s/%s", loader_test.dir, name);
	fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode);
	if (fd < 0 || ebt_write_all(fd, data, len))
		abort();
	close(fd);
}

static inline void loader_test_remove(const char *name)
{
	char path[64];

	snprintf(path, sizeof(path), "%s/%s", loader_test.dir, name);
	unlink(path);
}

static inline void loader_test_begin(void)
{
	_cleanup_image_ struct ebt_image *image = tracer_image();
	_cleanup_buf_ struct ebt_buf file = { 0 }, listing = { 0 };
	char script[600];
	uint64_t bytes;

	fake_bpf_reset();
	loader_test =
		(struct loader_test){ .dir = "/tmp/ebt-loader-XXXXXX", .fds = { -1, -1, -1, -1 } };
	if (!mkdtemp(loader_test.dir))
		abort();
	snprintf(loader_test.compiler, sizeof(loader_test.compiler), "%s/compile", loader_test.dir);
	snprintf(script, sizeof(script), LOADER_TEST_SCRIPT, loader_test.dir);
	loader_test_write("compile", script, strlen(script), 0700);
	image->key = strdup("");
	ebt_image_write(image, &file);
	loader_test_write("image", file.data, file.len, 0600);
	bytes = file.len;
	ebt_buf_append(&listing, &bytes, sizeof(bytes));
	ebt_buf_append(&listing, file.data, file.len);
	ebt_buf_puts(&listing, "prog ebt_on_exec\n0 7 exec.bpf.c\n");
	loader_test_write("listing", listing.data, listing.len, 0600);
	loader_test_write("native", "prog 0\n0 1 nop\n", 15, 0600);
}

static inline void loader_test_end(void)
{
	static const char *const names[] = { "compile", "image", "listing", "native", "refuse" };

	for (size_t i = 0; i < EBT_ARRAY_SIZE(names); i++)
		loader_test_remove(names[i]);
	rmdir(loader_test.dir);
	for (int i = 0; i < EBT_MSG_FDS; i++)
		ebt_cleanup_close(&loader_test.fds[i]);
	ebt_buf_free(&loader_test.failure.words);
	fake_bpf_reset();
}

/* A tracer with the script for its compiler, without cache. */
static inline void loader_test_open(struct ebt_tracer *t)
{
	ebt_tracer_init(t);
	t->images.shipped = -1;
	ebt_buf_puts(&t->images.text, "text");
	strcpy(t->images.compiler, loader_test.compiler);
	strcpy(t->images.headers.source, "/");
	if (ebt_programs_new(&t->programs))
		abort();
}

/* Take the next message from a socket. Return its type, or 0 if there is none. */
static inline uint32_t loader_test_take(int sock)
{
	for (int i = 0; i < EBT_MSG_FDS; i++)
		ebt_cleanup_close(&loader_test.fds[i]);
	for (int i = 0; i < EBT_MSG_FDS; i++)
		loader_test.fds[i] = -1;
	return ebt_msg_receive(sock, &loader_test.got, loader_test.fds) == 1 ? loader_test.got.type
									     : 0;
}

#endif
