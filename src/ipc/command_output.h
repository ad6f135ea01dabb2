/* SPDX-License-Identifier: BSD-3-Clause */
/* command_output.h - memory in which the loader keeps what COMMAND writes beside a screen
 *
 * The loader writes it and the view reads it, without locks: a reader copies, looks at `written`
 * again, and drops what was overwritten meanwhile. The bytes are the command's and may be hostile. */
#ifndef EBT_IPC_COMMAND_OUTPUT_H
#define EBT_IPC_COMMAND_OUTPUT_H

#include <stddef.h>
#include <stdint.h>

#define EBT_COMMAND_OUTPUT_KEPT ((size_t)1 << 20)

struct ebt_command_output {
	/* Bytes that the command has written so far. Set by __atomic_store_n with release order after
	 * the bytes. */
	uint64_t written;
	/* A ring: byte number N stands at N % EBT_COMMAND_OUTPUT_KEPT. */
	char bytes[EBT_COMMAND_OUTPUT_KEPT];
};

#endif
