/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * loader_messages.h - the view's end of the socket to the loader: receive its messages and act on
 * them. Everything that the loader's messages change hangs here.
 */
#ifndef EBT_PROCESSES_VIEW_LOADER_MESSAGES_H
#define EBT_PROCESSES_VIEW_LOADER_MESSAGES_H

#include <stdbool.h>

#include "ipc/protocol.h"
#include "processes/view/command_view.h"
#include "processes/view/accounting.h"
#include "processes/view/auto_size.h"
#include "processes/view/retune.h"
#include "processes/view/ring_reader.h"
#include "processes/view/status.h"
#include "processes/view/transport_handover.h"
#include "processes/view/view.h"

/* The loader's answer to a request for the contents of the Lab. */
struct ebt_lab_answer {
	bool is_new;
	int fd;	       /* the contents, owned while is_new; -1: there are none */
	char why[256]; /* and this is why */
};

struct ebt_loader_link {
	struct ebt_view *view; /* borrowed */
	int sock;
	struct ebt_handover handover;
	struct ebt_ring_reader reader;
	struct ebt_accounting accounting;
	struct ebt_retune retune;
	struct ebt_auto_size auto_size;
	struct ebt_status_reader status;
	struct ebt_lab_answer lab;
	struct ebt_command_view command;
	int final_counters; /* of the last generation, once it has stopped; -1: not known */
	bool gone;	    /* nobody answers any more */
	bool expected_end;  /* the loader said that it ends */
	bool lost;	    /* it did not: it was killed */
};

/* Take over both sockets; query_sock is for names of cgroups. */
void ebt_loader_link_init(struct ebt_loader_link *link, struct ebt_view *view, int sock,
			  int query_sock);
void ebt_loader_link_free(struct ebt_loader_link *link);

/* Receive the messages until START. Return 1 once tracing runs, 0 when there is none yet, -EPIPE when
 * the loader is gone, or another -errno. */
int ebt_loader_link_start(struct ebt_loader_link *link);
/* Receive and act on all messages that wait. */
void ebt_loader_link_take(struct ebt_loader_link *link);
/* Send a message without descriptors; errors show when the next one is received. */
void ebt_loader_link_send(struct ebt_loader_link *link, enum ebt_msg_type type);
/* Close the accounts of the generation that has ended; as ebt_accounting_close. */
void ebt_loader_link_close_generation(struct ebt_loader_link *link, int counters);

#endif
