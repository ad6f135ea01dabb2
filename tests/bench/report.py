#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""report.py DATA OUT [VM-DATA] - OUT/benchmarks.md and its charts from what scripts/bench.sh measured.

Every number and every word about a number comes from the data. A ratio is the median of the ratios round by round: what
the machine did meanwhile hits both sides. gnuplot draws.
"""
import json
import shutil
import subprocess
import sys
from collections import defaultdict
from statistics import median

OURS = "execbig-top"
LABEL = {"none": "untraced", "execbig-top-J": "execbig-top -J", "execbig-top-4M": "execbig-top --history 4M",
         "execsnoop": "execsnoop (libbpf-tools)",
         "bpftrace": "execsnoop.bt (bpftrace)", "bcc-execsnoop": "execsnoop (bcc)", "perf-trace": "perf trace",
         "perf-record": "perf record", "acct": "process accounting", "auditd": "auditd"}
ORDER = ["none", OURS, "execbig-top-J", "execbig-top-4M", "execsnoop", "bpftrace", "bcc-execsnoop", "sysdig", "perf-trace", "perf-record",
         "forkstat", "extrace", "acct", "auditd", "strace"]


class Data:
    """Values by (group, case, tool, unit), in the order of rounds; notes by kind."""

    def __init__(self, path):
        self.values, self.notes, self.rows = defaultdict(dict), defaultdict(dict), []
        for line in open(path):
            row = json.loads(line)
            if "note" in row:
                self.notes[row["note"]].setdefault(row["name"], []).append(row["text"])
            elif "group" in row:
                self.rows.append(row)
                self.values[row["group"], row["case"], row["tool"], row["unit"]][row["round"]] = row["value"]

    def numbers(self, group, case, tool, unit):
        values = self.values.get((group, case, tool, unit), {}).values()
        return [v for v in values if isinstance(v, (int, float)) and not isinstance(v, bool)]

    def median(self, *key):
        numbers = self.numbers(*key)
        return median(numbers) if numbers else None

    def ratios(self, group, case, tool, unit, base="none"):
        """To what was measured around it (unit "ns base") where that is known, else to the base of the same rounds. base: a tool, or
        a tool and its case."""
        base, base_case = base if isinstance(base, tuple) else (base, case)
        ours = self.values.get((group, case, tool, unit), {})
        around = self.values.get((group, case, tool, unit + " base"), {}) if base == "none" else {}
        theirs = around or self.values.get((group, base_case, base, unit), {})
        return sorted(ours[r] / theirs[r] for r in ours if theirs.get(r))

    def ratio(self, *key, **base):
        """Median, lowest, highest, number, and between which the median lies with 95 % (order statistics; None below six)."""
        r = self.ratios(*key, **base)
        if not r:
            return None
        half = 0.98 * len(r) ** 0.5
        low, high = int(len(r) / 2 - half), int(len(r) / 2 + half)
        return (median(r), r[0], r[-1], len(r), (r[max(low, 0)], r[min(high, len(r) - 1)]) if len(r) > 5 else None)

    def lowest_ratio(self, group, case, tool):
        """Of the lowest of all rounds: what noise cannot raise."""
        unit = "ns lowest" if self.numbers(group, case, tool, "ns lowest") else "ns"
        ours, base = self.numbers(group, case, tool, unit), self.numbers(group, case, "none", unit)
        if group == "exec" and len(ours) > len(base):
            return None # more looks find a lower one
        return min(ours) / min(base) if ours and base else None

    def noise(self, group, case, tool, unit):
        """How often the highest round is the lowest: what a ratio of this run can be worth. None: fewer than three rounds."""
        numbers = self.numbers(group, case, tool, unit)
        return max(numbers) / min(numbers) if len(numbers) > 2 else None

    def names(self, group, field):
        """Cases or tools of a group: tools in the order of ORDER, cases as they came."""
        seen = list(dict.fromkeys(row[field] for row in self.rows if row["group"] == group))
        if field == "tool":
            seen.sort(key=lambda t: (ORDER.index(t.split(" ")[0]) if t.split(" ")[0] in ORDER else 99, t))
        return seen


def label(tool):
    return LABEL.get(tool, tool)


def table(head, rows):
    return "\n".join(["| " + " | ".join(head) + " |", "|" + "---|" * len(head)] +
                     ["| " + " | ".join(str(c) for c in row) + " |" for row in rows]) + "\n"


def time(ns):
    for unit, size in (("s", 1e9), ("ms", 1e6), ("us", 1e3)):
        if ns >= size:
            return f"{ns / size:.3g} {unit}" if ns / size < 1000 else f"{ns / size:.0f} {unit}"
    return f"{ns:.0f} ns"


def draw(script, path, title):
    """The chart, where there is gnuplot."""
    if not shutil.which("gnuplot"):
        return ""
    subprocess.run(["gnuplot"], input=script, text=True, check=True)
    return f"![{title}](benchmarks/{path.rsplit('/', 1)[1]})\n\n"


def bars(path, title, axis, rows, log=False, mark=None):
    """Horizontal bars: rows of (name, value[, low, high]). A light ground of its own is readable on any page."""
    rows = [row for row in rows if row[1] is not None][::-1]
    if not rows:
        return ""
    data = "\n".join('"{}" {} {} {} {}'.format(r[0], r[1], r[2] if len(r) > 2 else r[1], r[3] if len(r) > 2 else r[1],
                                               int(r[0].startswith(OURS))) for r in rows)
    low, top = (min(r[1] for r in rows), max(r[3] if len(r) > 2 else r[1] for r in rows))
    origin = min(low, 1) * 0.8 if log else 0
    script = f"""
set terminal svg size 760,{90 + 30 * len(rows)} font "sans-serif,13" background rgb "#ffffff"
set output "{path}"
set title "{title}" textcolor rgb "#1a1a1a"
set xlabel "{axis}" textcolor rgb "#1a1a1a"
set border 3 lc rgb "#606060"; set tics nomirror textcolor rgb "#1a1a1a"; set grid x lc rgb "#d0d0d0"
unset key; set lmargin 30; set rmargin 9
{"set logscale x" if log else ""}
set xrange [{origin if log else 0}:{top * (3 if log else 1.12)}]; set yrange [-0.6:{len(rows) - 0.4}]
{f'set arrow from {mark},graph 0 to {mark},graph 1 nohead dt 2 lw 1.5 lc rgb "#404040" front' if mark else ""}
$d << EOD
{data}
EOD
plot $d using (({origin}+$2)/2):0:({origin}):2:($0-0.33):($0+0.33):($5==1?0x0072b2:0x9aa5b1):ytic(1) with boxxyerror \\
  lc rgb variable fs solid 0.9 noborder, \\
  "" using 2:0:3:4 with xerrorbars pt -1 lw 1.5 lc rgb "#1a1a1a", \\
  "" using 4:0:(sprintf("  %.4g",$2)) with labels left textcolor rgb "#1a1a1a"
"""
    return draw(script, path, title)


def lines(path, title, axis, points):
    """One line with its points, x on a logarithmic scale."""
    if not points:
        return ""
    data = "\n".join(f"{x} {y}" for x, y in points)
    script = f"""
set terminal svg size 760,300 font "sans-serif,13" background rgb "#ffffff"
set output "{path}"
set title "{title}" textcolor rgb "#1a1a1a"
set xlabel "{axis}" textcolor rgb "#1a1a1a"; set ylabel "ns an event" textcolor rgb "#1a1a1a"
set border 3 lc rgb "#606060"; set tics nomirror textcolor rgb "#1a1a1a"; set grid lc rgb "#d0d0d0"
unset key; set logscale x; set yrange [0:*]; set offsets 0, 0, {max(p[1] for p in points) * 0.15}, 0
$d << EOD
{data}
EOD
plot $d with linespoints lw 2 pt 7 lc rgb "#0072b2", "" using 1:2:(sprintf("%.0f",$2)) with labels offset 0,1 textcolor rgb "#1a1a1a"
"""
    return draw(script, path, title)


def ratio_text(r):
    """Median, with its 95 % interval where there is one, else the spread."""
    if not r:
        return "-"
    return f"{r[0]:.3f} ({r[4][0]:.3f} to {r[4][1]:.3f})" if r[4] else f"{r[0]:.3f} ({r[1]:.2f} to {r[2]:.2f})"


def costs(d, out, group, chart):
    """Sections 1 and 2: a table of times and ratios, one chart a chosen case."""
    cases, text = d.names(group, "case"), ""
    for case in cases:
        rows, points = [], []
        for tool in d.names(group, "tool"):
            numbers, r = d.numbers(group, case, tool, "ns"), d.ratio(group, case, tool, "ns")
            if not numbers:
                continue
            lowest = d.lowest_ratio(group, case, tool)
            rows.append((label(tool), time(median(numbers)), f"{time(min(numbers))} to {time(max(numbers))}", len(numbers),
                         "1" if tool == "none" and r[1] == r[2] else ratio_text(r), f"{lowest:.3f}" if lowest else "-"))
            if tool != "none" and r:
                points.append((label(tool), r[0], *(r[4] or r[1:3])))
        text += f"### {case}\n\n" + table(("", "median", "spread", "rounds", "times untraced (95 % interval)", "lowest of all, times untraced"), rows) + "\n"
        if case in chart:
            name = f"{out}/benchmarks/{group}-{case.replace(' ', '-').replace('/', '-')}.svg"
            text += bars(name, f"{case}: times the untraced", "times untraced (logarithmic); bar: median, line: its 95 % interval, or spread",
                         points, log=True, mark=1)
    return text


def complete(d):
    """Per tool: execs, reported, whole, bytes, cut ones that say so."""
    result = {}
    for tool in d.names("complete", "tool"):
        rows = [r for r in d.rows if r["group"] == "complete" and r["tool"] == tool]
        size = {id(r): int(r["case"].split("/")[1]) for r in rows}
        shown = [r for r in rows if r["value"] is not None]
        cut = [r for r in shown if r["value"] < size[id(r)]]
        result[tool] = {"execs": len(rows), "reported": len(shown), "whole": len(shown) - len(cut),
                        "bytes": sum(size.values()), "got": sum(r["value"] for r in shown),
                        "cut": len(cut), "said": sum(r["said"] for r in cut)}
    return result


def section_complete(d, out):
    rows, points = [], []
    for tool, c in complete(d).items():
        rows.append((label(tool), f"{c['reported']} of {c['execs']}", c["whole"], f"{100 * c['got'] / c['bytes']:.2f} %", c["cut"],
                     f"{c['said']} of {c['cut']}" if c["cut"] else "-"))
        points.append((label(tool), 100 * c["got"] / c["bytes"]))
    return table(("", "execs reported", "with all their bytes", "bytes of arguments", "cut", "cut and said so"), rows) + "\n" + bars(
        f"{out}/benchmarks/complete.svg", "Argument bytes in the output, of all that were passed", "percent", points)


def losses(d, case, tool):
    """Sums over the rounds; said: None nothing, True without a number."""
    keys = {u: d.numbers("loss", case, tool, u) for u in ("made", "reported", "blank", "missing", "execs/s")}
    if not keys["made"]:
        return None
    said = list(d.values["loss", case, tool, "said"].values())
    keys = {u: sum(v) if u != "execs/s" else median(v) for u, v in keys.items()}
    keys["said"] = None if all(s is None for s in said) else True if any(s is True for s in said) else sum(s or 0 for s in said)
    return keys


def verdict(case, tool):
    missing, said = case["missing"], case["said"]
    if said is None:
        return "says nothing" if missing > 0 else "nothing to say"
    if said is True:
        return "says that, not how many"
    if tool.startswith("perf-") and said > missing > 0:
        return "of its mmap, comm and fork records too"
    return "right" if abs(said - max(missing, 0)) <= 5 + 0.01 * max(missing, 0) + 0.005 * case["made"] else "wrong"


def section_loss(d, out):
    rows, points = [], []
    for case in d.names("loss", "case"):
        for tool in d.names("loss", "tool"):
            c = losses(d, case, tool)
            if not c:
                continue
            share = 100 * (c["made"] - c["reported"]) / c["made"]
            rows.append((case, label(tool), c["made"], f"{max(share, 0):.2f} %", c["blank"], c["missing"],
                         "-" if c["said"] in (None, True) else c["said"], verdict(c, tool), f"{c['execs/s']:.0f}"))
            if case == "usual":
                points.append((label(tool), max(share, 0)))
    return table(("buffers", "", "execs", "not reported by name", "shown without a name", "events missing", "its own count", "its count is", "execs/s"), rows) + "\n" + bars(
        f"{out}/benchmarks/loss.svg", "Execs not reported at full rate, usual buffers", "percent", points)


def section_start(d, out):
    rows, points = [], []
    cases = [c for c in d.names("start", "case") if c.endswith("captured")]
    for tool in d.names("start", "tool"):
        for case in cases:
            captured = d.numbers("start", case, tool, "ms")
            shown = d.numbers("start", case.replace("captured", "shown"), tool, "ms")
            if captured:
                name = label(tool) + ("" if tool != OURS else ", " + case.split(":")[0])
                rows.append((name, f"{median(captured):.1f} ms", f"{min(captured):.1f} to {max(captured):.1f}",
                             f"{median(shown):.1f} ms", len(captured)))
                points.append((name, median(captured), min(captured), max(captured)))
    return table(("", "first captured exec", "spread", "first shown", "rounds"), rows) + "\n" + bars(
        f"{out}/benchmarks/start.svg", "From the start to the first captured exec", "ms (logarithmic)", points, log=True)


def section_memory(d, out):
    rows, points = [], []
    kinds = ("processes", "BPF maps", "perf buffers")
    for tool in d.names("memory", "tool"):
        values = [d.median("memory", f"{when}: {kind}", tool, "KiB") for when in ("idle", "after the load") for kind in kinds]
        rows.append((label(tool), *("-" if v is None else f"{v / 1024:.1f}" for v in values)))
        points.append((label(tool), sum(v or 0 for v in values[:3]) / 1024))
    return table(("MiB", "idle: processes (PSS)", "BPF maps", "perf buffers", "after the load: processes", "BPF maps", "perf buffers"), rows) + \
        "\n" + bars(f"{out}/benchmarks/memory.svg", "Memory when idle: processes, BPF maps and perf buffers", "MiB (logarithmic)",
                    points, log=True)


def section_internals(d, out):
    rows = [(f"programs in the kernel, {t}", *spread(d, "probe", t, "ns/event", "ns")) for t in tools_of(d, "probe")]
    rows += [(t, *spread(d, "stage", t, "ns/event", "ns")) for t in tools_of(d, "stage")]
    text = table(("an event (exec or exit)", "median", "spread", "rounds"), rows) + "\n"
    text += table(("a frame", "median", "spread", "rounds"),
                  [(t, *spread(d, "frame", t, "ms/frame", "ms")) for t in tools_of(d, "frame")]) + "\n"
    text += table(("through decoder and model", "median", "spread", "rounds"),
                  [(t, *spread(d, "rate", t, "events/s", "events/s")) for t in tools_of(d, "rate")]) + "\n"
    for case, axis in (("growth events", "events in all"), ("growth CPUs", "CPUs they come from")):
        points = sorted((int(t), d.median("internals", case, t, "ns/event")) for t in tools_of(d, case))
        text += lines(f"{out}/benchmarks/{case.replace(' ', '-')}.svg", f"Decoder and model: ns an event, by {axis}", axis, points)
        if len(points) > 1:
            text += f"From {points[0][0]} to {points[-1][0]} {axis}: {points[-1][1] / points[0][1]:.2f} times the time an event.\n\n"
    return text


def tools_of(d, case):
    return list(dict.fromkeys(r["tool"] for r in d.rows if r["group"] == "internals" and r["case"] == case))


def spread(d, case, tool, unit, word):
    n = d.numbers("internals", case, tool, unit)
    form = (lambda v: f"{v:,.0f}") if median(n) >= 100 else (lambda v: f"{v:.3g}")
    return f"{form(median(n))} {word}", f"{form(min(n))} to {form(max(n))}", len(n)


def best_peer(d, group, case, unit):
    """(ratio, tool) of the cheapest other tracer."""
    found = [(d.ratio(group, case, t, unit)[0], t) for t in d.names(group, "tool")
             if not t.startswith(OURS) and t != "none" and d.ratio(group, case, t, unit)]
    return min(found) if found else None


def goals(d, vm):
    """Rows of (goal, wanted, measured, reached or None, words)."""
    rows = []

    def add(goal, wanted, got, reached, words=""):
        rows.append((goal, wanted, got, ("not in this run" if got.startswith("-") else "open") if reached is None else
                     "reached" if reached else "**missed**", words))

    def decided(key, allowed, reached, words):
        """A verdict only when the thing compared with is steady enough."""
        noise = d.noise(*key)
        if d.numbers(*key) and (noise is None or noise > allowed):
            why = "fewer than three rounds" if noise is None else f"{label(key[2])} itself varied by {noise:.2f} times"
            return None, f"not decided: {why} in this run"
        return reached, words

    r = d.ratio("exec", "static", OURS, "ns")
    probe = d.median("internals", "probe", "everything (usual)", "ns/event")
    base = d.median("exec", "static", "none", "ns")
    words = ""
    if r and probe and base:
        share = 2 * probe / base
        words = f"the programs in the kernel take 2 x {probe:.0f} ns of the {time(base)} an empty program lives: {100 * share:.1f} %"
        if r[0] > 1.03:
            words += ", which alone is over the goal" if share > 0.03 else "; a stopped reader costs as much, so the rest is caches and noise"
    reached = r and r[0] <= 1.03
    if r and not r[4]:
        reached, words = None, "not decided: fewer than six rounds in this run"
    elif r and r[4][0] <= 1.03 < r[4][1]:
        words += "; the interval holds the goal"
    add("exec cost with full records", "at most 1.03", ratio_text(r), reached, words)
    calls = [(d.ratio("calls", c, OURS, "ns"), c) for c in d.names("calls", "case")]
    calls = [(c[0], name) for c, name in calls if c]
    worst = max(calls) if calls else None
    verdict_, words = decided(("calls", worst[1] if worst else "getppid", "none", "ns"), 1.25, worst and worst[0] < 1.01,
                              "no program is attached to them; what differs is noise" if worst and worst[0] >= 1.01 else "")
    add("other system calls", "1.00", f"{worst[0]:.3f} at most ({worst[1]})" if worst else "-", verdict_, words)
    c = complete(d).get(OURS)
    add("complete", "all execs, all bytes", f"{c['reported']} of {c['execs']} execs, {c['got']} of {c['bytes']} bytes" if c else "-",
        c and c["reported"] == c["execs"] and c["got"] == c["bytes"])
    loss = losses(d, "usual", OURS)
    add("loss at full rate, usual buffers", "none", f"{loss['missing']} of {2 * loss['made']} events" if loss else "-",
        loss and loss["missing"] <= 0, "the reader got too little time for what all CPUs made" if loss and loss["missing"] > 0 else "")
    r = d.ratio("start", "warm: captured", OURS, "ms", base="execsnoop")
    verdict_, words = decided(("start", "warm: captured", "execsnoop", "ms"), 2, r and r[0] <= 0.5,
                              "most of it is the kernel's verifier reading the programs" if r and r[0] > 0.5 else "")
    add("warm start, of execsnoop's (libbpf-tools)", "at most 0.5", ratio_text(r), verdict_, words)
    for what in ("first start", "no cache"):
        # Where both were measured: here, or in the VM.
        r = next((x for x in (side.ratio("start", f"{what}: captured", OURS, "ms", base=("bcc-execsnoop", "warm: captured"))
                              for side in (d, vm) if side) if x), None)
        add(f"cold start ({what}), of bcc's execsnoop", "at most 0.333", ratio_text(r), (r[0] <= 1 / 3) if r else None,
            "" if r else "bcc's execsnoop does not run on this kernel" if "bcc-execsnoop" in d.notes["not run"] else "")
    pss = [d.median("memory", f"{w}: processes", OURS, "KiB") for w in ("idle", "after the load")]
    known = [p for p in pss if p is not None]
    small = d.median("memory", "after the load: processes", "execbig-top-4M", "KiB")
    words = "the history holds the events of the load: up to 32 MB of them, or what --history says" if known and max(known) > 8192 else ""
    if words and small:
        words += f"; {small / 1024:.1f} MiB with --history 4M"
    add("memory of both processes", "at most 8 MiB", ", ".join(f"{p / 1024:.1f} MiB {w}" for p, w in zip(pss, ("idle", "after the load")) if p) or "-",
        (max(known) <= 8192) if known else None,
        words)
    rate = d.median("internals", "rate", "decode+model", "events/s")
    rates = d.numbers("internals", "rate", "decode+model", "events/s")
    add("decode and model, a core", "at least 1,000,000 events/s",
        f"{rate:,.0f} (highest {max(rates):,.0f})" if rate else "-", rate and rate >= 1e6,
        "caches and cores are shared with what else ran" if rate and rate < 1e6 <= max(rates) else "")
    return rows


def vm_section(vm):
    rows = []
    for (group, case, tool, unit), values in vm.values.items():
        n = [v for v in values.values() if isinstance(v, (int, float))]
        if n:
            rows.append((group, case, label(tool), f"{median(n):,.4g} {unit}", f"{min(n):,.4g} to {max(n):,.4g}", len(n)))
    facts = "".join(f"- {name}: {texts[-1]}\n" for kind in vm.notes.values() for name, texts in kind.items())
    return facts + "\n" + table(("group", "case", "", "median", "spread", "rounds"), rows)


def main():
    data, out = sys.argv[1:3]
    d = Data(data)
    vm = Data(sys.argv[3]) if len(sys.argv) > 3 else None
    have = set(r["group"] for r in d.rows)
    text = """# Benchmarks

Written by `scripts/bench.sh` from one run; the data is in [benchmarks/data.jsonl](benchmarks/data.jsonl). Every round measures every
tracer once, each time another one first, beside the untraced machine of the same round. A ratio is the median of the ratios round
by round; in brackets its 95 % interval, or from the lowest to the highest where there are fewer than six rounds. Tracers write to files; execbig-top shows frames (`-b`) unless something else is said.

"""
    text += table(("machine", ""), [(n, t[-1]) for n, t in d.notes["machine"].items()]) + "\n"
    text += table(("tracer", "version", "as"), [(label(n), t[-1], "`" + d.notes["command"][n][-1] + "`")
                                             for n, t in d.notes["version"].items()]) + "\n"
    if d.notes["not run"]:
        text += "Not measured, with their own words:\n\n" + "".join(
            f"- {label(n)}: {t[-1].strip()}\n" for n, t in d.notes["not run"].items()) + "\n"
        text += "atop takes ended programs from process accounting, which is measured itself.\n\n"
    if d.notes["failed"]:
        text += "Measurements that failed:\n\n" + "".join(f"- {label(n)}: {x}\n" for n, t in d.notes["failed"].items() for x in t) + "\n"
    text += "## Goals\n\n" + table(("goal", "wanted", "measured", "", ""), goals(d, vm)) + "\n"
    sections = (
        ("exec", "1. What an exec costs", "fork, exec and wait, from one process that stays on one CPU (but for *any CPU*), between two measurements of the untraced machine, just before and after: "
         "the ratio is to these. *untraced* is measured against itself in the same way. The build is this program's configuration by CMake and one library.\n\n",
         lambda: costs(d, out, "exec", ("static", "build"))),
        ("calls", "2. What everybody else pays", "System calls that have nothing to do with exec, nanoseconds each, the best of seven loops.\n\n",
         lambda: costs(d, out, "calls", ("getppid",))),
        ("complete", "3. Is it complete?", "Execs of 30 shapes, 1 to 2,000 arguments, 10 bytes to 2 MiB. Counted is what stands in the output.\n\n",
         lambda: section_complete(d, out)),
        ("loss", "4. Loss at full rate", "One process a CPU executes an empty program as fast as it can. *Events* are execs, with execbig-top also exits. "
         "*Its own count* is of the whole machine. *Reader stopped*: the tracer's processes are stopped while the load runs: what the buffer cannot hold is lost.\n\n",
         lambda: section_loss(d, out)),
        ("start", "5. Start", "A program is executed each millisecond with the time in its arguments. *first start*: with the programs that "
         "come with the build; *no cache*: `--no-cache`, compiled by libbcc; *warm*: from the cache.\n\n", lambda: section_start(d, out)),
        ("memory", "6. Memory", "Proportional set size of all processes of a tracer; maps by the kernel's own figures. Pages of a BPF ring that are "
         "mapped count in both. The load is 100,000 execs.\n\n", lambda: section_memory(d, out)),
        ("internals", "7. Inside execbig-top", "Programs by the kernel's BPF statistics; the rest from records in memory, by the thread's CPU time.\n\n",
         lambda: section_internals(d, out)),
    )
    for group, title, intro, write in sections:
        text += f"## {title}\n\n" + (intro + write() if group in have else "Not in this run.\n") + "\n"
    text += "## In a virtual machine\n\n" + (vm_section(vm) if vm else "Not in this run (`--vm-json`).\n")
    while "\n\n\n" in text:
        text = text.replace("\n\n\n", "\n\n")
    with open(f"{out}/benchmarks.md", "w") as file:
        file.write(text.rstrip("\n") + "\n")


main()
