#!/usr/bin/env python3
"""A scripted HTTP/1.1 server for what no real server offers: slow bytes, cut bodies, lies about lengths, silence.

    faultserver.py [--tls CERT KEY] [--port P] [--addresses N] [--also ADDRESS ...]

Prints "port N" when it listens on 127.0.0.1, and ends when its standard input does. --addresses listens with the same port on
127.0.1.1, 127.0.1.2 ... as well (250 for each third number), --also on what it is given, such as ::1.

What a path does is the docstring of its function; parameters are in the query. /stats tells what was counted, with "hosts" also
for each local address (where there are several, or for /stats?hosts). /log lists the last 100,000 requests: seconds, local
address, method, target, number of the connection. /stats?reset and /log?reset start anew. /seen?word=W lists the Host of the last
10,000 requests that had W in their heads, in user or password of Basic too.
"""
import argparse
import asyncio
import base64
import collections
import email.utils
import functools
import gzip
import hashlib
import itertools
import json
import os
import random
import re
import resource
import socket
import ssl
import struct
import sys
import time
import zlib
from urllib.parse import parse_qsl, unquote, urlsplit

CRLF = b"\r\n"
stats = {"requests": 0, "now": 0, "most": 0, "connections": 0}
hosts = collections.defaultdict(lambda: {"requests": 0, "now": 0, "most": 0})
log = collections.deque(maxlen=100_000)
heads = collections.deque(maxlen=10_000)
numbers = itertools.count(1)
events = collections.defaultdict(asyncio.Event)


class Close(Exception):
    """The connection is to be closed now."""


class Exchange:
    """One request and the means to answer it."""

    def __init__(self, head, body, reader, writer, local, position=1):
        line, *fields = head.split(CRLF)
        self.head, self.body, self.reader, self.writer, self.local = head, body, reader, writer, local
        self.last = False
        # The how-manieth request of its connection.
        self.position = position
        self.method, self.target, _ = line.decode("latin-1").split(" ", 2)
        self.path = unquote(urlsplit(self.target).path)
        self.query = dict(parse_qsl(urlsplit(self.target).query, keep_blank_values=True))
        self.headers = {k.strip().lower(): v.strip() for k, _, v in (f.decode("latin-1").partition(":") for f in fields if f)}

    def number(self, name, default):
        return float(self.query.get(name, default))

    async def raw(self, data):
        self.writer.write(data)
        await self.writer.drain()

    async def more(self, data):
        """One of many: over TLS, who never waits would not let the loop hear that the connection has ended."""
        await self.raw(data)
        await asyncio.sleep(0)

    async def answer(self, body=b"", status="200 OK", headers=(), length=None):
        length = len(body) if length is None else length
        head = [f"HTTP/1.1 {status}", *headers, f"Content-Length: {length}", "", ""]
        await self.raw("\r\n".join(head).encode("latin-1") + (b"" if self.method == "HEAD" else body))

    async def start(self, *headers, status="200 OK"):
        await self.raw("\r\n".join([f"HTTP/1.1 {status}", *headers, "", ""]).encode("latin-1"))

    async def gone(self):
        """Waits until the client goes, so that what it has left is not counted as being in flight."""
        while await self.reader.read(65536):
            pass
        raise Close

    def reset(self):
        sock = self.writer.get_extra_info("socket")
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.writer.transport.abort()
        raise Close


paths = {}


def path(function):
    paths[function.__name__.replace("_", "-")] = function
    return function


def filler(count, line=b"0123456789abcde\n"):
    """Text of that many bytes that tells where it was cut."""
    return (line * (int(count) // len(line) + 1))[: int(count)]


@path
async def ok(x):
    """n bytes of text (default 1024) after ms milliseconds; with crowd not before so many requests have been in flight at once."""
    if "crowd" in x.query:
        crowd = int(x.number("crowd", 1))
        if stats["most"] >= crowd:
            events["crowd", crowd].set()
        await events["crowd", crowd].wait()
    await asyncio.sleep(x.number("ms", 0) / 1000)
    await x.answer(filler(x.number("n", 1024)), headers=["Content-Type: text/plain"])


@path
async def text(x):
    """The parameter s as body."""
    await x.answer(x.query.get("s", "").encode())


@path
async def hold(x):
    """The parameter s as body, but not before release, silent or stall was asked for with the same key."""
    await events["key", x.query.get("key", "")].wait()
    await text(x)


@path
async def release(x):
    """Lets go what is on hold for key."""
    events["key", x.query.get("key", "")].set()
    await x.answer()


@path
async def binary(x):
    """All byte values."""
    await x.answer(bytes(range(256)), headers=["Content-Type: application/octet-stream"])


@path
async def echo(x):
    """The request's head and body as body."""
    await x.answer(x.head + CRLF + CRLF + x.body)


@path
async def received(x):
    """Method, number of bytes and SHA-256 of the request's body, as one line."""
    await x.answer(f"{x.method} {len(x.body)} {hashlib.sha256(x.body).hexdigest()}\n".encode())


@path
async def status(x):
    """The status in code, with a body of its own."""
    code = x.query["code"]
    await x.answer(b"" if code in ("204", "304") else f"status {code}\n".encode(), status=f"{code} Whatever")


@path
async def redirect(x):
    """To the URL in to, with the status in code (default 302)."""
    await x.answer(b"go on\n", status=f"{x.query.get('code', '302')} Found", headers=[f"Location: {x.query['to']}"])


@path
async def loop(x):
    """Redirects to itself for ever."""
    await x.answer(b"", status="302 Found", headers=["Location: /loop"])


@path
async def chain(x):
    """n redirects, then 'end'."""
    n = int(x.number("n", 1))
    if n == 0:
        return await x.answer(b"end\n")
    await x.answer(b"", status="301 Moved", headers=[f"Location: /chain?n={n - 1}"])


@path
async def nowhere(x):
    """A redirect without Location."""
    await x.answer(b"nowhere\n", status="302 Found")


@path
async def drip(x):
    """n bytes, one every ms milliseconds."""
    n = int(x.number("n", 10))
    await x.start(f"Content-Length: {n}")
    for byte in filler(n):
        await x.raw(bytes([byte]))
        await asyncio.sleep(x.number("ms", 100) / 1000)


@path
async def stall(x):
    """n bytes of a body (default 1000) that is longer by 1000000, then nothing. They are on their way before key is released."""
    n = int(x.number("n", 1000))
    await x.start(f"Content-Length: {n + 1_000_000}")
    await x.raw(filler(n))
    events["key", x.query.get("key", "")].set()
    await x.gone()


@path
async def silent(x):
    """Takes the request, releases key, and says nothing."""
    events["key", x.query.get("key", "")].set()
    await x.gone()


@path
async def big(x):
    """mb megabytes of the text s (default as in ok), streamed, after ms milliseconds; cut=1 cuts the last byte off."""
    await asyncio.sleep(x.number("ms", 0) / 1000)
    total = int(x.number("mb", 1) * 1048576)
    await x.start(f"Content-Length: {total}")
    block = filler(1 << 18, *([x.query["s"].encode()] if "s" in x.query else []))
    left = total - (1 if "cut" in x.query else 0)
    while left > 0:
        await x.more(block[: min(left, len(block))])
        left -= len(block)
    if "cut" in x.query:
        raise Close


@path
async def challenge(x):
    """401 with a challenge (scheme, default Digest) to a request without credentials, and the request's head to one with."""
    if "authorization" in x.headers:
        return await echo(x)
    scheme = x.query.get("scheme", "Digest")
    await x.answer(b"who?\n", status="401 Who", headers=[f'WWW-Authenticate: {scheme} realm="r", nonce="n", qop="auth", algorithm=MD5'])


@path
async def brief(x):
    """'fine' to the first n requests of a connection. Then it ends: at once (how=close, reset), or when another request comes (next)."""
    how, last = x.query.get("how", "close"), x.position >= int(x.number("n", 1))
    if how == "next" and x.position > int(x.number("n", 1)):
        raise Close
    await x.answer(b"fine\n")
    if last and how == "reset":
        x.reset()
    if last and how == "close":
        raise Close


@path
async def drops(x):
    """Of 40 requests 12 find the connection closed instead of an answer, every other one of 24; 'fine' to the rest."""
    failures["drops"] += 1
    if failures["drops"] % 40 < 24 and failures["drops"] % 2:
        raise Close
    await x.answer(b"fine\n")


@path
async def away(x):
    """An answer, and then for ms milliseconds nobody listens at the port, and all connections are reset."""
    await x.answer(b"bye\n")
    ports = [(each.sockets[0].getsockname()[:2], each) for each in servers]
    for _, each in ports:
        each.close()
    for each in list(writers):
        each.transport.abort()
    await asyncio.sleep(x.number("ms", 1000) / 1000)
    servers[:] = [await asyncio.start_server(serve, *address, ssl=context, backlog=4096, limit=1 << 20) for address, _ in ports]


@path
async def endless_trailers(x):
    """A good chunked body, and then trailers for ever."""
    await x.start("Transfer-Encoding: chunked")
    await x.raw(b"5\r\nhello\r\n0\r\n")
    while True:
        await x.more((b"X-Trailer: " + b"x" * 1000 + CRLF) * 60)


@path
async def endless_extension(x):
    """A chunk extension for ever."""
    await x.start("Transfer-Encoding: chunked")
    await x.raw(b"5;x=")
    while True:
        await x.more(b"x" * (1 << 16))


@path
async def raw(x):
    """The bytes in b, cut after cut of them, then the end of the connection: reset=1 by a reset, open=1 not at all."""
    data = dict(parse_qsl(urlsplit(x.target).query, encoding="latin-1"))["b"].encode("latin-1")
    await x.raw(data[: int(x.number("cut", len(data)))])
    if "open" in x.query:
        return
    if "reset" in x.query:
        await asyncio.sleep(0.1)
        x.reset()
    raise Close


@path
async def short_body(x):
    """Fewer bytes than Content-Length says, then the end; n of them come (default 500), of n + 500."""
    n = int(x.number("n", 500))
    await x.answer(filler(n), length=n + 500)
    raise Close


@path
async def long_body(x):
    """More bytes than Content-Length says."""
    await x.answer(filler(1000), length=500)
    raise Close


@path
async def two_lengths(x):
    """Two Content-Length headers that differ."""
    await x.start("Content-Length: 5", "Content-Length: 6")
    await x.raw(b"12345")
    raise Close


@path
async def until_close(x):
    """No length at all: the end of the connection is the end of the body."""
    await x.start("Connection: close")
    await x.raw(filler(1000))
    raise Close


@path
async def chunked(x):
    """A good chunked body with a trailer."""
    await x.start("Transfer-Encoding: chunked")
    await x.raw(b"5\r\nhello\r\n6;ext=1\r\n world\r\n0\r\nX-Trailer: yes\r\n\r\n")


@path
async def cut_chunk(x):
    """A chunk that ends before its end."""
    await x.start("Transfer-Encoding: chunked")
    await x.raw(b"ff\r\nhello")
    raise Close


@path
async def no_last_chunk(x):
    """Whole chunks, but not the last one."""
    await x.start("Transfer-Encoding: chunked")
    await x.raw(b"5\r\nhello\r\n")
    raise Close


@path
async def bad_chunk(x):
    """A chunk size that is no number."""
    await x.start("Transfer-Encoding: chunked")
    await x.raw(b"zz\r\nhello\r\n0\r\n\r\n")
    raise Close


@path
async def reset(x):
    """A reset: before any answer, or after the head or the first half of the body (when=head, body)."""
    when = x.query.get("when", "start")
    if when != "start":
        await x.start("Content-Length: 1000")
    if when == "body":
        await x.raw(filler(500))
    # What was sent is read before the reset shows, however late.
    x.reset()


@path
async def empty(x):
    """Closes the connection without a word."""
    raise Close


@path
async def http09(x):
    """A body without any head."""
    await x.raw(b"hello\n")
    raise Close


@path
async def bad_status(x):
    """A status line without a number."""
    await x.raw(b"HTTP/1.1 OK\r\n\r\n")
    raise Close


@path
async def endless_headers(x):
    """Header lines for ever."""
    await x.raw(b"HTTP/1.1 200 OK\r\n")
    while True:
        await x.more(b"X-More: " + b"x" * 1000 + CRLF)


@path
async def long_header(x):
    """One header line of 200 KB."""
    await x.raw(b"HTTP/1.1 200 OK\r\nX-Long: " + b"x" * 200_000 + CRLF + CRLF)
    raise Close


@path
async def interim(x):
    """n interim responses (default 2) before the final one."""
    for _ in range(int(x.number("n", 2))):
        await x.raw(b"HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n")
    await x.answer(b"final\n")


@path
async def odd_headers(x):
    """Headers with bytes that are no UTF-8, quotes, controls and the same name twice."""
    await x.raw(
        b"HTTP/1.1 200 OK\r\nX-Latin: caf\xe9\r\nX-Quote: \"a\\b\"\r\nX-Twice: 1\r\nx-twice: 2\r\nX-Bell: \x07\x1b[31m\r\n"
        b"X-Utf8: \xe2\x82\xac\r\nContent-Length: 2\r\n\r\nok"
    )

@path
async def negative_length(x):
    """A Content-Length below zero."""
    await x.start("Content-Length: -5")
    await x.raw(b"hello")
    raise Close


@path
async def huge_length(x):
    """A Content-Length that no 64 bits hold."""
    await x.start("Content-Length: 99999999999999999999")
    await x.raw(b"hello")
    raise Close


@path
async def length_and_chunked(x):
    """Content-Length and chunks that contradict each other, on a connection that stays open."""
    await x.start("Content-Length: 5", "Transfer-Encoding: chunked")
    await x.raw(b"5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n")


@path
async def nul_header(x):
    """A header line with a NUL byte."""
    await x.start("X-Nul: a\0b", "Content-Length: 5")
    await x.raw(b"hello")


@path
async def no_colon(x):
    """A header line without a colon."""
    await x.start("what is this", "Content-Length: 5")
    await x.raw(b"hello")


@path
async def big_chunk(x):
    """A chunk size of 18 hexadecimal digits."""
    await x.start("Transfer-Encoding: chunked")
    await x.raw(b"f" * 18 + b"\r\nhello\r\n0\r\n\r\n")
    raise Close


@path
async def trailer_cut(x):
    """The last chunk, but not the empty line after it."""
    await x.start("Transfer-Encoding: chunked")
    await x.raw(b"5\r\nhello\r\n0\r\n")
    raise Close


@path
async def status_99(x):
    """A status of two digits."""
    await x.answer(b"odd\n", status="99 Odd")
    raise Close


@path
async def status_1000(x):
    """A status of four digits."""
    await x.answer(b"odd\n", status="1000 Odd")
    raise Close


@path
async def odd_reason(x):
    """404 with a reason that would colour a terminal."""
    await x.answer(b"odd\n", status="404 \x1b[31mred\x07")


@path
async def switch(x):
    """101 that nobody asked for, then the end."""
    await x.start("Connection: Upgrade", "Upgrade: other", status="101 Switching Protocols")
    raise Close


@path
async def body_on_204(x):
    """204 with a body all the same, on a connection that stays open."""
    await x.answer(b"hello", status="204 No Content")


@path
async def head_body(x):
    """Answers even HEAD with a body, on a connection that stays open."""
    await x.start("Content-Length: 5")
    await x.raw(b"hello")


@path
async def many_headers(x):
    """n headers (default 4000) of 100 bytes each."""
    await x.start(*(f"X-Header-{i:06}: {'x' * 82}" for i in range(int(x.number("n", 4000)))), "Content-Length: 5")
    await x.raw(b"hello")


@path
async def drip_head(x):
    """The head comes one byte every ms milliseconds (default 100)."""
    for byte in b"HTTP/1.1 200 OK\r\nX-Slow: yes\r\nContent-Length: 5\r\n\r\n":
        await x.raw(bytes([byte]))
        await asyncio.sleep(x.number("ms", 100) / 1000)
    await x.raw(b"hello")


@path
async def endless(x):
    """Chunks for ever."""
    await x.start("Transfer-Encoding: chunked")
    block = b"10000\r\n" + filler(1 << 16) + CRLF
    while True:
        await x.more(block)


@path
async def endless_plain(x):
    """Bytes for ever, without a length."""
    await x.start("Connection: close")
    block = filler(1 << 18)
    while True:
        await x.more(block)


@path
async def wrong_range(x):
    """206 with another range than the asked one."""
    await x.answer(filler(100), status="206 Partial Content", headers=["Content-Range: bytes 700-799/1000"])


@path
async def any_bytes(x):
    """Reason, header values and body of random bytes, always the same for the same seed; every tenth fails with a status."""
    dice = random.Random(int(x.number("seed", 0)))
    noise = lambda most: bytes(dice.randrange(256) for _ in range(dice.randrange(most)))
    # What would end the line, or the message for libcurl.
    value = lambda most: noise(most).translate(None, b"\0\r\n")
    body = noise(3000) if dice.random() < 0.5 else noise(300).decode("latin-1").encode()
    status = 500 if dice.random() < 0.1 else 200
    head = [b"HTTP/1.1 %d " % status + value(30), b"Content-Type: " + value(40), b"Content-Length: %d" % len(body)]
    head += [b"X-%d: " % number + value(200) for number in range(dice.randrange(6))] + [b"X-0: twice", b"Set-Cookie: " + value(60)]
    await x.raw(b"\r\n".join(head) + b"\r\n\r\n" + body)


@path
async def partial(x):
    """size bytes of filler; the first times requests with that key get the first cut bytes and no more.

    Understands Range from a byte on, with If-Range: the entity tag is etag, or changed where a part is asked for and
    change=1. With wrong=1 another part comes than the asked one, with short=1 five bytes of it, with recut=N only the first N
    bytes the first time. page is the size of an error's body, and then=404 the status of later answers. With dates=1 it has a date instead of a tag, with neither=1 nothing.
    """
    size, cut = int(x.number("size", 2 << 20)), int(x.number("cut", 3 << 19))
    whole = filler(size)
    asked = re.fullmatch(r"bytes=(\d+)-", x.headers.get("range", ""))
    name, value = ("ETag", f'"{x.query.get("etag", "one")}"')
    if "dates" in x.query:
        name, value = "Last-Modified", "Mon, 02 Mar 2026 10:00:00 GMT"
    if asked and "change" in x.query:
        value = '"changed"'
    headers = ["Accept-Ranges: bytes"] + ([] if "neither" in x.query else [f"{name}: {value}"])
    key = x.query.get("key", "")
    failures[key] += 1
    page = filler(x.number("page", 0))
    if asked and x.headers.get("if-range", value) == value:
        start = int(asked[1]) + (16 if "wrong" in x.query else 0)
        if start >= size:
            return await x.answer(page, status="416 Range Not Satisfiable", headers=[f"Content-Range: bytes */{size}"])
        headers.append(f"Content-Range: bytes {start}-{size - 1}/{size}")
        if "short" in x.query:
            await x.start(*headers, "Transfer-Encoding: chunked", status="206 Partial Content")
            return await x.raw(b"5\r\n01234\r\n0\r\n\r\n")
        rest = whole[start:]
        failures[key, "parts"] += 1
        if "recut" in x.query and failures[key, "parts"] == 1:
            await x.answer(rest[: int(x.query["recut"])], status="206 Partial Content", headers=headers, length=len(rest))
            raise Close
        return await x.answer(rest, status="206 Partial Content", headers=headers)
    if failures[key] > x.number("times", 1):
        if "then" in x.query:
            return await x.answer(page, status=f"{x.query['then']} Now Not")
        return await x.answer(whole, headers=headers)
    await x.answer(whole[:cut], headers=headers, length=size)
    raise Close


@path
async def extra_answer(x):
    """A whole answer and a second one that nobody asked for, at once or after ms milliseconds."""
    first = b"HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nfirst\n"
    second = b"HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\nsecond\n"
    if "ms" not in x.query:
        return await x.raw(first + second)
    await x.raw(first)
    await asyncio.sleep(x.number("ms", 0) / 1000)
    await x.raw(second)


@path
async def idle_close(x):
    """Closes a connection that it promised to keep: right away, after ms milliseconds, or (next=1) when another request came."""
    await x.answer(b"fine\n", headers=["Connection: keep-alive"])
    if "next" in x.query:
        x.last = True
        return
    await asyncio.sleep(x.number("ms", 0) / 1000)
    raise Close


@path
async def http10(x):
    """HTTP/1.0 with a length."""
    await x.raw(b"HTTP/1.0 200 OK\r\nContent-Length: 6\r\n\r\nhello\n")
    raise Close


@path
async def lf_only(x):
    """Line ends without CR."""
    await x.raw(b"HTTP/1.1 200 OK\nX-Bare: yes\nContent-Length: 6\n\nhello\n")


@path
async def folded(x):
    """A header on two lines, as was once allowed."""
    await x.raw(b"HTTP/1.1 200 OK\r\nX-Folded: one\r\n two\r\nContent-Length: 6\r\n\r\nhello\n")


@path
async def flaky(x):
    """Fails the first times requests with that key, then answers 'fine', or as the path in then does.

    how is reset, empty, cut (short body), stall, gzip (a cut one), a status, or any other path. A status has after as
    Retry-After, where given; with date=1 as a date that many seconds after the answer's Date, which is an hour behind the
    clock: who compares with a clock of his own does not wait.
    """
    key = x.query.get("key", "")
    failures[key] += 1
    if failures[key] > x.number("times", 1):
        return await (paths[x.query["then"]](x) if "then" in x.query else x.answer(b"fine\n"))
    how = x.query.get("how", "503")
    if how.isdigit():
        return await refuse(x, f"{how} Not Now")
    await paths[{"cut": "short-body", "gzip": "gzip-cut"}.get(how, how)](x)


@path
async def busy(x):
    """503 during the first ms milliseconds (default 1000) after this local address was first asked; after as in flaky."""
    now = time.monotonic()
    if now - first_asked.setdefault(x.local, now) < x.number("ms", 1000) / 1000:
        return await refuse(x, "503 Not Now")
    await x.answer(b"fine\n")


failures = collections.Counter()
first_asked = {}


async def refuse(x, status):
    headers = []
    after = x.query.get("after")
    if after is not None and "date" in x.query:
        date = int(time.time()) - 3600
        times = {"Date": date, "Retry-After": date + float(after)}
        headers = [f"{name}: {email.utils.formatdate(at, usegmt=True)}" for name, at in times.items()]
    elif after is not None:
        headers = [f"Retry-After: {after}"]
    await x.answer(b"not now\n", status=status, headers=headers)


@path
async def echo_encoding(x):
    """The request's Accept-Encoding as body, or 'none'."""
    await x.answer(x.headers.get("accept-encoding", "none").encode("latin-1"))


def packed(x):
    return gzip.compress(filler(x.number("n", 10000)), mtime=0)


@path
async def gzip_ok(x):
    """n bytes, compressed."""
    await x.answer(packed(x), headers=["Content-Encoding: gzip"])


@path
async def gzip_two(x):
    """Two members, which are one body."""
    await x.answer(packed(x) + packed(x), headers=["Content-Encoding: gzip"])


@path
async def gzip_cut(x):
    """A compressed body that ends early, with the Content-Length of what comes."""
    await x.answer(packed(x)[:-10], headers=["Content-Encoding: gzip"])


@path
async def gzip_bad_sum(x):
    """A compressed body whose checksum is wrong."""
    data = bytearray(packed(x))
    data[-6] ^= 0xFF
    await x.answer(bytes(data), headers=["Content-Encoding: gzip"])


@path
async def gzip_not(x):
    """Called gzip, but is not."""
    await x.answer(b"plain text\n", headers=["Content-Encoding: gzip"])


@path
async def gzip_until_close(x):
    """Compressed, without a length: the end is proved by gzip itself."""
    await x.start("Content-Encoding: gzip", "Connection: close")
    await x.raw(packed(x))
    raise Close


@path
async def unknown_coding(x):
    """A content coding that nobody offered."""
    await x.answer(b"??", headers=["Content-Encoding: br"])


@path
async def gzip_trailing(x):
    """A whole gzip member, then bytes that are none."""
    await x.answer(packed(x) + b"trailing garbage", headers=["Content-Encoding: gzip"])


@path
async def gzip_empty(x):
    """Called gzip, with no byte at all."""
    await x.answer(b"", headers=["Content-Encoding: gzip"])


async def chunks(x, data, *headers):
    await x.start("Transfer-Encoding: chunked", *headers)
    half = len(data) // 2
    for part in (data[:half], data[half:]):
        await x.raw(b"%x\r\n" % len(part) + part + CRLF)
    await x.raw(b"0\r\n\r\n")


@path
async def gzip_chunked(x):
    """Compressed, in chunks."""
    await chunks(x, packed(x), "Content-Encoding: gzip")


@path
async def gzip_cut_chunked(x):
    """A compressed body that ends early, in chunks that end well."""
    await chunks(x, packed(x)[:-10], "Content-Encoding: gzip")


@path
async def x_gzip(x):
    """The old name of gzip."""
    await x.answer(packed(x), headers=["Content-Encoding: x-gzip"])


@path
async def deflate_unasked(x):
    """Compressed as 'deflate', whatever was offered; raw=1 without zlib's wrapping; cut=1 ends early."""
    data = zlib.compress(filler(x.number("n", 10000)))
    data = data[2:-4] if "raw" in x.query else data
    await x.answer(data[:-10] if "cut" in x.query else data, headers=["Content-Encoding: deflate"])


@path
async def six_codings(x):
    """Compressed six times, and honest about it."""
    data = b"hello\n"
    for _ in range(6):
        data = gzip.compress(data, mtime=0)
    await x.answer(data, headers=["Content-Encoding: " + ", ".join(["gzip"] * 6)])


@functools.cache
def zeros(megabytes):
    """A gzip member of so many megabytes of zeros. After a full flush the next megabyte is the same bytes again."""
    million = bytes(1 << 20)
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    block = packer.compress(million) + packer.flush(zlib.Z_FULL_FLUSH)
    checksum = functools.reduce(lambda sum, _: zlib.crc32(million, sum), range(megabytes), 0)
    head = b"\x1f\x8b\x08\0\0\0\0\0\0\xff"
    return head + block * megabytes + packer.flush() + struct.pack("<II", checksum, (megabytes << 20) & 0xFFFFFFFF)


@path
async def bomb(x):
    """mb megabytes of zeros (default 200), compressed to a thousandth; after the first bytes of them comes a pause of ms milliseconds."""
    data, first = zeros(int(x.number("mb", 200))), int(x.number("first", 0))
    if first:
        await x.start("Content-Encoding: gzip", f"Content-Length: {len(data)}")
        await x.raw(data[:first])
        await asyncio.sleep(x.number("ms", 0) / 1000)
        return await x.raw(data[first:])
    await x.answer(data, headers=["Content-Encoding: gzip"])


@functools.cache
def zeros_twice(megabytes):
    return gzip.compress(zeros(megabytes))


@path
async def bomb_twice(x):
    """The same, compressed once more."""
    await x.answer(zeros_twice(int(x.number("mb", 200))), headers=["Content-Encoding: gzip, gzip"])


async def tell(x):
    """/stats and /log, which are not counted themselves."""
    if x.path == "/seen":
        return await x.answer(json.dumps([host for host, text in heads if x.query["word"] in text]).encode())
    if x.path == "/log":
        await x.answer(json.dumps(list(log)).encode())
        if "reset" in x.query:
            log.clear()
        return
    await x.answer(json.dumps({**stats, "hosts": hosts} if several or "hosts" in x.query else stats).encode())
    if "reset" in x.query:
        stats.update(requests=0, most=stats["now"], connections=0)
        first_asked.clear()
        for local, host in list(hosts.items()):
            host.update(requests=0, most=host["now"])
            if not host["now"]:
                del hosts[local]


async def serve(reader, writer):
    stats["connections"] += 1
    number = next(numbers)
    local = writer.get_extra_info("sockname")[0]
    last = False
    writers.add(writer)
    try:
        for position in itertools.count(1):
            head = (await reader.readuntil(CRLF + CRLF))[:-4]
            length = 0
            for line in head.split(CRLF):
                if line.lower().startswith(b"content-length:"):
                    length = int(line.split(b":")[1])
            x = Exchange(head, await reader.readexactly(length), reader, writer, local, position)
            if x.path in ("/stats", "/log", "/seen"):
                await tell(x)
                continue
            remember(x)
            log.append((time.monotonic(), local, x.method, x.target, number))
            for counted in (stats, hosts[local]):
                counted["requests"] += 1
                counted["now"] += 1
                counted["most"] = max(counted["most"], counted["now"])
            try:
                if last:
                    raise Close
                name = x.path.strip("/")
                if name in paths:
                    await paths[name](x)
                else:
                    await x.answer(b"no such fault\n", status="404 Not Found")
            finally:
                stats["now"] -= 1
                hosts[local]["now"] -= 1
            last = x.last
            if x.headers.get("connection", "").lower() == "close":
                raise Close
    except (Close, asyncio.IncompleteReadError, OSError, asyncio.LimitOverrunError):
        pass
    finally:
        writers.discard(writer)
        writer.close()


def remember(x):
    text = x.head.decode("latin-1")
    for name in ("authorization", "proxy-authorization"):
        scheme, _, token = x.headers.get(name, "").partition(" ")
        if scheme == "Basic":
            text += base64.b64decode(token).decode("latin-1")
    heads.append((x.headers.get("host", ""), text))


writers = set()
servers = []


def listeners(addresses, wanted):
    """One socket for each address, all with the same port."""
    for _ in range(1 if wanted else 100):
        sockets, port = [], wanted
        try:
            for address in addresses:
                family = socket.AF_INET6 if ":" in address else socket.AF_INET
                sockets.append(socket.create_server((address, port), family=family, backlog=4096))
                port = sockets[0].getsockname()[1]
            return sockets
        except OSError as error:
            # The port that the first address got may be taken at another one.
            failure = error
            for each in sockets:
                each.close()
    raise failure


async def main():
    global several, context
    parser = argparse.ArgumentParser()
    parser.add_argument("--tls", nargs=2)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--addresses", type=int, default=0)
    parser.add_argument("--also", nargs="+", default=[])
    options = parser.parse_args()
    context = None
    if options.tls:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*options.tls)
    many = [f"127.0.{1 + i // 250}.{1 + i % 250}" for i in range(options.addresses)]
    several = bool(many or options.also)
    sockets = listeners(["127.0.0.1", *many, *options.also], options.port)
    # They must not be garbage while the loop serves them.
    servers[:] = [await asyncio.start_server(serve, sock=each, ssl=context, backlog=4096, limit=1 << 20) for each in sockets]
    print("port", servers[0].sockets[0].getsockname()[1], flush=True)
    loop = asyncio.get_running_loop()
    await loop.run_in_executor(None, sys.stdin.read)
    # Handlers that wait for ever must not keep the process, nor complain.
    os._exit(0)


if __name__ == "__main__":
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    asyncio.run(main())
