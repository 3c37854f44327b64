"""New connections, many hosts, and connections on which nothing happens."""
import resource
import subprocess
import sys
import time

from measure import cpu_of, in_turn, resident_of, rounds
from rows import Goal, row


@row(
    "1000 new TLS connections to distinct hosts, the system's CA bundle",
    Goal("cpu_us", "fetch", "curl -Z", 0.06),
    Goal("cpu_us", "fetch", "floor without CAPATH", 1.20),
)
def tls(bench):
    count = bench.scaled(1000)
    # Names below localhost are libcurl's own (RFC 6761, section 6.3); no session of one host is resumed at another.
    urls = bench.bed.list(f"https://h{number}.bench.localhost:{bench.bed.tls}/{number % 100}" for number in range(count))
    bundle, programs = bench.bed.bundle, bench.programs
    commands = [
        ("floor without CAPATH", programs.floor_run(urls, bundle)),
        ("fetch", programs.fetch_run(urls, f"--cacert {bundle} --format none")),
        ("curl -Z", programs.curl_run(urls, f"--cacert {bundle}")),
    ]
    in_turn(bench.bed, bench.results, commands, count)


@row("20,000 hosts, one URL each", Goal("cpu_us", "fetch", "curl -Z", 0.12), Goal("cpu_us", "fetch", "wget2", 0.50))
def hosts(bench):
    count = bench.scaled(20_000)
    urls, programs = bench.bed.many_hosts(count), bench.programs
    commands = [("fetch", programs.fetch_run(urls)), ("curl -Z", programs.curl_run(urls)), ("wget2", programs.wget2_run(urls))]
    in_turn(bench.bed, bench.results, commands, count)


@row("100,000 hosts, one URL each", Goal("cpu_us", "fetch, the last 10,000", "fetch, the first 10,000", 1.10))
def growth(bench):
    """The cost of a URL must not grow with the number of hosts seen."""
    count, step = bench.scaled(100_000), bench.scaled(10_000)
    command = [bench.programs.fetch, "-j", "64", "--format", "jsonl", "-i", bench.bed.many_hosts(count)]
    for run in range(rounds):
        process = subprocess.Popen(command, stdout=subprocess.PIPE)
        marks = [0.0]
        for number, _ in enumerate(process.stdout, 1):
            if number % step == 0:
                marks.append(cpu_of(process))
        status = process.wait()
        for name, first in (("first", 0), ("last", -2)):
            cpu = (marks[first + 1] - marks[first]) / step * 1e6
            bench.results.add(f"fetch, the {name} 10,000", run + 1, urls=step, cpu_us=cpu, status=status)


@row("10,000 URLs that take 1 s each, 2000 at once", Goal("wall_s", "fetch", 5, 1.08))
def slow(bench):
    count, at_once = bench.scaled(10_000), bench.scaled(2000)
    urls = bench.bed.one_host(count, bench.bed.idle("slow"))
    in_turn(bench.bed, bench.results, [("fetch", f"{bench.programs.fetch} -j {at_once} --format none -i {urls}")], count, counted=False)


@row(
    "20,000 connections, or as many as descriptors allow, on which nothing happens for 30 s",
    Goal("kib_each", "fetch", 1, 20),
    Goal("core_percent", "fetch", 1, 3),
)
def silent(bench):
    # fetch counts on two descriptors for each transfer, and needs some for other things.
    most = (resource.getrlimit(resource.RLIMIT_NOFILE)[1] - 200) // 2
    count, seconds = min(bench.scaled(20_000), most), 3 if bench.quick else 30
    port = bench.bed.idle("silent")
    resident = {}
    # One connection is what the program itself needs.
    for connections in (1, count):
        urls = bench.bed.one_host(connections, port)
        process = subprocess.Popen([bench.programs.fetch, "-j", str(count), "--speed-time", "0", "--format", "none", "-i", urls])
        while (reached := open_sockets(process)) < connections:
            print(f"  {reached} of {connections} connections", file=sys.stderr)
            time.sleep(1)
        # Until the last requests are sent.
        time.sleep(2)
        before = cpu_of(process)
        time.sleep(seconds)
        cpu, resident[connections] = cpu_of(process) - before, resident_of(process)
        process.terminate()
        process.wait()
    each = (resident[count] - resident[1]) / count
    bench.results.add("fetch", 1, urls=count, kib_each=each, core_percent=cpu / seconds * 100, peak_mib=resident[count] / 1024)


def open_sockets(process):
    """TCP connections that are established, by the kernel's count for the whole process."""
    if process.poll() is not None:
        raise RuntimeError("fetch ended before all connections were open")
    table = subprocess.run(["ss", "-tnpH", "state", "established"], capture_output=True, text=True).stdout
    return table.count(f"pid={process.pid},")
