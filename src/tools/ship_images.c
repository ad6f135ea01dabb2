/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * ship_images DIR - run by the build: compiles the BPF text with the default settings, and that of
 * homeostasis, into DIR. Installed beside the program, they make the first start ever a warm one;
 * an image fits every kernel. Anything else is compiled when it is asked for.
 */
#include <stdio.h>

#include "cli/command_line.h"
#include "image/image_store.h"

static int ship(const char *dir, const struct ebt_params *params, bool homeostasis)
{
	const struct ebt_images_options options = { .cache_dir = dir, .homeostasis = homeostasis };
	struct ebt_failure failure = { 0 };
	_cleanup_image_ struct ebt_image *image = NULL;
	struct ebt_images images;
	uint64_t compile_ns;
	int err = ebt_images_open(&images, &options, &failure);

	if (!err && images.cache < 0)
		err = -1; /* it has said why */
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
	int err;

	if (argc != 2) {
		fprintf(stderr, "usage: ship_images DIR\n");
		return EBT_EXIT_USAGE;
	}
	if (ebt_command_line_parse(&line, 1, none) == EBT_COMMAND_LINE_EXIT)
		return EBT_EXIT_FAILURE;
	err = ship(argv[1], &line.options.params, false);
	if (!err)
		err = ship(argv[1], &line.options.params, true);
	ebt_command_line_free(&line);
	return err ? EBT_EXIT_FAILURE : EBT_EXIT_OK;
}
