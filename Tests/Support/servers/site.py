#!/usr/bin/env python3
"""The site that the recipes of Documentation/Cookbook.md ask: example.com and names below it, over HTTP and HTTPS.

    site.py CERT KEY

Listens on 127.0.0.1, ports 80 and 443, prints "port 80", and ends when its standard input does. What a path gets is the docstring
of the function whose name it begins with. /log/PREFIX lists the requests of paths that begin so, in order of arrival: method, path,
status and header fields.
"""
import collections
import hashlib
import http.server
import io
import itertools
import json
import os
import ssl
import struct
import sys
import tarfile
import threading
import zlib
from urllib.parse import parse_qs, urlsplit

kinds = {}
log = []
asked = collections.Counter()
turns = itertools.count()
opened = collections.defaultdict(threading.Event)


def kind(function):
    kinds[function.__name__.replace("_", "-")] = function
    return function


# Each function gets the request and the rest of its path, and answers.


@kind
def page(x, rest):
    """A page of HTML with a title, larger for larger numbers."""
    x.answer(f"<title>Page {rest}</title>\n{'text ' * int(rest)}\n", "text/html")


@kind
def items(x, rest):
    """An object of JSON; with page=N the N-th of three pages with two of them each, and the number of pages."""
    number = int(x.query.get("page", rest or 0))
    if "page" in x.query:
        numbers = [2 * number - 1, 2 * number] if 1 <= number <= 3 else []
        return x.answer(json.dumps({"pages": 3, "items": [item(n) for n in numbers]}), "application/json")
    x.answer(json.dumps(item(number)), "application/json")


def item(number):
    return {"id": number, "name": f"Item {number}", "tags": ["a", "b"]}


@kind
def orders(x, rest):
    """For a POST of JSON: 201 and what was posted."""
    if x.command != "POST" or x.headers["Content-Type"] != "application/json":
        return x.answer("JSON, please\n", status=415)
    x.answer(json.dumps({"received": json.loads(x.body)}), "application/json", status=201)


@kind
def sitemap(x, rest):
    """A map of three pages, the URL of one of them with an ampersand."""
    places = "".join(f"  <url>\n    <loc>https://example.com/{p}</loc>\n  </url>\n" for p in ["page/1", "page/2", "text/a?x=1&amp;y=2"])
    x.answer(f'<?xml version="1.0"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n{places}</urlset>\n', "text/xml")


@kind
def index(x, rest):
    """A page with links that lead somewhere and links that do not, some of them twice, and some that are no whole URL or path."""
    wholes = ["/page/1", "https://www.example.com/page/2", "/missing/link", "/page/1", "/page/3#end", "https://example.com/gone?x=1&amp;y=2"]
    links = ["mailto:me@example.com", "other.html", "//cdn.example.com/a", "#top", *wholes]
    x.answer("".join(f'<p><a class="x" href="{link}">link</a></p>\n' for link in links), "text/html")


@kind
def text(x, rest):
    """The path and the query themselves, of the first of January 2020."""
    x.answer(x.path + "\n", headers={"Last-Modified": "Wed, 01 Jan 2020 00:00:00 GMT"})


@kind
def image(x, rest):
    """A picture of one pixel, whose grey is the number."""

    def chunk(name, data):
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    grey = bytes([0, int(rest.removesuffix(".png"))])
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0))
    x.answer(b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", zlib.compress(grey)) + chunk(b"IEND", b""), "image/png")


@kind
def release(x, rest):
    """release.tar.gz: an archive with a folder and a file of 3 MB in it; otherwise a file with its name in it."""
    if rest != ".tar.gz":
        return x.answer(f"release{rest}\n")
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as archive:
        for name, data in [("release/README", b"Read me.\n"), ("release/data", bytes(3_000_000))]:
            entry = tarfile.TarInfo(name)
            entry.size = len(data)
            archive.addfile(entry, io.BytesIO(data))
    x.answer(buffer.getvalue(), "application/gzip")


@kind
def starting(x, rest):
    """503 for the first two requests of that path, as of a service that starts."""
    x.answer("starting\n" if asked[x.path] <= 2 else "ready\n", status=503 if asked[x.path] <= 2 else 200)


@kind
def fickle(x, rest):
    """404 for the first two requests of that path, then a text."""
    x.answer("not there yet\n" if asked[x.path] <= 2 else f"{rest}\n", status=404 if asked[x.path] <= 2 else 200)


@kind
def limited(x, rest):
    """401 without the token "sesame"; 429 once, with Retry-After."""
    if x.headers["Authorization"] != "Bearer sesame":
        return x.answer("who is there?\n", status=401)
    if next(turns) == 0:
        return x.answer("not so fast\n", status=429, headers={"Retry-After": "1"})
    x.answer(json.dumps(item(int(rest))), "application/json")


@kind
def large(x, rest):
    """A megabyte with an entity tag, of which a part may be asked for. The first request of that path gets half of it, and silence."""
    data = hashlib.sha256(rest.encode()).digest() * 32768
    start, status, headers = 0, 200, {"ETag": f'"{rest}"'}
    if "Range" in x.headers and x.headers["If-Range"] == headers["ETag"]:
        start, status = int(x.headers["Range"].removeprefix("bytes=").removesuffix("-")), 206
        headers["Content-Range"] = f"bytes {start}-{len(data) - 1}/{len(data)}"
    if asked[x.path] > 1:
        return x.answer(data[start:], status=status, headers=headers)
    x.answer(data[: len(data) // 2], headers=headers, length=len(data))
    x.close_connection = True
    x.rfile.read(1)


@kind
def held(x, rest):
    """A text, but not before /open/NAME was asked for, where NAME is the rest of the path."""
    opened[rest].wait()
    x.answer(f"{rest}\n")


@kind
def open_(x, rest):
    """Lets go what /held holds back."""
    opened[rest].set()
    x.answer("open\n")


@kind
def log_(x, rest):
    x.answer(json.dumps([entry for entry in log if entry["path"].startswith("/" + rest)]), "application/json")


class Request(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    # The head and the content in one packet, at once.
    wbufsize = -1
    disable_nagle_algorithm = True

    def respond(self):
        parts = urlsplit(self.path)
        self.query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        self.body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        asked[self.path] += 1
        # What a path begins with, and the rest of it.
        for name in sorted(kinds, key=len, reverse=True):
            prefix = "/" + name.rstrip("-")
            if parts.path.startswith(prefix):
                return kinds[name](self, parts.path[len(prefix) :].removeprefix("/"))
        self.answer("no such page\n", status=404)

    do_GET = do_HEAD = do_POST = respond

    def answer(self, body, type="text/plain", status=200, headers={}, length=None):
        body = body.encode() if isinstance(body, str) else body
        log.append({"method": self.command, "path": self.path, "status": status, "headers": dict(self.headers)})
        self.send_response(status)
        for name, value in {"Content-Type": type, "Content-Length": str(length or len(body)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)
        self.wfile.flush()

    def log_message(self, *arguments):
        pass


class Site(http.server.ThreadingHTTPServer):
    request_queue_size = 128
    daemon_threads = True

    def handle_error(self, request, address):
        """Clients may leave."""


def main():
    plain, secure = Site(("127.0.0.1", 80), Request), Site(("127.0.0.1", 443), Request)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*sys.argv[1:])
    # The handshake is made by the thread of the connection, when it reads.
    secure.socket = context.wrap_socket(secure.socket, server_side=True, do_handshake_on_connect=False)
    for site in plain, secure:
        threading.Thread(target=site.serve_forever, daemon=True).start()
    print("port", 80, flush=True)
    sys.stdin.read()
    os._exit(0)


main()
