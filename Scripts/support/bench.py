"""Runs fetch and its peers in turn on a bed of our own and prints a table of ratios.

    bench.py FETCH PYTHON FOLDER [--library PROGRAM] [--current-libcurl FOLDER] [--quick] [--only NAME ...]

Each measurement is one command, run six times, in turn with its peers, so that a drift of the machine meets all of them. CPU is
user + system as the kernel counts it for the finished processes of the command, a `cat` that reads it included; memory is the
largest peak among them. What is printed are medians, and ratios of medians; every single run is kept in FOLDER/raw.csv. The
server counts requests, so that nobody is fast by asking less; such a row is marked, and then the status is 1.
"""
import argparse
import asyncio
import csv
import os
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time

parser = argparse.ArgumentParser()
parser.add_argument("fetch")
parser.add_argument("python")
parser.add_argument("folder")
parser.add_argument("--library", help="the program of library-bench/; without it there is no row for it")
parser.add_argument("--current-libcurl", default="", help="a folder with a libcurl.so.4 to run rows with, beside the system's")
parser.add_argument("--quick", action="store_true", help="a tenth of the work, for trying")
parser.add_argument("--only", nargs="*", help="http library h2 threads formats files tls slow memory hosts sorted storm")
options = parser.parse_args()
here = os.path.dirname(os.path.abspath(__file__))
bed = "" if options.fetch == "serve-slowly" else tempfile.mkdtemp(prefix="fetch-bench-")
floor = os.path.join(bed, "floor")
scale = 10 if options.quick else 1
rounds = 5
raw, faults = [], []


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


plain, tls, h2, slow, many = (free_port() for _ in range(5))


def make_bed():
    """nginx with one worker, files of 1 KB, a certificate in a bundle as large as the system's."""
    # nginx reads it as another user.
    os.chmod(bed, 0o755)
    os.makedirs(f"{bed}/files")
    for number in range(100):
        with open(f"{bed}/files/{number}", "w") as file:
            file.write("0123456789abcde\n" * 64)
    run = lambda line: subprocess.run(line, shell=True, check=True, cwd=bed, stderr=subprocess.DEVNULL)
    run("openssl ecparam -name prime256v1 -genkey -noout -out ca.key")
    run("openssl req -x509 -new -key ca.key -subj '/CN=fetch bench authority' -days 2 -out ca.pem")
    run("openssl ecparam -name prime256v1 -genkey -noout -out key.pem")
    run("openssl req -new -key key.pem -subj /CN=bench -out bench.csr")
    with open(f"{bed}/ext", "w") as file:
        file.write("subjectAltName=IP:127.0.0.1\n")
    run("openssl x509 -req -in bench.csr -CA ca.pem -CAkey ca.key -CAcreateserial -extfile ext -days 2 -out cert.pem")
    run("cat /etc/ssl/certs/ca-certificates.crt ca.pem > bundle.pem")
    run(f"cc -O2 -Wall -Wextra -o {floor} {here}/floor.c -lcurl")
    with open(f"{bed}/nginx.conf", "w") as file:
        file.write(
            f"""daemon off; worker_processes 1; pid {bed}/pid; error_log {bed}/errors;
            events {{ worker_connections 8192; }}
            http {{
              access_log off; keepalive_requests 10000000; sendfile on;
              client_body_temp_path {bed}/t1; proxy_temp_path {bed}/t2; fastcgi_temp_path {bed}/t3;
              uwsgi_temp_path {bed}/t4; scgi_temp_path {bed}/t5;
              ssl_certificate {bed}/cert.pem; ssl_certificate_key {bed}/key.pem;
              server {{ listen 127.0.0.1:{plain} backlog=4096; root {bed}/files; location = /status {{ stub_status; }} }}
              server {{ listen {many} backlog=4096; root {bed}/files; allow 127.0.0.0/8; deny all; }}
              server {{
                listen 127.0.0.1:{tls} ssl backlog=4096; root {bed}/files; keepalive_timeout 0;
                ssl_session_cache off; ssl_session_tickets off;
              }}
              server {{
                listen 127.0.0.1:{h2} ssl http2 backlog=4096; root {bed}/files;
                if ($server_protocol != HTTP/2.0) {{ return 444; }}
              }}
            }}"""
        )
    server = subprocess.Popen(["nginx", "-p", bed, "-c", f"{bed}/nginx.conf"], stderr=subprocess.DEVNULL)
    sleeper = subprocess.Popen([sys.executable, __file__, "serve-slowly", str(slow), ""])
    for port in (plain, tls, slow):
        for _ in range(500):
            try:
                socket.create_connection(("127.0.0.1", port)).close()
                break
            except OSError:
                time.sleep(0.02)
    return [server, sleeper]


async def serve_slowly(port):
    """Answers each request after one second."""

    async def serve(reader, writer):
        try:
            while await reader.readuntil(b"\r\n\r\n"):
                await asyncio.sleep(1)
                writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", port, backlog=4096)
    await server.serve_forever()


def served():
    """How many connections and requests nginx has seen, this one included."""
    with socket.create_connection(("127.0.0.1", plain)) as connection:
        connection.sendall(b"GET /status HTTP/1.0\r\n\r\n")
        counts = connection.makefile().read().split("requests\n")[1].split()
    return int(counts[0]), int(counts[2])


def measure(line, name, environment=None):
    """One run: CPU seconds, wall seconds, peak MiB, and what nginx saw of it."""
    before = served()
    start = time.monotonic()
    # A small process in between: a child's peak begins with that of the process it was made from.
    process = subprocess.Popen(
        ["/usr/bin/time", "-f", "%M", "-o", f"{bed}/time", "/bin/bash", "-o", "pipefail", "-c", line],
        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, env={**os.environ, **(environment or {})},
    )
    errors = process.stderr.read().decode(errors="replace")
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    wall = time.monotonic() - start
    # Less the question that ends it.
    connections, requests = (now - then - 1 for now, then in zip(served(), before))
    peak = open(f"{bed}/time").read().split()[-1]
    if process.returncode:
        print(f"  {name}: status {process.returncode} {errors[-200:]}", file=sys.stderr)
    result = dict(
        name=name, cpu=usage.ru_utime + usage.ru_stime, wall=wall, peak=int(peak) / 1024, status=process.returncode,
        connections=connections, requests=requests,
    )
    raw.append(result)
    return result


def compare(title, commands, count, counted=True):
    """Runs the commands in turn and prints their medians; returns them by name.

    A command is a name, a line for the shell, and how many URLs it fetches, if not `count`. Not `counted` is what another server than
    nginx serves.
    """
    print(f"\n{title}", flush=True)
    results = {name: [] for name, *_ in commands}
    for round_number in range(rounds + 1):
        for name, line, *_ in commands:
            result = measure(line, f"{title}: {name}")
            # The first round warms files and caches.
            if round_number > 0:
                results[name].append(result)
    medians = {}
    for name, _, *own in commands:
        urls = own[0] if own else count
        m = medians[name] = {key: statistics.median(r[key] for r in results[name]) for key in ("cpu", "wall", "peak", "connections")}
        fault = ""
        if any(r["status"] for r in results[name]):
            fault = "HAS FAILED"
        elif counted and any(r["requests"] != urls for r in results[name]):
            fault = f"HAS SENT {sorted({r['requests'] for r in results[name]})} REQUESTS"
        if fault:
            faults.append(f"{title}: {name} {fault}")
        connections = f"{m['connections']:6.0f} connections" if counted else ""
        figures = f"{m['cpu'] / urls * 1e6:8.1f} us CPU/URL {m['wall']:8.2f} s wall {m['peak']:7.1f} MiB"
        print(f"  {name:28} {figures} {connections} {fault}".rstrip(), flush=True)
    return medians


def verdict(text, value, goal):
    print(f"  -> {text}: {value:.2f} (goal: at most {goal:.2f}) {'ok' if value <= goal else 'MISSED'}", flush=True)


def write_list(name, count, port=plain, files=100):
    path = f"{bed}/{name}"
    with open(path, "w") as file:
        for number in range(count):
            # Each URL once: wget2 fetches none twice.
            file.write(f"http{'s' if port in (tls, h2) else ''}://127.0.0.1:{port}/{number % files}?{number}\n")
    return path


def curl_config(urls):
    path = urls + ".curl"
    with open(path, "w") as file:
        for url in open(urls):
            file.write(f'url = "{url.strip()}"\noutput = /dev/null\n')
    return path


def first_line(line):
    return subprocess.run(line, shell=True, capture_output=True, text=True).stdout.split("\n")[0]


def libcurl_version(prefix=""):
    """Of the library that the floor, and hence fetch, loads."""
    return first_line(f"{prefix}{floor} --version").split()[0].partition("/")[2]


def bench_http():
    count = 100_000 // scale
    urls = write_list("http", count)
    config = curl_config(urls)
    low, none, body, jsonl, curl = "floor (C, libcurl)", "fetch none", "fetch body | pipe", "fetch jsonl | pipe", "curl -Z"
    m = compare(
        f"{count} x 1 KB, one host, 64 at once",
        [
            (low, f"{floor} 64 < {urls}"),
            (none, f"{options.fetch} -j 64 --format none -i {urls}"),
            (body, f"{options.fetch} -j 64 -i {urls} | cat >/dev/null"),
            (jsonl, f"{options.fetch} -j 64 --format jsonl -i {urls} | cat >/dev/null"),
            (curl, f"curl -s -Z --parallel-max 64 -K {config}"),
            ("wget2 -i", f"wget2 -q --max-threads 64 -O /dev/null -i {urls}"),
        ],
        count,
    )
    verdict("CPU of fetch none to the floor", m[none]["cpu"] / m[low]["cpu"], 1.00)
    verdict("CPU of fetch none to curl -Z", m[none]["cpu"] / m[curl]["cpu"], 0.55)
    verdict("CPU of fetch body to the floor (cat included)", m[body]["cpu"] / m[low]["cpu"], 1.20)
    verdict("CPU of fetch jsonl with bodies to the floor (cat included)", m[jsonl]["cpu"] / m[low]["cpu"], 1.60)
    print(f"  -> CPU of fetch none to wget2: {m[none]['cpu'] / m['wget2 -i']['cpu']:.2f}")
    m = compare(
        f"{count} x 1 KB, aiohttp",
        [("aiohttp gather", f"{options.python} {here}/gather.py 64 {urls}"), (none, f"{options.fetch} -j 64 --format none -i {urls}")],
        count,
    )
    print(f"  -> CPU of fetch to aiohttp: {m[none]['cpu'] / m['aiohttp gather']['cpu']:.2f}")


def bench_library():
    """What FetchKit costs a program that uses it."""
    if not options.library:
        return print("\nNo row for the library: no program was given.")
    count = 100_000 // scale
    urls = write_list("library", count)
    m = compare(
        f"{count} x 1 KB, one host, 64 at once, FetchKit in another program",
        [
            ("floor (C, libcurl)", f"{floor} 64 < {urls}"),
            ("outcomes(of:)", f"{options.library} outcomes {urls}"),
            ("64 tasks, fetch(one)", f"{options.library} tasks {urls}"),
        ],
        count,
    )
    low = m["floor (C, libcurl)"]["cpu"]
    verdict("CPU of outcomes(of:) to the floor", m["outcomes(of:)"]["cpu"] / low, 1.60)
    verdict("CPU of 64 tasks to the floor", m["64 tasks, fetch(one)"]["cpu"] / low, 1.40)


def libraries():
    """The system's libcurl, and a current one where there is one: what loads it, and its version."""
    folder = options.current_libcurl
    prefixes = [""] + ([f"LD_LIBRARY_PATH={os.path.abspath(folder)} "] if folder and os.path.exists(f"{folder}/libcurl.so.4") else [])
    return [(prefix, libcurl_version(prefix)) for prefix in prefixes]


def multiplexes(version):
    """Whether fetch lets streams share a connection: CurlLibrary.hasSoundHTTP2."""
    return tuple(map(int, version.split("-")[0].split("."))) >= (8, 4)


def bench_h2():
    """The floor and fetch with the same libcurl, at the same settings: with an old one, fetch gives each transfer a connection."""
    count = 100_000 // scale
    urls = write_list("h2", count, port=h2)
    for prefix, version in libraries():
        one = ("floor, streams", f"{prefix}{floor} 64 {bed}/ca.pem --http2 < {urls}")
        alone = ("floor, connections", f"{prefix}{floor} 64 {bed}/ca.pem --http2-alone < {urls}")
        fetch = ("fetch none", f"{prefix}{options.fetch} --http2 -j 64 --cacert {bed}/ca.pem --format none -i {urls}")
        shares = multiplexes(version)
        commands = [one, fetch] if shares else [one, alone, fetch]
        m = compare(f"{count} x 1 KB, HTTP/2 over TLS, 64 at once, libcurl {version}", commands, count)
        low = one[0] if shares else alone[0]
        verdict(f"CPU of fetch none to the {low}", m[fetch[0]]["cpu"] / m[low]["cpu"], 1.10)
    if len(libraries()) == 1:
        print("  (no row for a current libcurl: none was given)")


def bench_threads():
    """A second loop must cost no time, and little CPU, where there is nothing to gain by it."""
    count, few = 100_000 // scale, 1000 // scale
    hosts = f"{bed}/threads"
    with open(hosts, "w") as file:
        file.writelines(f"http://127.0.{1 + number % 16}.1:{many}/{number % 100}?{number}\n" for number in range(count))
    start = f"{options.fetch} -j 64 --format none -i"
    rows = [
        (f"{count} x 1 KB, one host", f"{start} {write_list('thread', count)}", count),
        (f"{count} x 1 KB, 16 hosts", f"{start} {hosts}", count),
        (f"{few} new TLS connections", f"{start} {write_list('tls', few, port=tls)} --cacert {bed}/bundle.pem", few),
    ]
    for prefix, version in libraries():
        if multiplexes(version):
            streams = f"{prefix}{start} {write_list('h2', count, port=h2)} --http2 --cacert {bed}/ca.pem"
            rows.append((f"{count} x 1 KB, HTTP/2, libcurl {version}", streams, count))
    for title, line, urls in rows:
        one, two = compare(f"{title}, one loop and two", [(f"--threads {n}", f"{line} --threads {n}") for n in (1, 2)], urls).values()
        # Two runs of the same program differ by as much.
        verdict("wall of two loops to one", two["wall"] / one["wall"], 1.03)
        verdict("CPU of two loops to one", two["cpu"] / one["cpu"], 1.15)


def bench_formats():
    """What the records of each format cost, and that none of them is kept in memory."""
    count = 100_000 // scale
    urls = write_list("formats", count)
    stream = "{} -j 64 -i {} --format {} | cat >/dev/null".format
    lines = [(format, stream(options.fetch, urls, format)) for format in ("body", "jsonl", "csv", "tar", "har", "warc")]
    lines.append(("none -w", stream(options.fetch, urls, "none -w '%{url} %{response_code} %{time_total}\\n'")))
    low = "floor (C, libcurl)"
    m = compare(f"{count} x 1 KB in each format", [(low, f"{floor} 64 < {urls}"), ("none", stream(options.fetch, urls, "none"))] + lines, count)
    goals = dict(body=1.2, jsonl=1.6, csv=1.3, tar=1.6, warc=2.2)
    for name, _ in lines:
        ratio = m[name]["cpu"] / m[low]["cpu"]
        if name in goals: verdict(f"CPU of {name} to the floor", ratio, goals[name])
        else: print(f"  -> CPU of {name} to the floor: {ratio:.2f}")
    verdict("largest peak MiB", max(m[name]["peak"] for name in m), 48)


def bench_files():
    """A file for each body, and what wget2 and one curl for each would do."""
    count = 20_000 // scale
    urls = f"{bed}/files.list"
    with open(urls, "w") as file:
        file.writelines(f"http://127.0.0.1:{plain}/{number % 100}?{number}\n" for number in range(count))
    fetch = f"{options.fetch} -j 64 -i {urls} --output-dir $(mktemp -d {bed}/saved.XXXX)"
    m = compare(
        f"{count} x 1 KB, a file for each",
        [
            ("fetch", fetch),
            ("fetch --shard-dirs", fetch + " --shard-dirs"),
            ("wget2", f"wget2 -q --max-threads 64 -nH -P $(mktemp -d {bed}/saved.XXXX) -i {urls}"),
        ],
        count,
    )
    print(f"  -> CPU to wget2: {m['fetch']['cpu'] / m['wget2']['cpu']:.2f}, wall {m['fetch']['wall'] / m['wget2']['wall']:.2f}")


def bench_tls():
    count = 1000 // scale
    urls = write_list("tls", count, port=tls)
    config = curl_config(urls)
    m = compare(
        f"{count} new TLS connections, the system's CA bundle",
        [
            ("fetch none", f"{options.fetch} -j 64 --cacert {bed}/bundle.pem --format none -i {urls}"),
            ("curl -Z", f"curl -s -Z --parallel-max 64 --cacert {bed}/bundle.pem -K {config}"),
        ],
        count,
    )
    verdict("CPU of fetch to curl -Z", m["fetch none"]["cpu"] / m["curl -Z"]["cpu"], 0.10)


def bench_slow():
    count = 10_000 // scale
    at_once = 2000 // scale
    urls = write_list("slow", count, port=slow)
    command = ("fetch none", f"{options.fetch} -j {at_once} --format none -i {urls}")
    m = compare(f"{count} URLs that take 1 s each, {at_once} at once", [command], count, counted=False)
    verdict("wall to the ideal 5 s", m["fetch none"]["wall"] / 5, 1.15)


def bench_memory():
    small, large = 100_000 // scale, 1_000_000 // scale
    urls = {count: write_list(f"memory{count}", count) for count in (small, large)}
    m = compare(
        f"memory: {small} and {large} URLs on standard input",
        [(f"fetch {count}", f"{options.fetch} -j 64 --format none < {urls[count]}", count) for count in (small, large)],
        large,
    )
    verdict("peak MiB", m[f"fetch {large}"]["peak"], 32)
    verdict("peak to that of the small list", m[f"fetch {large}"]["peak"] / m[f"fetch {small}"]["peak"], 1.15)


def address(number):
    """One of some millions of hosts in 127.0.0.0/8."""
    return f"127.{1 + number // 62500}.{number // 250 % 250}.{1 + number % 250}"


def cpu_of(process):
    """User and system seconds so far of a process that runs."""
    fields = open(f"/proc/{process.pid}/stat").read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def bench_hosts():
    """The cost of a URL must not grow with the number of hosts seen."""
    count, step = 100_000 // scale, 10_000 // scale
    path = f"{bed}/hosts"
    with open(path, "w") as file:
        file.writelines(f"http://{address(number)}:{many}/{number % 100}\n" for number in range(count))
    print(f"\n{count} hosts, one URL each, 64 at once", flush=True)
    ratios = []
    for _ in range(3):
        process = subprocess.Popen([options.fetch, "-j", "64", "--format", "jsonl", "-i", path], stdout=subprocess.PIPE)
        marks = [0.0]
        for number, _ in enumerate(process.stdout, 1):
            if number % step == 0:
                marks.append(cpu_of(process))
        process.wait()
        first, last = marks[1] - marks[0], marks[-1] - marks[-2]
        ratios.append(last / first)
        print(f"  first {step}: {first / step * 1e6:6.1f} us CPU/URL   last {step}: {last / step * 1e6:6.1f}   status {process.returncode}", flush=True)
    verdict("CPU of the last to the first", statistics.median(ratios), 1.15)


def scripted(addresses):
    """The tests' scripted server with that many hosts; returns the process and the port."""
    script = os.path.join(here, "../../Tests/Support/servers/faultserver.py")
    server = subprocess.Popen([sys.executable, script, "--addresses", str(addresses)], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    return server, int(server.stdout.readline().split()[1])


def host_url(number, port, path):
    return f"http://127.0.{1 + number // 250}.{1 + number % 250}:{port}/{path}"


def bench_sorted():
    """A list sorted by host: 50 hosts x 200 URLs that take 50 ms each, 4 at once for each host."""
    server, port = scripted(50)
    path = f"{bed}/sorted"
    with open(path, "w") as file:
        file.writelines(host_url(host, port, f"ok?ms=50&n=100&i={number}") + "\n" for host in range(50) for number in range(200))
    m = compare(
        "50 hosts x 200 URLs, sorted by host, 50 ms each, --per-host 4 -j 64",
        [(f"fetch {format}", f"{options.fetch} --per-host 4 -j 64 --format {format} -i {path} >/dev/null") for format in ("jsonl", "body")],
        10_000, counted=False,
    )
    server.stdin.close()
    ideal = 10_000 * 0.05 / 64
    for name in m:
        verdict(f"wall of {name} to the ideal {ideal:.1f} s", m[name]["wall"] / ideal, 1.30)


def bench_storm():
    """200 hosts of which 40 refuse, 20 are busy at first, 20 drip, 10 cut bodies: what is left for the 110 that are well?"""
    server, port = scripted(200)
    count = 100 // scale if scale > 1 else 100

    def url(host, number):
        kind = host % 20
        if kind < 4:
            return host_url(300 + host, port, f"?{number}")
        path = {4: "busy?ms=3000", 5: "busy?ms=3000", 6: "drip?n=10&ms=50", 7: "drip?n=10&ms=50", 8: "short-body?"}.get(kind, "ok?ms=400&n=100")
        return host_url(host, port, f"{path}&i={number}")

    walls = {}
    print(f"\n{200 * count} URLs on 200 hosts, 4 at once for each, answers after 400 ms", flush=True)
    for name, hosts in (("live hosts alone", [h for h in range(200) if h % 20 > 8]), ("with the bad ones", range(200))):
        path = f"{bed}/storm"
        with open(path, "w") as file:
            file.writelines(url(host, number) + "\n" for number in range(count) for host in hosts)
        start = time.monotonic()
        process = subprocess.Popen([options.fetch, "-s", "-j", "1000", "--per-host", "4", "--format", "jsonl", "-i", path], stdout=subprocess.PIPE)
        live = last = total = 0
        for line in process.stdout:
            total += 1
            if b"/ok?" in line and b'"ok":true' in line:
                live, last = live + 1, time.monotonic() - start
        process.wait()
        walls[name] = last / live
        print(f"  {name:20} {live} live URLs in {last:.2f} s, all {total} in {time.monotonic() - start:.2f} s", flush=True)
    server.stdin.close()
    verdict("time per live URL with the bad ones to that without", walls["with the bad ones"] / walls["live hosts alone"], 1 / 0.9)


def main():
    os.makedirs(options.folder, exist_ok=True)
    servers = make_bed()
    try:
        benches = dict(
            http=bench_http, library=bench_library, h2=bench_h2, threads=bench_threads, formats=bench_formats, files=bench_files,
            tls=bench_tls, slow=bench_slow, memory=bench_memory, hosts=bench_hosts, sorted=bench_sorted, storm=bench_storm,
        )
        print("floor, fetch: libcurl " + " and ".join(version for _, version in libraries()))
        aiohttp = f"{options.python} -c 'import aiohttp; print(\"aiohttp\", aiohttp.__version__)'"
        for line in ("curl --version", "wget2 --version", aiohttp, "nginx -v 2>&1"):
            print(first_line(line))
        for name in options.only or benches:
            benches[name]()
    finally:
        for server in servers:
            server.send_signal(signal.SIGTERM)
            server.wait()
        with open(os.path.join(options.folder, "raw.csv"), "w", newline="") as file:
            writer = csv.DictWriter(file, ["name", "cpu", "wall", "peak", "status", "connections", "requests"])
            writer.writeheader()
            writer.writerows(raw)
        shutil.rmtree(bed, ignore_errors=True)
        print(f"\nEvery run: {options.folder}/raw.csv")
    if faults:
        sys.exit("\nThese say nothing:\n" + "\n".join(faults))


if options.fetch == "serve-slowly":
    import resource

    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    asyncio.run(serve_slowly(int(options.python)))
else:
    main()
