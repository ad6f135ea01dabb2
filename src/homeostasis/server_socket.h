/* SPDX-License-Identifier: BSD-3-Clause */
/* server_socket.h - the socket in the file system at which the daemon listens */
#ifndef EBT_HOMEOSTASIS_SERVER_SOCKET_H
#define EBT_HOMEOSTASIS_SERVER_SOCKET_H

#include <stddef.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <sys/un.h>

/* Zero-initialise it. */
struct ebt_ph_socket {
	char path[sizeof(((struct sockaddr_un *)0)->sun_path)]; /* without links */
	struct stat st; /* of the socket file; st_ino 0: none was made */
};

/* Listen at the place that path leads to by links of root and ours alone; members of the group, if it
 * is not -1, may connect. A socket that nobody listens at any more is replaced. Return a descriptor,
 * which the caller owns, or -errno with a sentence in why. */
int ebt_ph_socket_listen(struct ebt_ph_socket *socket, const char *path, gid_t gid, char *why,
			 size_t why_len);
/* Remove the socket file, unless somebody has replaced it since. */
void ebt_ph_socket_remove(const struct ebt_ph_socket *socket);

#endif
