/* SPDX-License-Identifier: BSD-3-Clause */
#include "cli/check.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/clock.h"
#include "base/failure.h"
#include "base/format.h"
#include "bpf/programs.h"
#include "confine/child.h"
#include "confine/requirements.h"
#include "image/image_store.h"
#include "image/members.h"
#include "image/text_source.h"
#include "processes/monitor/monitor_setup.h"
#include "transport/ring.h"

static void check_line(const char *what, const char *verdict, const char *detail)
{
	printf("  %-24s %-8s %s\n", what, verdict, detail);
}

static void check_kernel(void)
{
	struct utsname uts;
	char btf[256], why[256];

	uname(&uts);
	printf("kernel\n");
	check_line("release", "", uts.release);
	if (access(EBT_BTF_PATH, R_OK))
		snprintf(btf, sizeof(btf), "%s: %s", EBT_BTF_PATH, ebt_strerror(errno));
	else
		snprintf(btf, sizeof(btf), "%s", EBT_BTF_PATH);
	check_line("type information (BTF)", access(EBT_BTF_PATH, R_OK) ? "MISSING" : "ok", btf);
	check_line("privilege", ebt_may_trace() ? "ok" : "MISSING",
		   ebt_may_trace() ? "may load and attach BPF programs" : "run it with sudo");
	if (ebt_can_name_pids(why, sizeof(why)))
		check_line("process ids", "off", why);
	/* System calls of 32-bit programs have entries of their own in the kernel, without a tracepoint. */
	check_line("failed execs (-x)", "64-bit", "those that 32-bit programs try are not seen");
}

/* Print the name of each member that the programs want and this kernel does not have. The field that
 * needs it is off. */
static void check_members(const struct ebt_image *image, const uint32_t *values)
{
	unsigned missing = 0;

	for (uint32_t i = 0; i < image->n_members; i++) {
		if (values[i] != EBT_MEMBER_MISSING || image->members[i].path[0] == '=')
			continue;
		check_line(image->members[i].path, "missing", "the field that needs it is off");
		missing++;
	}
	if (!missing)
		check_line("kernel structures", "ok", "every member was found by name");
}

/* The search for our own process among the records. It is known by an argument, because in a pid
 * namespace this process has another number than in the kernel's records. */
struct self_test {
	char marker[48];
	uint32_t pid; /* the kernel's */
	bool exec, exit;
};

static void check_probe_record(const char *data, size_t len, struct self_test *t)
{
	struct ebt_rec_hdr h;

	if (len < sizeof(h))
		return;
	memcpy(&h, data, sizeof(h));
	if (h.type == EBT_REC_EXEC && len >= sizeof(struct ebt_rec_exec) &&
	    memmem(data, len, t->marker, strlen(t->marker))) {
		t->pid = ((const struct ebt_rec_exec *)data)->pid;
		t->exec = true;
	}
	if (h.type == EBT_REC_EXIT && t->exec && len >= sizeof(struct ebt_rec_exit))
		t->exit |= ((const struct ebt_rec_exit *)data)->pid == t->pid;
}

/* Start one process and look for its exec and exit in the ring. Return -ENODATA if they are not there. */
static int check_run_probe(struct ebt_programs *programs, const struct ebt_params *params)
{
	struct ebt_ring *ring = NULL;
	struct self_test t = { 0 };
	int fd = dup(ebt_programs_ring_fd(programs)), err;
	const void *data;
	size_t len;
	pid_t pid;

	err = ebt_ring_new(&ring, fd, params->ring_bytes);
	if (err) {
		ebt_cleanup_close(&fd);
		return err;
	}
	snprintf(t.marker, sizeof(t.marker), "execbig-top-self-test-%d", (int)getpid());
	pid = ebt_child_fork(&(const struct ebt_child){ 0 });
	if (pid == 0) {
		execl("/bin/true", "true", t.marker, NULL);
		_exit(127);
	}
	waitpid(pid, NULL, 0);
	ebt_programs_quiesce(programs, 500);
	ebt_ring_begin(ring, 0);
	while (ebt_ring_next(ring, &data, &len) == 1)
		check_probe_record(data, len, &t);
	ebt_ring_free(&ring);
	return t.exec && t.exit ? 0 : -ENODATA;
}

static int check_load(struct ebt_images *images, const struct ebt_options *options,
		      struct ebt_programs *programs, struct ebt_failure *failure)
{
	_cleanup_image_ struct ebt_image *image = NULL;
	_cleanup_free_ uint32_t *values = NULL;
	struct ebt_filter_set none = { 0 };
	char took[EBT_FMT_LEN], detail[128];
	uint64_t compile_ns, begin_ns;
	int err = ebt_images_get(images, &options->params, &image, &compile_ns, failure);

	if (err)
		return err;
	snprintf(detail, sizeof(detail), "%s%s", compile_ns ? "compiled in " : "from the cache",
		 compile_ns ? ebt_fmt_duration(took, compile_ns) : "");
	check_line("BPF text", "ok", detail);
	err = ebt_images_members(images, image, &values, failure);
	if (err)
		return err;
	check_members(image, values);
	begin_ns = ebt_mono_ns();
	err = ebt_programs_prepare(programs, image, values, &options->params, failure);
	if (!err)
		err = ebt_programs_switch(programs, failure);
	if (!err)
		err = ebt_programs_set_filters(programs, &none, failure);
	if (!err)
		err = ebt_programs_attach(programs, failure);
	if (err)
		return err;
	snprintf(detail, sizeof(detail), "%u programs verified and attached in %s", image->n_progs,
		 ebt_fmt_duration(took, ebt_mono_ns() - begin_ns));
	check_line("programs", "ok", detail);
	return 0;
}

static int self_test(const struct ebt_options *options)
{
	struct ebt_images_options io = { .text_dir = options->bpf_text_dir,
					 .cache_dir = options->cache_dir,
					 .no_cache = options->no_cache,
					 .headers = options->headers,
					 .headers_dir = options->headers_dir };
	struct ebt_failure failure = { 0 };
	struct ebt_images images = { .cache = -1 };
	struct ebt_programs *programs = NULL;
	int err;

	printf("self-test\n");
	err = ebt_images_open(&images, &io, &failure);
	if (!err)
		err = ebt_programs_new(&programs);
	if (!err)
		err = check_load(&images, options, programs, &failure);
	if (!err) {
		err = check_run_probe(programs, &options->params);
		check_line("one process, traced", err ? "FAILED" : "ok",
			   err ? "its exec and exit did not arrive"
			       : "exec and exit arrived whole");
	} else {
		check_line("tracing", "FAILED",
			   failure.text[0] ? failure.text : ebt_strerror(-err));
		ebt_failure_print(&failure, stderr);
	}
	ebt_buf_free(&failure.words);
	ebt_programs_free(&programs);
	ebt_images_close(&images);
	return err;
}

/* Print whether homeostasis works. Its programs need more of a kernel than the others, which work
 * without them. */
static void check_homeostasis(const struct ebt_options *options)
{
	char detail[512] = "";
	int err = ebt_can_name_pids(detail, sizeof(detail));

	if (!err)
		err = ebt_homeo_check(options, detail, sizeof(detail));

	check_line("--homeostasis, daemon", err ? "off" : "ok", detail);
}

int ebt_check_run(const struct ebt_options *options)
{
	char why[512];
	int status;

	check_kernel();
	status = ebt_can_trace(why, sizeof(why));
	if (status) {
		printf("\n%s\n", why);
		return status;
	}
	if (self_test(options)) {
		printf("\nexecbig-top does not work here.\n");
		return EBT_EXIT_KERNEL;
	}
	check_homeostasis(options);
	printf("\nexecbig-top works here.\n");
	return EBT_EXIT_OK;
}
