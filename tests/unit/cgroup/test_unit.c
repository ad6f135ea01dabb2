/* SPDX-License-Identifier: BSD-3-Clause */
/* test_unit.c - units and pods of the paths that systemd, runtimes and kubelets make. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/cleanup.h"
#include "cgroup/unit.h"

#define ID    "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
#define POD   "3b1a6f0e-8a44-4a53-9a6b-0c2d1e4f5a69"
#define POD_U "3b1a6f0e_8a44_4a53_9a6b_0c2d1e4f5a69"
#define HASH  "0a1b2c3d4e5f60718293a4b5c6d7e8f9" /* of a static pod: no dashes */
#define USER  "/user.slice/user-1000.slice/user@1000.service"

static const struct {
	const char *path, *unit, *user_unit, *pod;
} cases[] = {
	{ "/", "", "", "" },
	{ "", "", "", "" },
	{ "/init.scope", "init.scope", "", "" },
	{ "/system.slice", "", "", "" },
	{ "/system.slice/cron.service", "cron.service", "", "" },
	{ "/system.slice/system-getty.slice/getty@tty1.service", "getty@tty1.service", "", "" },
	{ "/system.slice/nginx.service/worker", "nginx.service", "", "" },
	/* a service that gives its children cgroups of their own is the unit of them all */
	{ "/system.slice/systemd-udevd.service/udev", "systemd-udevd.service", "", "" },
	{ "/system.slice/run-u7.scope", "run-u7.scope", "", "" },
	{ "/system.slice/home-max.mount", "home-max.mount", "", "" },
	/* user sessions and managers */
	{ "/user.slice/user-1000.slice/session-3.scope", "session-3.scope", "", "" },
	{ USER "/init.scope", "user@1000.service", "init.scope", "" },
	{ USER "/app.slice/app-gnome-foo.slice/app-x.scope", "user@1000.service", "app-x.scope",
	  "" },
	{ USER "/app.slice/sync.service/sub", "user@1000.service", "sync.service", "" },
	{ USER "/app.slice", "user@1000.service", "", "" },
	{ USER, "user@1000.service", "", "" },
	/* a name that begins with an underscore since the kernel has such a file */
	{ "/system.slice/_cpu.service", "cpu.service", "", "" },
	{ "/_system.slice/a.service", "a.service", "", "" },
	/* containers and virtual machines: the unit is what systemd started */
	{ "/system.slice/docker-" ID ".scope", "docker-" ID ".scope", "", "" },
	{ "/system.slice/docker-" ID ".scope/init.scope", "docker-" ID ".scope", "", "" },
	{ "/machine.slice/libpod-" ID ".scope/container", "libpod-" ID ".scope", "", "" },
	{ USER "/user.slice/libpod-" ID ".scope", "user@1000.service", "libpod-" ID ".scope", "" },
	{ "/machine.slice/machine-debian\\x2d12.scope/payload/system.slice/ssh.service",
	  "machine-debian\\x2d12.scope", "", "" },
	{ "/machine.slice/systemd-nspawn@web.service/payload/init.scope",
	  "systemd-nspawn@web.service", "", "" },
	{ "/machine.slice/machine-qemu\\x2d1\\x2ddebian.scope/libvirt/emulator",
	  "machine-qemu\\x2d1\\x2ddebian.scope", "", "" },
	/* cgroups that systemd did not make */
	{ "/docker/" ID, "", "", "" },
	{ "/docker/" ID "/system.slice/cron.service", "", "", "" },
	{ "/lxc.payload.web/system.slice/cron.service", "", "", "" },
	{ "/mine.slice.d/a.service", "", "", "" },
	{ "/a b.service", "", "", "" },
	{ "/.service", "", "", "" },
	{ "/@.service", "", "", "" },
	/* kubernetes, driver cgroupfs */
	{ "/kubepods/burstable/pod" POD "/" ID, "", "", POD },
	{ "/kubepods/besteffort/pod" POD, "", "", POD },
	{ "/kubepods/pod" POD "/" ID, "", "", POD },
	{ "/kubepods/burstable/pod" HASH "/" ID, "", "", HASH },
	{ "/docker/" ID "/kubelet/kubepods/pod" POD "/" ID, "", "", POD },
	{ "/kubepods/burstable", "", "", "" },
	{ "/kubepods/pod1234", "", "", "" },
	{ "/other/pod" POD, "", "", "" },
	/* kubernetes, driver systemd */
	{ "/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod" POD_U
	  ".slice/cri-containerd-" ID ".scope",
	  "cri-containerd-" ID ".scope", "", POD },
	{ "/kubepods.slice/kubepods-pod" POD_U ".slice/crio-" ID ".scope", "crio-" ID ".scope", "",
	  POD },
	{ "/kubepods.slice/kubepods-besteffort.slice/kubepods-besteffort-pod" HASH ".slice", "", "",
	  HASH },
	{ "/kubelet.slice/kubelet-kubepods.slice/kubelet-kubepods-pod" POD_U
	  ".slice/cri-containerd-" ID ".scope",
	  "cri-containerd-" ID ".scope", "", POD },
	{ "/kubepods.slice/kubepods-pod" POD_U "x.slice", "", "", "" },
	{ "/system.slice/my-pod" POD_U ".slice", "", "", "" },
};

static void expect(const char *path, const char *what, struct ebt_bytes got, const char *wanted)
{
	if (!ebt_bytes_equal(got, ebt_bytes_from(wanted)))
		fail_msg("%s: %s is \"%.*s\", not \"%s\"", path, what, (int)got.len, got.data,
			 wanted);
}

static void test_paths(void **state)
{
	(void)state;
	for (size_t i = 0; i < EBT_ARRAY_SIZE(cases); i++) {
		char pod[EBT_POD_UID_LEN];
		bool found = ebt_cgroup_pod_uid(cases[i].path, pod);

		expect(cases[i].path, "unit", ebt_cgroup_unit(cases[i].path), cases[i].unit);
		expect(cases[i].path, "user_unit", ebt_cgroup_user_unit(cases[i].path),
		       cases[i].user_unit);
		expect(cases[i].path, "pod_uid", ebt_bytes_from(pod), cases[i].pod);
		assert_int_equal(found, cases[i].pod[0] != '\0');
	}
}

/* systemd takes no name of more than 255 bytes for a unit. */
static void test_long_name(void **state)
{
	char path[300];

	(void)state;
	snprintf(path, sizeof(path), "/%0*d.service", 247, 0);
	assert_int_equal(ebt_cgroup_unit(path).len, 255);
	snprintf(path, sizeof(path), "/%0*d.service", 248, 0);
	assert_int_equal(ebt_cgroup_unit(path).len, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_paths),
		cmocka_unit_test(test_long_name),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
