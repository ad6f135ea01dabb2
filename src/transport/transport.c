/* SPDX-License-Identifier: BSD-3-Clause */
#include "transport/transport.h"

#include "transport/ring.h"

static void ring_begin(void *impl, size_t max_bytes)
{
	ebt_ring_begin(impl, max_bytes);
}

static int ring_next(void *impl, const void **data, size_t *len)
{
	return ebt_ring_next(impl, data, len);
}

static size_t ring_used(const void *impl)
{
	return ebt_ring_used(impl);
}

static size_t ring_size(const void *impl)
{
	return ebt_ring_size(impl);
}

static size_t ring_cpu_used(const void *impl, unsigned cpu)
{
	(void)impl;
	(void)cpu;
	return 0;
}

static size_t ring_cpu_size(const void *impl)
{
	(void)impl;
	return 0;
}

static int ring_fd(const void *impl)
{
	return ebt_ring_fd(impl);
}

static void ring_free(void *impl)
{
	struct ebt_ring *ring = impl;

	ebt_ring_free(&ring);
}

static const struct ebt_transport_ops ring_ops = {
	.name = "ring",
	.begin = ring_begin,
	.next = ring_next,
	.used = ring_used,
	.size = ring_size,
	.cpu_used = ring_cpu_used,
	.cpu_size = ring_cpu_size,
	.fd = ring_fd,
	.free = ring_free,
};

int ebt_transport_ring(struct ebt_transport *out, int fd, size_t size)
{
	struct ebt_ring *ring = NULL;
	int err = ebt_ring_new(&ring, fd, size);

	if (!err)
		*out = (struct ebt_transport){ &ring_ops, ring };
	return err;
}

void ebt_transport_free(struct ebt_transport *t)
{
	if (t->ops)
		t->ops->free(t->impl);
	*t = (struct ebt_transport){ 0 };
}

void ebt_transport_begin(struct ebt_transport *t, size_t max_bytes)
{
	if (t->ops)
		t->ops->begin(t->impl, max_bytes);
}

int ebt_transport_next(struct ebt_transport *t, const void **data, size_t *len)
{
	return t->ops ? t->ops->next(t->impl, data, len) : 0;
}

size_t ebt_transport_used(const struct ebt_transport *t)
{
	return t->ops ? t->ops->used(t->impl) : 0;
}

size_t ebt_transport_size(const struct ebt_transport *t)
{
	return t->ops ? t->ops->size(t->impl) : 0;
}

size_t ebt_transport_cpu_used(const struct ebt_transport *t, unsigned cpu)
{
	return t->ops ? t->ops->cpu_used(t->impl, cpu) : 0;
}

size_t ebt_transport_cpu_size(const struct ebt_transport *t)
{
	return t->ops ? t->ops->cpu_size(t->impl) : 0;
}

int ebt_transport_fd(const struct ebt_transport *t)
{
	return t->ops ? t->ops->fd(t->impl) : -1;
}
