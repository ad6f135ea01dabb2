/* SPDX-License-Identifier: BSD-3-Clause */
/* waiter - waits to be killed. Static: runs also where there is no C library to load. */
#include <unistd.h>

int main(void)
{
	for (;;)
		pause();
}
