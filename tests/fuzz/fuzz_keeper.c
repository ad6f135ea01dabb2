/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * fuzz_keeper.c - libFuzzer target: what the process beside the view gets to see. First byte even:
 * an executable to describe (libelf reads it too); odd: a request as the view could send it.
 */
#include <stddef.h>
#include <sys/mman.h>
#include <unistd.h>

#include "fuzz.h"
#include "ipc/keeper_msg.h"
#include "processes/keeper/describe_elf.h"
#include "processes/keeper/keeper.h"
#include "processes/keeper/keeper_client.h"

static void describe(const uint8_t *data, size_t size)
{
	int fd = memfd_create("elf", MFD_CLOEXEC);
	char text[EBT_KEEPER_TEXT];

	require(fd >= 0 && write(fd, data, size) == (ssize_t)size);
	memset(text, 0x5a, sizeof(text));
	ebt_keeper_describe_elf(fd, text, sizeof(text));
	require(strnlen(text, sizeof(text)) < sizeof(text) && text[0]);
	close(fd);
}

static void request(const uint8_t *data, size_t size)
{
	struct ebt_keeper_request r;
	struct ebt_keeper_answer answer;

	memset(&r, 0, sizeof(r));
	memcpy(&r, data, size < sizeof(r) ? size : sizeof(r));
	/* Only what is there is looked at: no process's file, and no path of this machine. */
	r.pid = -1;
	if (r.type == EBT_KEEPER_DESCRIBE && r.data[0] == '/')
		r.data[0] = '.';
	ebt_keeper_handle(&r, size, NULL, &answer);
	require(strnlen(answer.text, sizeof(answer.text)) < sizeof(answer.text));
	require(answer.type != EBT_KEEPER_SAVE || answer.error < 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (!size)
		return 0;
	if (data[0] % 2 == 0)
		describe(data + 1, size - 1);
	else
		request(data + 1, size - 1);
	return 0;
}
