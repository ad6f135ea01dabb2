/* SPDX-License-Identifier: BSD-3-Clause */
#include "processes/monitor/monitor_setup.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/log.h"
#include "config/options.h"
#include "confine/requirements.h"
#include "image/image_store.h"

void ebt_homeo_options_default(struct ebt_homeo_options *o)
{
	*o = (struct ebt_homeo_options){ .gid = (gid_t)-1,
					 .socket = EBT_PH_SOCKET,
					 .profiles = EBT_PH_DIR };
	ebt_ph_settings_default(&o->settings);
}

int ebt_homeo_options_set(struct ebt_homeo_options *o, const char *arg)
{
	const char *eq = strchr(arg, '=');
	char name[64], why[256] = "";

	if (!eq) {
		ebt_error("--set wants NAME=VALUE, not '%s'", arg);
		return EBT_EXIT_USAGE;
	}
	snprintf(name, sizeof(name), "%.*s", (int)(eq - arg), arg);
	if (ebt_ph_setting_set(&o->settings, name, eq + 1, why, sizeof(why))) {
		ebt_error("--set: %s", why);
		return EBT_EXIT_USAGE;
	}
	return 0;
}

int ebt_homeo_options_of(struct ebt_homeo_options *o, const struct ebt_options *main)
{
	ebt_homeo_options_default(o);
	o->socket = NULL;
	o->profiles = main->profiles_dir;
	o->cache_dir = main->cache_dir;
	o->no_cache = main->no_cache;
	o->debug = main->debug;
	for (unsigned i = 0; i < main->homeo_set_count; i++) {
		int status = ebt_homeo_options_set(o, main->homeo_set[i]);

		if (status)
			return status;
	}
	return 0;
}

static int monitor_load(const struct ebt_homeo_options *o, struct ebt_ph_kernel **out,
			struct ebt_failure *failure)
{
	const struct ebt_images_options io = { .cache_dir = o->cache_dir,
					       .no_cache = o->no_cache,
					       .homeostasis = true };
	/* The homeostasis text uses none of these, but they are part of the cache key. */
	const struct ebt_params params = { .scratch_bytes = EBT_SCRATCH_MIN,
					   .ring_bytes = EBT_RING_MIN };
	_cleanup_image_ struct ebt_image *image = NULL;
	_cleanup_free_ uint32_t *values = NULL;
	struct ebt_images images;
	uint64_t compile_ns;
	int err = ebt_images_open(&images, &io, failure);

	if (err)
		return err;
	err = ebt_images_get(&images, &params, &image, &compile_ns, failure);
	if (!err)
		err = ebt_images_members(&images, image, &values, failure);
	if (!err)
		err = ebt_ph_kernel_new(out, image, values, failure);
	ebt_images_close(&images);
	return err;
}

int ebt_homeo_check(const struct ebt_options *options, char *detail, size_t len)
{
	struct ebt_homeo_options o;
	struct ebt_failure failure = { 0 };
	struct ebt_ph_kernel *kernel = NULL;
	const char *no;
	int err;

	ebt_homeo_options_of(&o, options);
	err = monitor_load(&o, &kernel, &failure);
	if (!err)
		err = ebt_ph_kernel_attach(kernel, &failure);
	if (err) {
		snprintf(detail, len, "it needs Linux 5.14 with BTF and raw tracepoints: %s",
			 failure.text);
	} else {
		no = ebt_ph_kernel_no_deny(kernel);
		snprintf(detail, len, "%s%s", no ? "all but refusing execs (enforcing): " : "all",
			 no ? no : " of it, refusing execs (enforcing) too");
	}
	ebt_buf_free(&failure.words);
	ebt_ph_kernel_free(&kernel);
	return err;
}

int ebt_homeo_start(const struct ebt_homeo_options *o, struct ebt_ph_monitor **out)
{
	struct ebt_failure failure = { 0 };
	struct ebt_ph_kernel *kernel = NULL;
	char why[512] = "";
	int status = ebt_can_load(why, sizeof(why));

	/* In another pid namespace the pids of the kernel mean other processes here, and the monitor
	 * would stop or kill those. */
	if (!status && ebt_can_name_pids(why, sizeof(why)))
		status = EBT_EXIT_KERNEL;

	if (status) {
		ebt_error("%s", why);
		return status;
	}
	if (monitor_load(o, &kernel, &failure)) {
		ebt_error("%s", failure.text);
		ebt_failure_print(&failure, stderr);
		ebt_buf_free(&failure.words);
		return EBT_EXIT_KERNEL;
	}
	if (o->profiles && strcmp(o->profiles, EBT_PH_DIR) == 0)
		mkdir("/var/lib/execbig-top", 0700);
	if (ebt_ph_monitor_new(out, kernel, o->profiles, &o->settings, why, sizeof(why))) {
		ebt_error("%s", why);
		ebt_ph_kernel_free(&kernel);
		return EBT_EXIT_FAILURE;
	}
	if (ebt_ph_kernel_attach(kernel, &failure)) {
		ebt_error("%s", failure.text);
		ebt_buf_free(&failure.words);
		ebt_ph_monitor_free(out);
		return EBT_EXIT_KERNEL;
	}
	if (ebt_ph_monitor_can(*out, &o->settings, why, sizeof(why))) {
		ebt_error("%s", why);
		ebt_ph_monitor_free(out);
		return EBT_EXIT_KERNEL;
	}
	return 0;
}
