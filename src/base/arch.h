/* SPDX-License-Identifier: BSD-3-Clause */
/* arch.h - what differs between the architectures that execbig-top runs on. */
#ifndef EBT_BASE_ARCH_H
#define EBT_BASE_ARCH_H

/*
 * EBT_ARCH_NAME            as people write it, for the Lab
 * EBT_ARCH_KERNEL          folder of the architecture in the kernel's source, arch/…
 * EBT_ARCH_SYSCALL_PREFIX  of functions that implement system calls (arch/…/include/asm/syscall_wrapper.h)
 * EBT_ARCH_LLVM            LLVM's name of the target, as in LLVMInitialize…Target
 * EBT_ARCH_TRIPLE          LLVM's triple for its disassembler
 */
#if defined(__x86_64__)
#define EBT_ARCH_NAME		"x86-64"
#define EBT_ARCH_KERNEL		"x86"
#define EBT_ARCH_SYSCALL_PREFIX "__x64_sys_"
#define EBT_ARCH_LLVM		"X86"
#define EBT_ARCH_TRIPLE		"x86_64-linux-gnu"
#elif defined(__aarch64__)
#define EBT_ARCH_NAME		"aarch64"
#define EBT_ARCH_KERNEL		"arm64"
#define EBT_ARCH_SYSCALL_PREFIX "__arm64_sys_"
#define EBT_ARCH_LLVM		"AArch64"
#define EBT_ARCH_TRIPLE		"aarch64-linux-gnu"
#else
#error "execbig-top knows x86-64 and arm64: add the five names of this architecture to src/base/arch.h"
#endif

#endif
