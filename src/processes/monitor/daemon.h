/* SPDX-License-Identifier: BSD-3-Clause */
/* daemon.h - run the monitor as a service of its own: `execbig-top daemon` */
#ifndef EBT_PROCESSES_MONITOR_DAEMON_H
#define EBT_PROCESSES_MONITOR_DAEMON_H

#include "processes/monitor/monitor_setup.h"

/* Watch this machine, write events to stdout and answer requests on a socket until SIGINT, SIGTERM
 * or SIGHUP. Return the exit status after printing errors. */
int ebt_homeo_daemon(const struct ebt_homeo_options *options);

#endif
