/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * notified - stands in for systemd's end of sd_notify: a datagram socket at PATH (or, with a
 * leading
 * @, in the abstract name space); prints each datagram as a line, at once.
 *
 * usage: notified PATH
 */
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>

int main(int argc, char **argv)
{
	struct sockaddr_un addr = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_DGRAM, 0);
	char text[512];
	ssize_t n;

	if (argc != 2 || strlen(argv[1]) >= sizeof(addr.sun_path))
		return 2;
	strcpy(addr.sun_path, argv[1]);
	if (argv[1][0] == '@')
		addr.sun_path[0] = '\0';
	if (bind(fd, (struct sockaddr *)&addr,
		 (socklen_t)(offsetof(struct sockaddr_un, sun_path) + strlen(argv[1])))) {
		perror("bind");
		return 1;
	}
	printf("bound\n");
	fflush(stdout);
	while ((n = recv(fd, text, sizeof(text) - 1, 0)) > 0) {
		text[n] = '\0';
		printf("%s\n", text);
		fflush(stdout);
	}
	return 0;
}
