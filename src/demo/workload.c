/* SPDX-License-Identifier: BSD-3-Clause */
/* workload.c - run programs and threads that trigger a lesson's BPF programs */
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/format.h"
#include "confine/child.h"
#include "demo/lesson.h"

#define CPUS_MAX 64

pid_t ebt_demo_run_program(const char *const argv[], int *status)
{
	int st = 0;
	pid_t pid;

	pid = ebt_child_fork(&(const struct ebt_child){ .silent = true });
	if (pid == 0) {
		execv(argv[0], (char *const *)argv);
		_exit(127);
	}
	while (pid > 0 && waitpid(pid, &st, 0) < 0 && errno == EINTR)
		;
	if (status)
		*status = st;
	return pid;
}

int ebt_demo_drain(struct ebt_demo *d, int ring_map, int (*fn)(void *arg, void *data, size_t len),
		   void *arg)
{
	struct ring_buffer *ring = ring_buffer__new(ring_map, fn, arg, NULL);
	int err;

	if (!ring)
		return ebt_demo_fail(d, -errno, "cannot map the ring");
	err = ring_buffer__consume(ring);
	ring_buffer__free(ring);
	return err < 0 ? ebt_demo_fail(d, err, "cannot read the ring") : 0;
}

uint64_t ebt_demo_percpu_sum(int map_fd, uint32_t key)
{
	int n = libbpf_num_possible_cpus();
	_cleanup_free_ uint64_t *values = n > 0 ? calloc((size_t)n, sizeof(*values)) : NULL;
	uint64_t sum = 0;

	if (!values || bpf_map_lookup_elem(map_fd, &key, values))
		return 0;
	for (int i = 0; i < n; i++)
		sum += values[i];
	return sum;
}

unsigned ebt_demo_cpus_online(void)
{
	long n = sysconf(_SC_NPROCESSORS_ONLN);

	return n < 1 ? 1 : n > CPUS_MAX ? CPUS_MAX : (unsigned)n;
}

struct on_cpu {
	void (*fn)(void *arg, unsigned cpu);
	void *arg;
	unsigned cpu;
	pthread_barrier_t *all;
};

static void *on_cpu_main(void *p)
{
	struct on_cpu *o = p;
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(o->cpu, &set);
	pthread_setaffinity_np(pthread_self(), sizeof(set), &set);
	pthread_barrier_wait(o->all);
	o->fn(o->arg, o->cpu);
	return NULL;
}

int ebt_demo_on_cpus(unsigned n, void (*fn)(void *arg, unsigned cpu), void *arg)
{
	struct on_cpu on[CPUS_MAX];
	pthread_t threads[CPUS_MAX];
	pthread_barrier_t all;
	int err = 0;

	if (n == 0 || n > CPUS_MAX)
		return -EINVAL;
	pthread_barrier_init(&all, NULL, n);
	for (unsigned i = 0; i < n; i++) {
		on[i] = (struct on_cpu){ fn, arg, i, &all };
		/* Give up: the threads that were started wait at the barrier for one that will not
		 * come. */
		err = pthread_create(&threads[i], NULL, on_cpu_main, &on[i]);
		if (err)
			abort();
	}
	for (unsigned i = 0; i < n; i++)
		pthread_join(threads[i], NULL);
	pthread_barrier_destroy(&all);
	return 0;
}

char *ebt_demo_time(char *out, size_t len, uint64_t mono_ns)
{
	char text[EBT_FMT_LEN];

	snprintf(out, len, "%s",
		 ebt_fmt_clock(text, mono_ns + (uint64_t)ebt_clock_mono_to_real_ns(), 1));
	return out;
}
