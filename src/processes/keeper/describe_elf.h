/* SPDX-License-Identifier: BSD-3-Clause */
/* describe_elf.h - describe an executable in words, from its headers alone. */
#ifndef EBT_PROCESSES_KEEPER_DESCRIBE_ELF_H
#define EBT_PROCESSES_KEEPER_DESCRIBE_ELF_H

#include <stddef.h>

/* Write a description of the file that fd has open into out, len - 1 characters at most. A file
 * that is no ELF file is described too. fd stays the caller's; its contents are untrusted. */
void ebt_keeper_describe_elf(int fd, char *out, size_t len);

#endif
