/* SPDX-License-Identifier: BSD-3-Clause */
/* dispatch.h - run what the command line asks for. */
#ifndef EBT_CLI_DISPATCH_H
#define EBT_CLI_DISPATCH_H

/* Parse the command line, run its command and return the exit status. */
int ebt_app_main(int argc, char **argv);

#endif
