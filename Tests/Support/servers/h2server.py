#!/usr/bin/env python3
"""A scripted HTTP/2 server over TLS for what no real server offers: cut bodies, resets, refusals. Needs PyPI's h2.

    h2server.py CERT KEY [--port P] [--streams N] [--alpn-lie]

Prints "port N" when it listens on 127.0.0.1, and ends when its standard input does. What a path does is the docstring of its
function; parameters are in the query. --streams is how many a connection may have at once (default 100). With --alpn-lie it
agrees to HTTP/2 and then answers in HTTP/1.1. /stats tells what was counted, "sent" are bytes of bodies, "resets" are streams
that the client gave up; /stats?reset starts anew.
"""
import argparse
import asyncio
import collections
import gzip
import hashlib
import json
import os
import ssl
import sys
from urllib.parse import parse_qsl, unquote, urlsplit

from h2.config import H2Configuration
from h2.connection import H2Connection
from h2.errors import ErrorCodes
from h2.events import DataReceived, PingAckReceived, RequestReceived, StreamEnded, StreamReset, WindowUpdated
from h2.exceptions import ProtocolError
from h2.settings import SettingCodes
from hyperframe.frame import GoAwayFrame

stats = {"requests": 0, "now": 0, "most": 0, "connections": 0, "sent": 0, "resets": 0}
failures = collections.Counter()
paths = {}


def path(function):
    paths[function.__name__.replace("_", "-")] = function
    return function


def filler(count):
    """Text of that many bytes that tells where it was cut."""
    line = b"0123456789abcde\n"
    return (line * (int(count) // len(line) + 1))[: int(count)]


class Exchange:
    """One stream. What is queued goes out together at the next flush."""

    def __init__(self, connection, stream, headers):
        self.connection, self.h2, self.stream = connection, connection.h2, stream
        self.headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in headers}
        target = urlsplit(self.headers[":path"])
        self.path, self.query = unquote(target.path).strip("/"), dict(parse_qsl(target.query, keep_blank_values=True))
        self.hash, self.count = hashlib.sha256(), 0

    def number(self, name, default):
        return float(self.query.get(name, default))

    def head(self, *headers, status=200, length=None, end=False):
        length = [] if length is None else [("content-length", str(length))]
        self.h2.send_headers(self.stream, [(":status", str(status)), *headers, *length], end_stream=end)

    async def data(self, body, end=False):
        """As the client's window allows."""
        while body:
            room = min(self.h2.local_flow_control_window(self.stream), self.h2.max_outbound_frame_size)
            if room <= 0:
                await self.connection.flush()
                await self.connection.more_room()
                continue
            part, body = body[:room], body[room:]
            self.h2.send_data(self.stream, part)
            stats["sent"] += len(part)
            if body:
                await self.connection.flush()
        if end:
            self.h2.end_stream(self.stream)

    async def answer(self, body, *headers, status=200):
        self.head(*headers, status=status, length=len(body))
        await self.data(body, end=True)
        await self.flush()

    def reset(self, code):
        self.h2.reset_stream(self.stream, code)

    def goaway(self, last, code=ErrorCodes.NO_ERROR):
        # Not by h2, which would have nothing more to do with this connection.
        self.connection.writer.write(self.h2.data_to_send() + GoAwayFrame(0, last, code).serialize())

    async def flush(self):
        await self.connection.flush()

    async def close(self):
        await self.flush()
        self.connection.writer.close()

    async def half(self, length):
        """The head, and 5000 bytes of 10000."""
        self.head(length=10000 if length else None)
        await self.data(filler(5000))
        # The client answers when it has read all this; nothing else comes before that.
        question = self.stream.to_bytes(8, "big")
        answer = self.connection.pings[question] = asyncio.Event()
        self.h2.ping(question)
        await self.flush()
        await answer.wait()


@path
async def ok(x):
    """n bytes of text (default 1024) after ms milliseconds."""
    await asyncio.sleep(x.number("ms", 0) / 1000)
    await x.answer(filler(x.number("n", 1024)))


@path
async def received(x):
    """Method, number of bytes and SHA-256 of the request's body, as one line."""
    await x.answer(f"{x.headers[':method']} {x.count} {x.hash.hexdigest()}\n".encode())


@path
async def status(x):
    """The status in code."""
    await x.answer(f"status {x.query['code']}\n".encode(), status=x.query["code"])


@path
async def redirect(x):
    """To the URL in to."""
    await x.answer(b"go on\n", ("location", x.query["to"]), status=302)


@path
async def big(x):
    """mb megabytes, as fast as the client takes them."""
    left = int(x.number("mb", 1) * 1048576)
    x.head(length=left)
    block = filler(1 << 18)
    while left > 0:
        await x.data(block[:left])
        left -= len(block)
    await x.data(b"", end=True)
    await x.flush()


@path
async def cut(x):
    """The connection ends in the middle of a body with a length."""
    await x.half(True)
    await x.close()


@path
async def cut_no_length(x):
    """The same without a length."""
    await x.half(False)
    await x.close()


@path
async def burst_reset(x):
    """A head with a length (unless nolength=1), half a body, RST_STREAM with code (default 2, INTERNAL_ERROR) and the end of the
    connection, all in one burst; with ms, the head and some of the body come so much earlier."""
    x.head(length=None if "nolength" in x.query else 10000)
    await x.data(filler(4000))
    if "ms" in x.query:
        await x.flush()
        await asyncio.sleep(x.number("ms", 0) / 1000)
    await x.data(filler(1000))
    x.reset(int(x.number("code", 2)))
    await x.close()


@path
async def rst_error(x):
    """RST_STREAM with INTERNAL_ERROR in the middle of the body."""
    await x.half(True)
    x.reset(ErrorCodes.INTERNAL_ERROR)
    await x.flush()


@path
async def rst_no_error(x):
    """RST_STREAM with NO_ERROR in the middle of a body without a length."""
    await x.half(False)
    x.reset(ErrorCodes.NO_ERROR)
    await x.flush()


@path
async def rst_no_error_length(x):
    """The same with a length."""
    await x.half(True)
    x.reset(ErrorCodes.NO_ERROR)
    await x.flush()


@path
async def short_body(x):
    """A good end, but fewer bytes than content-length says."""
    x.head(length=10000)
    await x.data(filler(5000), end=True)
    await x.flush()


async def flood(x, *frames):
    """The head, but with early=1, and those frames of type, flags and payload for ever, without a look at what the client says."""
    if "early" not in x.query:
        x.head()
    await x.flush()
    burst = b"".join(
        len(payload).to_bytes(3, "big") + bytes([kind, flags]) + (x.stream if is_of_stream else 0).to_bytes(4, "big") + payload
        for kind, flags, payload, is_of_stream in frames
    ) * 200
    while True:
        x.connection.writer.write(burst)
        await x.connection.writer.drain()
        await asyncio.sleep(0)


@path
async def window_flood(x):
    """WINDOW_UPDATE by nothing that matters, for ever."""
    await flood(x, (8, 0, (1).to_bytes(4, "big"), False))


@path
async def empty_flood(x):
    """DATA without a byte, for ever."""
    await flood(x, (0, 0, b"", True))


@path
async def padding_flood(x):
    """DATA that is padding only, for ever."""
    await flood(x, (0, 8, b"\xff" + bytes(255), True))


@path
async def ping_flood(x):
    """PING for ever."""
    await flood(x, (6, 0, bytes(8), False))


@path
async def settings_flood(x):
    """SETTINGS for ever."""
    await flood(x, (4, 0, b"", False))


@path
async def header_bomb(x):
    """A head of mb megabytes (default 1) in CONTINUATION frames: the same field again and again."""
    # HPACK (RFC 7541): status 200 is entry 8; a literal without indexing has a name and a value of 127 bytes and more.
    field = b"\x00\x01x\x7f\xa1\x1e" + b"y" * 4000
    block = b"\x88" + field * int(x.number("mb", 1) * 262)
    parts = [block[at : at + 16384] for at in range(0, len(block), 16384)]
    for number, part in enumerate(parts):
        kind, flags = 1 if number == 0 else 9, 4 if number == len(parts) - 1 else 0
        x.connection.writer.write(len(part).to_bytes(3, "big") + bytes([kind, flags]) + x.stream.to_bytes(4, "big") + part)
        await x.connection.writer.drain()
    await asyncio.sleep(3600)


@path
async def rst_empty(x):
    """A head without a length, and RST_STREAM with NO_ERROR before any byte of the body."""
    x.head()
    x.reset(ErrorCodes.NO_ERROR)
    await x.flush()


@path
async def no_length(x):
    """n bytes (default 1000) without a length, and a good end."""
    x.head()
    await x.data(filler(x.number("n", 1000)), end=True)
    await x.flush()


@path
async def refused(x):
    """RST_STREAM with REFUSED_STREAM instead of an answer."""
    x.reset(ErrorCodes.REFUSED_STREAM)
    await x.flush()


@path
async def calm(x):
    """GOAWAY with ENHANCE_YOUR_CALM and the end of the connection instead of an answer."""
    x.goaway(x.stream, ErrorCodes.ENHANCE_YOUR_CALM)
    await x.close()


@path
async def goaway(x):
    """GOAWAY that takes no stream, and the end of the connection after ms milliseconds."""
    x.goaway(0)
    await x.flush()
    await asyncio.sleep(x.number("ms", 0) / 1000)
    await x.close()


@path
async def goaway_graceful(x):
    """An answer and GOAWAY; the connection ends after ms milliseconds (default 1000)."""
    await x.answer(b"fine\n")
    x.goaway(x.stream)
    await x.flush()
    await asyncio.sleep(x.number("ms", 1000) / 1000)
    await x.close()


@path
async def silent(x):
    """No answer."""
    await asyncio.sleep(3600)


@path
async def stall(x):
    """A head, half a body, then nothing."""
    await x.half(True)
    await asyncio.sleep(3600)


@path
async def gzip_ok(x):
    """10000 bytes, compressed."""
    await x.answer(gzip.compress(filler(10000)), ("content-encoding", "gzip"))


@path
async def gzip_cut(x):
    """A compressed body that ends early, with the length of what comes."""
    await x.answer(gzip.compress(filler(10000))[:-10], ("content-encoding", "gzip"))


@path
async def flaky(x):
    """Fails the first times requests with that key, then answers 'fine'; how is refused, rst, a status or any other path."""
    key = x.query.get("key", "")
    failures[key] += 1
    if failures[key] > x.number("times", 1):
        return await x.answer(b"fine\n")
    how = x.query.get("how", "refused")
    if how.isdigit():
        return await x.answer(b"not now\n", status=how)
    await paths[{"rst": "rst-error"}.get(how, how)](x)


class Connection:
    def __init__(self, reader, writer):
        self.reader, self.writer = reader, writer
        self.h2 = H2Connection(H2Configuration(client_side=False, header_encoding=None))
        self.requests, self.tasks, self.pings = {}, {}, {}
        self.room = asyncio.Event()

    async def flush(self):
        if self.writer.is_closing():
            raise ConnectionResetError
        self.writer.write(self.h2.data_to_send())
        await self.writer.drain()
        # Else a task that never waits would not let the loop hear of the connection's end.
        await asyncio.sleep(0)

    async def more_room(self):
        self.room.clear()
        await self.room.wait()

    async def run(self):
        self.h2.initiate_connection()
        self.h2.update_settings({SettingCodes.MAX_CONCURRENT_STREAMS: options.streams})
        await self.flush()
        try:
            while data := await self.reader.read(65536):
                for event in self.h2.receive_data(data):
                    self.handle(event)
                await self.flush()
        finally:
            for task in self.tasks.values():
                task.cancel()

    def handle(self, event):
        if isinstance(event, RequestReceived):
            self.requests[event.stream_id] = Exchange(self, event.stream_id, event.headers)
        elif isinstance(event, DataReceived):
            x = self.requests[event.stream_id]
            x.hash.update(event.data)
            x.count += len(event.data)
            self.h2.acknowledge_received_data(event.flow_controlled_length, event.stream_id)
        elif isinstance(event, StreamEnded):
            self.tasks[event.stream_id] = asyncio.ensure_future(self.serve(self.requests.pop(event.stream_id)))
        elif isinstance(event, StreamReset):
            stats["resets"] += 1
            self.requests.pop(event.stream_id, None)
            if task := self.tasks.get(event.stream_id):
                task.cancel()
        elif isinstance(event, WindowUpdated):
            self.room.set()
        elif isinstance(event, PingAckReceived):
            self.pings[event.ping_data].set()
        # h2 itself acknowledges the rest.

    async def serve(self, x):
        if x.path == "stats":
            await x.answer(json.dumps(stats).encode())
            if "reset" in x.query:
                stats.update(requests=0, most=stats["now"], connections=0, sent=0, resets=0)
            return
        stats["requests"] += 1
        stats["now"] += 1
        stats["most"] = max(stats["most"], stats["now"])
        try:
            if x.path in paths:
                await paths[x.path](x)
            else:
                await x.answer(b"no such fault\n", status=404)
        except (ProtocolError, OSError):
            # The client has given the stream or the connection up.
            pass
        finally:
            stats["now"] -= 1
            self.tasks.pop(x.stream, None)


async def lie(reader, writer):
    await reader.readuntil(b"\r\n\r\n")
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nhello\n")
    await writer.drain()


async def accept(reader, writer):
    stats["connections"] += 1
    try:
        await (lie(reader, writer) if options.alpn_lie else Connection(reader, writer).run())
    except (ProtocolError, OSError, asyncio.IncompleteReadError):
        pass
    finally:
        writer.close()


async def main():
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(options.certificate, options.key)
    context.set_alpn_protocols(["h2"])
    # A closed connection is closed, even if the client does not answer TLS's own end.
    server = await asyncio.start_server(
        accept, "127.0.0.1", options.port, ssl=context, backlog=4096, ssl_shutdown_timeout=0.01
    )
    print("port", server.sockets[0].getsockname()[1], flush=True)
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)
    # Handlers that wait for ever must not keep the process, nor complain.
    os._exit(0)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("certificate")
    parser.add_argument("key")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--streams", type=int, default=100)
    parser.add_argument("--alpn-lie", action="store_true")
    options = parser.parse_args()
    asyncio.run(main())
