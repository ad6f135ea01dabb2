/* SPDX-License-Identifier: BSD-3-Clause */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/cleanup.h"
#include "cgroup/container.h"

#define ID  "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
#define ID2 "fedcba9876543210fedcba9876543210fedcba9876543210fedcba9876543210"

static const struct {
	const char *path, *runtime, *id;
} cases[] = {
	{ "/system.slice/docker-" ID ".scope", "docker", ID },
	{ "/docker/" ID, "docker", ID },
	{ "/docker/" ID "/init.scope", "docker", ID },
	{ "/kubepods.slice/kubepods-pod1_2.slice/cri-containerd-" ID ".scope", "containerd", ID },
	{ "/kubepods/burstable/pod12-34/" ID, "containerd", ID },
	{ "/kubepods.slice/kubepods-pod1.slice/crio-" ID ".scope", "cri-o", ID },
	{ "/machine.slice/libpod-" ID ".scope/container", "podman", ID },
	{ "/user.slice/user-1000.slice/user@1000.service/user.slice/libpod-" ID ".scope", "podman",
	  ID },
	{ "/machine.slice/machine-debian\\x2d12.scope/payload", "systemd-nspawn", "debian\\x2d12" },
	/* libvirt's scopes: a virtual machine is no container, alone or in one */
	{ "/machine.slice/machine-qemu\\x2d1\\x2ddebian.scope/libvirt/emulator", NULL, NULL },
	{ "/machine.slice/machine-xen\\x2d2\\x2dvm.scope", NULL, NULL },
	{ "/docker/" ID "/machine-qemu\\x2d1\\x2dvm.scope", "docker", ID },
	{ "/machine.slice/machine-lxc\\x2d7\\x2dweb.scope/libvirt", "lxc", "7\\x2dweb" },
	{ "/lxc.payload.web/system.slice/cron.service", "lxc", "web" },
	{ "/lxc/web", "lxc", "web" },
	/* a container in a container: the inner one */
	{ "/docker/" ID "/docker/" ID2, "docker", ID2 },
	{ "/", NULL, NULL },
	{ "", NULL, NULL },
	{ "/user.slice/user-0.slice/session-1.scope", NULL, NULL },
	{ "/docker/0123", NULL, NULL },
	{ "/system.slice/docker-notanid.scope", NULL, NULL },
	{ "/system.slice/docker.service", NULL, NULL },
};

static void test_paths(void **state)
{
	(void)state;
	for (size_t i = 0; i < EBT_ARRAY_SIZE(cases); i++) {
		struct ebt_container c = { 0 };
		bool found = ebt_container_find(cases[i].path, &c);

		if (found != (cases[i].runtime != NULL))
			fail_msg("%s: found %d", cases[i].path, found);
		if (!found)
			continue;
		assert_string_equal(c.runtime, cases[i].runtime);
		assert_int_equal(c.id.len, strlen(cases[i].id));
		assert_memory_equal(c.id.data, cases[i].id, c.id.len);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_paths) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
