/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * fuzz_lab.c - libFuzzer target: what the loader gives the view for the Lab, with compiler's and
 * disassembler's words in it. The mutator puts the checksum of the image within right. What is
 * taken is walked through as the screen would.
 */
#define XXH_INLINE_ALL
#include <xxhash.h>

#include "fuzz.h"
#include "lab/blob.h"
#include "lab/lab.h"

#define IMAGE_HEADER 56 /* struct ebt_image_file of image.c */
#define LENGTH_AT    16
#define CHECKSUM_AT  24

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned seed)
{
	struct ebt_lab_head head;
	uint64_t at, len, sum;

	size = LLVMFuzzerMutate(data, size, max_size);
	if (size < sizeof(head) || seed % 16 == 0)
		return size;
	memcpy(&head, data, sizeof(head));
	at = sizeof(head) + (uint64_t)head.n_progs * sizeof(struct ebt_lab_prog) + sizeof(len);
	if (head.text_bytes > size || at + head.text_bytes > size)
		return size;
	at += head.text_bytes;
	memcpy(&len, data + at - sizeof(len), sizeof(len));
	if (len < IMAGE_HEADER || len > size - at)
		return size;
	sum = XXH3_64bits(data + at + IMAGE_HEADER, len - IMAGE_HEADER);
	memcpy(data + at + LENGTH_AT, &len, sizeof(len));
	memcpy(data + at + CHECKSUM_AT, &sum, sizeof(sum));
	return size;
}

static size_t walk(const struct ebt_listing *ui)
{
	size_t n = 0;

	for (uint32_t i = 0; i < ui->programs_count; i++) {
		const struct ebt_listing_program *p = &ui->programs[i];

		n += strlen(p->name) + strlen(p->native_why);
		for (uint32_t j = 0; j < p->lines_count; j++)
			n += strlen(p->lines[j].text) + strlen(p->lines[j].file);
		for (uint32_t j = 0; j < p->insns_count; j++) {
			n += p->insns[j].text ? strlen(p->insns[j].text) : 0;
			require(p->insns[j].source >= -1 &&
				p->insns[j].source < (int64_t)p->lines_count);
		}
		for (uint32_t j = 0; j < p->native_count; j++) {
			n += strlen(p->native[j].text) + p->native[j].bytes[p->native[j].len - 1];
			require(p->native[j].insn >= -1 &&
				p->native[j].insn < (int64_t)p->insns_count);
		}
	}
	return n;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *blob = input_copy(data, size);
	struct ebt_lab *lab = NULL;
	const char *why = NULL;
	size_t n = 0;
	int err = ebt_lab_parse(&lab, (struct ebt_bytes){ blob, size }, &why);

	require((err == 0) == (lab != NULL) && (err != -74 /* EBADMSG */ || why));
	if (lab)
		n = walk(ebt_lab_ui(lab));
	ebt_lab_free(&lab);
	free(blob);
	return n == SIZE_MAX; /* keeps the reading */
}
