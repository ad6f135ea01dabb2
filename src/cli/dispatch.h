/* SPDX-License-Identifier: BSD-3-Clause */
/* dispatch.h - from the command line to what it asks for. */
#ifndef EBT_CLI_DISPATCH_H
#define EBT_CLI_DISPATCH_H

/* Returns the exit status. */
int ebt_app_main(int argc, char **argv);

#endif
