"""Runs commands in a terminal, one after the other, and draws what was to be seen there as an animated SVG.

    record.py FILE COMMAND ...

Each command is "typed" behind a prompt, then run by bash. A row of the screen is a text element for the time that it stood there; the last
state of the screen is what is seen without animation.
"""

import fcntl
import html
import os
import pty
import select
import struct
import subprocess
import sys
import termios
import time

import pyte

COLUMNS, ROWS = 110, 40
WIDTH, HEIGHT, MARGIN = 8.4, 18, 14
# In seconds: for a letter, before a command starts, and after its end.
LETTER, BEFORE, AFTER = 0.03, 0.3, 1.2
# What changes faster than that is not drawn.
STEP = 0.1
COLORS = {"red": "#f47067", "green": "#8ddb8c", "brown": "#f69d50", "blue": "#6cb6ff", "cyan": "#76e3ea", "magenta": "#dcbdfb"}


class Recording:
    """The screen, and its states with their times."""

    def __init__(self):
        self.screen = pyte.Screen(COLUMNS, ROWS)
        self.screen.set_mode(pyte.modes.LNM)
        self.stream = pyte.ByteStream(self.screen)
        self.time = 0.0
        self.states = []

    def feed(self, data):
        self.stream.feed(data)
        state = tuple(self.row(y) for y in range(ROWS))
        if self.states and self.time - self.states[-1][0] < STEP:
            self.states[-1] = (self.states[-1][0], state)
        else:
            self.states.append((self.time, state))

    def row(self, y):
        """The row in pieces of one colour."""
        pieces = []
        for x in range(COLUMNS):
            cell = self.screen.buffer[y][x]
            style = (cell.fg, cell.bold)
            if pieces and pieces[-1][0] == style:
                pieces[-1][1] += cell.data
            else:
                pieces.append([style, cell.data])
        while pieces and not pieces[-1][1].strip():
            pieces.pop()
        return tuple((style, text) for style, text in pieces)

    def type(self, command):
        self.feed(b"$ ")
        for letter in command:
            self.time += LETTER
            self.feed(letter.encode())
        self.time += BEFORE
        self.feed(b"\n")

    def run(self, command):
        ours, theirs = pty.openpty()
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, COLUMNS, 0, 0))
        start, begin = self.time, time.monotonic()
        child = subprocess.Popen(
            ["bash", "-c", command], stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True, env={**os.environ, "TERM": "xterm-256color"},
            preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),
        )
        os.close(theirs)
        while True:
            select.select([ours], [], [])
            try:
                data = os.read(ours, 65536)
            except OSError:
                break
            self.time = start + time.monotonic() - begin
            self.feed(data)
        os.close(ours)
        child.wait()
        self.time += AFTER


def draw(recording):
    """Every row with the times between which it stood there; the last one stays."""
    used = max(y for y, row in enumerate(recording.states[-1][1]) if row) + 1
    width, height = COLUMNS * WIDTH + 2 * MARGIN, used * HEIGHT + 2 * MARGIN
    yield (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}" width="{width:g}" height="{height:g}"'
        ' font-family="ui-monospace, Menlo, Consolas, \'DejaVu Sans Mono\', monospace" font-size="14" fill="#d1d7e0">'
    )
    yield "<title>fetch in a terminal</title>"
    yield f'<rect width="{width:g}" height="{height:g}" rx="8" fill="#22272e"/>'
    for y in range(used):
        spans = []
        for at, state in recording.states:
            if not spans or spans[-1][1] != state[y]:
                spans.append((at, state[y]))
        for (start, row), end in zip(spans, [at for at, _ in spans[1:]] + [None]):
            if row:
                yield text(row, y, start, end)
    yield "</svg>"


def text(row, y, start, end):
    pieces, x = [], 0
    for (color, bold), letters in row:
        attributes = f' fill="{COLORS[color]}"' if color in COLORS else ""
        attributes += ' font-weight="bold"' if bold else ""
        if letters.strip():
            pieces.append(
                f'<tspan x="{MARGIN + x * WIDTH:g}" textLength="{len(letters.rstrip()) * WIDTH:g}"{attributes}>{html.escape(letters.rstrip(), quote=False)}</tspan>'
            )
        x += len(letters)
    shown = ' visibility="hidden"' if end else ""
    span = f'to="visible" begin="{start:.2f}s" end="{end:.2f}s"' if end else f'to="hidden" begin="0s" end="{start:.2f}s"'
    change = f'<set attributeName="visibility" {span}/>' if end or start > 0 else ""
    return f'<text y="{MARGIN + (y + 0.75) * HEIGHT:g}" xml:space="preserve"{shown}>{"".join(pieces)}{change}</text>'


def main():
    file, *commands = sys.argv[1:]
    recording = Recording()
    for command in commands:
        recording.type(command)
        recording.run(command)
    recording.feed(b"$ ")
    with open(file, "w") as out:
        out.write("\n".join(draw(recording)) + "\n")


main()
