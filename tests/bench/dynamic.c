/* SPDX-License-Identifier: BSD-3-Clause */
/* dynamic - does nothing, after the dynamic linker has brought the C library. */
int main(void)
{
	return 0;
}
