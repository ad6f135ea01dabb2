/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * file_reader.h - the process beside an export that looks at files which a recording names. The
 * export itself decodes what others chose and may open nothing. The reader has the rights of whoever
 * started the export but no capabilities, and it may only look and open for reading.
 */
#ifndef EBT_PROCESSES_KEEPER_FILE_READER_H
#define EBT_PROCESSES_KEEPER_FILE_READER_H

#include <stddef.h>
#include <stdint.h>

#include "ipc/file_ask.h"

/* Start the reader. Return the socket to ask on (ipc/file_ask.h), which the caller closes to end
 * it, or -errno. Call it while the caller has one thread. */
int ebt_file_reader_start(void);
/* Answer one request of len bytes. Return 0 or -errno for the answer; with EBT_FILE_OPEN and 0 *fd
 * is a descriptor that the caller closes. */
int ebt_file_reader_handle(const struct ebt_file_request *request, size_t len, int *fd);

#endif
