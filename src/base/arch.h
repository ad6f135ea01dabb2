/* SPDX-License-Identifier: BSD-3-Clause */
/* arch.h - list what differs between the architectures that execbig-top runs on */
#ifndef EBT_BASE_ARCH_H
#define EBT_BASE_ARCH_H

#include <stddef.h>
#include <string.h>

/*
 * EBT_ARCH_NAME            as people write it, for the Lab
 * EBT_ARCH_MACHINE         as uname -m and CMAKE_SYSTEM_PROCESSOR have it
 * EBT_ARCH_KERNEL          folder of the architecture in the kernel's source, arch/…
 * EBT_ARCH_SYSCALL_PREFIX  of functions that implement system calls (arch/…/include/asm/syscall_wrapper.h)
 * EBT_ARCH_LLVM            LLVM's name of the target, as in LLVMInitialize…Target
 * EBT_ARCH_TRIPLE          LLVM's triple for its disassembler
 */
#if defined(__x86_64__)
#define EBT_ARCH_NAME		"x86-64"
#define EBT_ARCH_MACHINE	"x86_64"
#define EBT_ARCH_KERNEL		"x86"
#define EBT_ARCH_SYSCALL_PREFIX "__x64_sys_"
#define EBT_ARCH_LLVM		"X86"
#define EBT_ARCH_TRIPLE		"x86_64-linux-gnu"
#elif defined(__aarch64__)
#define EBT_ARCH_NAME		"aarch64"
#define EBT_ARCH_MACHINE	"aarch64"
#define EBT_ARCH_KERNEL		"arm64"
#define EBT_ARCH_SYSCALL_PREFIX "__arm64_sys_"
#define EBT_ARCH_LLVM		"AArch64"
#define EBT_ARCH_TRIPLE		"aarch64-linux-gnu"
#else
#error "execbig-top knows x86-64 and arm64: add the six names of this architecture to src/base/arch.h"
#endif

/* Return the folder of a machine (as uname -m names it) in the kernel's source, or NULL if images
 * cannot be made for it. */
static inline const char *ebt_arch_kernel_of(const char *machine)
{
	if (strcmp(machine, "x86_64") == 0)
		return "x86";
	if (strcmp(machine, "aarch64") == 0)
		return "arm64";
	return NULL;
}

#endif
