/* SPDX-License-Identifier: BSD-3-Clause */
#include "image/image_store.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/arch.h"
#include "base/cleanup.h"
#include "base/clock.h"
#include "base/failure.h"
#include "base/log.h"
#include "image/cache.h"
#include "image/members.h"
#include "image/text_source.h"

/* Find our headers, which may be missing, or those that --headers asks for. Return 0, or -ENOENT with failure filled. */
static int store_choose_headers(struct ebt_images *im, const struct ebt_images_options *options,
				struct ebt_failure *failure)
{
	struct utsname uts;
	char tried[PATH_MAX];

	if (options->headers != EBT_HEADERS_KERNEL && options->headers != EBT_HEADERS_DIR) {
		if (ebt_source_headers(im->headers.source))
			im->headers.source[0] = '\0';
		return 0;
	}
	im->custom_headers = true;
	if (ebt_headers_find(options->headers == EBT_HEADERS_DIR ? options->headers_dir : NULL,
			     &im->headers, tried) == 0)
		return 0;
	uname(&uts);
	return ebt_failure_set(
		failure, -ENOENT,
		"--headers: %s holds no kernel headers; install linux-headers-%s, name their directory, or leave --headers out: execbig-top needs none",
		tried, uts.release);
}

/* Open the directory of the images that the build made of the default settings, because of which the
 * first start needs no compiler. Return -1 if there is none. */
static int store_open_shipped(void)
{
	char path[PATH_MAX], why[512] = "";
	uid_t owner;
	int fd;

	if (ebt_source_images(path, &owner))
		return -1;
	fd = ebt_cache_open_shipped(path, owner, why, sizeof(why));
	if (fd == -EPERM)
		ebt_warn("%s", why);
	return fd < 0 ? -1 : fd;
}

/* If the user lacks the privileges of this process (file capabilities, setuid), nothing that the
 * user could have written may become a program of the kernel, because such a program can read all
 * memory. */
static int images_check_secure(const struct ebt_images_options *options,
			       struct ebt_failure *failure)
{
	if (options->text_dir)
		return ebt_failure_set(failure, -EPERM, "%s", EBT_SOURCE_IS_REFUSED);
	if (options->headers == EBT_HEADERS_DIR)
		return ebt_failure_set(
			failure, -EPERM,
			"--headers DIR is refused, because execbig-top has its privileges from file capabilities or setuid: run it as root with sudo");
	return 0;
}

int ebt_images_open(struct ebt_images *im, const struct ebt_images_options *options,
		    struct ebt_failure *failure)
{
	const char *dir = options->cache_dir ? options->cache_dir : EBT_CACHE_DIR;
	bool secure = ebt_source_is_secure();
	char why[512] = "";
	int err;

	*im = (struct ebt_images){ .cache = -1,
				   .shipped = -1,
				   .machine = options->machine,
				   .timeout_ms = options->timeout_ms };
	if (im->machine && !ebt_arch_kernel_of(im->machine))
		return ebt_failure_set(
			failure, -EINVAL,
			"no images can be made for the machine %s; x86_64 and aarch64 are known",
			im->machine);
	err = secure ? images_check_secure(options, failure) : 0;
	if (err)
		return err;
	err = options->homeostasis
		      ? ebt_source_compose_homeostasis(options->text_dir, &im->text, why,
						       sizeof(why))
		      : ebt_source_compose(options->text_dir, &im->text, why, sizeof(why));
	if (err)
		return ebt_failure_set(failure, err, "%s", why);
	/* An installation without the compiler serves all settings whose images it holds. */
	if (ebt_source_compiler(im->compiler))
		im->compiler[0] = '\0';
	err = store_choose_headers(im, options, failure);
	if (err)
		return err;
	if (!options->no_cache) {
		/* A cache that belongs to the user could hold images of any program. */
		if (!secure)
			im->cache = ebt_cache_open(dir, true, why, sizeof(why));
		if (im->cache < 0 && !secure)
			ebt_warn("%s; going on without it", why);
		if (!options->cache_dir)
			im->shipped = store_open_shipped();
	}
	return 0;
}

void ebt_images_close(struct ebt_images *im)
{
	ebt_buf_free(&im->text);
	ebt_cleanup_close(&im->cache);
	ebt_cleanup_close(&im->shipped);
	im->cache = -1;
	im->shipped = -1;
}

static int store_make_key(struct ebt_images *im, const struct ebt_params *params,
			  struct ebt_buf *key)
{
	return ebt_params_key(params, (struct ebt_bytes){ im->text.data, im->text.len },
			      im->custom_headers ? im->headers.source : "own",
			      im->machine ? im->machine : EBT_ARCH_MACHINE, key);
}

/* Load an image from one of the two directories. A damaged entry counts as none, and a warning says
 * what is done then. */
static int store_load(int dir, struct ebt_bytes key, const char *then, struct ebt_image **out)
{
	char why[512] = "";
	int err = dir < 0 ? -ENOENT : ebt_cache_load_image(dir, key, out, why, sizeof(why));

	if (err == -EBADMSG) {
		ebt_warn("%s; %s", why, then);
		err = -ENOENT;
	}
	return err;
}

int ebt_images_cached(struct ebt_images *im, const struct ebt_params *params,
		      struct ebt_image **out)
{
	_cleanup_buf_ struct ebt_buf key = { 0 };
	int err;

	if (im->cache < 0 && im->shipped < 0)
		return -ENOENT;
	err = store_make_key(im, params, &key);
	if (err)
		return err;
	err = store_load(im->shipped, (struct ebt_bytes){ key.data, key.len }, "looking further",
			 out);
	if (err == -ENOENT)
		err = store_load(im->cache, (struct ebt_bytes){ key.data, key.len },
				 "compiling anew", out);
	return err;
}

int ebt_images_build(struct ebt_images *im, const struct ebt_params *params,
		     struct ebt_build *build, struct ebt_failure *failure)
{
	const char *extra[EBT_HEADERS_FLAGS + 1];
	struct ebt_build_request request = {
		.text = { im->text.data, im->text.len },
		.params = params,
		.compiler = im->compiler,
		.headers = im->headers.source,
		.arch = im->machine ? ebt_arch_kernel_of(im->machine) : NULL,
		.extra = extra,
		.timeout_ms = im->timeout_ms,
	};
	int err;

	if (!im->compiler[0] || !im->headers.source[0])
		return ebt_failure_set(
			failure, -ENOENT,
			"these settings need BPF programs that are not compiled yet: " EBT_SOURCE_NO_COMPILER);
	ebt_headers_extra(&im->headers, extra);
	err = ebt_build_start(build, &request);
	return err ? ebt_failure_set(failure, err, "cannot start %s: %s", im->compiler,
				     ebt_strerror(-err))
		   : 0;
}

/* Write an image to the cache, if there is one. */
static int store_keep(struct ebt_images *im, struct ebt_image *image)
{
	_cleanup_buf_ struct ebt_buf file = { 0 };
	int err = ebt_image_write(image, &file);

	if (!err && im->cache >= 0)
		err = ebt_cache_store_image(im->cache,
					    (struct ebt_bytes){ image->key, image->key_len },
					    (struct ebt_bytes){ file.data, file.len });
	return err;
}

/* Report why there is no image, with the output of the compiler. */
static int store_not_built(const struct ebt_build *build, int result, struct ebt_failure *failure)
{
	int sig = WTERMSIG(build->status);
	const char *name = sigabbrev_np(sig);

	ebt_failure_add_words(
		failure, (struct ebt_bytes){ build->messages.data, build->messages.len }, false);
	switch (result) {
	case -EINTR:
		return ebt_failure_set(
			failure, result,
			"the compiler was ended by signal %d (SIG%s) before it was done%s", sig,
			name ? name : "?",
			sig == SIGKILL ? ": has the machine too little memory?" : "");
	case -ETIME:
		return ebt_failure_set(failure, result,
				       "compiling the BPF text took too long and was ended");
	case -ENOEXEC:
		return ebt_failure_set(failure, result, "the compiler could not be started");
	default:
		return ebt_failure_set(failure, result,
				       "the BPF text does not compile; the compiler says:");
	}
}

int ebt_images_built(struct ebt_images *im, const struct ebt_params *params,
		     struct ebt_build *build, int result, struct ebt_image **out,
		     struct ebt_failure *failure)
{
	_cleanup_image_ struct ebt_image *image = NULL;
	_cleanup_buf_ struct ebt_buf key = { 0 };
	const char *why = "";
	int err;

	if (result)
		return store_not_built(build, result, failure);
	err = ebt_image_parse(&image, build->image.data, build->image.len, &why);
	if (err)
		return ebt_failure_set(failure, err, "the compiler's result is not usable: %s",
				       err == -EBADMSG ? why : ebt_strerror(-err));
	err = store_make_key(im, params, &key);
	if (err)
		return ebt_failure_set(failure, err, "out of memory");
	free(image->key);
	image->key_len = key.len;
	image->key = TAKE_PTR(key.data);
	err = store_keep(im, image);
	if (err)
		ebt_warn("cannot write to the cache: %s; the next start compiles again",
			 ebt_strerror(-err));
	*out = TAKE_PTR(image);
	return 0;
}

int ebt_images_get(struct ebt_images *im, const struct ebt_params *params, struct ebt_image **out,
		   uint64_t *compile_ns, struct ebt_failure *failure)
{
	struct ebt_build build;
	int err;

	*compile_ns = 0;
	err = ebt_images_cached(im, params, out);
	if (err != -ENOENT)
		return err ? ebt_failure_set(failure, err, "out of memory") : 0;
	err = ebt_images_build(im, params, &build, failure);
	if (err)
		return err;
	err = ebt_build_wait(&build);
	*compile_ns = ebt_mono_ns() - build.begin_ns;
	err = ebt_images_built(im, params, &build, err, out, failure);
	ebt_build_free(&build);
	return err;
}

int ebt_images_members(struct ebt_images *im, const struct ebt_image *image, uint32_t **out,
		       struct ebt_failure *failure)
{
	_cleanup_free_ uint32_t *values = calloc(image->n_members + 1, sizeof(*values));
	char why[512] = "";
	int err = -ENOENT;

	if (!values)
		return ebt_failure_set(failure, -ENOMEM, "out of memory");
	if (im->cache >= 0)
		err = ebt_cache_load_members(im->cache, image, values, why, sizeof(why));
	if (err == -EBADMSG)
		ebt_warn("%s; reading the kernel's BTF anew", why);
	im->offsets_cached = !err;
	if (err) {
		err = ebt_members_resolve(image, NULL, values);
		if (err)
			return ebt_failure_set(
				failure, err,
				"this kernel gives no type information in /sys/kernel/btf/vmlinux (%s); a kernel built with CONFIG_DEBUG_INFO_BTF is needed (all Debian kernels since 11 are)",
				ebt_strerror(-err));
		if (im->cache >= 0)
			ebt_cache_store_members(im->cache, image, values);
	}
	*out = TAKE_PTR(values);
	return 0;
}
