"""Bytes rather than URLs, and a second loop for them."""
from measure import in_turn
from rows import Goal, row

ways = {
    "/dev/null": "{} {}/1G >/dev/null",
    "file": "{} -o {folder}/saved {}/1G",
    "pipe": "{} {}/1G | cat >/dev/null",
    "TLS": "{} --cacert {authority} {}/1G >/dev/null",
}


@row("1 GB, one body, beside one curl", *(Goal("cpu_us", f"fetch, {way}", f"curl, {way}", 1.05) for way in ways))
def large(bench):
    bed = bench.bed
    commands = []
    for way, line in ways.items():
        server = f"https://127.0.0.1:{bed.kept}" if way == "TLS" else f"http://127.0.0.1:{bed.plain}"
        for name, program in (("curl", "curl -s"), ("fetch", f"{bench.programs.fetch} -s")):
            commands.append((f"{name}, {way}", line.format(program, server, folder=bed.folder, authority=bed.authority)))
    in_turn(bed, bench.results, commands, 1)


@row(
    "5000 bodies of 1 MB, of which gzip makes 0.1 MB, 16 hosts",
    Goal("wall_s", "fetch --threads 2", "fetch --threads 1", 1 / 1.6),
    Goal("cpu_us", "fetch --threads 1", "curl -Z --compressed"),
)
def gzip(bench):
    count = bench.scaled(5000)
    # A loop has whole hosts.
    urls = bench.bed.list(f"http://127.0.{1 + n % 16}.1:{bench.bed.many}/text?{n}" for n in range(count))
    programs = bench.programs
    commands = [(f"fetch --threads {n}", programs.fetch_run(urls, f"--threads {n} --compressed --format none")) for n in (1, 2)]
    commands.append(("curl -Z --compressed", programs.curl_run(urls, "--compressed")))
    in_turn(bench.bed, bench.results, commands, count)


@row("2000 new TLS connections, 16 hosts", Goal("wall_s", "fetch --threads 2", "fetch --threads 1", 1 / 1.6))
def handshakes(bench):
    count = bench.scaled(2000)
    urls = bench.bed.list(f"https://h{n % 16}.bench.localhost:{bench.bed.tls}/{n % 100}?{n}" for n in range(count))
    arguments = f"--cacert {bench.bed.bundle} --format none --threads"
    commands = [(f"fetch --threads {n}", bench.programs.fetch_run(urls, f"{arguments} {n}")) for n in (1, 2)]
    in_turn(bench.bed, bench.results, commands, count)


def no_loss(title):
    """A second loop must cost no time, and little CPU, where there is nothing to gain by it. Two runs of one program differ by as much."""
    two, one = "fetch --threads 2", "fetch --threads 1"
    return row(title, Goal("wall_s", two, one, 1.03), Goal("cpu_us", two, one, 1.15))


@no_loss("100,000 x 1 KB, one host, one loop and two")
def threads(bench):
    count = bench.scaled(100_000)
    measure_loops(bench, bench.bed.one_host(count), count)


@no_loss("100,000 x 1 KB, 16 hosts, one loop and two")
def threads16(bench):
    count, port = bench.scaled(100_000), bench.bed.many
    measure_loops(bench, bench.bed.list(f"http://127.0.{1 + n % 16}.1:{port}/{n % 100}?{n}" for n in range(count)), count)


def measure_loops(bench, urls, count):
    commands = [(f"fetch --threads {n}", bench.programs.fetch_run(urls, f"--format none --threads {n}")) for n in (1, 2)]
    in_turn(bench.bed, bench.results, commands, count)
