#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# Makes the pictures and the animation (tour.svg) of this directory from the real program: make.sh PROGRAM
# Needs root, tmux, python3, make and a C compiler. The program watches a small build that this script starts.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
program=$(realpath "${1:?usage: make.sh PROGRAM}")
columns=100
rows=30
work=/tmp/project
socket=ebt-screens-$$

tm() { tmux -L "$socket" -f /dev/null "$@"; }
frames=$(mktemp -d)
cleanup() {
	tm kill-server 2>/dev/null || true
	rm -rf "$work" "$frames"
}
trap cleanup EXIT

# A project of a few files, built again and again, with something that fails now and then.
rm -rf "$work"
mkdir -p "$work/src"
cd "$work"
for name in main parse table output report; do
	printf '#include <stdio.h>\nint %s(void)\n{\n\treturn puts("%s");\n}\n' "$name" "$name" >"src/$name.c"
done
cat >Makefile <<'MAKE'
OBJ = $(patsubst src/%.c,%.o,$(wildcard src/*.c))
all: $(OBJ)
%.o: src/%.c
	cc -O2 -Wall -Wextra -Iinclude '-DNAME="the project"' -c $< -o $@
clean:
	rm -f $(OBJ)
MAKE
cat >watch.sh <<'WATCH'
#!/bin/sh
# Builds, checks, builds again.
while :; do
	make -s -j2 all
	grep -q todo src/*.c
	git --version >/dev/null 2>&1
	sleep 1
	make -s clean
	sort -n -k 2 --parallel=1 /etc/group >/dev/null
done
WATCH
chmod +x watch.sh

# wait_for REGEX [TENTHS]: until the screen shows it.
wait_for() {
	for _ in $(seq 1 "${2:-100}"); do
		tm capture-pane -p 2>/dev/null | grep -q -e "$1" && return
		sleep 0.1
	done
	tm capture-pane -p >&2
	echo "make.sh: \"$1\" did not appear" >&2
	exit 1
}

# The kernel's release is that of the machine the pictures were made on: only its version is kept.
release=$(uname -r)
version=${release%%-*}
capture() { tm capture-pane -e -N -p | sed "s/$release/$version/g"; }
shoot() {
	capture | python3 "$here/ansi2svg.py" "$columns" >"${EBT_SCREENS_DIR:-$here}/$1.svg"
}

# start OPTION…: the program on a screen of its own.
start() {
	tm new-session -d -x "$columns" -y "$rows" \
		"env LC_ALL=C.UTF-8 XDG_CONFIG_HOME=/nonexistent TERM=tmux-256color $program $* -- ./watch.sh"
	wait_for F10Quit
	wait_for 'cc1'
}

# film SECONDS: another screen of the animation, shown for so long.
film() {
	reel+=("$frames/${#reel[@]}:$1")
	capture >"$frames/$((${#reel[@]} - 1))"
}
reel=()

start
sleep 30
shoot overview
for _ in 1 2 3; do
	film 1.2
	sleep 1.2
done
# A group, one of its execs, and back.
tm send-keys / '^cc1$' Enter
sleep 0.5
film 1.5
tm send-keys Enter
wait_for '> *cc1'
sleep 0.3
film 2
tm send-keys Enter
wait_for Arguments
film 3.5
tm send-keys Escape
sleep 0.7
film 0.8
tm send-keys Escape
wait_for '^GROUP'
film 1
# What fails: the filter while it is typed.
tm send-keys 2
wait_for PPID
tm send-keys F4
for key in s t a t u s : f a i l; do
	tm send-keys "$key"
	sleep 0.1
	case $key in t | :) film 0.5 ;; esac
done
sleep 0.5
film 1.5
tm send-keys Enter
sleep 0.5
film 2.5
tm send-keys F4 C-u Enter 5
wait_for '^Accounting'
film 3
tm send-keys 1
wait_for '^GROUP'
sleep 1
film 1.5
python3 "$here/ansi2svg.py" "$columns" "${reel[@]}" >"${EBT_SCREENS_DIR:-$here}/tour.svg"
tm send-keys 2
wait_for PPID
sleep 1
shoot events
tm send-keys 3
wait_for RATE/s
sleep 1
shoot top
tm send-keys 4
wait_for JOBTIM
# Only what belongs to the build: the rest of the machine is nobody's business.
tm send-keys F4 'watch[.]sh$|^make|^cc|/cc1|^as|^grep|^sort|^git' Enter
sleep 1.2
tm send-keys End
sleep 1.2
shoot tree
tm send-keys F4 C-u Enter
tm send-keys 6
wait_for 'Program ebt_'
sleep 1
shoot lab
tm send-keys 2 Z '/' 'cc1 -quiet' Enter Enter
wait_for Arguments
shoot details
tm send-keys q Z F1
wait_for 'Keys and marks'
shoot help
tm send-keys q q
tm kill-server || true # it may be gone with its last program
sleep 1
# With a scratch buffer that is too small for the compiler's command lines, so that there is something to advise.
start --scratch 512
tm send-keys 5
wait_for '^Accounting'
wait_for 'Advice' 600
sleep 1
shoot buffers
tm send-keys q
