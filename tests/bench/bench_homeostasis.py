#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""bench_homeostasis.py DATA PROFILES STATUS - the tables of docs/homeostasis.md from what bench_homeostasis.sh measured."""
import json
import os
import platform
import statistics
import sys
from collections import defaultdict

# As facts and lmbench call them, and how many system calls one of them is.
OPERATIONS = {"getppid": "getppid", "write": "write", "read": "read", "fstat": "fstat", "stat": "stat", "open/close": "open+close",
              "select": "select", "pipe": "pipe (2 calls)", "signal": "signal + handler", "fork+exit": "fork+exit",
              "fork+exec": "fork+exec"}
# ebpH's own tables: thesis, kernel 5.3, Ryzen 7 1700; microseconds off and on.
EBPH = {"getppid": (0.058, 0.416), "write": (0.111, 0.469), "read": (0.187, 0.540), "fstat": (0.194, 0.552), "stat": (0.587, 0.973),
        "open/close": (1.043, 1.830), "select": (0.362, 0.723), "pipe": (4.510, 5.768), "signal": (1.333, 1.855),
        "fork+exit": (200.5, 206.0), "fork+exec": (536.9, 580.5)}


def read(path):
    calls, build, counted = defaultdict(dict), defaultdict(dict), 0
    for line in open(path):
        kind, *rest = line.split()
        if kind == "call":
            side, number, name, ns = rest
            calls[name, side][int(number)] = float(ns) / 1000
        elif kind == "build":
            side, number, wall, user, system = rest
            build[side][int(number)] = tuple(map(float, (wall, user, system)))
        else:
            counted = int(rest[0])
    return calls, build, counted


def call_table(calls):
    print("| operation | off, us | on, us | added, us | added, % | ebpH off, us | on, us | added, % |")
    print("|---|---|---|---|---|---|---|---|")
    for name, label in OPERATIONS.items():
        off, on = min(calls[name, "off"].values()), min(calls[name, "on"].values())
        theirs = EBPH[name]
        digits = 3 if off < 10 else 1
        print(f"| {label} | {off:.{digits}f} | {on:.{digits}f} | {on - off:.{digits}f} | {100 * (on / off - 1):.0f} "
              f"| {theirs[0]} | {theirs[1]} | {100 * (theirs[1] / theirs[0] - 1):.0f} |")


def spread(values):
    return statistics.stdev(values) / len(values) ** 0.5 if len(values) > 1 else 0.0


def build_table(build, counted, added_us):
    kinds = {"wall": lambda t: t[0], "CPU (user + system)": lambda t: t[1] + t[2], "user": lambda t: t[1], "system": lambda t: t[2]}
    print("| build | off, s | on, s | added, % (median of rounds) | standard error, % |")
    print("|---|---|---|---|---|")
    for label, pick in kinds.items():
        off = {n: pick(t) for n, t in build["off"].items()}
        on = {n: pick(t) for n, t in build["on"].items()}
        ratios = [100 * (on[n] / off[n] - 1) for n in off if n in on and off[n]]
        print(f"| {label} | {statistics.median(off.values()):.3f} | {statistics.median(on.values()):.3f} "
              f"| {statistics.median(ratios):+.2f} | {spread(ratios):.2f} |")
    cpu = statistics.median(t[1] + t[2] for t in build["off"].values())
    print()
    print(f"That build makes {counted} system calls (strace -c), which at {added_us:.3f} us each are {counted * added_us / 1000:.1f} ms "
          f"of its {1000 * cpu:.0f} ms: {100 * counted * added_us / 1e6 / cpu:.2f} %.")


def memory_table(profiles, table_bytes):
    wanted = ("ps", "ls", "bash", "cc1", "callbench")
    print("| program | calls | pairs | bytes |")
    print("|---|---|---|---|")
    for line in open(profiles):
        p = json.loads(line)
        if os.path.basename(p.get("exe", "")) in wanted and p["calls"] > 100:
            print(f"| {os.path.basename(p['exe'])} | {p['distinct_calls']} | {p['pairs']} | {p['bytes']} |")
    print()
    print(f"The tables take {table_bytes / 1e6:.1f} MB of kernel memory from the start, whatever is watched.")


def main():
    calls, build, counted = read(sys.argv[1])
    rounds = len(build["off"])
    status = [json.loads(line) for line in open(sys.argv[3])]
    print(f"Linux {platform.release().split('-')[0]}, {os.cpu_count()} CPUs; lowest of {rounds} rounds off and {rounds} on, in turn; "
          "what is measured is normal.")
    print("ebpH's columns are its author's, on another machine and kernel (5.3).\n")
    call_table(calls)
    print()
    build_table(build, counted, min(calls["getppid", "on"].values()) - min(calls["getppid", "off"].values()))
    print()
    memory_table(sys.argv[2], next(s["table_bytes"] for s in status if "table_bytes" in s))


main()
