/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * fuzz_serve.c - libFuzzer target: the loader's serve loop against a view, and clients of `tune`,
 * that send anything, with descriptors beside it. The loop, the protocol and the sockets are the
 * real ones; below them stands a loader without a kernel, which checks what it is asked for.
 *
 * Input: packets. A byte says whose (view, its question socket, a client) and what becomes of the
 * type; a byte how many descriptors go along; two the length. Then its bytes. When all is sent the
 * view's end is closed, and the loop must end, with no descriptor more than before.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "fuzz.h"
#include "processes/loader/serve.h"

#define PACKETS_MAX 200
#define NCPU	    2

/* The kernel's side. */
static struct {
	struct ebt_params params;
	uint32_t generation;
	unsigned detached, signals;
	int ring;
	int view; /* the view's end of its socket */
} kernel;

/* A signal to anybody but the job on a terminal would be more than retune or quit. */
int __wrap_kill(pid_t pid, int sig);
int __wrap_kill(pid_t pid, int sig)
{
	require(pid == 0 && sig == SIGTSTP);
	kernel.signals++;
	return 0;
}

/* A loader that waits for ever: allowed only as long as the view has answers to take. */
int __real_poll(struct pollfd *fds, nfds_t n, int timeout_ms);
int __wrap_poll(struct pollfd *fds, nfds_t n, int timeout_ms);
int __wrap_poll(struct pollfd *fds, nfds_t n, int timeout_ms)
{
	int got = __real_poll(fds, n, 0);
	bool taken = false;
	char answer[8192];

	if (got || timeout_ms >= 0)
		return got;
	while (recv(kernel.view, answer, sizeof(answer), MSG_DONTWAIT) > 0)
		taken = true;
	require(taken);
	return __real_poll(fds, n, 0);
}

static int take_params(const struct ebt_params *params)
{
	char why[256];

	require(ebt_params_check(params, why, sizeof(why)) == 0);
	kernel.params = *params;
	return 0;
}

int ebt_tracer_load(struct ebt_tracer *t, const struct ebt_image *image,
		    const struct ebt_params *params, struct ebt_failure *failure)
{
	(void)t;
	(void)image;
	(void)failure;
	kernel.generation++;
	return take_params(params);
}
int ebt_tracer_filter(struct ebt_tracer *t, const struct ebt_filters *filters,
		      struct ebt_failure *failure)
{
	(void)failure;
	t->filters = *filters;
	return 0;
}
void ebt_tracer_fill_status(struct ebt_tracer *t, bool exes)
{
	t->status->n_exes = exes ? 1 : 0;
}
int ebt_images_cached(struct ebt_images *images, const struct ebt_params *params,
		      struct ebt_image **out)
{
	(void)images;
	(void)out;
	/* Every other one has to be compiled. */
	return take_params(params) || params->scratch_bytes % 16 ? -ENOENT : 0;
}
int ebt_images_build(struct ebt_images *images, const struct ebt_params *params,
		     struct ebt_build *build, struct ebt_failure *failure)
{
	(void)images;
	*build = (struct ebt_build){ .pid = -1, .in = -1, .out = -1, .diag = -1 };
	snprintf(failure->text, sizeof(failure->text), "no compiler");
	return take_params(params) || params->scratch_bytes % 24 ? -ENOENT : 0;
}
int ebt_images_built(struct ebt_images *images, const struct ebt_params *params,
		     struct ebt_build *build, int result, struct ebt_image **out,
		     struct ebt_failure *failure)
{
	(void)images;
	(void)build;
	(void)result;
	(void)out;
	snprintf(failure->text, sizeof(failure->text), "does not compile");
	ebt_buf_puts(&failure->words, "words of the compiler");
	return params->failed ? -EIO : 0;
}
int ebt_build_step(struct ebt_build *b)
{
	(void)b;
	return 0;
}
void ebt_build_free(struct ebt_build *b)
{
	(void)b;
}
void ebt_lab_ask(struct ebt_lab_serve *lab, struct ebt_images *images,
		 struct ebt_programs *programs, struct ebt_outbox *out)
{
	struct ebt_msg msg = { .type = EBT_MSG_LAB };
	int fd = memfd_create("lab", MFD_CLOEXEC);

	(void)lab;
	(void)images;
	(void)programs;
	ebt_outbox_send(out, &msg, &fd, 1);
	close(fd);
}
void ebt_lab_step(struct ebt_lab_serve *lab, struct ebt_images *images,
		  struct ebt_programs *programs, struct ebt_outbox *out)
{
	(void)lab;
	(void)images;
	(void)programs;
	(void)out;
}
void ebt_programs_discard(struct ebt_programs *programs)
{
	(void)programs;
}
bool ebt_programs_settle(struct ebt_programs *programs, unsigned timeout_ms)
{
	(void)programs;
	(void)timeout_ms;
	return true;
}
void ebt_programs_retire(struct ebt_programs *programs)
{
	(void)programs;
}
void ebt_programs_detach(struct ebt_programs *programs)
{
	(void)programs;
	kernel.detached++;
}
unsigned ebt_programs_ncpu(const struct ebt_programs *programs)
{
	(void)programs;
	return NCPU;
}
void ebt_tracer_init(struct ebt_tracer *t)
{
	*t = (struct ebt_tracer){ .status_fd = -1 };
}
int ebt_tracer_counters(const struct ebt_tracer *t, bool old)
{
	(void)t;
	(void)old;
	return memfd_create("counters", MFD_CLOEXEC);
}
void ebt_view_child_init(struct ebt_view_child *v)
{
	*v = (struct ebt_view_child){ .out = { .sock = -1 }, .query_sock = -1 };
}
bool ebt_view_child_reap(struct ebt_view_child *v)
{
	(void)v;
	return false;
}
int ebt_programs_switch(struct ebt_programs *programs, struct ebt_failure *failure)
{
	(void)programs;
	(void)failure;
	return 0;
}
bool ebt_programs_quiesce(struct ebt_programs *programs, unsigned timeout_ms)
{
	(void)programs;
	(void)timeout_ms;
	return true;
}
uint32_t ebt_programs_generation(const struct ebt_programs *programs)
{
	(void)programs;
	return kernel.generation;
}
const struct ebt_params *ebt_programs_params(const struct ebt_programs *programs)
{
	(void)programs;
	return &kernel.params;
}
int ebt_programs_ring_fd(const struct ebt_programs *programs)
{
	(void)programs;
	return kernel.ring;
}
const struct ebt_perf_events *ebt_programs_perf(const struct ebt_programs *programs)
{
	(void)programs;
	return NULL;
}
void ebt_cgroup_watch_init(struct ebt_cgroup_watch *w)
{
	*w = (struct ebt_cgroup_watch){ .inotify = -1 };
}
bool ebt_cgroup_watch_step(struct ebt_cgroup_watch *w, struct ebt_tracer *tracer)
{
	(void)w;
	(void)tracer;
	return false;
}
void ebt_command_init(struct ebt_command *command)
{
	*command = (struct ebt_command){ .release_fd = -1, .error_fd = -1, .output = -1 };
}
bool ebt_command_runs(const struct ebt_command *command)
{
	(void)command;
	return false;
}
void ebt_command_take_exec(struct ebt_command *command)
{
	(void)command;
}
void ebt_command_signal(struct ebt_command *command, int signal)
{
	(void)command;
	(void)signal;
}
void ebt_command_interrupt(struct ebt_command *command, const struct signalfd_siginfo *info)
{
	(void)command;
	(void)info;
}
int ebt_command_timeout_ms(const struct ebt_command *command)
{
	(void)command;
	return -1;
}

bool ebt_command_look_after(struct ebt_command *command)
{
	(void)command;
	return false;
}

void ebt_command_drain(struct ebt_command *command)
{
	(void)command;
}

void ebt_command_reap(struct ebt_command *command)
{
	(void)command;
}

/* Which of the first descriptors are open: one that was leaked lies among them, wherever there was
 * room. */
static uint64_t open_fds(void)
{
	uint64_t open = 0;

	for (int fd = 0; fd < 40; fd++)
		open |= (uint64_t)(fcntl(fd, F_GETFD) >= 0) << fd;
	return open;
}

/* Raw, so that more descriptors than a message has can go along. */
static void send_packet(int sock, const void *data, size_t len, int n_fds)
{
	union {
		char buf[CMSG_SPACE(sizeof(int) * 16)];
		struct cmsghdr align;
	} control = { 0 };
	struct iovec iov = { (void *)data, len };
	struct msghdr hdr = { .msg_iov = &iov, .msg_iovlen = 1 };

	if (n_fds) {
		hdr.msg_control = control.buf;
		hdr.msg_controllen = CMSG_SPACE(sizeof(int) * (size_t)n_fds);
		control.align.cmsg_level = SOL_SOCKET;
		control.align.cmsg_type = SCM_RIGHTS;
		control.align.cmsg_len = CMSG_LEN(sizeof(int) * (size_t)n_fds);
		for (int i = 0; i < n_fds; i++)
			memcpy(CMSG_DATA(&control.align) + (size_t)i * sizeof(int), &kernel.ring,
			       sizeof(int));
	}
	(void)sendmsg(sock, &hdr, MSG_NOSIGNAL | MSG_DONTWAIT);
}

/* Most are messages in form, so that what is behind the first check is reached. */
static void shape(struct ebt_msg *msg, uint8_t how)
{
	static const uint32_t types[] = { EBT_MSG_GET_STATUS, EBT_MSG_RETUNE,  EBT_MSG_STOP,
					  EBT_MSG_SUSPEND,    EBT_MSG_GET_LAB, EBT_MSG_TAKEN };

	if (how % 8 < EBT_ARRAY_SIZE(types))
		msg->type = types[how % 8];
	if (how & 8)
		msg->params.ring_bytes = 1u << (msg->params.ring_bytes % 32);
	if (how & 16)
		msg->params.scratch_bytes = (msg->params.scratch_bytes % 5000) * 8;
}

static void send_all(struct input *in, int view, int query, int client)
{
	for (int n = 0; in->left && n < PACKETS_MAX; n++) {
		uint8_t how = input_byte(in), n_fds = input_byte(in) % 17;
		struct ebt_msg msg = { 0 };
		size_t len = input_u16(in) % (2 * sizeof(msg)), got;
		const uint8_t *data = input_bytes(in, len, &got);
		int to = how >> 6 == 0 ? query : how >> 6 == 1 ? client : view;

		if (how & 32) {
			send_packet(to, data, got, n_fds);
			continue;
		}
		memcpy(&msg, data, got < sizeof(msg) ? got : sizeof(msg));
		shape(&msg, how);
		send_packet(to, &msg, to == query ? 8 : sizeof(msg), n_fds);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input in = { data, size };
	struct ebt_options options = { .mode = size % 2 ? EBT_MODE_LIVE : EBT_MODE_JSON };
	struct ebt_serve s;
	int view[2], query[2], client[2];
	uint64_t before;

	kernel.params = (struct ebt_params){ .scratch_bytes = 8192, .ring_bytes = 1u << 20 };
	kernel.generation = 1;
	kernel.signals = 0;
	kernel.ring = STDERR_FILENO;
	before = open_fds();
	require(!socketpair(AF_UNIX, SOCK_SEQPACKET, 0, view) &&
		!socketpair(AF_UNIX, SOCK_SEQPACKET, 0, query) &&
		!socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_NONBLOCK, 0, client));
	ebt_serve_init(&s, &options);
	s.control.clients[0] = client[0];
	s.view.out.sock = view[0];
	kernel.view = view[1];
	s.view.query_sock = query[0];
	s.tracer.status = calloc(1, ebt_status_bytes(NCPU));
	require(s.tracer.status != NULL);
	send_all(&in, view[1], query[1], client[1]);
	/* Nothing more comes; what was sent is still taken. */
	shutdown(view[1], SHUT_WR);
	close(query[1]);
	close(client[1]);
	ebt_serve_run(&s);
	require(!kernel.signals || options.mode == EBT_MODE_LIVE);
	close(view[1]);
	close(view[0]);
	ebt_outbox_free(&s.view.out);
	if (s.view.query_sock >= 0)
		close(s.view.query_sock);
	ebt_control_close(&s.control);
	free(s.tracer.status);
	require(open_fds() == before);
	return 0;
}
