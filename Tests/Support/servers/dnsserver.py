#!/usr/bin/env python3
"""A scripted name server for what no real one offers: silence, refusals, slow and odd answers. UDP, and TCP for the long ones.

    dnsserver.py [--listen ADDRESS] [--port P] [--log FILE] [--patience SECONDS]

Prints "port N" when it listens (default 127.0.0.53, port 53; 0 is any), and ends when its standard input does. What a name
gets is the docstring of the function whose name it begins with; all end in .test. example.com and the names below it are 127.0.0.1,
everything else does not exist. --log appends a line for each query, before it is answered: name, type, number of names now
waiting for an answer. One that gets none waits for --patience, which is what the resolver's timeout is.
"""
import argparse
import asyncio
import collections
import ipaddress
import os
import struct
import sys

A, AAAA = 1, 28
SERVFAIL, NXDOMAIN, REFUSED = 2, 3, 5

kinds = {}
asked = collections.Counter()
waiting = collections.Counter()
gates = collections.defaultdict(asyncio.Event)


class Reply:
    """Addresses of both families, or an error, after some time, or no reply at all."""

    def __init__(self, *addresses, code=0, delay=0, gate=None, drop=False, garbage=False, truncate=False):
        self.addresses = [ipaddress.ip_address(a) for a in addresses]
        self.code, self.delay, self.gate, self.drop, self.garbage, self.truncate = code, delay, gate, drop, garbage, truncate


def kind(function):
    kinds[function.__name__.replace("_", "-")] = function
    return function


def v4s(text):
    return [part.replace("-", ".") for part in text.split("--")]


# Each function gets what follows its name, how often that name was asked for this type before, and the type.


@kind
def any(rest, count, type):
    """127.0.0.1."""
    return Reply("127.0.0.1")


@kind
def host_(rest, count, type):
    """host-N: the address N of faultserver.py --addresses, from 0 on."""
    number = int(rest)
    return Reply(f"127.0.{1 + number // 250}.{1 + number % 250}")


@kind
def v4_(rest, count, type):
    """v4-127-0-0-5: that address; several with -- between them."""
    return Reply(*v4s(rest))


@kind
def v6_(rest, count, type):
    """v6-fd00-99--1: that address, dashes for colons; v6---1 is ::1."""
    return Reply(rest.replace("-", ":"))


@kind
def both_(rest, count, type):
    """both-127-0-0-1--x: that address and ::1; both-127-0-0-1--fd00-99--1: and another one."""
    four, _, six = rest.partition("--")
    return Reply(four.replace("-", "."), six.replace("-", ":") if "-" in six else "::1")


@kind
def dead6(rest, count, type):
    """127.0.0.1 and an IPv6 address where connecting is silence."""
    return Reply("fd00:99::1", "127.0.0.1")


@kind
def unreachable6(rest, count, type):
    """127.0.0.1 and an IPv6 address where connecting is an error at once."""
    return Reply("fd00:98::1", "127.0.0.1")


@kind
def nx(rest, count, type):
    """Does not exist."""
    return Reply(code=NXDOMAIN)


@kind
def servfail(rest, count, type):
    """The server has failed."""
    return Reply(code=SERVFAIL)


@kind
def servfail6(rest, count, type):
    """127.0.0.1, but SERVFAIL to who asks for IPv6."""
    return Reply("127.0.0.1", code=SERVFAIL if type == AAAA else 0)


@kind
def refuse(rest, count, type):
    """The server does not want to."""
    return Reply(code=REFUSED)


@kind
def drop(rest, count, type):
    """No answer."""
    return Reply(drop=True)


@kind
def drop6(rest, count, type):
    """127.0.0.1, but no answer to who asks for IPv6."""
    return Reply("127.0.0.1", drop=type == AAAA)


@kind
def slow_(rest, count, type):
    """slow-MS-x: 127.0.0.1 after MS milliseconds."""
    return Reply("127.0.0.1", delay=int(rest.split("-")[0]) / 1000)


@kind
def gated_(rest, count, type):
    """gated-x: 127.0.0.1 when open-x has been asked for."""
    return Reply("127.0.0.1", gate=gates[rest])


@kind
def open_(rest, count, type):
    """open-x: 127.0.0.1."""
    gates[rest].set()
    return Reply("127.0.0.1")


@kind
def flaky_(rest, count, type):
    """flaky-N-x: SERVFAIL N times, then 127.0.0.1."""
    return Reply("127.0.0.1", code=SERVFAIL if count < int(rest.split("-")[0]) else 0)


@kind
def empty(rest, count, type):
    """Exists, but has no address."""
    return Reply()


# glibc sorts addresses that share more bits with the own one, 127.0.0.1, to the front: the good ones are elsewhere.


@kind
def many(rest, count, type):
    """40 addresses where nobody listens, and 127.0.1.1 among them: too much for UDP."""
    dead = [f"127.0.0.{i}" for i in range(100, 140)]
    return Reply(*dead[:20], "127.0.1.1", *dead[20:])


@kind
def two(rest, count, type):
    """An address where nobody listens, and 127.0.1.1."""
    return Reply("127.0.0.9", "127.0.1.1")


@kind
def flip(rest, count, type):
    """127.0.0.1, then 127.0.0.2, and so on; flip-10-99-0-1--127-0-0-1: these in turn, the last one for ever."""
    turns = v4s(rest[1:]) if rest.startswith("-") and "--" in rest else [f"127.0.0.{i}" for i in range(1, 251)]
    return Reply(turns[min(count, len(turns) - 1)])


@kind
def garbage(rest, count, type):
    """A packet that ends in the middle of an answer."""
    return Reply(garbage=True)


@kind
def tcp(rest, count, type):
    """127.0.0.1, but only over TCP."""
    return Reply("127.0.0.1", truncate=True)


def look_up(name, type):
    if name == "example.com" or name.endswith(".example.com"):
        return Reply("127.0.0.1")
    number = asked[name, type]
    asked[name, type] += 1
    label, dot, rest = name.partition(".")
    for prefix in sorted(kinds, key=len, reverse=True):
        if label.startswith(prefix) and rest == "test":
            try:
                return kinds[prefix](label[len(prefix) :], number, type)
            except ValueError:
                break
    return Reply(code=NXDOMAIN)


def parse(packet):
    """The name, the type and the whole question."""
    labels, at = [], 12
    while packet[at]:
        labels.append(packet[at + 1 : at + 1 + packet[at]].decode("latin-1").lower())
        at += 1 + packet[at]
    return ".".join(labels), struct.unpack_from(">H", packet, at + 1)[0], packet[12 : at + 5]


def answer(packet, question, type, reply, limit):
    identity, flags = struct.unpack_from(">HH", packet)
    # A response, authoritative, recursion as wished and available.
    flags = 0x8480 | (flags & 0x0100) | reply.code
    wanted = [a.packed for a in reply.addresses if a.version == (4 if type == A else 6)] if type in (A, AAAA) else []
    if reply.code:
        wanted = []
    records = b"".join(struct.pack(">HHHIH", 0xC00C, type, 1, 60, len(a)) + a for a in wanted)
    head = struct.pack(">H", identity)
    if reply.garbage:
        return head + struct.pack(">HHHHH", flags, 1, 3, 0, 0) + question + b"\xc0\x0c\x00"
    if limit and (reply.truncate or 12 + len(question) + len(records) > limit):
        return head + struct.pack(">HHHHH", flags | 0x0200, 1, 0, 0, 0) + question
    return head + struct.pack(">HHHHH", flags, 1, len(wanted), 0, 0) + question + records


async def respond(packet, limit, send):
    try:
        name, type, question = parse(packet)
    except (IndexError, struct.error):
        return
    reply = look_up(name, type)
    waiting[name] += 1
    if log:
        log.write(f"{name} {({A: 'A', AAAA: 'AAAA'}).get(type, type)} {len(waiting)}\n")
    if reply.drop or reply.delay:
        await asyncio.sleep(options.patience if reply.drop else reply.delay)
    if reply.gate:
        await reply.gate.wait()
    waiting[name] -= 1
    if not waiting[name]:
        del waiting[name]
    if not reply.drop:
        send(answer(packet, question, type, reply, limit))


class Datagrams(asyncio.DatagramProtocol):
    def connection_made(self, transport):
        self.transport = transport
        self.tasks = set()

    def datagram_received(self, packet, sender):
        # The loop itself holds tasks only weakly.
        task = asyncio.ensure_future(respond(packet, 512, lambda data: self.transport.sendto(data, sender)))
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)


async def stream(reader, writer):
    try:
        while True:
            length = struct.unpack(">H", await reader.readexactly(2))[0]
            packet = await reader.readexactly(length)
            await respond(packet, None, lambda data: writer.write(struct.pack(">H", len(data)) + data))
    except (asyncio.IncompleteReadError, OSError):
        writer.close()


async def main():
    loop = asyncio.get_running_loop()
    server = await asyncio.start_server(stream, options.listen, options.port, backlog=1024)
    port = server.sockets[0].getsockname()[1]
    await loop.create_datagram_endpoint(Datagrams, local_addr=(options.listen, port))
    print("port", port, flush=True)
    await loop.run_in_executor(None, sys.stdin.read)
    os._exit(0)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--listen", default="127.0.0.53")
    parser.add_argument("--port", type=int, default=53)
    parser.add_argument("--log")
    parser.add_argument("--patience", type=float, default=1)
    options = parser.parse_args()
    log = open(options.log, "a", buffering=1) if options.log else None
    asyncio.run(main())
