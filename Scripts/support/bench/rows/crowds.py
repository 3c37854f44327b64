"""Hosts that share one run: nobody waits for another's fault."""
import subprocess
import time

from measure import in_turn, rounds
from rows import Goal, row


def host_url(number, port, path):
    return f"http://127.0.{1 + number // 250}.{1 + number % 250}:{port}/{path}"


# 10,000 answers of 50 ms, 64 at once.
ideal = 10_000 * 0.05 / 64


@row(
    "50 hosts x 200 URLs of 50 ms, sorted by host, 4 at once for each",
    Goal("wall_s", "fetch jsonl", ideal, 1.30),
    Goal("wall_s", "fetch body", ideal, 1.30),
)
def sorted_by_host(bench):
    port = bench.bed.faults(50)
    urls = bench.bed.list(host_url(host, port, f"ok?ms=50&n=100&i={number}") for host in range(50) for number in range(200))
    arguments = "--per-host 4 --format"
    commands = [(f"fetch {format}", bench.programs.fetch_run(urls, f"{arguments} {format}")) for format in ("jsonl", "body")]
    in_turn(bench.bed, bench.results, commands, 10_000, counted=False)


@row(
    "200 hosts, 4 at once for each, of which 90 refuse, are busy at first, drip or cut bodies",
    Goal("wall_ms", "URLs of the hosts that are well", "the same without the others", 1 / 0.9),
)
def storm(bench):
    """40 hosts refuse, 20 are busy at first, 20 drip, 10 cut bodies: what is left for the 110 that are well?"""
    port, count = bench.bed.faults(200), bench.scaled(100)

    def url(host, number):
        kind = host % 20
        if kind < 4:
            return host_url(300 + host, port, f"?{number}")
        path = {4: "busy?ms=3000", 5: "busy?ms=3000", 6: "drip?n=10&ms=50", 7: "drip?n=10&ms=50", 8: "short-body?"}.get(kind, "ok?ms=400&n=100")
        return host_url(host, port, f"{path}&i={number}")

    kinds = {"the same without the others": [h for h in range(200) if h % 20 > 8], "URLs of the hosts that are well": range(200)}
    lists = {name: bench.bed.list(url(host, number) for number in range(count) for host in hosts) for name, hosts in kinds.items()}
    for run in range(rounds):
        for name, urls in lists.items():
            start = time.monotonic()
            command = [bench.programs.fetch, "-s", "-j", "1000", "--per-host", "4", "--format", "jsonl", "-i", urls]
            process = subprocess.Popen(command, stdout=subprocess.PIPE)
            live = last = 0
            for line in process.stdout:
                if b"/ok?" in line and b'"ok":true' in line:
                    live, last = live + 1, time.monotonic() - start
            process.wait()
            bench.results.add(name, run + 1, urls=live, wall_ms=last / live * 1000)
