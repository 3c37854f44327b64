#!/usr/bin/env bash
# Proves that fetch --block-private dials no private address, whatever spelling, name or redirect leads there.
#
#     namespace.sh guardtrap.sh [--control] FETCH [OPTION ...]
#
# In the namespace every address is made local, and one listener accepts on all of them: a connection that the guard should have
# stopped would succeed. What spellings.py prints is fetched twice, directly and as the target of a redirect whose first hop is
# allowed, and strace(1) sees what fetch really dials. --control leaves the guard out, to show that the trap would have caught it.
# Prints one JSON object:
#
#     urls, outcomes   given to fetch, and told by it; must be equal
#     blocked          outcomes of that class: refused when they were to be dialled
#     input            URLs and Locations that were refused as such
#     unresolved       names that do not exist here: nothing to dial
#     other            [URL, error or "ok"] of all other outcomes; must be empty
#     rebinding        outcomes of names that have public addresses, too, by class; any is right, but for the connection
#     connects         the blocked addresses that connect(2) was called with; must be empty
#     accepted         connections that the listener got at such addresses; must be 0
#     public           connections at the public addresses: the guard lets them pass
#
# Environment: FETCH_TEST_PYTHON, as for namespace.sh. Needs strace and iproute2.
set -eu
PATH=$PATH:/usr/sbin:/sbin

# Link-local addresses have routes of their own.
ip route add local 0.0.0.0/0 dev lo
if [ "${FETCH_IPV6:-1}" = 1 ]; then
    ip -6 route add local ::/0 dev lo
    ip -6 addr add fe80::1/64 dev lo nodad 2>/dev/null || true
fi

here=$(dirname "$0")
exec "${FETCH_TEST_PYTHON:-python3}" - "$here" "$@" <<'END'
import collections
import json
import os
import re
import socket
import subprocess
import sys
import tempfile
import threading
import urllib.parse

here, *arguments = sys.argv[1:]
control = arguments[0] == "--control"
fetch, *options = arguments[1:] if control else arguments
PORT = 8080
PUBLIC = {"8.8.8.8", "1.1.1.1", "2001:4860:4860::8888"}

connects, accepted = set(), collections.Counter()


def is_public(address):
    return address.removeprefix("::ffff:") in PUBLIC


def answer(connection):
    with connection:
        try:
            connection.settimeout(5)
            connection.recv(65536)
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 8\r\nConnection: close\r\n\r\ntrapped\n")
        except OSError:
            pass


def listen():
    while True:
        connection, _ = listener.accept()
        accepted[is_public(connection.getsockname()[0])] += 1
        threading.Thread(target=answer, args=(connection,), daemon=True).start()


if os.environ.get("FETCH_IPV6", "1") == "1":
    listener = socket.create_server(("::", PORT), family=socket.AF_INET6, dualstack_ipv6=True, backlog=4096)
else:
    listener = socket.create_server(("", PORT), backlog=4096)
threading.Thread(target=listen, daemon=True).start()

faults = subprocess.Popen(
    [sys.executable, f"{here}/faultserver.py", "--addresses", "1"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
)
first_hop = f"http://127.0.1.1:{faults.stdout.readline().split()[1]}"


def run(urls, *more):
    """The records, in the order of the URLs."""
    with tempfile.TemporaryDirectory() as folder:
        with open(f"{folder}/list", "w", encoding="utf-8") as file:
            file.writelines(url + "\n" for url in urls)
        # Hosts that fail are not to be given up: each URL is to have its chance.
        command = ["strace", "-f", "-qq", "-e", "trace=connect", "-e", "signal=none", "-o", f"{folder}/trace", fetch]
        # Without the guard some wait for an answer that never comes.
        limit = "20" if control else "120"
        command += ["--retry", "0", "--breaker-delay", "0", "--connect-timeout", "30", "-m", limit, "--deadline", "500", "-s"]
        command += ["--format", "jsonl", "--ordered", "-i", f"{folder}/list", *([] if control else ["--block-private", *more]), *options]
        result = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE)
        if result.returncode not in (0, 1):
            sys.exit(f"guardtrap.sh: {fetch} has ended with status {result.returncode}")
        with open(f"{folder}/trace") as file:
            for line in file:
                address = re.search(r'inet_(?:addr\(|pton\(AF_INET6, )"([^"]+)"', line)
                if address and f"htons({PORT})" in line:
                    connects.add(address[1])
    return [json.loads(line) for line in result.stdout.splitlines()]


def redirected(url):
    # The server sends what it is given as Latin-1; so it is bytes that are not touched.
    return f"{first_hop}/redirect?to={urllib.parse.quote(url.encode().decode('latin-1'), safe='')}"


printed = subprocess.run([sys.executable, f"{here}/spellings.py", str(PORT)], capture_output=True, encoding="utf-8", check=True).stdout
spellings = [line.split("\t", 1) for line in printed.splitlines()]
# Without a scheme or slashes a Location is a path at the first hop.
targets = [(kind, url) for kind, url in spellings if re.match(" ?(http:|https:|//)", url, re.IGNORECASE)]

records = run([url for _, url in spellings])
records += run([redirected(url) for _, url in targets], "--allow-cidr", "127.0.1.0/24")
kinds = [kind for kind, _ in spellings + targets]

classes = {
    "blocked": "blocked", "input": "input", "redirect": "input", "dns_permanent": "unresolved", "dns_temporary": "unresolved",
}
counts, rebinding, other = collections.Counter(), collections.Counter(), []
for kind, record in zip(kinds, records):
    error = record["error"] or "ok"
    if kind == "rebinding":
        rebinding[error] += 1
    elif error in classes:
        counts[classes[error]] += 1
    else:
        other.append([record["url"], error])

# Some may still wait to be accepted. They are in a queue, and this is its end.
with socket.create_connection(("8.8.8.8", PORT)) as last:
    last.sendall(b"last")
    last.recv(1)
accepted[True] -= 1
print(
    json.dumps(
        {
            "urls": len(kinds),
            "outcomes": len(records),
            "blocked": counts["blocked"],
            "input": counts["input"],
            "unresolved": counts["unresolved"],
            "other": other,
            "rebinding": rebinding,
            "connects": sorted(address for address in connects if not is_public(address)),
            "accepted": accepted[False],
            "public": accepted[True],
        }
    )
)
END
