#!/usr/bin/env python3
"""Prints URLs of addresses that --block-private blocks, in all the spellings that people and attackers have come up with.

    spellings.py PORT

A line is kind, tab, URL. A "literal" has the address in it, a "name" must be looked up (dnsserver.py and /etc/hosts know them), and
a "rebinding" name has public addresses too: at first, or among the others. Those are all 8.8.8.8, 1.1.1.1 or 2001:4860:4860::8888.
None is in 127.0.1.0/24, so that first hops of redirects may be there.
"""
import ipaddress
import sys

port = sys.argv[1]
sys.stdout.reconfigure(encoding="utf-8")
seen = set()


def url(kind, host, scheme="http", path="/", credentials=""):
    full(kind, f"{scheme}://{credentials}{host}:{port}{path}")


def full(kind, text):
    if text not in seen:
        seen.add(text)
        print(kind, text, sep="\t")


def percent(text):
    return "".join(f"%{byte:02x}" for byte in text.encode())


def wide(text):
    """Full-width forms of digits, letters and dots (U+FF01 on), which IDNA turns back."""
    return "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in text)


# One address of each block, as it is.
blocks = """0.0.0.0 0.1.2.3 10.0.0.1 10.255.255.255 100.64.0.1 127.0.0.1 127.255.255.254 169.254.169.254 172.16.0.1 172.31.255.254
192.0.0.1 192.0.0.192 192.0.2.1 192.88.99.1 192.168.1.1 198.18.0.1 198.19.255.255 198.51.100.1 203.0.113.1 224.0.0.1 239.255.255.250
240.0.0.1 255.255.255.254 255.255.255.255""".split()
for address in blocks:
    url("literal", address)

# What inet_aton(3) takes, and what some parsers take too.
for address in ["127.0.0.1", "169.254.169.254", "10.0.0.1", "192.168.1.1"]:
    a, b, c, d = (int(part) for part in address.split("."))
    number = a << 24 | b << 16 | c << 8 | d
    for host in [
        f"{number}", f"0x{number:x}", f"0X{number:08X}", f"0{number:o}", f"00000{number:o}",
        f"{a}.{b << 16 | c << 8 | d}", f"{a}.{b}.{c << 8 | d}",
        f"0{a:o}.0{b:o}.0{c:o}.0{d:o}", f"0x{a:x}.0x{b:x}.0x{c:x}.0x{d:x}", f"000{a:o}.{b}.0x{c:x}.{d}", f"0x{a:x}.{b}.0{c << 8 | d:o}",
        f"0x{a:x}.0x{b << 16 | c << 8 | d:x}",
        f"{address}.", f"{number}.", percent(address), address.replace(".", "%2e"), percent(address[0]) + address[1:],
        wide(address), address.replace(".", "\u3002"), address.replace(".", "\uff0e"), address.replace("1", "\u2460"),
        percent(wide(address)), f"{number + (1 << 32)}", f"{a + 256}.{b}.{c}.{d}",
    ]:
        url("literal", host)
    if a >= 100:
        # With a zero before it, a would be octal and another address.
        url("literal", f"{a:03d}.{b:03d}.{c:03d}.{d:03d}")
for host in ["127.1", "127.0.1", "0177.1", "0x7f.1", "0x7F000001", "0", "0x0", "00", "0.0", "127.0.0.1%00", "127.0.0.1%20", "127.0.0.1%2f"]:
    url("literal", host)

# Who reads the authority from the wrong end goes to example.com, or believes to.
local = f"127.0.0.1:{port}"
for text in [
    f"http://example.com@{local}/", f"http://example.com:80@{local}/", f"http://example.com%2f@{local}/", f"http://example.com%23@{local}/",
    f"http://{local}#@example.com/", f"http://{local}?@example.com/", f"http://{local}/@example.com/", f"http://{local}\\@example.com/",
    f"http://example.com\\@{local}/", f"http://a@b@{local}/", f"http://[::1]@{local}/", f"http://:@{local}/", f"http://@{local}/",
    f"http:{local}/", f"http:/{local}/", f"http:///{local}/", f"http:////{local}/",
    f"HTTP://{local}/", f"HtTpS://{local}/", f"https://{local}/", f"{local}", f"{local}/x", f"//{local}/", f"http://{local}/../..//x",
    f"http://127.0.0.1:0{port}/", f"http://127.0.0.1:+{port}/", f"http://127.0.0.1\t:{port}/", f" http://{local}/", f"http://{local}/ ",
    f"http://[127.0.0.1]:{port}/", f"http://example.com@[::1]:{port}/", f"https://[::1]:{port}/", f"http://0:{port}/",
]:
    full("literal", text)


def writings(address):
    """Of an IPv6 address: shortest, longest, upper case, with leading zeros, with a dotted tail."""
    address = ipaddress.IPv6Address(address)
    words = address.exploded.split(":")
    head = ":".join(word.lstrip("0") or "0" for word in words[:6])
    tail = str(ipaddress.IPv4Address(int(address) & 0xFFFFFFFF))
    yield address.compressed
    yield address.exploded.upper()
    yield f"{head}:{tail}"


# Loopback, unspecified, and all the ways to put an IPv4 address into an IPv6 one.
for address in ["::1", "::"]:
    for host in writings(address):
        url("literal", f"[{host}]")
for inner in ["127.0.0.1", "10.0.0.1", "169.254.169.254", "192.168.1.1", "100.64.0.1", "0.0.0.0"]:
    number = int(ipaddress.IPv4Address(inner))
    for address in [
        0xFFFF << 32 | number,  # IPv4-mapped
        number,  # IPv4-compatible
        0xFFFF << 48 | number,  # IPv4-translated
        0x64FF9B << 96 | number,  # NAT64
        0x64FF9B0001 << 80 | number,  # local-use NAT64, /96
        0x2002 << 112 | number << 80,  # 6to4
        0x2001 << 112 | 0x08080808 << 64 | number ^ 0xFFFFFFFF,  # Teredo, client
        0x2001 << 112 | number << 64 | 0x08080808 ^ 0xFFFFFFFF,  # Teredo, server
    ]:
        for host in writings(address):
            url("literal", f"[{host}]")
for host in [
    "64:ff9b:1:7f00:0:100::", "64:ff9b:1:fffe:7f:0:1:0", "2002:808:808::1", "2001:0:808:808::f7f7:f7f7", "::8.8.8.8", "::ffff:0:8.8.8.8",
    "2002:7f00:1:ffff:ffff:ffff:ffff:ffff", "100::1", "2001:2::1", "2001:10::1", "2001:20::1", "2001:db8::1", "3fff::1", "5f00::1",
    "fc00::1", "fd00:ec2::254", "FD00:EC2::254", "fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "fec0::1", "ff02::1", "ff0e::1", "200::1",
    "4000::1",
    "::0001", "0::1", "0:0::0:1", "0:0:0:0:0:0:0.0.0.1", "::0.0.0.1", "::127.1", "::ffff:127.1", "::ffff:0x7f000001", "::ffff:0177.0.0.1",
    "::1%lo", "::1%25lo", "::1%251", "::%25lo", "::ffff:127.0.0.1%25lo",
    "fe80::1", "fe80::1%25lo", "fe80::1%251", "fe80::1%lo", "FE80::1%25LO", "fe80::a9fe:a9fe%25lo", "febf::1%25lo",
    "%3a%3a1", "::%31", "::\uff11", "::1.", "1::", "::1:",
]:
    url("literal", f"[{host}]")
for text in [f"http://::1:{port}/", f"http://%5b::1%5d:{port}/", f"http://[::1]{port}/", f"http://[[::1]]:{port}/", f"[::1]:{port}"]:
    full("literal", text)

# Names.
for host in [
    "localhost", "LOCALHOST", "LocalHost", "localhost.", "loc%61lhost", percent("localhost"), wide("localhost"),
    "\u24db\u24de\u24d2al\u24d7ost", "local\u00adhost", "\u2113ocalhost", "localho\u017ft", "x.localhost", "localhost.localdomain",
    "ip6-localhost", "ip6-loopback",
]:
    url("name", host)
for address in blocks:
    url("name", f"v4-{address.replace('.', '-')}.test")
for host in ["v4-127-0-0-5.test.", "V4-127-0-0-5.TEST", "v4-127-0-0-5%2etest", "any.test", "v4-10-0-0-1--127-0-0-1--192-168-1-1.test"]:
    url("name", host)
for address in """::1 :: ::ffff:7f00:1 ::ffff:a00:1 ::ffff:a9fe:a9fe ::7f00:1 ::ffff:0:7f00:1 64:ff9b::7f00:1 64:ff9b::a9fe:a9fe
64:ff9b:1::7f00:1 2002:7f00:1:: 2002:a9fe:a9fe::1 2001:0:808:808::80ff:fffe 2001:0:7f00:1::f7f7:f7f7 fd00:ec2::254 fc00::1 fec0::1 fe80::1
ff02::1 100::1 2001:db8::1 3fff::1 5f00::1 200::1""".split():
    # No label may end with a dash.
    url("name", f"v6-{(address + '0' if address.endswith(':') else address).replace(':', '-')}.test")
url("name", "both-127-0-0-1--x.test")
url("name", "both-10-0-0-1--fd00-ec2--254.test")
url("name", "both-169-254-169-254----ffff-a9fe-a9fe.test")

# Names that are public when they are judged, and private when they are dialled, if those are two lookups. The second pass of a
# test has the second answer.
for private in ["127-0-0-1", "10-0-0-1", "169-254-169-254", "192-168-1-1", "0-0-0-0", "100-64-0-1"]:
    url("rebinding", f"flip-8-8-8-8--{private}.test")
    url("rebinding", f"flip-{private}--8-8-8-8.test")
    url("rebinding", f"v4-8-8-8-8--{private}.test")
    url("rebinding", f"v4-{private}--1-1-1-1.test")
    url("rebinding", f"flip-8-8-8-8--1-1-1-1--{private}.test")
for pair in [
    "8-8-8-8--x", "8-8-8-8--fd00-ec2--254", "8-8-8-8----ffff-7f00-1", "8-8-8-8--64-ff9b--7f00-1", "127-0-0-1--2001-4860-4860--8888",
]:
    url("rebinding", f"both-{pair}.test")
