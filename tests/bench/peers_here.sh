#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# peers_here.sh - tries each tracer once; prints those that run here, notes why the others do not.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/peers.sh"

need_root
need jq
peers_find
echo "${PEERS[*]}"
