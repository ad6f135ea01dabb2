/* SPDX-License-Identifier: BSD-3-Clause */
/* ship_images DIR [MACHINE] - compile the BPF text with the default settings, and that of homeostasis, into DIR
 *
 * The build runs it. With the images installed beside it the program needs no compiler at its first
 * start. An image fits every kernel of its MACHINE, which is named as uname -m and
 * CMAKE_SYSTEM_PROCESSOR do; without it the images are for this machine. */
#include <stdio.h>

#include "cli/command_line.h"
#include "image/image_store.h"

/* Nobody waits at a screen, and a machine that builds can be busy with other work. */
#define TIMEOUT_MS (30 * 60 * 1000)

static int ship_image(const char *dir, const char *machine, const struct ebt_params *params,
		      bool homeostasis)
{
	const struct ebt_images_options options = { .cache_dir = dir,
						    .machine = machine,
						    .homeostasis = homeostasis,
						    .timeout_ms = TIMEOUT_MS };
	struct ebt_failure failure = { 0 };
	_cleanup_image_ struct ebt_image *image = NULL;
	struct ebt_images images;
	uint64_t compile_ns;
	int err = ebt_images_open(&images, &options, &failure);

	if (!err && images.cache < 0)
		err = -1; /* a warning has said why */
	else if (!err)
		err = ebt_images_get(&images, params, &image, &compile_ns, &failure);
	if (err)
		fprintf(stderr, "ship_images: %s\n%.*s", failure.text, (int)failure.words.len,
			failure.words.data ? failure.words.data : "");
	ebt_buf_free(&failure.words);
	ebt_images_close(&images);
	return err;
}

int main(int argc, char **argv)
{
	char *none[] = { argv[0], NULL };
	struct ebt_command_line line;
	const char *machine = argc == 3 ? argv[2] : NULL;
	int err;

	if (argc != 2 && argc != 3) {
		fprintf(stderr, "usage: ship_images DIR [MACHINE]\n");
		return EBT_EXIT_USAGE;
	}
	if (ebt_command_line_parse(&line, 1, none) == EBT_COMMAND_LINE_EXIT)
		return EBT_EXIT_FAILURE;
	err = ship_image(argv[1], machine, &line.options.params, false);
	if (!err)
		err = ship_image(argv[1], machine, &line.options.params, true);
	ebt_command_line_free(&line);
	return err ? EBT_EXIT_FAILURE : EBT_EXIT_OK;
}
