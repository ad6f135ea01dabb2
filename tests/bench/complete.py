#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""complete.py TOOL NAME ROUND PROGRAM EXPECTED OUTPUT - what a tracer's output holds of the execs that benchload made.

EXPECTED is what benchload printed. An exec is reported when its process and its program are in the output; its bytes are
those arguments, or beginnings of arguments, that stand there in order. Prints one JSON object an exec.

complete.py --count TOOL LEAF OUTPUT - how many execs of the program with this name are in the output; and
how many execs of which it shows no program at all (it could not read the name).
"""
import json
import re
import sys
from collections import defaultdict

MARK = re.compile(r"\.\.\.|truncated")


def arguments(count, size):
    """The same as make_argv() and letter() of load.c."""
    rows = []
    for arg in range(1, count + 1):
        step = arg % 25 + 1
        length = size // count + (arg <= size % count)
        period = "".join(chr(ord("a") + (arg * 17 + at * step) % 26) for at in range(min(length, 26)))
        rows.append((period * (length // 26 + 1))[:length])
    return rows


def lines(pattern):
    """A reader for one line an exec; groups: pid, rest."""
    regex = re.compile(pattern)

    def read(path):
        with open(path, errors="replace") as file:
            for line in file:
                found = regex.match(line)
                if found:
                    yield int(found["pid"]), found["rest"]

    return read


def acct(path):
    """Names only, no process numbers."""
    with open(path, errors="replace") as file:
        for line in file:
            yield None, line.split(" ")[0]


def audit(path):
    """Records of one event have a serial number; long arguments come in parts."""
    pid, text = {}, defaultdict(list)
    with open(path, errors="replace") as file:
        for line in file:
            found = re.match(r"type=(\w+) msg=audit\([^:]*:(\d+)\): (.*)", line)
            if not found:
                continue
            kind, serial, rest = found.groups()
            if kind == "SYSCALL":
                ids = re.search(r" pid=(\d+).* exe=\"([^\"]*)\"", rest)
                if not ids:
                    continue  # a name it writes in hexadecimal is none of ours
                pid[serial] = int(ids[1])
                text[serial].insert(0, ids[2])
            elif kind == "EXECVE":
                text[serial].append(rest.split("\x1d")[0])
    for serial, number in pid.items():
        # Parts of one argument (a1[0]= a1[1]=) are one word again, whichever records they are in.
        rest = re.sub(r" ?a\d+_len=\d+", "", " ".join(text[serial]))
        rest = re.sub(r'"? a\d+\[[1-9]\d*\]="?', "", rest)
        yield number, re.sub(r"\ba\d+(\[\d+\])?=", "", rest)


def bpftrace_lines(path):
    """Its number and its arguments are two outputs, and those of two CPUs may be mixed: only lines with a program."""
    with open(path, errors="replace") as file:
        for line in file:
            yield None, line.lstrip("0123456789 ")


def execbig(path):
    with open(path, errors="replace") as file:
        for line in file:
            event = json.loads(line)
            if event.get("type") != "exec":
                continue
            said = event["args_captured"] < event["args_bytes"] or any("args_" in flag for flag in event["flags"])
            yield event["pid"], event["exe"] + " " + " ".join(event["args"]) + (" ..." if said else "")


READERS = {
    "execbig-top-J": execbig,
    "execsnoop": lines(r"\s*\S+\s+(?P<pid>\d+)\s+\d+\s+-?\d+ (?P<rest>.*)"),
    "bcc-execsnoop": lines(r"\s*\S+\s+(?P<pid>\d+)\s+\d+\s+-?\d+ (?P<rest>.*)"),
    "bpftrace": lines(r"\d+\s+(?P<pid>\d+)\s+(?P<rest>.*)"),
    "sysdig": lines(r"(?P<pid>\d+) (?P<rest>.*)"),
    "perf-trace": lines(r".*?(?P<rest>[^\s/]+/(?P<pid>\d+)\s+execve\(.*)"),
    "perf-record": lines(r"\s*\S+\s+(?P<pid>\d+)\s+\[\d+\].*?filename=(?P<rest>.*) pid="),
    "forkstat": lines(r"\S+\s+exec\s+(?P<pid>\d+)\s+(?P<rest>.*)"),
    "extrace": lines(r"\s*(?P<pid>\d+) (?P<rest>.*)"),
    "acct": acct,
    "auditd": audit,
    "strace": lines(r"(?P<pid>\d+)\s+execve\((?P<rest>.*)"),
}


def captured(text, program, expected):
    """Bytes of the arguments that text holds."""
    if program not in text:
        return 0
    words = re.findall(r"[a-z]+", text.rsplit(program, 1)[1])
    got = at = 0
    for arg in expected:
        if at == len(words):
            break
        if arg.startswith(words[at]):
            got += len(words[at])
            at += 1
    return got


def count_execs(tool, leaf, output):
    """By process: perf trace gives some of them two lines."""
    start = re.compile(r'["\s]*[^\s"]*\b' + re.escape(leaf) + r"\b")
    pids, nameless, blank = set(), 0, 0
    for pid, text in (bpftrace_lines if tool == "bpftrace" else READERS[tool])(output):
        blank += not text.strip()
        if start.match(text):
            pids.add(pid)
            nameless += pid is None
    print(nameless or len(pids), 0 if tool == "bpftrace" else blank)


def main():
    if sys.argv[1] == "--count":
        return count_execs(*sys.argv[2:])
    tool, name, number, program, expected, output = sys.argv[1:]
    leaf = program.rsplit("/", 1)[1]
    by_pid, nameless = {}, 0
    for pid, text in READERS[tool](output):
        if leaf not in text:
            continue
        if pid is None:
            nameless += 1
        elif len(text) > len(by_pid.get(pid, "")):
            by_pid[pid] = text
    for line in open(expected):
        exec_ = json.loads(line)
        count, size = exec_["args"], exec_["bytes"]
        text = by_pid.get(exec_["pid"])
        reported = text is not None
        if not reported and nameless > 0:
            nameless -= 1
            reported, text = True, ""
        got = captured(text, leaf, arguments(count, size)) if reported else 0
        print(json.dumps({"group": "complete", "case": f"{count}/{size}", "tool": name, "round": int(number),
                          "value": got if reported else None, "said": bool(reported and MARK.search(text)),
                          "unit": "bytes"}))


main()
