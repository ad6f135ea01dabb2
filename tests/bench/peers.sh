# shellcheck shell=bash
# SPDX-License-Identifier: BSD-3-Clause
#
# peers.sh - the tracers that are compared: how each is started, when it is ready, what it said of losses, how it ends.
# Sourced by the scripts of scripts/bench.sh, after lib.sh.
#
# One that cannot run is an entry with its own words, never a failure of the run.

# All that are known, in the order of the report. none: the untraced machine.
PEERS_ALL=(execbig-top execsnoop bpftrace bcc-execsnoop sysdig perf-trace perf-record forkstat extrace acct auditd strace)
# shellcheck disable=SC2034 # used by the scripts
PEERS_HOLD=(strace) # only traces what it starts, see peer_run
BENCH_SECONDS=${EBT_BENCH_SECONDS:-0} # of this group: no new round once they are over; 0: no limit
BENCH_QUICK=${EBT_BENCH_QUICK:-}
BENCH_BEGAN=$EPOCHSECONDS
PEER_PID=0 PEER=none PEER_OUT='' PEER_WHY=''

# emit GROUP CASE TOOL ROUND VALUE UNIT
emit() {
	printf '{"group":"%s","case":"%s","tool":"%s","round":%s,"value":%s,"unit":"%s"}\n' "$@" >>"${EBT_BENCH_OUT:-/dev/stdout}"
}

# note KIND NAME TEXT: facts that are not numbers (versions, why something did not run).
note() {
	jq -nc --arg kind "$1" --arg name "$2" --arg text "$3" '{note: $kind, name: $name, text: $text}' >>"${EBT_BENCH_OUT:-/dev/stdout}"
}

# go_on ROUND: is there time for another round? The first two are always run (one with --quick).
go_on() {
	local least=2
	[ -z "$BENCH_QUICK" ] || least=1
	[ "$1" -lt "$least" ] || [ "$BENCH_SECONDS" = 0 ] || [ $((EPOCHSECONDS - BENCH_BEGAN)) -lt "$BENCH_SECONDS" ]
}

# rotated ROUND NAME…: the names, another one first each round, so that what warms up or drifts hits all of them.
rotated() {
	local by=$1 i
	shift
	for ((i = 0; i < $#; i++)); do
		local k=$(((i + by) % $# + 1))
		printf '%s\n' "${!k}"
	done
}

# A name that no other program has, for finding execs in outputs that show nothing else (at most 15 bytes: comm).
UNIQUE=qb${BASHPID}q
unique_program() {
	cp "$NOP" "$TMP/$UNIQUE$1"
	printf '%s\n' "$TMP/$UNIQUE$1"
}

# What would have to be installed; empty when it is there.
peer_needs() {
	case $1 in
	execbig-top*) [ -x "$EBT_BIN" ] || echo "$EBT_BIN" ;;
	execsnoop) [ -n "$EXECSNOOP" ] || echo libbpf-tools ;;
	bpftrace) command -v bpftrace >/dev/null && [ -n "$EXECSNOOP_BT" ] || echo bpftrace ;;
	bcc-execsnoop) command -v execsnoop-bpfcc >/dev/null || echo bpfcc-tools ;;
	sysdig) command -v sysdig >/dev/null || echo sysdig ;;
	perf-*) command -v perf >/dev/null || echo linux-perf ;;
	forkstat) command -v forkstat >/dev/null || echo forkstat ;;
	extrace) command -v extrace >/dev/null || echo extrace ;;
	acct) command -v accton >/dev/null || echo acct ;;
	auditd) command -v auditd >/dev/null || echo auditd ;;
	strace) command -v strace >/dev/null || echo strace ;;
	esac
}

peer_version() {
	case $1 in
	execbig-top*) "$EBT_BIN" --version ;;
	execsnoop) dpkg-query -W -f 'libbpf-tools ${Version}\n' libbpf-tools ;;
	bpftrace) bpftrace --version ;;
	bcc-execsnoop) dpkg-query -W -f 'bpfcc-tools ${Version}\n' bpfcc-tools ;;
	sysdig) sysdig --version ;;
	perf-*) perf --version ;;
	forkstat) dpkg-query -W -f 'forkstat ${Version}\n' forkstat ;;
	extrace) dpkg-query -W -f 'extrace ${Version}\n' extrace ;;
	acct) dpkg-query -W -f 'acct ${Version}\n' acct ;;
	auditd) dpkg-query -W -f 'auditd ${Version}\n' auditd ;;
	strace) strace --version ;;
	esac 2>/dev/null | head -n 1
}

# The command as a person would type it, for the report.
peer_command() {
	case $1 in
	execbig-top) echo "execbig-top -b" ;;
	execsnoop) echo "execsnoop" ;;
	bpftrace) echo "bpftrace execsnoop.bt" ;;
	bcc-execsnoop) echo "execsnoop-bpfcc" ;;
	sysdig) echo "sysdig evt.type=execve" ;;
	perf-trace) echo "perf trace -a -e execve" ;;
	perf-record) echo "perf record -a -e sched:sched_process_exec" ;;
	forkstat) echo "forkstat -e exec" ;;
	extrace) echo "extrace" ;;
	acct) echo "accton FILE" ;;
	auditd) echo "auditctl -a always,exit -F arch=b64 -S execve" ;;
	strace) echo "strace -f -e trace=execve" ;;
	esac
}

# peer_start NAME [OPTION…]: traces when it returns 0; else $PEER_WHY says why not. Options come after the usual ones.
# EBT_MODE: how execbig-top is started (-b -d 1).
peer_start() {
	PEER=$1 PEER_PID=0 PEER_WHY='' PEER_OUT=$TMP/$1.out
	shift
	rm -f "$PEER_OUT" "$PEER_OUT".*
	PEER_WHY=$(peer_needs "$PEER")
	[ -z "$PEER_WHY" ] || { PEER_WHY="not installed: $PEER_WHY" && PEER=none && return 1; }
	: >"$PEER_OUT"
	case $PEER in
	none | strace) return 0 ;;
	execbig-top-J) peer_spawn "$EBT_BIN" --cache-dir "$EBT_CACHE" -J "$@" ;;
	execbig-top)
		# shellcheck disable=SC2086 # words
		peer_spawn "$EBT_BIN" --cache-dir "$EBT_CACHE" ${EBT_MODE:--b -d 1} "$@"
		;;
	execsnoop) peer_spawn "$EXECSNOOP" "$@" ;;
	bpftrace) peer_spawn env "$@" stdbuf -oL bpftrace "$EXECSNOOP_BT" ;;
	bcc-execsnoop) peer_spawn env PYTHONUNBUFFERED=1 execsnoop-bpfcc "$@" ;;
	sysdig) peer_spawn sysdig --unbuffered -p '%proc.pid %proc.cmdline' "$@" 'evt.type=execve and evt.dir=<' ;;
	perf-trace) peer_spawn perf trace -a -e execve -o "$PEER_OUT" "$@" ;;
	perf-record) peer_start_perf "$@" || { peer_died && return 1; } ;;
	forkstat) peer_spawn forkstat -l -e exec "$@" ;;
	extrace) peer_spawn extrace "$@" ;;
	acct) peer_start_acct || { PEER=none && return 1; } ;;
	auditd) peer_start_auditd || { peer_died && return 1; } ;;
	*) PEER_WHY="unknown" && return 1 ;;
	esac
	wait_until 30 peer_ready && [ -z "$PEER_WHY" ] && return 0
	peer_died
	return 1
}

peer_spawn() {
	spawn "$PEER_OUT" "$PEER_OUT.err" "$@"
	PEER_PID=$SPAWN_PID
}

# Succeeds when an exec was shown, or will never be ($PEER_WHY).
peer_ready() {
	if [ "$PEER_PID" != 0 ] && ! alive "$PEER_PID"; then
		PEER_WHY="ended early"
		return 0
	fi
	[ "$PEER" != perf-record ] || return 0 # it has acknowledged
	"$NOP" probe-probe
	sleep 0.01
	grep -qaE 'probe-probe|\<nop\>' "$PEER_OUT"
}

# Its own words, one line, without paths of this machine.
peer_died() {
	local words
	words=$(cat "$PEER_OUT.err" "$PEER_OUT" 2>/dev/null | tr -d '\r' | grep -aiE "unable|error|fail|cannot|can't|not |no such|denied" |
		grep -avE "modprobe|chdir|File \"|raise " | head -n 2 | tr '\n' ' ' | cut -c 1-300)
	words=${words//$TMP/\$TMP}
	PEER_WHY=$(printf '%s\n' "${words:-${PEER_WHY:-shows no exec within 30 s}}" | sed "s/$(uname -r)/\$(uname -r)/g; s/ *\$//")
	peer_stop
}

# perf says itself when its events are on.
peer_start_perf() {
	local ctl=$TMP/perf.ctl ack=$TMP/perf.ack line=''
	rm -f "$ctl" "$ack"
	mkfifo "$ctl" "$ack"
	exec {PERF_CTL}<>"$ctl" {PERF_ACK}<>"$ack"
	peer_spawn perf record -q -a -D -1 --control "fifo:$ctl,$ack" -e sched:sched_process_exec -o "$PEER_OUT.data" "$@"
	echo enable >&"$PERF_CTL"
	read -r -t 20 line <&"$PERF_ACK"
	exec {PERF_CTL}>&- {PERF_ACK}>&-
	[[ $line == ack* ]]
}

# The kernel's file of ended processes is one for all: somebody else's is left alone.
peer_start_acct() {
	local file=/var/log/account/pacct before
	before=$(stat -c %s "$file" 2>/dev/null)
	"$NOP"
	[ "$before" = "$(stat -c %s "$file" 2>/dev/null)" ] || { PEER_WHY="process accounting is in use on this machine" && return 1; }
	accton "$PEER_OUT" >/dev/null 2>"$PEER_OUT.err" || { PEER_WHY=$(head -n 1 "$PEER_OUT.err") && return 1; }
}

# Once auditing was on, every later process pays for it at each system call until the machine is restarted, unless the rule
# "never,task" exempts it: so it is set whenever auditd is not measured, and left behind.
peer_start_auditd() {
	local state
	[ -z "$BENCH_QUICK" ] || { PEER_WHY="not in a quick run: auditing changes the machine until it is restarted" && return 1; }
	state=$(auditctl -s 2>"$PEER_OUT.err") || return 1
	# Only where nobody uses it: no daemon, and no rule but that of an earlier run.
	if ! grep -qx 'pid 0' <<<"$state" || auditctl -l | grep -qvE '^No rules|^-a never,task'; then
		PEER_WHY="auditing is in use on this machine"
		return 1
	fi
	mkdir -p "$TMP/audit"
	chmod 0700 "$TMP/audit"
	sed "s|^log_file *=.*|log_file = $PEER_OUT|; s|^max_log_file_action *=.*|max_log_file_action = IGNORE|; s|^log_group *=.*|log_group = root|" \
		/etc/audit/auditd.conf >"$TMP/audit/auditd.conf"
	rm -f "$PEER_OUT"
	auditctl -D >/dev/null
	auditctl -b 8192 >/dev/null # as Debian's audit.rules
	spawn "$PEER_OUT.std" "$PEER_OUT.err" auditd -n -c "$TMP/audit"
	PEER_PID=$SPAWN_PID
	auditctl -a always,exit -F arch=b64 -S execve,execveat -k ebtbench >/dev/null
	AUDIT_LOST=$(auditctl -s | awk '$1 == "lost" { print $2 }')
}

# peer_run COMMAND…: the load, under the tracer where the tracer starts what it traces.
peer_run() {
	if [ "$PEER" = strace ]; then
		timeout "${BENCH_LOAD_SECONDS:-120}" strace -f -q -e trace=execve -e signal=none -o "$PEER_OUT" "${STRACE_MORE[@]}" "$@"
	else
		timeout "${BENCH_LOAD_SECONDS:-120}" "$@"
	fi
}
STRACE_MORE=()

# Waits until it shows an exec made now on each CPU (at most 20 s): what came before is then written, or lost.
peer_settle() {
	local cpu
	case $PEER in
	none | strace | perf-record | acct) return 0 ;;
	esac
	cp "$NOP" "$TMP/${UNIQUE}e"
	settled() {
		taskset -c "$cpu" "$TMP/${UNIQUE}e" "${UNIQUE}e$cpu"
		sleep 0.1
		tail -c 200000 "$PEER_OUT" | grep -qaF "${UNIQUE}e"
	}
	for cpu in $(online_cpus); do
		wait_until 10 settled || break
	done
}

peer_stop() {
	case $PEER in
	acct) accton off >/dev/null 2>&1 ;;
	auditd)
		if [ "$PEER_PID" != 0 ]; then
			AUDIT_LOST=$(($(auditctl -s | awk '$1 == "lost" { print $2 }') - ${AUDIT_LOST:-0}))
			auditctl -D >/dev/null 2>&1
			auditctl -e 0 >/dev/null 2>&1
			auditctl -a never,task >/dev/null 2>&1
		fi
		;;
	esac
	[ "$PEER_PID" = 0 ] || peer_end
	PEER_PID=0
}

peer_end() {
	local signal=INT
	[ "$PEER" != auditd ] || signal=TERM
	# The leader of what stdbuf and env became is the same process.
	kill -"$signal" "$PEER_PID" 2>/dev/null
	wait_until 15 gone "$PEER_PID" || kill -KILL "$PEER_PID" 2>/dev/null
	wait "$PEER_PID" 2>/dev/null
	forget "$PEER_PID"
	[ "$PEER" != perf-record ] || perf script -i "$PEER_OUT.data" --show-lost-events >"$PEER_OUT" 2>/dev/null
}

# Losses by the tool's own count, after peer_stop. As JSON: null when it says nothing of them, true when it says that there
# were some, but not how many.
peer_lost() {
	case $PEER in
	execbig-top-J) tail -n 1 "$PEER_OUT" | jq -r '.lost_ring + .lost_busy' ;;
	execsnoop | bpftrace) cat "$PEER_OUT" "$PEER_OUT.err" | grep -aoiE '^lost [0-9]+ events' | awk '{ n += $2 } END { print n + 0 }' ;;
	bcc-execsnoop) cat "$PEER_OUT.err" | grep -aoE 'lost [0-9]+ samples' | awk '{ n += $2 } END { print n + 0 }' ;;
	perf-trace) grep -aoE 'LOST [0-9]+ events' "$PEER_OUT" "$PEER_OUT.err" | awk '{ n += $(NF - 1) } END { print n + 0 }' ;;
	perf-record) grep -aoE 'PERF_RECORD_LOST.* lost [0-9]+' "$PEER_OUT" | awk '{ n += $NF } END { print n + 0 }' ;;
	forkstat) grep -qa nobufs "$PEER_OUT" && echo true || echo null ;;
	auditd) echo "${AUDIT_LOST:-0}" ;;
	*) echo null ;;
	esac
}

# Sets $PEERS: those that run here, each tried once; why the others do not goes into the output. Given EBT_BENCH_PEERS, those.
peers_find() {
	local name
	mapfile -t PEERS < <(tr ' ' '\n' <<<"${EBT_BENCH_PEERS:-}" | sed '/^$/d')
	[ ${#PEERS[@]} = 0 ] || return 0
	for name in "${PEERS_ALL[@]}"; do
		if peer_start "$name"; then
			peer_stop
			PEERS+=("$name")
			note version "$name" "$(peer_version "$name")"
			note command "$name" "$(peer_command "$name")"
		else
			note "not run" "$name" "$PEER_WHY"
			PEER_PID=0
		fi
	done
}

# For the way out, whatever happens: nothing of ours goes on.
peers_cleanup() { peer_stop; }
CLEANUP_HOOKS+=(peers_cleanup)
