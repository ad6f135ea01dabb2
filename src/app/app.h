/* SPDX-License-Identifier: BSD-3-Clause */
/* app.h - from the command line to what it asks for. */
#ifndef EBT_APP_APP_H
#define EBT_APP_APP_H

/* Returns the exit status. */
int ebt_app_main(int argc, char **argv);

#endif
