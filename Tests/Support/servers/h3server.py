#!/usr/bin/env python3
"""A scripted HTTP/3 server for what no real server offers: cut bodies, resets, silence. Needs PyPI's aioquic.

    h3server.py CERT KEY [--port P] [--mute] [--tcp N]

Listens on UDP at 127.0.0.1, and prints "port N" when it does; ends when its standard input does. The TCP port of that number is
taken, and closed: otherwise HTTP/3 could lose the race against it on a busy machine. With --tcp it opens after so many requests
over HTTP/3, and HTTP/1.1 with TLS is spoken there, where every path is `ok`. With --mute nothing comes back over UDP, as behind a
firewall that drops it. What a path does is the docstring of its function; parameters are in the query.
/stats tells what was counted: "requests", "most" (at once), "connections" and "resets" (streams that the client gave up) of HTTP/3,
"tcp" are requests over TCP, "datagrams" all that came over UDP, and "peers" the addresses that they came from.
"""
import argparse
import asyncio
import collections
import gzip
import hashlib
import json
import os
import socket
import ssl
import sys
from urllib.parse import parse_qsl, unquote, urlsplit

from aioquic.asyncio.protocol import QuicConnectionProtocol
from aioquic.asyncio.server import QuicServer
from aioquic.h3.connection import H3_ALPN, ErrorCode, H3Connection
from aioquic.h3.events import DataReceived, HeadersReceived
from aioquic.quic.configuration import QuicConfiguration
from aioquic.quic.events import ConnectionTerminated, StopSendingReceived, StreamReset

stats = {"requests": 0, "now": 0, "most": 0, "connections": 0, "resets": 0, "tcp": 0, "datagrams": 0, "peers": 0}
peers = set()
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
    """One stream with one request."""

    def __init__(self, connection, stream, headers):
        self.connection, self.http, self.stream = connection, connection.http, stream
        self.headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in headers}
        target = urlsplit(self.headers[":path"])
        self.path, self.query = unquote(target.path).strip("/"), dict(parse_qsl(target.query, keep_blank_values=True))
        self.hash, self.count, self.whole = hashlib.sha256(), 0, asyncio.Event()

    def number(self, name, default):
        return float(self.query.get(name, default))

    def take(self, data, is_last):
        self.hash.update(data)
        self.count += len(data)
        if is_last:
            self.whole.set()

    def head(self, *headers, status=200, length=None, end=False):
        fields = [(b":status", str(status).encode())] + [(name.encode(), value.encode()) for name, value in headers]
        if length is not None:
            fields.append((b"content-length", str(length).encode()))
        self.http.send_headers(self.stream, fields, end_stream=end)
        self.connection.transmit()

    def data(self, body, end=False):
        self.http.send_data(self.stream, body, end_stream=end)
        self.connection.transmit()

    def answer(self, body, *headers, status=200):
        self.head(*headers, status=status, length=len(body))
        self.data(body, end=True)

    def reset(self, code):
        self.connection._quic.reset_stream(self.stream, code)
        self.connection.transmit()

    async def half(self, length):
        """The head, and 5000 bytes of 10000; returns when the client has them."""
        self.head(length=10000 if length else None)
        self.data(filler(5000))
        sender = self.connection._quic._streams[self.stream].sender
        while not sender.buffer_is_empty or sender._buffer_start < 5000:
            await self.connection.ping()


@path
async def ok(x):
    """n bytes of text (default 1024) after ms milliseconds."""
    await asyncio.sleep(x.number("ms", 0) / 1000)
    x.answer(filler(x.number("n", 1024)))


@path
async def status(x):
    """The status in code."""
    x.answer(f"status {x.query['code']}\n".encode(), status=x.query["code"])


@path
async def together(x):
    """Answers when n requests (default 8) wait for it."""
    stats["together"] = stats.get("together", 0) + 1
    while stats["together"] < x.number("n", 8):
        await asyncio.sleep(0.005)
    x.answer(b"together\n")


@path
async def big(x):
    """mb megabytes, as fast as the client takes them; without a length with nolength=1."""
    size = int(x.number("mb", 1) * 1048576)
    x.head(length=None if "nolength" in x.query else size)
    x.data(filler(size), end=True)


@path
async def no_length(x):
    """n bytes (default 1000) without a length, and a good end."""
    x.head()
    x.data(filler(x.number("n", 1000)), end=True)


@path
async def burst(x):
    """The same in one burst: head, body and end in one datagram."""
    x.http.send_headers(x.stream, [(b":status", b"200")])
    x.http.send_data(x.stream, filler(500), end_stream=True)
    x.connection.transmit()


@path
async def empty_no_length(x):
    """A head without a length, and later the end of the stream without any DATA."""
    x.head()
    await x.connection.ping()
    x.connection._quic.send_stream_data(x.stream, b"", end_stream=True)
    x.connection.transmit()


@path
async def rst(x):
    """RESET_STREAM with code (default H3_INTERNAL_ERROR) in the middle of the body; without a length with nolength=1."""
    await x.half("nolength" not in x.query)
    x.reset(int(x.query.get("code", ErrorCode.H3_INTERNAL_ERROR)))


@path
async def cut(x):
    """CONNECTION_CLOSE with code (default H3_NO_ERROR) in the middle of the body; without a length with nolength=1."""
    await x.half("nolength" not in x.query)
    x.connection.close(error_code=int(x.query.get("code", ErrorCode.H3_NO_ERROR)))


@path
async def short_body(x):
    """A good end, but fewer bytes than content-length says."""
    x.head(length=10000)
    x.data(filler(5000), end=True)


@path
async def refused(x):
    """RESET_STREAM with H3_REQUEST_REJECTED instead of an answer."""
    x.reset(ErrorCode.H3_REQUEST_REJECTED)


@path
async def received(x):
    """When all of the request has come: method, number of bytes and SHA-256 of its body, as one line."""
    await x.whole.wait()
    x.answer(f"{x.headers[':method']} {x.count} {x.hash.hexdigest()}\n".encode())


@path
async def gzip_ok(x):
    """10000 bytes, compressed."""
    x.answer(gzip.compress(filler(10000)), ("content-encoding", "gzip"))


@path
async def stall(x):
    """A head, half a body, then nothing."""
    await x.half(True)
    await asyncio.sleep(3600)


@path
async def ping_flood(x):
    """PING for ever, as fast as it goes."""
    while True:
        x.connection._quic.send_ping(0)
        x.connection.transmit()
        await asyncio.sleep(0)


@path
async def flaky(x):
    """Is how (default refused) the first times requests with that key, then `ok`."""
    key = x.query.get("key", "")
    failures[key] += 1
    await paths[x.query.get("how", "refused") if failures[key] <= x.number("times", 1) else "ok"](x)


class Connection(QuicConnectionProtocol):
    def __init__(self, *arguments, **options):
        super().__init__(*arguments, **options)
        stats["connections"] += 1
        self.http, self.exchanges, self.tasks = H3Connection(self._quic), {}, {}

    def quic_event_received(self, event):
        if isinstance(event, ConnectionTerminated):
            for task in self.tasks.values():
                task.cancel()
        elif isinstance(event, (StreamReset, StopSendingReceived)):
            stats["resets"] += 1
            if task := self.tasks.get(event.stream_id):
                task.cancel()
        for event in self.http.handle_event(event):
            if isinstance(event, HeadersReceived):
                self.exchanges[event.stream_id] = x = Exchange(self, event.stream_id, event.headers)
                x.take(b"", event.stream_ended)
                self.tasks[event.stream_id] = asyncio.ensure_future(self.serve(x))
            elif isinstance(event, DataReceived):
                self.exchanges[event.stream_id].take(event.data, event.stream_ended)

    async def serve(self, x):
        if x.path == "stats":
            return x.answer(json.dumps(stats).encode())
        stats["requests"] += 1
        if stats["requests"] == options.tcp:
            await opening.start_serving()
        stats["now"] += 1
        stats["most"] = max(stats["most"], stats["now"])
        try:
            if x.path in paths:
                await paths[x.path](x)
            else:
                x.answer(b"no such fault\n", status=404)
        except ConnectionError:
            pass
        finally:
            stats["now"] -= 1
            self.tasks.pop(x.stream, None)


class Endpoint(QuicServer):
    def datagram_received(self, data, address):
        stats["datagrams"] += 1
        peers.add(address)
        stats["peers"] = len(peers)
        if not options.mute:
            super().datagram_received(data, address)


async def accept(reader, writer):
    """HTTP/1.1 over TLS."""
    try:
        while True:
            lines = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
            length = sum(int(line.split(":")[1]) for line in lines if line.lower().startswith("content-length:"))
            await reader.readexactly(length)
            if lines[0].split()[1].startswith("/stats"):
                body = json.dumps(stats).encode()
            else:
                stats["tcp"] += 1
                body = b"over TCP\n"
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(body) + body)
            await writer.drain()
            if "connection: close" in map(str.lower, lines):
                return
    except (OSError, asyncio.IncompleteReadError):
        pass
    finally:
        writer.close()


def sockets():
    """One of TCP and one of UDP with the same port."""
    while True:
        tcp = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        tcp.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        tcp.bind(("127.0.0.1", options.port))
        udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        try:
            udp.bind(tcp.getsockname())
            return tcp, udp
        except OSError:
            if options.port:
                raise
            tcp.close()
            udp.close()


async def main():
    global opening
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(options.certificate, options.key)
    tcp, udp = sockets()
    opening = await asyncio.start_server(accept, sock=tcp, ssl=context, ssl_shutdown_timeout=0.01, start_serving=False)
    if options.tcp == 0:
        await opening.start_serving()
    configuration = QuicConfiguration(is_client=False, alpn_protocols=H3_ALPN)
    configuration.load_cert_chain(options.certificate, options.key)
    await asyncio.get_running_loop().create_datagram_endpoint(
        lambda: Endpoint(configuration=configuration, create_protocol=Connection), sock=udp
    )
    print("port", tcp.getsockname()[1], flush=True)
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)
    # Handlers that wait for ever must not keep the process, nor complain.
    os._exit(0)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("certificate")
    parser.add_argument("key")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--mute", action="store_true")
    parser.add_argument("--tcp", type=int)
    options = parser.parse_args()
    asyncio.run(main())
