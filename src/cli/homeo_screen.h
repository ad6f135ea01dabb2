/* SPDX-License-Identifier: BSD-3-Clause */
/* homeo_screen.h - the screen Profiles of `attach`, fed by a daemon's answers. */
#ifndef EBT_CLI_HOMEO_SCREEN_H
#define EBT_CLI_HOMEO_SCREEN_H

#include <stdbool.h>

/* Show the screen until q is typed or the daemon ends. requests and events are connections to it
 * (homeostasis/server.h); this function closes them. It gives up all privileges first. Return the exit
 * status. */
int ebt_homeo_screen(int requests, int events);

#endif
