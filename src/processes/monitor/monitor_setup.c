/* SPDX-License-Identifier: BSD-3-Clause */
#include "processes/monitor/monitor_setup.h"

#include <errno.h>
#include <getopt.h>
#include <grp.h>
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

static const char usage_daemon[] =
	"Usage: execbig-top daemon [OPTION...]\n"
	"Trains and watches profiles for days; `execbig-top attach`, ps, profiles,\n"
	"status, inspect, normalize, sensitize, tolerize, respond, set and save talk\n"
	"to it. Stays in the foreground; tells systemd when it is ready.\n"
	"  --socket PATH          listen here (" EBT_PH_SOCKET ")\n"
	"  --group NAME           members of this group may connect too\n";

static const char usage_more[] =
	"  --profiles DIR         keep profiles here (" EBT_PH_DIR ")\n"
	"  --no-save              keep nothing\n"
	"  --set NAME=VALUE       a setting, by ebpH's name; may be repeated:\n";

static const char usage_end[] =
	"  --cache-dir DIR        keep compiled programs in DIR (/var/cache/execbig-top)\n"
	"  --no-cache             compile anew, and keep nothing\n"
	"  --debug                say what is being done\n"
	"  --help                 print this help\n";

enum {
	OPT_SOCKET = 256,
	OPT_GROUP,
	OPT_PROFILES,
	OPT_NO_SAVE,
	OPT_SET,
	OPT_CACHE,
	OPT_NO_CACHE,
	OPT_DEBUG,
	OPT_HELP
};

static void help(void)
{
	struct ebt_ph_settings s;
	const char *text;

	ebt_ph_settings_default(&s);
	fputs(usage_daemon, stdout);
	fputs(usage_more, stdout);
	for (size_t i = 0; ebt_ph_setting_name(i, &text); i++)
		printf("      %-18s %s (%llu)\n", ebt_ph_setting_name(i, NULL), text,
		       (unsigned long long)ebt_ph_setting_get(&s, i));
	fputs(usage_end, stdout);
}

static int set(struct ebt_homeo_options *o, const char *arg)
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
	return -1;
}

static int set_group(struct ebt_homeo_options *o, const char *name)
{
	const struct group *g = getgrnam(name);

	if (!g) {
		ebt_error("--group: there is no group '%s'", name);
		return EBT_EXIT_USAGE;
	}
	o->gid = g->gr_gid;
	return -1;
}

static int one_option(struct ebt_homeo_options *o, int c)
{
	switch (c) {
	case OPT_SOCKET:
		o->socket = optarg;
		return -1;
	case OPT_GROUP:
		return set_group(o, optarg);
	case OPT_PROFILES:
		o->profiles = optarg;
		return -1;
	case OPT_NO_SAVE:
		o->profiles = NULL;
		return -1;
	case OPT_SET:
		return set(o, optarg);
	case OPT_CACHE:
		o->cache_dir = optarg;
		return -1;
	case OPT_NO_CACHE:
		o->no_cache = true;
		return -1;
	case OPT_DEBUG:
		o->debug = true;
		return -1;
	case OPT_HELP:
		o->help = true;
		return -1;
	default:
		return EBT_EXIT_USAGE;
	}
}

int ebt_homeo_options_parse(struct ebt_homeo_options *o, int argc, char **argv)
{
	static const struct option options[] = {
		{ "profiles", required_argument, NULL, OPT_PROFILES },
		{ "no-save", no_argument, NULL, OPT_NO_SAVE },
		{ "set", required_argument, NULL, OPT_SET },
		{ "cache-dir", required_argument, NULL, OPT_CACHE },
		{ "no-cache", no_argument, NULL, OPT_NO_CACHE },
		{ "debug", no_argument, NULL, OPT_DEBUG },
		{ "help", no_argument, NULL, OPT_HELP },
		{ "socket", required_argument, NULL, OPT_SOCKET },
		{ "group", required_argument, NULL, OPT_GROUP },
		{ 0 },
	};
	int c, status = -1;

	*o = (struct ebt_homeo_options){ .gid = (gid_t)-1,
					 .socket = EBT_PH_SOCKET,
					 .profiles = EBT_PH_DIR };
	ebt_ph_settings_default(&o->settings);
	optind = 1;
	while (status < 0 && (c = getopt_long(argc, argv, "+", options, NULL)) != -1)
		status = one_option(o, c);
	if (status < 0 && o->help) {
		help();
		return EBT_EXIT_OK;
	}
	if (status >= 0)
		return status;
	if (optind < argc) {
		ebt_error("'%s' is one argument too many", argv[optind]);
		return EBT_EXIT_USAGE;
	}
	return -1;
}

int ebt_homeo_options_of(struct ebt_homeo_options *o, const struct ebt_options *main)
{
	*o = (struct ebt_homeo_options){ .gid = (gid_t)-1,
					 .profiles = main->profiles_dir,
					 .cache_dir = main->cache_dir,
					 .no_cache = main->no_cache,
					 .debug = main->debug };
	ebt_ph_settings_default(&o->settings);
	for (unsigned i = 0; i < main->homeo_set_count; i++) {
		int status = set(o, main->homeo_set[i]);

		if (status >= 0)
			return status;
	}
	return 0;
}

static int load(const struct ebt_homeo_options *o, struct ebt_ph_kernel **out,
		struct ebt_failure *failure)
{
	const struct ebt_images_options io = { .cache_dir = o->cache_dir,
					       .no_cache = o->no_cache,
					       .homeostasis = true };
	/* The text takes none of these; they are part of the cache key. */
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
	err = load(&o, &kernel, &failure);
	if (!err)
		err = ebt_ph_kernel_attach(kernel, &failure);
	if (err) {
		snprintf(detail, len, "it needs Linux 5.12 with BTF and raw tracepoints: %s",
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
	int status = ebt_can_trace(why, sizeof(why));

	/* It would stop and end whoever has the number here. */
	if (!status && ebt_can_name_pids(why, sizeof(why)))
		status = EBT_EXIT_KERNEL;

	if (status) {
		ebt_error("%s", why);
		return status;
	}
	if (load(o, &kernel, &failure)) {
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
