#!/usr/bin/env python3
"""A server for what goes wrong below HTTP: no TLS, half of it, old TLS, TLS without an end.

    tlsserver.py HOW [CERT KEY] [--port P]

Prints "port N" when it listens on 127.0.0.1, "connection N" for each that comes, and ends when its standard input does. HOW is
the name of a function, whose docstring says what it does; those that need a certificate say hello in TLS.
"""
import argparse
import os
import socket
import ssl
import struct
import sys
import threading
import time
import warnings

hows = {}


def how(function):
    hows[function.__name__.replace("_", "-")] = function
    return function


@how
def garbage(connection):
    """Plain text instead of a handshake."""
    connection.recv(65536)
    connection.sendall(b"220 mail.test ESMTP ready\r\n")


@how
def plain(connection):
    """An answer of HTTP, in the clear, to whatever comes."""
    connection.recv(65536)
    connection.sendall(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")


@how
def silent(connection):
    """Accepts and never says a word."""
    time.sleep(3600)


@how
def half(connection):
    """The beginning of a ServerHello, then nothing."""
    connection.recv(65536)
    connection.sendall(b"\x16\x03\x03\x00\x7a\x02\x00\x00\x76\x03\x03")
    time.sleep(3600)


@how
def close(connection):
    """Closes at once."""


@how
def hang_up(connection):
    """Closes after the first words of the client."""
    connection.recv(65536)


@how
def reset(connection):
    """Resets after the first words of the client, who is connected by then; before that it would be told that it could not connect."""
    connection.recv(65536)
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


@how
def alert(connection):
    """The alert handshake_failure instead of a ServerHello."""
    connection.recv(65536)
    connection.sendall(b"\x15\x03\x03\x00\x02\x02\x28")


def request(tls):
    """The path, without /."""
    head = b""
    while b"\r\n\r\n" not in head:
        data = tls.recv(65536)
        if not data:
            raise ConnectionError
        head += data
    return head.split(b" ")[1].decode().strip("/")


def speak(connection, context=None, answer=b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: close\r\n\r\nfine\n"):
    context = context or server_context()
    with context.wrap_socket(connection, server_side=True) as tls:
        request(tls)
        tls.sendall(answer)
        # The proper end.
        tls.unwrap()


def server_context(version=None):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    if version:
        # That it is old is the purpose.
        warnings.simplefilter("ignore", DeprecationWarning)
        context.set_ciphers("ALL:@SECLEVEL=0")
        context.minimum_version = context.maximum_version = version
    context.load_cert_chain(options.certificate, options.key)
    return context


@how
def good(connection):
    """Nothing is wrong."""
    speak(connection)


@how
def no_close_notify(connection):
    """By path: a body with length, chunked, or until-close; then TCP ends, but TLS does not. cut and cut-chunk end too early."""
    bodies = {
        "length": b"Content-Length: 6\r\n\r\nhello\n",
        "chunked": b"Transfer-Encoding: chunked\r\n\r\n6\r\nhello\n\r\n0\r\n\r\n",
        "until-close": b"Connection: close\r\n\r\nhello\n",
        "cut": b"Content-Length: 100\r\n\r\nhello\n",
        "cut-chunk": b"Transfer-Encoding: chunked\r\n\r\nff\r\nhello\n",
    }
    tls = server_context().wrap_socket(connection, server_side=True)
    tls.sendall(b"HTTP/1.1 200 OK\r\n" + bodies.get(request(tls), bodies["length"]))
    # Unlike unwrap, this says nothing to the other side.
    tls.close()


@how
def close_notify(connection):
    """A body until the end of the connection, and a proper end."""
    speak(connection, answer=b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nhello\n")


@how
def client_certificate(connection):
    """Demands one."""
    context = server_context()
    context.verify_mode = ssl.CERT_REQUIRED
    context.load_verify_locations(options.certificate)
    speak(connection, context)


@how
def client_certificate_12(connection):
    """The same in TLS 1.2, where the refusal is part of the handshake."""
    context = server_context(ssl.TLSVersion.TLSv1_2)
    context.verify_mode = ssl.CERT_REQUIRED
    context.load_verify_locations(options.certificate)
    speak(connection, context)


@how
def tls_10(connection):
    """TLS 1.0 only."""
    speak(connection, server_context(ssl.TLSVersion.TLSv1))


@how
def tls_12(connection):
    """TLS 1.2 only."""
    speak(connection, server_context(ssl.TLSVersion.TLSv1_2))


@how
def tls_13(connection):
    """TLS 1.3 only."""
    speak(connection, server_context(ssl.TLSVersion.TLSv1_3))


def serve(connection):
    try:
        hows[options.how](connection)
    except OSError:
        # The client did not like it, which is the purpose.
        pass
    finally:
        connection.close()


def main():
    server = socket.create_server(("127.0.0.1", options.port), backlog=1024)
    print("port", server.getsockname()[1], flush=True)
    number = 0
    while True:
        connection, _ = server.accept()
        number += 1
        print("connection", number, flush=True)
        threading.Thread(target=serve, args=[connection], daemon=True).start()


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("how", choices=hows)
    parser.add_argument("certificate", nargs="?")
    parser.add_argument("key", nargs="?")
    parser.add_argument("--port", type=int, default=0)
    options = parser.parse_args()
    threading.Thread(target=main, daemon=True).start()
    sys.stdin.read()
    os._exit(0)
