/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/* more.bpf.c - send the rest of an event that is larger than the scratch buffer, in continuation
 * records */
#define EBT_DATA_ROOM (EBT_BUF_BYTES - sizeof(struct ebt_rec_data))
/* Chunks per run. 15 runs must reach the end of the longest event: 5.8 allows 32 tail calls, and
 * two deep paths and the programs before take 17. The upper bound keeps the program within the
 * verifier's limits when the buffers are smallest. */
#define EBT_CHUNKS_WANTED \
	((EBT_ARGS_LIMIT + EBT_ENV_LIMIT + 3 * EBT_PATH_MAX) / EBT_DATA_ROOM / 15 + 8)
#define EBT_CHUNKS_MAX 600
#define EBT_CHUNKS     (EBT_CHUNKS_WANTED > EBT_CHUNKS_MAX ? EBT_CHUNKS_MAX : EBT_CHUNKS_WANTED)

static inline void ebt_begin_section(struct ebt_stream *st, u32 sect, u64 src, u32 left)
{
	st->sect = sect;
	st->src = src;
	st->left = left;
	st->todo &= ~(1 << sect);
}

/* Return the address of the walked path of a slot, as a number, because it is read like any kernel
 * memory. */
static inline u64 ebt_path_address(u32 slot, u32 at)
{
#ifdef EBT_WITH_PATHS
	struct ebt_paths *p = ebt_paths.lookup(&slot);

	return p ? (u64)p->buf[at] : 0;
#else
	return 0;
#endif
}

/* Begin the next section that has bytes: the environment, then the late ones. */
static inline void ebt_next_section(struct ebt_scratch *s)
{
	struct ebt_stream *st = &s->st;

	if (st->todo & (1 << EBT_SECT_ENV))
		ebt_begin_section(st, EBT_SECT_ENV, st->env_start, st->env_left);
	else if (st->todo & (1 << EBT_SECT_FILENAME))
		ebt_begin_section(st, EBT_SECT_FILENAME, st->filename, st->filename_left);
	else if (st->todo & (1 << EBT_SECT_EXE))
		ebt_begin_section(st, EBT_SECT_EXE, ebt_path_address(s->slot, EBT_WALK_EXE),
				  st->exe_left);
	else
		ebt_begin_section(st, EBT_SECT_CWD, ebt_path_address(s->slot, EBT_WALK_CWD),
				  st->cwd_left);
}

/* Account for len bytes of the current section that have been read into a continuation record, or
 * could not be read (err). */
static inline void ebt_note_chunk(struct ebt_scratch *s, u64 len, long err)
{
	struct ebt_rec_data *r = (void *)s->buf;
	u64 bad = (u64)err >> 63;

	/* This is EBT_RECF_FAULT_ENV for EBT_SECT_ENV, which is EBT_SECT_ARGS + 1. */
	r->hdr.flags = EBT_RECF_MORE | (bad * EBT_RECF_FAULT_ARGS)
					       << ((s->st.sect - EBT_SECT_ARGS) & 1);
	r->hdr.size = sizeof(*r) + len;
	r->fault_bytes = bad * len;
	r->offset = s->st.offset;
	s->st.fault |= r->hdr.flags & ~EBT_RECF_MORE;
	s->st.left -= len;
	s->st.src += len;
	s->st.offset += len;
	s->st.event_bytes += sizeof(*r) + len;
}

/* Send the record that ebt_chunk has made. Return false if there is no room for continuations. */
static inline bool ebt_ship_chunk(void *ctx, struct ebt_cpu_counters *c, struct ebt_scratch *s,
				  u64 len)
{
	if (!ebt_ship_rest(ctx, c, s, sizeof(struct ebt_rec_data) + len))
		return true;
	s->st.cut = 1;
	return false;
}

static inline bool ebt_is_user(struct ebt_stream *st)
{
	/* Use a single test, otherwise the verifier follows all later chunks twice. */
	return (u64)st->sect - EBT_SECT_ARGS <= EBT_SECT_ENV - EBT_SECT_ARGS;
}

/* Send the chunks of argv or environment that fill the buffer. The verifier follows every round of
 * this loop, so a round has a single path: the size is a constant, the state is in the map, and
 * arithmetic replaces branches. */
static inline void ebt_full_chunks(void *ctx, struct ebt_cpu_counters *c, struct ebt_scratch *s)
{
	char *to = s->buf + sizeof(struct ebt_rec_data);

	if (!ebt_is_user(&s->st))
		return;
#pragma clang loop unroll(disable)
	for (u64 i = 0; i < EBT_CHUNKS; i++) {
		EBT_FORGET();
		/* The last chunk of an event, which has no EBT_RECF_MORE, is made elsewhere. */
		if (s->st.left <= EBT_DATA_ROOM)
			return;
		ebt_note_chunk(s, EBT_DATA_ROOM,
			       bpf_probe_read_user(to, EBT_DATA_ROOM, (void *)s->st.src));
		if (!ebt_ship_chunk(ctx, c, s, EBT_DATA_ROOM))
			return;
	}
}

/* Send one chunk of any section: its end, or the next piece of a name or path that is larger than
 * the buffer. */
static inline void ebt_any_chunk(void *ctx, struct ebt_cpu_counters *c, struct ebt_scratch *s)
{
	struct ebt_rec_data *r = (void *)s->buf;
	u64 len = ebt_bound(s->st.left, EBT_DATA_ROOM);
	long err;

	if (ebt_is_user(&s->st))
		err = bpf_probe_read_user(s->buf + sizeof(*r), len, (void *)s->st.src);
	else
		err = bpf_probe_read_kernel(s->buf + sizeof(*r), len, (void *)s->st.src);
	ebt_note_chunk(s, len, err);
	if (!s->st.left && !s->st.todo)
		r->hdr.flags &= ~EBT_RECF_MORE;
	ebt_high_water(c, sizeof(*r) + len);
	ebt_ship_chunk(ctx, c, s, len);
}

/* Maximum number of pieces of names and paths in a run, so that one run sends a whole one even with
 * the smallest buffer. */
#define EBT_PIECES (EBT_PATH_BUF / EBT_DATA_ROOM + 1)

static inline void ebt_last_chunks(void *ctx, struct ebt_cpu_counters *c, struct ebt_scratch *s)
{
#pragma clang loop unroll(disable)
	for (u64 i = 0; i < EBT_PIECES; i++) {
		EBT_FORGET();
		if (s->st.cut || !s->st.left || (ebt_is_user(&s->st) && s->st.left > EBT_DATA_ROOM))
			return;
		ebt_any_chunk(ctx, c, s);
	}
}

int ebt_on_more(struct bpf_raw_tracepoint_args *ctx)
{
	struct ebt_cpu_counters *c = ebt_my_counters();
	struct ebt_scratch *s = ebt_mine();

	if (!s || !c)
		return 0;
	ebt_fill_hdr((void *)s->buf, EBT_REC_DATA, s->slot, s->st.seq, s->st.begin_ns);
	ebt_find_buffer(s);
	ebt_full_chunks(ctx, c, s);
	EBT_FORGET();
	ebt_last_chunks(ctx, c, s);
	EBT_FORGET();
	if (!s->st.cut && !s->st.left && s->st.todo)
		ebt_next_section(s);
	EBT_FORGET();
	if (!s->st.cut && s->st.left) {
		ebt_slots.call(ctx, EBT_SLOT_MORE + EBT_OFF(PARITY));
		s->st.cut = 1; /* The limit of tail calls is reached. */
	}
	if (s->st.cut)
		ebt_add(&c->cut_ring, 1);
	ebt_finish(c, s);
	return 0;
}
