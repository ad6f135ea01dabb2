/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * bench_frame.c - CPU time of a frame, snapshot included, with 100,000 execs in the history, 2,000
 * groups and 2,000 live processes, at 80x24 and 250x70. Issue 4 allows 2 ms.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "model/model.h"
#include "ui/core/ui.h"
#include "model/listing.h"
#include "ui/screens/registry.h"

#define EXECS  100000u
#define EXES   2000u
#define LIVE   2000u
#define FRAMES 100u
#define NCPU   8u

static uint64_t now_ns = 1000000000000u;

static void exec_one(struct ebt_model *model, uint32_t i)
{
	char exe[64], args[160];
	uint32_t kind = i * 2654435761u % EXES, pid = 1000 + i % 4000000u;
	int exe_len = snprintf(exe, sizeof(exe), "/usr/lib/project/bin/tool-%04u", kind);
	int n = snprintf(args, sizeof(args),
			 "%s%c-O2%c-Wall%c-Iinclude%c--output=build/object-%u.o%c-c%c"
			 "src/some/longer/path/file-%u.c",
			 exe, 0, 0, 0, 0, i, 0, 0, i);
	struct ebt_event ev = { .type = EBT_EVENT_EXEC,
				.cpu = i % NCPU,
				.seq = i / NCPU + 1,
				.mono_ns = now_ns,
				.records = 1 };

	ev.exec = (struct ebt_event_exec){
		.pid = pid,
		.ppid = 1000 + (i > LIVE ? i - i % LIVE : 0),
		.uid = 1000,
		.euid = 1000,
		.argc = 7,
		.start_ns = now_ns - 100000,
		.args_bytes = (uint32_t)n + 1,
		.args_captured = (uint32_t)n + 1,
		.flags = EBT_EV_HAS_EXE | EBT_EV_HAS_CWD,
		.comm = { exe + 21, (size_t)exe_len - 21 },
		.exe = { exe, (size_t)exe_len },
		.filename = { exe, (size_t)exe_len },
		.cwd = ebt_bytes_from("/home/user/project"),
		.args = { args, (size_t)n + 1 },
	};
	ebt_model_event(model, &ev);
	if (i + LIVE < EXECS) { /* the last ones go on running */
		struct ebt_event end = { .type = EBT_EVENT_EXIT,
					 .cpu = i % NCPU,
					 .seq = i / NCPU + 1,
					 .mono_ns = now_ns + 1000000 };

		end.exit = (struct ebt_event_exit){ .pid = pid,
						    .status = i % 50 ? 0 : 256,
						    .start_ns = ev.exec.start_ns,
						    .lifetime_ns = 1000000 + i,
						    .utime_ns = 500000 };
		ebt_model_event(model, &end);
	}
	now_ns += 200000; /* 5,000 a second */
	if (i % 5000 == 0)
		ebt_model_tick(model, now_ns);
}

static void frames(struct ebt_ui *ui, struct ebt_model *model, const char *name, int width,
		   int height)
{
	struct ebt_grid grid = { 0 };
	uint64_t start, spent = 0, worst = 0;

	if (ebt_grid_resize(&grid, width, height) < 0)
		abort();
	for (unsigned i = 0; i < FRAMES; i++) {
		ebt_model_tick(model, now_ns += 1000000); /* so that nothing is still as it was */
		start = ebt_clock_ns(CLOCK_PROCESS_CPUTIME_ID);
		ebt_ui_draw(ui, &grid, now_ns);
		start = ebt_clock_ns(CLOCK_PROCESS_CPUTIME_ID) - start;
		spent += start;
		worst = start > worst ? start : worst;
	}
	printf("%-8s %3dx%-3d  mean %7.3f ms  worst %7.3f ms  %s\n", name, width, height,
	       (double)spent / FRAMES / 1e6, (double)worst / 1e6,
	       spent / FRAMES <= 2000000 ? "within 2 ms" : "OVER 2 ms");
	ebt_grid_free(&grid);
}

int main(void)
{
	struct ebt_model_options mo = { .history_bytes = (size_t)256 << 20, .ncpu = NCPU };
	struct ebt_ui_options uo = {
		.screens = ebt_ui_screens, .unicode = true, .color = true, .mouse = true
	};
	struct ebt_cpu_counters counters[NCPU] = { { 0 } };
	struct ebt_model_buffers buffers = { .counters = counters, .ncpu = NCPU };
	static const struct {
		const char *name;
		uint32_t keys[3];
	} screens[] = {
		{ "overview", { '1' } },
		{ "events", { '2' } },
		{ "wrapped", { 'w' } },
		{ "top", { 'w', '3' } },
		{ "tree", { '4' } },
		{ "buffers", { '5' } },
		{ "paused", { '3', 'p' } },
		{ "details", { 'p', '2', EBT_KEY_ENTER } },
		/* Esc of the details; then a group's execs, of which new ones do not come */
		{ "scope", { EBT_KEY_ESC, '1', EBT_KEY_ENTER } },
	};
	struct ebt_model *model;
	struct ebt_ui *ui;

	if (ebt_model_new(&model, &mo) < 0 || ebt_ui_new(&ui, &uo, model) < 0)
		abort();
	for (uint32_t i = 0; i < EXECS; i++)
		exec_one(model, i);
	ebt_model_buffers(model, &buffers, now_ns);
	for (size_t i = 0; i < sizeof(screens) / sizeof(screens[0]); i++) {
		for (int k = 0; k < 3 && screens[i].keys[k]; k++)
			ebt_ui_key(ui, screens[i].keys[k]);
		frames(ui, model, screens[i].name, 80, 24);
		frames(ui, model, screens[i].name, 250, 70);
	}
	ebt_ui_free(&ui);
	ebt_model_free(&model);
	return 0;
}
