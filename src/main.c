/* SPDX-License-Identifier: BSD-3-Clause */
/* execbig-top: a top for exec. */
#include "cli/dispatch.h"

int main(int argc, char **argv)
{
	return ebt_app_main(argc, argv);
}
