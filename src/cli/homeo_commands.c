/* SPDX-License-Identifier: BSD-3-Clause */
#include "cli/homeo_commands.h"

#include <string.h>

#include "base/cleanup.h"

static const struct homeo_command {
	const char *name;
	int (*main)(int argc, char **argv); /* argv[0] is the name; gives the exit status */
} commands[] = {
	{ "homeostasis", ebt_homeo_replay_main }, { "daemon", ebt_homeo_daemon_main },
	{ "ps", ebt_homeo_client_main },	  { "profiles", ebt_homeo_client_main },
	{ "status", ebt_homeo_client_main },	  { "inspect", ebt_homeo_client_main },
	{ "normalize", ebt_homeo_client_main },	  { "sensitize", ebt_homeo_client_main },
	{ "tolerize", ebt_homeo_client_main },	  { "set", ebt_homeo_client_main },
	{ "respond", ebt_homeo_client_main },	  { "save", ebt_homeo_client_main },
	{ "attach", ebt_homeo_client_main },
};

bool ebt_homeo_command(int argc, char **argv, int *status)
{
	if (argc < 2)
		return false;
	for (size_t i = 0; i < EBT_ARRAY_SIZE(commands); i++) {
		if (strcmp(argv[1], commands[i].name) == 0) {
			*status = commands[i].main(argc - 1, argv + 1);
			return true;
		}
	}
	return false;
}
