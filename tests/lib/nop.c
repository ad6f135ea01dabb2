/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * nop - a static program that does nothing, not even start a C library (which takes longer than the
 * exec): what is left to measure is fork, exec and exit. Built with -nostdlib.
 */
#include <sys/syscall.h>

void _start(void) __attribute__((noreturn));

void _start(void)
{
	for (;;) {
#if defined(__x86_64__)
		__asm__ volatile("syscall" ::"a"(SYS_exit_group), "D"(0) : "rcx", "r11", "memory");
#elif defined(__aarch64__)
		register long nr __asm__("x8") = SYS_exit_group;
		register long code __asm__("x0") = 0;

		__asm__ volatile("svc 0" ::"r"(nr), "r"(code) : "memory");
#else
#error "a system call on this architecture"
#endif
	}
}
