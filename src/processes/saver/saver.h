/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * saver.h - the process beside the view that writes the files of the key W. It has the rights of the
 * invoking user and no capabilities.
 *
 * The view, which decodes what others chose, names the file. So that a view that was taken over can do
 * little harm with it, a file is always regular and has mode 0600, no name on its path begins with a
 * dot, and nothing is replaced but a file that this program has written. Root's saver (without sudo) is
 * confined to the directory in which the program was started.
 */
#ifndef EBT_PROCESSES_SAVER_SAVER_H
#define EBT_PROCESSES_SAVER_SAVER_H

#include <stdbool.h>
#include <sys/stat.h>

#include "base/output_place.h"
#include "base/replace_file.h"
#include "ipc/saver_msg.h"
#include "recording/file.h"

struct ebt_saver_file {
	bool open; /* a file is being written; then the members below are valid */
	bool replaces;
	struct stat read; /* of the recording that is replayed; st_ino 0: none */
	struct ebt_output_place place;
	struct ebt_replacement replacement;
	struct ebt_file_writer *recording; /* owned; NULL: the bytes are written as they come */
	struct ebt_buf frames; /* of a recording: bytes of a frame that is not complete */
};

/* Carry out a packet of len bytes. Return whether there is an answer. confined: only a name without
 * directories is taken. */
bool ebt_saver_handle(struct ebt_saver_file *file, bool confined,
		      const struct ebt_saver_request *request, size_t len,
		      struct ebt_saver_answer *answer);
/* Forget a file that is not complete; nothing of it is left. */
void ebt_saver_abort(struct ebt_saver_file *file);
/* Serve until the view closes its end; never returns. read is the recording that is replayed and stays as it
 * is; its st_ino is 0 if there is none. */
_Noreturn void ebt_saver_run(int sock, bool confined, const struct stat *read);

#endif
