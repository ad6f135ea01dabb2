/* SPDX-License-Identifier: BSD-3-Clause */
/* exit.c - make an event of an exit record */
#include <string.h>

#include "decode/decode_internal.h"

void ebt_decode_scale_cputime(uint64_t rtime_ns, uint64_t *utime_ns, uint64_t *stime_ns)
{
	uint64_t utime = *utime_ns, stime = *stime_ns;

	if (rtime_ns == 0)
		return;
	if (stime == 0) {
		/* Without any tick all of the time counts as user time, as in the kernel. */
	} else if (utime == 0) {
		stime = rtime_ns;
	} else {
		unsigned __int128 sum = (unsigned __int128)stime + utime;

		stime = (uint64_t)((unsigned __int128)stime * rtime_ns / sum);
	}
	*stime_ns = stime;
	*utime_ns = rtime_ns - stime;
}

void ebt_decode_exit(const struct ebt_rec_exit *rec, long page_bytes, struct ebt_event *ev)
{
	struct ebt_event_exit *x = &ev->exit;
	uint64_t maxrss;

	*ev = (struct ebt_event){
		.type = EBT_EVENT_EXIT,
		.cpu = rec->hdr.cpu,
		.seq = rec->hdr.seq,
		.mono_ns = rec->hdr.mono_ns,
		.generation = rec->hdr.generation,
		.records = 1,
	};
	x->pid = rec->pid;
	x->ppid = rec->ppid;
	x->uid = rec->uid;
	x->status = rec->exit_code;
	x->start_ns = rec->start_ns;
	if (rec->start_ns > 0 && rec->start_ns < rec->hdr.mono_ns)
		x->lifetime_ns = rec->hdr.mono_ns - rec->start_ns;
	x->utime_ns = rec->utime_ns;
	x->stime_ns = rec->stime_ns;
	ebt_decode_scale_cputime(rec->rtime_ns, &x->utime_ns, &x->stime_ns);
	if (__builtin_mul_overflow(rec->maxrss_pages, (uint64_t)page_bytes, &maxrss))
		maxrss = UINT64_MAX;
	x->maxrss_bytes = maxrss;
	x->has_login = rec->hdr.size >= sizeof(*rec);
	x->loginuid = rec->loginuid;
	x->sessionid = rec->sessionid;
	x->comm = (struct ebt_bytes){ rec->comm, strnlen(rec->comm, EBT_COMM_LEN) };
}
