/* SPDX-License-Identifier: BSD-3-Clause */
/* The monitor on a kernel side in memory: files, paths, losses and responses. */
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include <cmocka.h>

#include "base/clock.h"
#include "fake_kernel.h"
#include "homeostasis/monitor.h"
#include "homeostasis/notes.h"
#include "homeostasis/profile_dir.h"
#include "homeostasis/respond.h"

static struct ebt_ph_settings settings;
static struct ebt_ph_monitor *monitor;
static char dir[] = "/tmp/ebt_monitor_XXXXXX";
static char notes[4096], why[512];
static unsigned records;

static void on_event(const struct ebt_ph_rec *rec, const char *path, void *arg)
{
	size_t len = strlen(notes);

	if (rec->events & EBT_PH_EV_NOTE)
		snprintf(notes + len, sizeof(notes) - len, "%s\n", path);
	else
		records++;
}

static int start(const char *profiles)
{
	int err = ebt_ph_monitor_new(&monitor, FAKE_KERNEL, profiles, &settings, why, sizeof(why));

	notes[0] = '\0';
	if (!err)
		ebt_ph_monitor_listen(monitor, on_event, NULL);
	return err;
}

static int setup(void **state)
{
	strcpy(dir, "/tmp/ebt_monitor_XXXXXX");
	assert_non_null(mkdtemp(dir));
	ebt_ph_settings_default(&settings);
	records = 0;
	why[0] = '\0';
	return 0;
}

static int teardown(void **state)
{
	char command[128];

	ebt_ph_monitor_free(&monitor);
	fake_reset();
	snprintf(command, sizeof(command), "rm -r %s", dir);
	return system(command);
}

static void test_saves_and_loads(void **state)
{
	struct ebt_ph_profile before, after;
	char name[EBT_PH_NAME_LEN], path[128];
	struct stat st;

	assert_int_equal(start(dir), 0);
	assert_true(ebt_ph_monitor_saves(monitor));
	assert_int_equal(ebt_ph_monitor_save(monitor), 0);
	assert_string_equal(notes, "");
	fake_add(11);
	fake_add(12);
	ebt_ph_monitor_set_path(monitor, 1, "/bin/one");
	ebt_ph_monitor_set_path(monitor, 2, "");
	ebt_ph_monitor_set_path(monitor, EBT_PH_PROFILES, "/out/of/range");
	ebt_ph_monitor_set_kill(monitor, 1, true, EBT_PH_UID_HERE);
	assert_string_equal(notes,
			    "processes of /bin/one above kill-limit are killed: set by the view\n");
	assert_int_equal(ebt_ph_monitor_save(monitor), 2);
	assert_non_null(strstr(notes, "2 profiles saved"));
	/* Nothing has changed since. */
	assert_int_equal(ebt_ph_monitor_save(monitor), 0);
	fake.sets[2]->profile.train_count++;
	assert_int_equal(ebt_ph_monitor_save(monitor), 1);
	fake.sets[2]->profile.changed_ns++;
	assert_int_equal(ebt_ph_monitor_save(monitor), 1);
	/* A clock that was set makes the times in every file wrong. */
	fake.step_ns = 3600000000000;
	assert_int_equal(ebt_ph_monitor_save(monitor), 2);
	before = fake.sets[1]->profile;
	snprintf(path, sizeof(path), "%s/%s", dir, ebt_ph_file_name(name, &before.key));
	assert_int_equal(stat(path, &st), 0);
	ebt_ph_monitor_free(&monitor);
	assert_int_equal(fake.detached, 1);
	fake_reset();

	assert_int_equal(start(dir), 0);
	assert_int_equal(fake.slots, 2);
	for (uint32_t slot = 1; slot <= 2; slot++) {
		assert_int_equal(ebt_ph_kernel_profile(FAKE_KERNEL, slot, &after), 0);
		if (after.key.ino != 11)
			continue;
		assert_string_equal(ebt_ph_monitor_path(monitor, slot), "/bin/one");
		assert_int_equal(after.train_count, before.train_count);
		/* The file has the wall clock; this kernel's step is 0. */
		assert_int_equal(after.changed_ns, before.changed_ns + 3600000000000);
	}
	assert_int_equal(ebt_ph_monitor_save(monitor), 0);
}

static void test_directory_refused(void **state)
{
	struct ebt_ph_monitor *first;

	assert_int_equal(start("/dev/null/profiles"), -ENOTDIR);
	assert_string_equal(why, "cannot write /dev/null/profiles: Not a directory");
	assert_int_equal(fake.freed, 0);
	assert_int_equal(chmod(dir, 0777), 0);
	assert_int_equal(start(dir), -EPERM);
	assert_non_null(strstr(why, "can be written by other users"));
	assert_int_equal(chmod(dir, 0700), 0);
	assert_int_equal(start(dir), 0);
	first = monitor;
	monitor = NULL;
	assert_int_equal(start(dir), -EBUSY);
	assert_non_null(strstr(why, "in use by another"));
	monitor = first;
}

static void test_errors_of_the_kernel(void **state)
{
	fake.configure_error = -EIO;
	assert_int_equal(start(NULL), -EIO);
	assert_non_null(strstr(why, "cannot set the settings"));
	assert_null(monitor);
	fake.configure_error = 0;
	assert_int_equal(start(NULL), 0);
	settings.cfg.enforcing = 1;
	assert_int_equal(ebt_ph_monitor_can(monitor, &settings, why, sizeof(why)), 0);
	fake.no_deny = "it is old";
	assert_int_equal(ebt_ph_monitor_can(monitor, &settings, why, sizeof(why)), -EOPNOTSUPP);
	assert_non_null(strstr(why, "it is old"));
	settings.cfg.enforcing = 0;
	assert_int_equal(ebt_ph_monitor_can(monitor, &settings, why, sizeof(why)), 0);
}

static void test_full_table(void **state)
{
	assert_int_equal(start(dir), 0);
	fake_add(11);
	assert_int_equal(ebt_ph_monitor_end(monitor), 0);
	ebt_ph_monitor_free(&monitor);
	fake_reset();
	fake.put_error = -ENOSPC;
	assert_int_equal(start(dir), 0);
	assert_int_equal(fake.slots, 0);
}

static void step_with(struct ebt_ph_rec rec)
{
	fake.recs[0] = rec;
	fake.n_recs = 1;
	assert_int_equal(ebt_ph_monitor_step(monitor), 1);
}

static void test_learns_paths(void **state)
{
	char self[512] = "";
	ssize_t n = readlink("/proc/self/exe", self, sizeof(self) - 1);

	assert_true(n > 0);
	assert_int_equal(start(NULL), 0);
	step_with((struct ebt_ph_rec){
		.events = EBT_PH_EV_NEW_PROFILE, .profile = 1, .path = "/bin/a", .path_len = 7 });
	assert_string_equal(ebt_ph_monitor_path(monitor, 1), "/bin/a");
	assert_int_equal(records, 1);
	/* A path that is known stays. */
	step_with((struct ebt_ph_rec){
		.events = EBT_PH_EV_ASSOCIATED, .profile = 1, .path = "/bin/b", .path_len = 7 });
	assert_string_equal(ebt_ph_monitor_path(monitor, 1), "/bin/a");
	/* A relative one gives way to /proc, and is used when the process is gone. */
	step_with((struct ebt_ph_rec){ .events = EBT_PH_EV_ASSOCIATED,
				       .profile = 2,
				       .path = "./c",
				       .path_len = 4,
				       .pid = 0x7ffffff0 });
	assert_string_equal(ebt_ph_monitor_path(monitor, 2), "./c");
	step_with((struct ebt_ph_rec){ .events = EBT_PH_EV_ASSOCIATED,
				       .profile = 2,
				       .path = "./d",
				       .path_len = 4,
				       .pid = (uint32_t)getpid() });
	assert_string_equal(ebt_ph_monitor_path(monitor, 2), self);
	/* Without any path there is the command name. */
	step_with((struct ebt_ph_rec){
		.events = EBT_PH_EV_NEW_PROFILE, .profile = 3, .comm = "cmd", .pid = 0x7ffffff0 });
	assert_string_equal(ebt_ph_monitor_path(monitor, 3), "cmd");
	/* Other records name nothing. */
	step_with((struct ebt_ph_rec){
		.events = EBT_PH_EV_FROZEN, .profile = 4, .path = "/bin/e", .path_len = 7 });
	assert_string_equal(ebt_ph_monitor_path(monitor, 4), "");
	assert_int_equal(records, 6);
}

static void test_saves_in_time(void **state)
{
	settings.save_interval_s = 1000;
	assert_int_equal(start(dir), 0);
	fake_add(11);
	assert_int_equal(ebt_ph_monitor_step(monitor), 0);
	assert_string_equal(notes, "");
	assert_int_equal(ebt_ph_monitor_timeout_ms(monitor), 500);
	assert_int_equal(ebt_ph_monitor_set(monitor, "save-interval", "1", 0, why, sizeof(why)), 0);
	assert_int_equal(ebt_ph_monitor_settings(monitor)->save_interval_s, 1);
	for (uint64_t end_ns = ebt_mono_ns() + 10000000000ull;
	     !strstr(notes, "1 profiles saved");) {
		assert_true(ebt_mono_ns() < end_ns);
		ebt_ph_monitor_step(monitor);
	}
}

static void test_reports_losses(void **state)
{
	assert_int_equal(start(NULL), 0);
	ebt_ph_watch_losses(monitor, 1);
	assert_string_equal(notes, "");
	fake.counters.ring_lost = 5;
	fake.counters.rows_full = 6;
	/* Not within the same second. */
	ebt_ph_watch_losses(monitor, 2);
	assert_string_equal(notes, "");
	ebt_ph_watch_losses(monitor, 1000000001);
	assert_non_null(strstr(notes, "5 events lost, the ring to the monitor was full"));
	assert_non_null(strstr(notes, "6 calls not looked at, the table of rows is full"));
	notes[0] = '\0';
	/* The same number is not reported again, and another one only after a minute. */
	fake.counters.ring_lost = 7;
	ebt_ph_watch_losses(monitor, 3000000000);
	assert_string_equal(notes, "");
	ebt_ph_watch_losses(monitor, 61000000001);
	assert_string_equal(notes, "7 events lost, the ring to the monitor was full\n");
}

/* A child of another program, as the monitor spares its own. */
static pid_t victim(void)
{
	pid_t pid = fork();

	if (pid == 0) {
		execl("/bin/sleep", "sleep", "60", NULL);
		_exit(127);
	}
	assert_true(pid > 0);
	for (uint64_t end_ns = ebt_mono_ns() + 10000000000ull;;) {
		char path[64], exe[512], own[512];
		ssize_t n, n_own = readlink("/proc/self/exe", own, sizeof(own));

		snprintf(path, sizeof(path), "/proc/%d/exe", pid);
		n = readlink(path, exe, sizeof(exe) - 1);
		if (n > 0 && (n != n_own || memcmp(exe, own, (size_t)n) != 0))
			return pid;
		assert_true(ebt_mono_ns() < end_ns);
	}
}

static struct ebt_ph_rec anomaly(pid_t pid, uint32_t lfc)
{
	return (struct ebt_ph_rec){ .events = EBT_PH_EV_ANOMALY,
				    .profile = 1,
				    .pid = (uint32_t)pid,
				    .tid = (uint32_t)pid,
				    .lfc = lfc };
}

static void end(pid_t pid)
{
	int status;

	kill(pid, SIGKILL);
	assert_int_equal(waitpid(pid, &status, 0), pid);
}

static void test_delays(void **state)
{
	pid_t pid = victim();
	uint64_t now_ns;
	int status;

	settings.response = EBT_PH_RESPOND_DELAY;
	settings.delay_unit_ms = 1000;
	assert_int_equal(start(NULL), 0);
	ebt_ph_monitor_set_path(monitor, 1, "/bin/sleep");
	step_with(anomaly(pid, 0)); /* no delay without a count */
	assert_string_equal(notes, "");
	step_with(anomaly(pid, 2));
	assert_non_null(strstr(notes, "(/bin/sleep) is stopped for 4000 ms: LFC 2"));
	assert_int_equal(waitpid(pid, &status, WUNTRACED), pid);
	assert_true(WIFSTOPPED(status));
	assert_int_equal(ebt_ph_monitor_timeout_ms(monitor), 10);
	notes[0] = '\0';
	/* A second anomaly makes the delay longer: 8 s from now. */
	step_with(anomaly(pid, 3));
	assert_string_equal(notes, "");
	now_ns = ebt_mono_ns();
	ebt_ph_delay_step(monitor, now_ns + 5000000000);
	assert_string_equal(notes, "");
	ebt_ph_delay_step(monitor, now_ns + 9000000000);
	assert_non_null(strstr(notes, "goes on"));
	assert_int_equal(waitpid(pid, &status, WCONTINUED), pid);
	assert_true(WIFCONTINUED(status));
	notes[0] = '\0';
	/* It rests: the restarted call must not stop it again. */
	step_with(anomaly(pid, 3));
	assert_string_equal(notes, "");
	ebt_ph_delay_step(monitor, now_ns + 9100000000);
	assert_int_equal(ebt_ph_monitor_timeout_ms(monitor), 10);
	ebt_ph_delay_step(monitor, now_ns + 9300000000);
	assert_int_equal(ebt_ph_monitor_timeout_ms(monitor), 500);
	/* The end of the monitor lets it go on. */
	step_with(anomaly(pid, 3));
	assert_int_equal(waitpid(pid, &status, WUNTRACED), pid);
	assert_int_equal(ebt_ph_monitor_end(monitor), 0);
	assert_int_equal(waitpid(pid, &status, WCONTINUED), pid);
	end(pid);
}

static void test_leaves_stopped_alone(void **state)
{
	pid_t pid = victim();
	int status;

	settings.response = EBT_PH_RESPOND_DELAY;
	assert_int_equal(start(NULL), 0);
	kill(pid, SIGSTOP);
	assert_int_equal(waitpid(pid, &status, WUNTRACED), pid);
	step_with(anomaly(pid, 1));
	assert_string_equal(notes, "");
	assert_int_equal(ebt_ph_monitor_timeout_ms(monitor), 500);
	end(pid);
}

static void test_kills(void **state)
{
	pid_t pid = victim();
	int status;

	assert_int_equal(start(NULL), 0);
	step_with(anomaly(pid, 100)); /* its profile does not ask for it */
	assert_string_equal(notes, "");
	ebt_ph_monitor_set_kill(monitor, 1, true, 0);
	notes[0] = '\0';
	step_with(anomaly(pid, 12)); /* not above the limit */
	assert_string_equal(notes, "");
	assert_int_equal(waitpid(pid, &status, WNOHANG), 0);
	step_with(anomaly(pid, 13));
	assert_non_null(strstr(notes, "is killed: LFC 13"));
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
}

static void test_spares_itself(void **state)
{
	pid_t pid = fork(); /* the same program */
	int status;

	if (pid == 0) {
		pause();
		_exit(0);
	}
	assert_int_equal(start(NULL), 0);
	ebt_ph_monitor_set_kill(monitor, 1, true, 0);
	notes[0] = '\0';
	step_with(anomaly(pid, 100));
	step_with(anomaly(0, 100));
	assert_string_equal(notes, "");
	assert_int_equal(waitpid(pid, &status, WNOHANG), 0);
	end(pid);
}

static void test_users(void **state)
{
	char user[EBT_PH_USER_LEN];

	assert_string_equal(ebt_ph_user(user, 0), "root");
	assert_string_equal(ebt_ph_user(user, EBT_PH_UID_HERE), "the view");
	assert_string_equal(ebt_ph_user(user, 4123456789), "uid 4123456789");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_saves_and_loads, setup, teardown),
		cmocka_unit_test_setup_teardown(test_directory_refused, setup, teardown),
		cmocka_unit_test_setup_teardown(test_errors_of_the_kernel, setup, teardown),
		cmocka_unit_test_setup_teardown(test_full_table, setup, teardown),
		cmocka_unit_test_setup_teardown(test_learns_paths, setup, teardown),
		cmocka_unit_test_setup_teardown(test_saves_in_time, setup, teardown),
		cmocka_unit_test_setup_teardown(test_reports_losses, setup, teardown),
		cmocka_unit_test_setup_teardown(test_delays, setup, teardown),
		cmocka_unit_test_setup_teardown(test_leaves_stopped_alone, setup, teardown),
		cmocka_unit_test_setup_teardown(test_kills, setup, teardown),
		cmocka_unit_test_setup_teardown(test_spares_itself, setup, teardown),
		cmocka_unit_test(test_users),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
