#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""open_view.py PROGRAM RECORDING [ROUNDS] - from the start of the view to its first frame and to the frame that shows the end
of the recording, on a terminal of 100x30; and the CPU time until then. One line a round, lowest last."""
import fcntl
import os
import pty
import select
import struct
import sys
import termios
import time


def cpu_ms(pid):
    with open(f"/proc/{pid}/schedstat") as f:
        return int(f.read().split()[0]) / 1e6


def run(program, recording):
    begin = time.monotonic()
    pid, fd = pty.fork()
    if pid == 0:
        os.environ.update(TERM="xterm-256color", LC_ALL="C.UTF-8", XDG_CONFIG_HOME="/nonexistent")
        fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", 30, 100, 0, 0))
        os.execv(program, [program, "-r", recording])
    seen, first = b"", None
    while b"ENDED" not in seen:
        if not select.select([fd], [], [], 60)[0]:
            sys.exit("open_view.py: nothing on the terminal for a minute")
        try:
            seen = seen[-64:] + os.read(fd, 1 << 16)
        except OSError:
            sys.exit("open_view.py: the view ended")
        if first is None and b"Help" in seen:
            first = (time.monotonic() - begin) * 1e3
    took, cpu = (time.monotonic() - begin) * 1e3, cpu_ms(pid)
    os.write(fd, b"q")
    while True:
        try:
            if not os.read(fd, 1 << 16):
                break
        except OSError:
            break
    os.waitpid(pid, 0)
    return first or took, took, cpu


rounds = [run(sys.argv[1], sys.argv[2]) for _ in range(int(sys.argv[3]) if len(sys.argv) > 3 else 5)]
for first, took, cpu in rounds:
    print(f"first frame {first:7.1f} ms, all of it {took:7.1f} ms, CPU time {cpu:7.1f} ms")
print("lowest:     " + ", ".join(f"{min(values):.1f} ms" for values in zip(*rounds)))
