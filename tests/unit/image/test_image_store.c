/* SPDX-License-Identifier: BSD-3-Clause */
/* Images from the compiler, from the cache, and from beside the program; a script is the compiler. */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/arch.h"
#include "base/cleanup.h"
#include "base/io.h"
#include "image/cache.h"
#include "image/image_store.h"
#include "image/text_source.h"
#include "image_test.h"

static char dir[32];
static bool secure, has_compiler, has_headers, has_images;
static struct ebt_images images;
static struct ebt_failure failure;
static const struct ebt_params params = { .scratch_bytes = 8192, .ring_bytes = 65536 };

/* The text and the compiler of the test, in place of those beside the program. */
int ebt_source_compose(const char *from, struct ebt_buf *out, char *why, size_t why_len)
{
	if (from) {
		snprintf(why, why_len, "no text in %s", from);
		return -ENOENT;
	}
	return ebt_buf_puts(out, "text");
}

int ebt_source_compose_homeostasis(const char *from, struct ebt_buf *out, char *why, size_t why_len)
{
	(void)from, (void)why, (void)why_len;
	return ebt_buf_puts(out, "another text");
}

static int place(char path[PATH_MAX], const char *name, bool is_there)
{
	snprintf(path, PATH_MAX, "%s/%s", dir, name);
	return is_there ? 0 : -ENOENT;
}

int ebt_source_compiler(char path[PATH_MAX])
{
	return place(path, "compile", has_compiler);
}

int ebt_source_images(char path[PATH_MAX], uid_t *owner)
{
	*owner = getuid();
	return place(path, "images", has_images);
}

int ebt_source_headers(char path[PATH_MAX])
{
	return place(path, "headers", has_headers);
}

bool ebt_source_is_secure(void)
{
	return secure;
}

static void put(const char *name, const void *data, size_t len, mode_t mode)
{
	char path[64];
	int fd;

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode);
	assert_true(fd >= 0);
	assert_int_equal(ebt_write_all(fd, data, len), 0);
	close(fd);
}

/* A compiler that says which flags it got, and then does this. */
static void compiler(const char *does)
{
	char script[400];

	snprintf(script, sizeof(script),
		 "#!/bin/sh\ncat >%s/text\necho \"$*\" >%s/flags\necho words >&2\n%s\n", dir, dir,
		 does);
	put("compile", script, strlen(script), 0700);
}

static bool compiled_with(const char *words)
{
	char path[64], text[512] = "";
	_cleanup_fclose_ FILE *f = NULL;

	snprintf(path, sizeof(path), "%s/flags", dir);
	f = fopen(path, "re");
	return f && fgets(text, sizeof(text), f) && strstr(text, words);
}

static int set_up(void **state)
{
	_cleanup_image_ struct ebt_image *im = image_test_new();
	_cleanup_buf_ struct ebt_buf file = { 0 };

	(void)state;
	strcpy(dir, "/tmp/ebt-store-XXXXXX");
	if (!mkdtemp(dir))
		return -1;
	secure = has_images = false;
	has_compiler = has_headers = true;
	failure = (struct ebt_failure){ 0 };
	assert_int_equal(ebt_image_write(im, &file), 0);
	put("image", file.data, file.len, 0600);
	compiler("cat \"${0%compile}image\"");
	return 0;
}

static int tear_down(void **state)
{
	char command[64];

	(void)state;
	ebt_images_close(&images);
	ebt_buf_free(&failure.words);
	snprintf(command, sizeof(command), "rm -rf %s", dir);
	return system(command);
}

static int open_with(struct ebt_images_options o)
{
	static char cache[64];

	ebt_images_close(&images);
	snprintf(cache, sizeof(cache), "%s/cache", dir);
	if (!o.cache_dir)
		o.cache_dir = cache;
	failure.text[0] = '\0';
	ebt_buf_reset(&failure.words);
	return ebt_images_open(&images, &o, &failure);
}

static int get(uint64_t *compile_ns)
{
	_cleanup_image_ struct ebt_image *im = NULL;
	int err = ebt_images_get(&images, &params, &im, compile_ns, &failure);

	assert_int_equal(!err, im != NULL);
	if (im)
		assert_int_equal(im->n_progs, 2);
	return err;
}

static void test_cache(void **state)
{
	uint64_t compile_ns;

	(void)state;
	assert_int_equal(open_with((struct ebt_images_options){ 0 }), 0);
	assert_int_equal(get(&compile_ns), 0);
	assert_true(compile_ns > 0);
	assert_true(compiled_with("--headers"));
	assert_true(compiled_with("-DEBT_SCRATCH_BYTES=8192"));
	compiler("exit 1");
	assert_int_equal(get(&compile_ns), 0);
	assert_int_equal(compile_ns, 0);
	/* Another text is another image. */
	assert_int_equal(open_with((struct ebt_images_options){ .homeostasis = true }), 0);
	assert_int_equal(get(&compile_ns), -EIO);
	assert_int_equal(open_with((struct ebt_images_options){ .no_cache = true }), 0);
	assert_int_equal(get(&compile_ns), -EIO);
	assert_string_equal(failure.text, "the BPF text does not compile; the compiler says:");
	assert_string_equal(failure.words.data, "words\n");
	assert_false(failure.is_log);
}

/* A damaged entry counts as none. */
static void test_damaged(void **state)
{
	char command[128];
	uint64_t compile_ns;

	(void)state;
	assert_int_equal(open_with((struct ebt_images_options){ 0 }), 0);
	assert_int_equal(get(&compile_ns), 0);
	snprintf(command, sizeof(command), "for f in %s/cache/image-*; do echo x >$f; done", dir);
	assert_int_equal(system(command), 0);
	assert_int_equal(get(&compile_ns), 0);
	assert_true(compile_ns > 0);
	assert_int_equal(get(&compile_ns), 0);
	assert_int_equal(compile_ns, 0);
}

static void test_failures(void **state)
{
	uint64_t compile_ns;

	(void)state;
	assert_int_equal(open_with((struct ebt_images_options){ .no_cache = true }), 0);
	compiler("kill -9 $$");
	assert_int_equal(get(&compile_ns), -EINTR);
	assert_string_equal(failure.text,
			    "the compiler was ended by signal 9 (SIGKILL) before it was "
			    "done: has the machine too little memory?");
	failure.text[0] = '\0';
	compiler("kill -15 $$");
	assert_int_equal(get(&compile_ns), -EINTR);
	assert_string_equal(failure.text,
			    "the compiler was ended by signal 15 (SIGTERM) before it was done");
	failure.text[0] = '\0';
	compiler("echo this is no image");
	assert_int_equal(get(&compile_ns), -EBADMSG);
	assert_string_equal(failure.text, "the compiler's result is not usable: it is too short");
	failure.text[0] = '\0';
	put("compile", "", 0, 0600);
	assert_int_equal(get(&compile_ns), -ENOEXEC);
	assert_string_equal(failure.text, "the compiler could not be started");
}

static void test_timeout(void **state)
{
	struct ebt_build_request request = { .timeout_ms = 1, .headers = "/" };
	struct ebt_build build;
	char path[64];

	(void)state;
	compiler("exec sleep 1000");
	snprintf(path, sizeof(path), "%s/compile", dir);
	request.compiler = path;
	assert_int_equal(ebt_build_start(&build, &request), 0);
	assert_int_equal(ebt_build_wait(&build), -ETIME);
	assert_non_null(strstr(build.messages.data, "the compiler took too long and was ended\n"));
	ebt_build_free(&build);
	assert_int_equal(build.pid, -1);
}

/* Images that the build made need no compiler. */
static void test_shipped(void **state)
{
	_cleanup_image_ struct ebt_image *im = image_test_new(), *got = NULL;
	_cleanup_buf_ struct ebt_buf key = { 0 }, file = { 0 };
	char path[64], why[128];
	uint64_t compile_ns;
	int shipped;

	(void)state;
	snprintf(path, sizeof(path), "%s/images", dir);
	assert_int_equal(mkdir(path, 0755), 0);
	shipped = ebt_cache_open_shipped(path, getuid(), why, sizeof(why));
	assert_true(shipped >= 0);
	assert_int_equal(
		ebt_params_key(&params, ebt_bytes_from("text"), "own", EBT_ARCH_MACHINE, &key), 0);
	free(im->key);
	im->key = TAKE_PTR(key.data);
	im->key_len = key.len;
	assert_int_equal(ebt_image_write(im, &file), 0);
	assert_int_equal(ebt_cache_store_image(shipped, (struct ebt_bytes){ im->key, im->key_len },
					       (struct ebt_bytes){ file.data, file.len }),
			 0);
	compiler("exit 1");
	assert_int_equal(open_with((struct ebt_images_options){ .no_cache = true }), 0);
	images.shipped = shipped;
	assert_int_equal(get(&compile_ns), 0);
	assert_int_equal(compile_ns, 0);
	/* A directory that others can write is not used. */
	assert_int_equal(chmod(path, 0777), 0);
	assert_int_equal(ebt_cache_open_shipped(path, getuid(), why, sizeof(why)), -EPERM);
	assert_non_null(strstr(why, "are not used"));
	assert_int_equal(ebt_cache_open_shipped("/no/such", 0, why, sizeof(why)), -ENOENT);
}

/* With privileges that the user does not have nothing of his becomes a program. */
static void test_secure(void **state)
{
	(void)state;
	secure = true;
	assert_int_equal(open_with((struct ebt_images_options){ .text_dir = "/mine" }), -EPERM);
	assert_non_null(strstr(failure.text, "--bpf-text is refused"));
	assert_int_equal(open_with((struct ebt_images_options){ .headers = EBT_HEADERS_DIR,
								.headers_dir = "/mine" }),
			 -EPERM);
	assert_non_null(strstr(failure.text, "--headers DIR is refused"));
	assert_int_equal(open_with((struct ebt_images_options){ 0 }), 0);
	assert_int_equal(images.cache, -1);
}

static void test_missing(void **state)
{
	(void)state;
	assert_int_equal(open_with((struct ebt_images_options){ .text_dir = "/mine" }), -ENOENT);
	assert_string_equal(failure.text, "no text in /mine");
}

/* Without compiler or headers, as where their package is not installed, all images that are there
 * are used, and another one is refused with the name of the package. */
static void test_no_compiler(void **state)
{
	_cleanup_image_ struct ebt_image *image = NULL;
	uint64_t ns;

	(void)state;
	for (int missing = 0; missing < 2; missing++) {
		has_headers = missing != 0;
		has_compiler = missing != 1;
		assert_int_equal(open_with((struct ebt_images_options){ .no_cache = true }), 0);
		assert_int_equal(ebt_images_get(&images, &params, &image, &ns, &failure), -ENOENT);
		assert_non_null(strstr(failure.text, "install the package execbig-top-compile"));
		assert_null(image);
	}
}

static void test_headers(void **state)
{
	struct ebt_headers_tree tree;
	const char *extra[EBT_HEADERS_FLAGS + 1];
	char tried[PATH_MAX], command[128];

	(void)state;
	assert_int_equal(ebt_headers_find(dir, &tree, tried), -ENOENT);
	assert_string_equal(tried, dir);
	assert_int_equal(open_with((struct ebt_images_options){ .headers = EBT_HEADERS_DIR,
								.headers_dir = dir }),
			 -ENOENT);
	assert_non_null(strstr(failure.text, "holds no kernel headers"));
	snprintf(command, sizeof(command),
		 "mkdir -p %s/include/linux && touch %s/include/linux/kconfig.h", dir, dir);
	assert_int_equal(system(command), 0);
	assert_int_equal(ebt_headers_find(dir, &tree, tried), 0);
	assert_string_equal(tree.source, dir);
	assert_int_equal(ebt_headers_extra(&tree, extra), 0);
	assert_null(extra[0]);
	strcpy(tree.flags[0], "-I/a");
	strcpy(tree.flags[1], "-I/b");
	assert_int_equal(ebt_headers_extra(&tree, extra), 2);
	assert_string_equal(extra[1], "-I/b");
	assert_null(extra[2]);
	assert_int_equal(open_with((struct ebt_images_options){ .headers = EBT_HEADERS_DIR,
								.headers_dir = dir }),
			 0);
	assert_true(images.custom_headers);
	assert_string_equal(images.headers.source, dir);
}

#define T(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(test_cache),	 T(test_damaged),     T(test_failures),
		T(test_timeout), T(test_shipped),     T(test_secure),
		T(test_missing), T(test_no_compiler), T(test_headers),
	};

	images = (struct ebt_images){ .cache = -1, .shipped = -1 };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
