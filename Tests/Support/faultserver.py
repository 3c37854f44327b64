#!/usr/bin/env python3
"""A scripted HTTP/1.1 server for what no real server offers: slow bytes, cut bodies, lies about lengths, silence.

    faultserver.py [--tls CERT KEY]

Prints "port N" when it listens on 127.0.0.1, and ends when its standard input does. What a path does is the docstring of its
function; parameters are in the query. /stats tells what was counted.
"""
import asyncio
import gzip
import json
import os
import resource
import socket
import ssl
import struct
import sys
from urllib.parse import parse_qsl, unquote, urlsplit

CRLF = b"\r\n"
stats = {"requests": 0, "now": 0, "most": 0, "connections": 0}


class Close(Exception):
    """The connection is to be closed now."""


class Exchange:
    """One request and the means to answer it."""

    def __init__(self, head, body, reader, writer):
        line, *fields = head.split(CRLF)
        self.head, self.body, self.reader, self.writer = head, body, reader, writer
        self.method, self.target, _ = line.decode("latin-1").split(" ", 2)
        self.path = unquote(urlsplit(self.target).path)
        self.query = dict(parse_qsl(urlsplit(self.target).query))
        self.headers = {k.strip().lower(): v.strip() for k, _, v in (f.decode("latin-1").partition(":") for f in fields if f)}

    def number(self, name, default):
        return float(self.query.get(name, default))

    async def raw(self, data):
        self.writer.write(data)
        await self.writer.drain()

    async def answer(self, body=b"", status="200 OK", headers=(), length=None):
        length = len(body) if length is None else length
        head = [f"HTTP/1.1 {status}", *headers, f"Content-Length: {length}", "", ""]
        await self.raw("\r\n".join(head).encode("latin-1") + (b"" if self.method == "HEAD" else body))

    async def start(self, *headers, status="200 OK"):
        await self.raw("\r\n".join([f"HTTP/1.1 {status}", *headers, "", ""]).encode("latin-1"))

    def reset(self):
        sock = self.writer.get_extra_info("socket")
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.writer.transport.abort()
        raise Close


paths = {}


def path(function):
    paths[function.__name__.replace("_", "-")] = function
    return function


def filler(count):
    """Text of that many bytes that tells where it was cut."""
    line = b"0123456789abcde\n"
    return (line * (int(count) // len(line) + 1))[: int(count)]


@path
async def ok(x):
    """n bytes of text (default 1024) after ms milliseconds."""
    await asyncio.sleep(x.number("ms", 0) / 1000)
    await x.answer(filler(x.number("n", 1024)), headers=["Content-Type: text/plain"])


@path
async def text(x):
    """The parameter s as body."""
    await x.answer(x.query.get("s", "").encode())


@path
async def binary(x):
    """All byte values."""
    await x.answer(bytes(range(256)), headers=["Content-Type: application/octet-stream"])


@path
async def echo(x):
    """The request's head and body as body."""
    await x.answer(x.head + CRLF + CRLF + x.body)


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
    """n bytes of a body of 1000000, then nothing."""
    await x.start("Content-Length: 1000000")
    await x.raw(filler(x.number("n", 1000)))
    await asyncio.sleep(3600)


@path
async def silent(x):
    """Takes the request and says nothing."""
    await asyncio.sleep(3600)


@path
async def big(x):
    """mb megabytes, streamed, after ms milliseconds; extra=1 cuts the last byte off."""
    await asyncio.sleep(x.number("ms", 0) / 1000)
    total = int(x.number("mb", 1) * 1048576)
    await x.start(f"Content-Length: {total}")
    block = filler(1 << 18)
    left = total - (1 if "cut" in x.query else 0)
    while left > 0:
        await x.raw(block[: min(left, len(block))])
        left -= len(block)
    if "cut" in x.query:
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
    await asyncio.sleep(0.1)
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
        await x.raw(b"X-More: " + b"x" * 1000 + CRLF)


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


def packed(x):
    return gzip.compress(filler(x.number("n", 10000)))


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


async def serve(reader, writer):
    stats["connections"] += 1
    try:
        while True:
            head = (await reader.readuntil(CRLF + CRLF))[:-4]
            length = 0
            for line in head.split(CRLF):
                if line.lower().startswith(b"content-length:"):
                    length = int(line.split(b":")[1])
            x = Exchange(head, await reader.readexactly(length), reader, writer)
            name = x.path.strip("/")
            if name == "stats":
                await x.answer(json.dumps(stats).encode())
                if "reset" in x.query:
                    stats.update(requests=0, most=stats["now"], connections=0)
                continue
            stats["requests"] += 1
            stats["now"] += 1
            stats["most"] = max(stats["most"], stats["now"])
            try:
                if name in paths:
                    await paths[name](x)
                else:
                    await x.answer(b"no such fault\n", status="404 Not Found")
            finally:
                stats["now"] -= 1
            if x.headers.get("connection", "").lower() == "close":
                raise Close
    except (Close, asyncio.IncompleteReadError, ConnectionError, asyncio.LimitOverrunError):
        pass
    finally:
        writer.close()


async def main():
    context = None
    if len(sys.argv) > 2 and sys.argv[1] == "--tls":
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(sys.argv[2], sys.argv[3])
    server = await asyncio.start_server(serve, "127.0.0.1", 0, ssl=context, backlog=4096, limit=1 << 20)
    print("port", server.sockets[0].getsockname()[1], flush=True)
    loop = asyncio.get_running_loop()
    await loop.run_in_executor(None, sys.stdin.read)
    # Handlers that wait for ever must not keep the process, nor complain.
    os._exit(0)


if __name__ == "__main__":
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    asyncio.run(main())
