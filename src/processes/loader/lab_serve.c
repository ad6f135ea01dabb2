/* SPDX-License-Identifier: BSD-3-Clause */
#include "processes/loader/lab_serve.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/failure.h"
#include "base/io.h"
#include "base/log.h"
#include "image/text_source.h"
#include "ipc/outbox.h"

void ebt_lab_serve_free(struct ebt_lab_serve *lab)
{
	if (lab->state == EBT_LAB_LISTING || lab->state == EBT_LAB_NATIVE)
		ebt_build_free(&lab->build);
	for (uint32_t i = 0; i < lab->n_progs; i++)
		ebt_inspection_free(&lab->progs[i]);
	ebt_buf_free(&lab->built);
	ebt_buf_free(&lab->code);
	ebt_buf_free(&lab->native);
	ebt_image_free(&lab->image);
	free(lab->values);
	*lab = (struct ebt_lab_serve){ 0 };
}

static void refuse(struct ebt_lab_serve *lab, struct ebt_outbox *out, const char *why)
{
	struct ebt_msg msg = { .type = EBT_MSG_LAB };

	snprintf(msg.text, sizeof(msg.text), "%s", why);
	ebt_outbox_send(out, &msg, NULL, 0);
	ebt_lab_serve_free(lab);
}

static int start(struct ebt_lab_serve *lab, struct ebt_images *images, const char *mode,
		 struct ebt_bytes text, const struct ebt_params *params)
{
	const char *extra[EBT_HEADERS_FLAGS + 2] = { mode };
	struct ebt_build_request request = { .text = text,
					     .params = params,
					     .compiler = images->compiler,
					     .headers = images->headers.source,
					     .extra = extra };

	ebt_headers_extra(&images->headers, extra + 1);
	return ebt_build_start(&lab->build, &request);
}

/* In a memory file that nobody can change any more. */
static int make_file(const struct ebt_buf *blob)
{
	_cleanup_close_ int fd = memfd_create("lab", MFD_CLOEXEC | MFD_ALLOW_SEALING);
	int err = fd < 0 ? -errno : ebt_write_all(fd, blob->data, blob->len);

	if (err)
		return err;
	if (fcntl(fd, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE))
		return -errno;
	return TAKE_FD(fd);
}

static void send_lab(struct ebt_lab_serve *lab, struct ebt_images *images, struct ebt_outbox *out)
{
	struct ebt_lab_parts parts = { .generation = lab->generation,
				       .text = { images->text.data, images->text.len },
				       .built = { lab->built.data, lab->built.len },
				       .native = { lab->native.data, lab->native.len },
				       .why_native = lab->why_native,
				       .progs = lab->progs,
				       .n_progs = lab->n_progs };
	struct ebt_msg msg = { .type = EBT_MSG_LAB, .generation = lab->generation };
	_cleanup_buf_ struct ebt_buf blob = { .limit = EBT_LAB_MAX_BYTES - 1 };
	_cleanup_close_ int fd = -1;
	int err = ebt_lab_blob_write(&parts, &blob);

	if (!err)
		err = fd = make_file(&blob);
	if (err < 0)
		snprintf(msg.text, sizeof(msg.text), "the Lab's contents cannot be sent: %s",
			 ebt_strerror(-err));
	ebt_outbox_send(out, &msg, &fd, fd >= 0 ? 1 : 0);
	lab->state = EBT_LAB_READY;
}

/* The image in front of the lines; it must be the one that runs, or nothing fits together. */
static int take_listing(struct ebt_lab_serve *lab, struct ebt_images *images,
			struct ebt_programs *programs, struct ebt_failure *failure)
{
	const char *why = "it is too short";
	uint64_t len = 0;
	int err = -EBADMSG;

	if (lab->built.len >= sizeof(len))
		memcpy(&len, lab->built.data, sizeof(len));
	if (len && len <= lab->built.len - sizeof(len))
		err = ebt_image_parse(&lab->image, lab->built.data + sizeof(len), len, &why);
	if (err)
		return ebt_failure_set(failure, err, "the compiler's listing is not usable: %s",
				       why);
	if (!ebt_inspect_same(programs, lab->image))
		return ebt_failure_set(failure, -ESTALE,
				       "the programs that run were compiled from another text");
	return ebt_images_members(images, lab->image, &lab->values, failure);
}

/* A retune came in between. */
static void begin_anew(struct ebt_lab_serve *lab, struct ebt_images *images,
		       struct ebt_programs *programs, struct ebt_outbox *out)
{
	ebt_lab_serve_free(lab);
	ebt_lab_ask(lab, images, programs, out);
}

static void step_listing(struct ebt_lab_serve *lab, struct ebt_images *images,
			 struct ebt_programs *programs, struct ebt_outbox *out)
{
	struct ebt_failure failure = { 0 };
	int err = ebt_build_step(&lab->build);

	if (err == 1)
		return;
	if (lab->generation != ebt_programs_generation(programs)) {
		begin_anew(lab, images, programs, out);
		return;
	}
	lab->built = lab->build.image;
	lab->build.image = (struct ebt_buf){ 0 };
	ebt_build_free(&lab->build);
	lab->state = EBT_LAB_LOOKING;
	err = err ? ebt_failure_set(&failure, err,
				    "the BPF text does not compile with line numbers")
		  : take_listing(lab, images, programs, &failure);
	if (err)
		refuse(lab, out, failure.text);
	ebt_buf_free(&failure.words);
}

/* Without disassembler, or without code, the rest is still worth seeing. */
static void begin_native(struct ebt_lab_serve *lab, struct ebt_images *images,
			 struct ebt_outbox *out)
{
	for (uint32_t i = 0; i < lab->n_progs; i++) {
		uint32_t head[2] = { i, (uint32_t)lab->progs[i].native.len };

		if (!head[1])
			continue;
		ebt_buf_append(&lab->code, head, sizeof(head));
		ebt_buf_append(&lab->code, lab->progs[i].native.data, head[1]);
	}
	if (lab->code.len && !lab->code.error &&
	    start(lab, images, "--disassemble", (struct ebt_bytes){ lab->code.data, lab->code.len },
		  NULL) == 0)
		lab->state = EBT_LAB_NATIVE;
	else
		send_lab(lab, images, out);
}

/* One program at a time: verifying it again takes milliseconds, and the view may want something
 * else. */
static void step_looking(struct ebt_lab_serve *lab, struct ebt_images *images,
			 struct ebt_programs *programs, struct ebt_outbox *out)
{
	if (!ebt_inspect_same(programs, lab->image)) {
		begin_anew(lab, images, programs, out);
		return;
	}
	if (lab->next == lab->image->n_progs) {
		begin_native(lab, images, out);
		return;
	}
	/* One that this kernel refused (it has another way) is left out. */
	if (ebt_inspect(programs, lab->image, lab->values, lab->next++, &lab->progs[lab->n_progs]))
		ebt_inspection_free(&lab->progs[lab->n_progs]);
	else
		lab->n_progs++;
}

static void step_native(struct ebt_lab_serve *lab, struct ebt_images *images,
			struct ebt_outbox *out)
{
	int err = ebt_build_step(&lab->build);

	if (err == 1)
		return;
	if (err) {
		ebt_debug("disassembler: %.*s", (int)lab->build.messages.len,
			  lab->build.messages.data ? lab->build.messages.data : "");
		snprintf(lab->why_native, sizeof(lab->why_native),
			 "LLVM's disassembler for this machine cannot be used");
	} else {
		lab->native = lab->build.image;
		lab->build.image = (struct ebt_buf){ 0 };
	}
	ebt_build_free(&lab->build);
	ebt_buf_free(&lab->code);
	send_lab(lab, images, out);
}

void ebt_lab_step(struct ebt_lab_serve *lab, struct ebt_images *images,
		  struct ebt_programs *programs, struct ebt_outbox *out)
{
	switch (lab->state) {
	case EBT_LAB_LISTING:
		step_listing(lab, images, programs, out);
		break;
	case EBT_LAB_LOOKING:
		step_looking(lab, images, programs, out);
		break;
	case EBT_LAB_NATIVE:
		step_native(lab, images, out);
		break;
	default:
		break;
	}
}

void ebt_lab_ask(struct ebt_lab_serve *lab, struct ebt_images *images,
		 struct ebt_programs *programs, struct ebt_outbox *out)
{
	if (ebt_lab_busy(lab))
		return; /* under way: its answer is this one's too */
	if (lab->state == EBT_LAB_READY && lab->generation == ebt_programs_generation(programs)) {
		for (uint32_t i = 0; i < lab->n_progs; i++)
			ebt_inspect_counts(programs, &lab->progs[i]);
		send_lab(lab, images, out);
		return;
	}
	ebt_lab_serve_free(lab);
	lab->generation = ebt_programs_generation(programs);
	if (start(lab, images, "--listing",
		  (struct ebt_bytes){ images->text.data, images->text.len },
		  ebt_programs_params(programs)))
		refuse(lab, out,
		       images->compiler[0] ? "the compiler could not be started"
					   : EBT_SOURCE_NO_COMPILER);
	else
		lab->state = EBT_LAB_LISTING;
}
