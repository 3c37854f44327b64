"""Many small bodies: what a URL costs."""
from measure import in_turn
from rows import Goal, row

floor = "floor"


@row(
    "100,000 x 1 KB, one host, 64 at once",
    Goal("cpu_us", "fetch none", floor, 1.00),
    Goal("cpu_us", "fetch none", "curl -Z", 0.55),
    Goal("cpu_us", "fetch none", "wget2"),
    Goal("cpu_us", "fetch none, current libcurl", "wget2", 1.00),
    Goal("cpu_us", "fetch none", "aria2c"),
    Goal("cpu_us", "fetch none", "aiohttp gather"),
    Goal("cpu_us", "fetch none", "aiohttp pooled, uvloop"),
    Goal("cpu_us", "fetch none", "xargs -P curl"),
    Goal("cpu_us", "fetch none", "parallel curl"),
    Goal("wall_s", "fetch none", "h2load"),
)
def http(bench):
    count, few = bench.scaled(100_000), bench.scaled(2000)
    programs, urls, short = bench.programs, bench.bed.one_host(count), bench.bed.one_host(few)
    commands = [
        (floor, programs.floor_run(urls)),
        ("fetch none", programs.fetch_run(urls)),
        ("curl -Z", programs.curl_run(urls)),
        ("wget2", programs.wget2_run(urls)),
        ("aria2c", programs.aria2_run(short), few),
        ("aiohttp gather", programs.gather_run(urls)),
        ("aiohttp pooled, uvloop", programs.pooled_run(urls)),
        ("xargs -P curl", programs.xargs_run(short), few),
        ("parallel curl", programs.parallel_run(short), few),
        ("h2load", programs.h2load_run(count)),
    ]
    if programs.current:
        commands.insert(2, ("fetch none, current libcurl", programs.fetch_run(urls, prefix=programs.current)))
    in_turn(bench.bed, bench.results, commands, count)


@row(
    "100,000 x 1 KB in each format, into a pipe, its reader included",
    *(Goal("cpu_us", name, floor, goal) for name, goal in dict(body=1.2, jsonl=1.6, csv=1.3, tar=1.6, warc=2.2, har=None).items()),
    Goal("cpu_us", "none -w", floor),
    Goal("peak_mib", "warc", 1, 48),
)
def formats(bench):
    count = bench.scaled(100_000)
    urls = bench.bed.one_host(count)
    template = "none -w '%{url} %{response_code} %{time_total}\\n'"
    arguments = {name: name for name in ("none", "body", "jsonl", "csv", "tar", "har", "warc")} | {"none -w": template}
    commands = [(floor, bench.programs.floor_run(urls))]
    for name, format in arguments.items():
        commands.append((name, bench.programs.fetch_run(urls, f"--format {format}") + " | cat >/dev/null"))
    in_turn(bench.bed, bench.results, commands, count)


@row(
    "20,000 x 1 KB, a file for each",
    Goal("cpu_us", "fetch", "wget2"),
    Goal("wall_s", "fetch", "wget2"),
)
def files(bench):
    count = bench.scaled(20_000)
    urls = bench.bed.one_host(count)
    folder = f"$(mktemp -d {bench.bed.folder}/saved.XXXX)"
    fetch = bench.programs.fetch_run(urls, f"--output-dir {folder}")
    commands = [
        ("fetch", fetch),
        ("fetch --shard-dirs", fetch + " --shard-dirs"),
        ("wget2", f"wget2 -q --max-threads 64 -nH -P {folder} -i {urls}"),
    ]
    in_turn(bench.bed, bench.results, commands, count)


@row(
    "100,000 x 1 KB, one host, 64 at once, FetchKit in another program",
    Goal("cpu_us", "outcomes(of:)", floor, 1.60),
    Goal("cpu_us", "64 tasks, fetch(one)", floor, 1.40),
)
def library(bench):
    count = bench.scaled(100_000)
    urls = bench.bed.one_host(count)
    commands = [
        (floor, bench.programs.floor_run(urls)),
        ("outcomes(of:)", f"{bench.programs.library} outcomes {urls}"),
        ("64 tasks, fetch(one)", f"{bench.programs.library} tasks {urls}"),
    ]
    in_turn(bench.bed, bench.results, commands, count)


def multiplexes(version):
    """Whether fetch lets streams share a connection: CurlLibrary.hasSoundHTTP2."""
    return tuple(map(int, version.split("-")[0].split("."))) >= (8, 4)


@row(
    "100,000 x 1 KB, HTTP/2 over TLS, 64 at once",
    Goal("cpu_us", "fetch", "floor, alike", 1.10),
    Goal("cpu_us", "fetch, current libcurl", "floor, current libcurl, alike", 1.10),
    Goal("cpu_us", "fetch", "curl -Z", 0.60),
    Goal("cpu_us", "fetch, current libcurl", "curl -Z"),
)
def h2(bench):
    """The floor and fetch with the same libcurl at the same settings: with an old one, fetch gives each transfer a connection."""
    count, programs = bench.scaled(100_000), bench.programs
    urls, authority = bench.bed.one_host(count, bench.bed.h2, "https"), bench.bed.authority
    commands = []
    for prefix, suffix in [("", "")] + ([(programs.current, ", current libcurl")] if programs.current else []):
        alike = "--http2" if multiplexes(programs.libcurl(prefix)) else "--http2-alone"
        commands.append((f"floor{suffix}, alike", programs.floor_run(urls, f"{authority} {alike}", prefix)))
        commands.append((f"fetch{suffix}", programs.fetch_run(urls, f"--http2 --cacert {authority} --format none", prefix)))
    commands.append(("curl -Z", programs.curl_run(urls, f"--http2 --cacert {authority}")))
    in_turn(bench.bed, bench.results, commands, count)


@row("10,000 POSTs of 1 KB over TLS, 16 at once", Goal("cpu_us", "fetch", "curl -Z", 0.70))
def post(bench):
    count, body = bench.scaled(10_000), f"{bench.bed.folder}/files/1"
    urls = bench.bed.list(f"https://127.0.0.1:{bench.bed.kept}/post?{number}" for number in range(count))
    shared = f"--cacert {bench.bed.authority} --data-binary @{body}"
    curl = bench.programs.curl_run(urls, shared).replace("--parallel-max 64", "--parallel-max 16")
    commands = [("fetch", f"{bench.programs.fetch} -j 16 --format none {shared} -i {urls}"), ("curl -Z", curl)]
    in_turn(bench.bed, bench.results, commands, count)
