#!/usr/bin/env python3
"""Runs a command in a terminal of its own and tells, as JSON, what a person saw.

    terminal.py [--columns N] [--term NAME] [--resize COLUMNS] [--signal NAME] [--stdout FILE] [--release URL PATTERN] -- command ...

--resize and --signal happen when the line was drawn for the first time: a command that draws it listens. --release asks for a URL,
without which the command would not end, as soon as a row was seen that matches and a line was drawn five times. The command's three
streams are the terminal; with --stdout its standard output is a file. The result: status, the screen's rows at the end (with pyte, an
emulator), the rows seen at any time, how often a line was drawn anew, the time in seconds from the start to the last of these, and
the raw text.
"""

import argparse
import fcntl
import json
import os
import pty
import re
import select
import signal
import struct
import sys
import termios
import time
import urllib.request

import pyte


def size(descriptor, columns):
    fcntl.ioctl(descriptor, termios.TIOCSWINSZ, struct.pack("HHHH", 50, columns, 0, 0))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--columns", type=int, default=100)
    parser.add_argument("--term", default="xterm-256color")
    parser.add_argument("--resize", type=int)
    parser.add_argument("--signal")
    parser.add_argument("--stdout")
    parser.add_argument("--release", nargs=2, metavar=("URL", "PATTERN"))
    parser.add_argument("command", nargs="+")
    options = parser.parse_args()
    screen = pyte.HistoryScreen(options.columns, 50, history=10000)
    stream = pyte.ByteStream(screen)
    start = time.monotonic()
    child, terminal = pty.fork()
    if child == 0:
        size(0, options.columns)
        os.environ["TERM"] = options.term
        if options.stdout:
            os.dup2(os.open(options.stdout, os.O_WRONLY | os.O_CREAT | os.O_TRUNC), 1)
        os.execvp(options.command[0], options.command)
    raw, unread, draws, rows, acted, released = b"", b"", [], set(), False, False

    def show(text):
        for part in re.split(rb"(?<=\x1b\[K)", text):
            line = re.fullmatch(rb"\r([^\r\x1b]+)\x1b\[K", part)
            if acted and options.resize and screen.columns != options.resize and line and len(line[1]) < options.resize:
                # Lines that were on their way before the command knew the new size belong on a screen of the old one.
                screen.resize(columns=options.resize)
            stream.feed(part)
        draws.extend([time.monotonic()] * text.count(b"\x1b[K"))
        rows.update(row.rstrip() for row in screen.display if row.strip())

    end = start + 150
    while time.monotonic() < end:
        if select.select([terminal], [], [], 0.05)[0]:
            try:
                piece = os.read(terminal, 65536)
            except OSError:
                break
            if not piece:
                break
            raw += piece
            unread += piece
            # A write may come in pieces; half of a line is nothing that a person would see.
            whole = max((match.end() for match in re.finditer(rb"\n|\x1b\[K", unread)), default=0)
            # With another libcurl the loader says a line before each program says anything.
            show(re.sub(rb"(?m)^[^\n\x1b]*no version information available[^\n]*\n", b"", unread[:whole]))
            unread = unread[whole:]
        if draws and not acted:
            acted = True
            if options.resize:
                size(terminal, options.resize)
            if options.signal:
                os.kill(child, getattr(signal, options.signal))
        if options.release and not released and len(draws) >= 5 and any(re.search(options.release[1], row) for row in rows):
            released = True
            urllib.request.build_opener(urllib.request.ProxyHandler({})).open(options.release[0]).close()
    else:
        os.kill(child, signal.SIGKILL)
    show(unread)
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    above = ["".join(row[column].data for column in range(screen.columns)).rstrip() for row in screen.history.top]
    json.dump(
        {
            "status": 128 - status if status < 0 else status,
            "screen": above + [row.rstrip() for row in screen.display if row.strip()],
            "rows": sorted(rows),
            "draws": len(draws),
            "seconds": draws[-1] - start if draws else 0,
            "raw": raw.decode("latin-1"),
        },
        sys.stdout,
    )


main()
