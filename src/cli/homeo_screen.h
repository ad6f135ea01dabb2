/* SPDX-License-Identifier: BSD-3-Clause */
/* homeo_screen.h - the screen Profiles, fed by a daemon's answers. */
#ifndef EBT_CLI_HOMEO_SCREEN_H
#define EBT_CLI_HOMEO_SCREEN_H

#include <stdbool.h>

/* Runs until q, or until the other side has gone. requests and events: connections to a server
 * (homeo/server.h), taken over. Gives up all privileges first. Exit status. */
int ebt_homeo_screen(int requests, int events);

#endif
