#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""make.py > hostile.hex - write argument vectors that are hard to print for a shell, one a line.

A line holds the arguments as hexadecimal bytes, separated by blanks; - is an empty argument.
The same lines come out of every run.
"""
import random

argvs = []


def add(*args):
    argvs.append([a.encode() if isinstance(a, str) else bytes(a) for a in args])


# Every byte alone, and between bytes that could be taken together with it.
for c in range(1, 256):
    b = bytes([c])
    add(b, b"\\'" + b + b"0")
# Newlines at the end, which a command substitution drops.
for n in range(1, 4):
    for text in ("", "a", "it's", "\t", "echo a\necho b", "\x1b[31m", "caf\u00e9", "$HOME", "!!"):
        add("sh", "-c", text + "\n" * n, "next")
# Words that a shell takes for something else at the start of a line or of a word.
for word in (
    "! { } [[ ]] ( ) (( )) case coproc do done elif else end esac fi for foreach function if in "
    "repeat select then time until while nocorrect noglob exec command builtin eval . : [ test "
    "declare export float integer local readonly typeset - -- -n -e -v %1 %% %+ ~ ~root ~+ =ls =sh = "
    "== a=b a+=b a[1]=b PATH=/x 1>x 2>&1 >x <x <<x <<<x & && | || ; ;; ;& # #x ^a^b ^ !! !$ !-1 !x "
    "* ? [a] [!a] [^a] {a,b} {1..9} @(a) !(a) +(a) ?(a) *(a) **/ ^x x~y x#y <-> (a|b) a(N) *(.) "
    "$ $$ $? $! $# $* $@ $0 $1 ${x} ${x:-y} $(id) `id` $((1+1)) $[1+1] $'x' $\"x\" <(id) >(id) =(id)"
).split():
    add(word, "x" + word, word + "x", "\x01" + word)
# Formats and options of printf.
for text in ("%", "%s", "%d%n", "%%", "%1$s", "%*d", "%b", "%q", "\\n", "\\", "\\\\", "\\c", "\\0", "\\0123", "\\x41",
             "\\u0041", "\\'", "\\\"", "-v", "-v x", "--help", "-", "--"):
    add("printf", text, text + "\x1b", "\n" + text * 3)
# Quotes in every order.
for n in range(81):
    text = "".join("'\"\\a"[(n // 4**k) % 4] for k in range(4))
    add("q", text, text + "!\x7f")
# Characters that hide, reverse or join, and bytes that are no characters.
for text in ("\u202e\u2066gpj.exe", "a\u200bb", "\ufeffx", "\u00ad", "e\u0301", "\u0301", "e" + "\u0301" * 9, "\u2028", "\u2029", "\u0085",
             "\U000e0041", "\U0001f469\u200d\U0001f4bb", "\u65e5\u672c", "\uff04\uff08id\uff09", "\u2018x\u2019", "\u00a0", "\u3000", "\x9b31m",
             "\ud7ff", "\ue000", "\uffff", "\U0010ffff", "\u0130\u0131", "\u05d0\u05d1", "\u0600"):
    add("u", text, "'" + text + "'", text + "\\\n", text + "!")
for b in (b"\xc0\x80", b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"\xe2\x80", b"\xc3", b"\xff\xfe", b"\xf8\x88\x80\x80\x80", b"\x81\x82\x83\x84\x85\x86\x87\x88",
          b"\xa2\x5c", b"\x83\x5c", b"\x95\x5c'", b"\x81\x30\x81\x30", b"\x1b$B", b"\x8e\x5c\x6e", b"\x01\x01\x7f\x7f", b"\xc3\xa9\x5cn"):
    add(b"b", b, b"'" + b + b"'", b" " + b + b"\x01")
# Scripts and long arguments.
add("sh", "-c", "for i in 1 2; do\n\tprintf '%s\\n' \"$i\" # it's\ndone\n")
add("awk", "BEGIN { printf \"%s!\\n\", \"it's\" }\n{ print $1 }\n")
add("python3", "-c", "import os\nprint('\\x1b[31m')\n\n")
add("x", "a" * 5000, "'" * 500, "\n" * 500, "\x1b" * 500, "\\" * 500, "!" * 500)
add("", "", "")
add("x", "", "\n", "", " ", "\t", "\r")
# Anything.
r = random.Random(17)
kinds = [range(1, 256), range(32, 127), range(128, 256), b"'\"\\\n\t $!`%-=~a\x1b", b"\n\r\t\v\f a"]
for _ in range(80):
    add(*[bytes(r.choice(kinds[r.randrange(5)]) for _ in range(r.randrange(24))) for _ in range(r.randrange(1, 5))])

for argv in argvs:
    print(" ".join(a.hex() or "-" for a in argv))
