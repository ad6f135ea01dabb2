/* SPDX-License-Identifier: BSD-3-Clause */
#include "image/image.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "base/cleanup.h"

#define IMAGE_MAGIC "EBTIMG\r\n" /* with CR LF, so that a copy in text mode is noticed */

struct ebt_image_file {
	char magic[8];
	uint32_t version;
	uint32_t key_len;
	uint64_t length;   /* of the file */
	uint64_t checksum; /* XXH3 of all that follows this header */
	uint32_t n_maps, n_progs, n_relocs, n_members, n_insns, insn_size;
};

void ebt_image_free(struct ebt_image **image)
{
	struct ebt_image *im = *image;

	if (!im)
		return;
	free(im->maps);
	free(im->progs);
	free(im->relocs);
	free(im->members);
	free(im->insns);
	free(im->key);
	free(im);
	*image = NULL;
}

static bool name_ok(const char *name, size_t size)
{
	size_t len = strnlen(name, size);

	if (len == 0 || len == size)
		return false;
	for (size_t i = 0; i < len; i++) {
		if (name[i] < ' ' || name[i] > '~')
			return false;
	}
	return true;
}

static bool is_wide_load(const struct bpf_insn *insn)
{
	return insn->code == (BPF_LD | BPF_DW | BPF_IMM);
}

static const char *check_maps(const struct ebt_image *im)
{
	for (uint32_t i = 0; i < im->n_maps; i++) {
		if (!name_ok(im->maps[i].name, EBT_IMAGE_NAME_LEN))
			return "a map has no proper name";
		if (im->maps[i].key_size > 512 || im->maps[i].value_size > (4u << 20))
			return "a map's key or value is too large";
	}
	return NULL;
}

static const char *check_progs(const struct ebt_image *im)
{
	for (uint32_t i = 0; i < im->n_progs; i++) {
		const struct ebt_prog_spec *p = &im->progs[i];

		if (!name_ok(p->name, EBT_IMAGE_NAME_LEN))
			return "a program has no proper name";
		if (p->count == 0 || p->count > im->n_insns || p->first > im->n_insns - p->count)
			return "a program lies outside the instructions";
	}
	return NULL;
}

/* Check that a 64-bit load has its second half, and that one which names a map names an existing
 * one. */
static const char *check_insns(const struct ebt_image *im)
{
	for (uint32_t i = 0; i < im->n_insns; i++) {
		const struct bpf_insn *insn = &im->insns[i];

		if (!is_wide_load(insn))
			continue;
		if (i + 1 >= im->n_insns)
			return "the last instruction is cut";
		if (insn->src_reg == BPF_PSEUDO_MAP_FD &&
		    (insn->imm < 0 || (uint32_t)insn->imm >= im->n_maps))
			return "an instruction names a map that is not there";
		i++;
	}
	return NULL;
}

static const char *check_relocs(const struct ebt_image *im)
{
	for (uint32_t i = 0; i < im->n_members; i++) {
		if (!name_ok(im->members[i].path, EBT_IMAGE_PATH_LEN))
			return "a member has no proper path";
	}
	for (uint32_t i = 0; i < im->n_relocs; i++) {
		const struct ebt_reloc *r = &im->relocs[i];

		if (r->member >= im->n_members)
			return "a relocation names a member that is not there";
		if (im->n_insns < 2 || r->insn > im->n_insns - 2 ||
		    (!is_wide_load(&im->insns[r->insn]) &&
		     im->insns[r->insn].code != (BPF_JMP | BPF_CALL)))
			return "a relocation is neither at a 64-bit load nor at a call";
	}
	return NULL;
}

static const char *check_all(const struct ebt_image *im)
{
	const char *why = check_maps(im);

	if (!why)
		why = check_progs(im);
	if (!why)
		why = check_insns(im);
	if (!why)
		why = check_relocs(im);
	return why;
}

static const char *check_header(const struct ebt_image_file *h, size_t len)
{
	uint64_t want = sizeof(*h);

	if (memcmp(h->magic, IMAGE_MAGIC, sizeof(h->magic)) != 0)
		return "it is not an image";
	if (h->version != EBT_IMAGE_VERSION)
		return "it is of another version";
	if (h->insn_size != sizeof(struct bpf_insn) || h->n_maps > EBT_IMAGE_MAX_MAPS ||
	    h->n_progs > EBT_IMAGE_MAX_PROGS || h->n_insns > EBT_IMAGE_MAX_INSNS ||
	    h->n_relocs > h->n_insns || h->n_members > EBT_IMAGE_MAX_MEMBERS ||
	    h->key_len > EBT_IMAGE_MAX_BYTES)
		return "its counts are out of range";
	want += (uint64_t)h->n_maps * sizeof(struct ebt_map_spec);
	want += (uint64_t)h->n_progs * sizeof(struct ebt_prog_spec);
	want += (uint64_t)h->n_relocs * sizeof(struct ebt_reloc);
	want += (uint64_t)h->n_members * sizeof(struct ebt_member_path);
	want += (uint64_t)h->n_insns * sizeof(struct bpf_insn);
	want += h->key_len;
	if (h->length != len || want != len)
		return "its length is wrong";
	return NULL;
}

/* Copy the next `bytes` bytes of *at into fresh memory, followed by a NUL. */
static void *take(const char **at, size_t bytes)
{
	char *p = malloc(bytes + 1);

	if (!p)
		return NULL;
	memcpy(p, *at, bytes);
	p[bytes] = '\0';
	*at += bytes;
	return p;
}

static int take_all(struct ebt_image *im, const struct ebt_image_file *h, const char *at)
{
	im->n_maps = h->n_maps;
	im->n_progs = h->n_progs;
	im->n_relocs = h->n_relocs;
	im->n_members = h->n_members;
	im->n_insns = h->n_insns;
	im->key_len = h->key_len;
	im->maps = take(&at, h->n_maps * sizeof(*im->maps));
	im->progs = take(&at, h->n_progs * sizeof(*im->progs));
	im->relocs = take(&at, h->n_relocs * sizeof(*im->relocs));
	im->members = take(&at, h->n_members * sizeof(*im->members));
	im->insns = take(&at, (size_t)h->n_insns * sizeof(*im->insns));
	im->key = take(&at, h->key_len);
	if (!im->maps || !im->progs || !im->relocs || !im->members || !im->insns || !im->key)
		return -ENOMEM;
	return 0;
}

int ebt_image_parse(struct ebt_image **out, const void *data, size_t len, const char **why)
{
	_cleanup_image_ struct ebt_image *im = NULL;
	struct ebt_image_file h;
	int err;

	*why = "it is too short";
	if (len < sizeof(h) || len > EBT_IMAGE_MAX_BYTES)
		return -EBADMSG;
	memcpy(&h, data, sizeof(h));
	*why = check_header(&h, len);
	if (*why)
		return -EBADMSG;
	if (XXH3_64bits((const char *)data + sizeof(h), len - sizeof(h)) != h.checksum) {
		*why = "its checksum is wrong";
		return -EBADMSG;
	}
	im = calloc(1, sizeof(*im));
	if (!im)
		return -ENOMEM;
	err = take_all(im, &h, (const char *)data + sizeof(h));
	if (err)
		return err;
	*why = check_all(im);
	if (*why)
		return -EBADMSG;
	*out = TAKE_PTR(im);
	return 0;
}

int ebt_image_write(const struct ebt_image *im, struct ebt_buf *out)
{
	struct ebt_image_file h = {
		.version = EBT_IMAGE_VERSION,
		.key_len = (uint32_t)im->key_len,
		.n_maps = im->n_maps,
		.n_progs = im->n_progs,
		.n_relocs = im->n_relocs,
		.n_members = im->n_members,
		.n_insns = im->n_insns,
		.insn_size = sizeof(struct bpf_insn),
	};
	size_t begin = out->len;

	memcpy(h.magic, IMAGE_MAGIC, sizeof(h.magic));
	ebt_buf_append(out, &h, sizeof(h));
	ebt_buf_append(out, im->maps, im->n_maps * sizeof(*im->maps));
	ebt_buf_append(out, im->progs, im->n_progs * sizeof(*im->progs));
	ebt_buf_append(out, im->relocs, im->n_relocs * sizeof(*im->relocs));
	ebt_buf_append(out, im->members, im->n_members * sizeof(*im->members));
	ebt_buf_append(out, im->insns, (size_t)im->n_insns * sizeof(*im->insns));
	ebt_buf_append(out, im->key, im->key_len);
	if (out->error)
		return out->error;
	h.length = out->len - begin;
	h.checksum = XXH3_64bits(out->data + begin + sizeof(h), h.length - sizeof(h));
	memcpy(out->data + begin, &h, sizeof(h));
	return 0;
}

int ebt_image_find_prog(const struct ebt_image *im, const char *name)
{
	for (uint32_t i = 0; i < im->n_progs; i++) {
		if (strcmp(im->progs[i].name, name) == 0)
			return (int)i;
	}
	return -ENOENT;
}

int ebt_image_find_map(const struct ebt_image *im, const char *name)
{
	for (uint32_t i = 0; i < im->n_maps; i++) {
		if (strcmp(im->maps[i].name, name) == 0)
			return (int)i;
	}
	return -ENOENT;
}

uint64_t ebt_insns_checksum(const struct ebt_image *image)
{
	return XXH3_64bits(image->insns, (size_t)image->n_insns * sizeof(*image->insns));
}
