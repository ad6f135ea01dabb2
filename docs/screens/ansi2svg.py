#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Turns terminal screens (tmux capture-pane -e -p) into an SVG on stdout.

ansi2svg.py COLUMNS <SCREEN            one screen, on stdin
ansi2svg.py COLUMNS FILE:SECONDS...    an animation: each file is shown for so long, again and again
"""
import re
import sys
import unicodedata
from xml.sax.saxutils import escape

CW, CH, SIZE = 8.4, 18, 14  # a cell of a 14 px monospace font
FG, BG = "#d8dee9", "#1e2228"
BASE = ["#2b303b", "#d06c75", "#8fbf7f", "#e0b862", "#6f9fd8", "#b48ead", "#63b4c0", "#d8dee9",
        "#6b7280", "#e88f97", "#a8d698", "#f0cc7a", "#8fb8ea", "#cba6c8", "#86cdd8", "#ffffff"]


def palette(n):
    if n < 16:
        return BASE[n]
    if n < 232:
        n -= 16
        levels = [0, 95, 135, 175, 215, 255]
        return "#%02x%02x%02x" % (levels[n // 36], levels[n // 6 % 6], levels[n % 6])
    return "#%02x%02x%02x" % ((8 + (n - 232) * 10,) * 3)


class Style:
    def __init__(self):
        self.reset()

    def reset(self):
        self.fg = self.bg = None
        self.bold = self.dim = self.reverse = self.underline = False

    def apply(self, codes):
        codes = [int(c or 0) for c in codes.split(";")] if codes else [0]
        while codes:
            c = codes.pop(0)
            if c == 0:
                self.reset()
            elif c == 1:
                self.bold = True
            elif c == 2:
                self.dim = True
            elif c == 4:
                self.underline = True
            elif c == 7:
                self.reverse = True
            elif 30 <= c <= 37:
                self.fg = palette(c - 30)
            elif 40 <= c <= 47:
                self.bg = palette(c - 40)
            elif 90 <= c <= 97:
                self.fg = palette(c - 82)
            elif 100 <= c <= 107:
                self.bg = palette(c - 92)
            elif c in (38, 48) and codes[:1] == [5]:
                setattr(self, "fg" if c == 38 else "bg", palette(codes[1]))
                codes = codes[2:]
            elif c == 39:
                self.fg = None
            elif c == 49:
                self.bg = None

    def key(self):
        fg, bg = self.fg or FG, self.bg
        if self.reverse:
            fg, bg = bg or BG, fg
        return fg, bg, self.bold, self.dim, self.underline


def width(ch):
    if unicodedata.combining(ch):
        return 0
    return 2 if unicodedata.east_asian_width(ch) in "WF" else 1


def runs(line, style):
    """Pieces of a line of one style: (column, text, columns, key)."""
    column, start, text, key = 0, 0, "", style.key()
    for part in re.split(r"(\x1b\[[0-9;]*m|\x0e|\x0f)", line):
        if part.startswith("\x1b"):
            style.apply(part[2:-1])
            if style.key() != key:
                if text:
                    yield start, text, column - start, key
                start, text, key = column, "", style.key()
            continue
        if part in ("\x0e", "\x0f"):
            continue
        text += part
        column += sum(width(c) for c in part)
    if text:
        yield start, text, column - start, key


def draw(out, row, line, style):
    """Draw one line."""
    y = 10 + row * CH
    for column, text, cells, (fg, bg, bold, dim, under) in runs(line, style):
        x = 10 + column * CW
        if bg:
            out.append('<rect x="%.1f" y="%d" width="%.1f" height="%d" fill="%s"/>'
                       % (x, y, cells * CW + 0.3, CH, bg))
        if not text.strip():
            continue
        attrs = ' font-weight="bold"' if bold else ""
        attrs += ' opacity="0.6"' if dim else ""
        attrs += ' text-decoration="underline"' if under else ""
        out.append('<text x="%.1f" y="%.1f" fill="%s" textLength="%.1f"%s>%s</text>'
                   % (x, y + CH * 0.74, fg, cells * CW, attrs,
                      escape(text).replace(" ", "\u00a0")))


def screen_lines(text):
    return text.rstrip("\n").split("\n")


def frames(names):
    """Give the screens and the second at which each ends."""
    screens, ends, at = [], [], 0.0
    for name in names:
        path, seconds = name.rsplit(":", 1)
        at += float(seconds)
        with open(path, encoding="utf-8") as f:
            screens.append(screen_lines(f.read()))
        ends.append(at)
    return screens, ends


def animate(out, screens, ends):
    """Draw each line once for the time in which it stays the same."""
    starts, total = [0.0] + ends[:-1], ends[-1]
    spans = {}
    body = []
    for row in range(max(len(s) for s in screens)):
        lines = [s[row] if row < len(s) else "" for s in screens]
        first = 0
        for i in range(1, len(lines) + 1):
            if i < len(lines) and lines[i] == lines[first]:
                continue
            span = (starts[first], ends[i - 1])
            name = spans.setdefault(span, "t%d" % len(spans))
            body.append('<g class="%s">' % name)
            draw(body, row, lines[first], Style())
            body.append("</g>")
            first = i
    out.append("<style>")
    for (begin, end), name in spans.items():
        if (begin, end) == (0.0, total):
            continue
        steps = "" if begin == 0 else "0%%{visibility:hidden}%.3f%%{visibility:visible}" % (100 * begin / total)
        steps += "" if end == total else "%.3f%%{visibility:hidden}" % (100 * end / total)
        steps += "100%%{visibility:%s}" % ("visible" if end == total else "hidden")
        steps = steps if begin else "0%{visibility:visible}" + steps
        out.append("@keyframes %s{%s}.%s{visibility:%s;animation:%s %.1fs step-end infinite}"
                   % (name, steps, name, "hidden" if begin else "visible", name, total))
    out.append("</style>")
    out += body


def main():
    columns = int(sys.argv[1]) if len(sys.argv) > 1 else 80
    screens, ends = frames(sys.argv[2:]) if len(sys.argv) > 2 else ([screen_lines(sys.stdin.read())], [0])
    w, h = columns * CW + 20, max(len(s) for s in screens) * CH + 20
    out = ['<svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" '
           'viewBox="0 0 %d %d">' % (w, h, w, h),
           '<rect width="100%%" height="100%%" rx="8" fill="%s"/>' % BG,
           '<g font-family="DejaVu Sans Mono, Menlo, Consolas, monospace" font-size="%d" '
           'xml:space="preserve">' % SIZE]
    if len(screens) > 1:
        animate(out, screens, ends)
    else:
        style = Style()
        for row, line in enumerate(screens[0]):
            draw(out, row, line, style)
    out.append("</g></svg>")
    print("\n".join(out))


main()
