"""Long lists."""
from measure import in_turn
from rows import Goal, row


@row(
    "1,000,000 URLs on standard input",
    Goal("peak_mib", "fetch, 1,000,000", 1, 32),
    Goal("peak_mib", "fetch, 1,000,000", "fetch, 100,000", 1.05),
)
def memory(bench):
    commands = []
    for count in (100_000, 1_000_000):
        urls = bench.bed.one_host(bench.scaled(count))
        commands.append((f"fetch, {count:,}", f"{bench.programs.fetch} -j 64 --format none < {urls}", bench.scaled(count)))
    in_turn(bench.bed, bench.results, commands, bench.scaled(1_000_000))


@row("10,000,000 URLs on standard input", Goal("peak_mib", "fetch", 1, 32), long=True)
def millions(bench):
    import measure

    count = bench.scaled(10_000_000)
    sample = measure.run(f"{bench.programs.fetch} -j 64 --format none < {bench.bed.one_host(count)}", bench.bed)
    bench.results.add(
        "fetch", 1, urls=count, cpu_us=sample["cpu"] / count * 1e6, wall_s=sample["wall"], peak_mib=sample["peak"],
        requests=sample["requests"], status=sample["status"],
    )


lengths = (1, 10, 100, 1000, 10_000, 100_000)


@row("1 to 100,000 URLs of 1 KB, one host, 64 at once", *(Goal("cpu_us", f"fetch, {n:,}", f"curl -Z, {n:,}") for n in lengths))
def length(bench):
    """What the picture shows."""
    programs = bench.programs
    runs = {
        "fetch": programs.fetch_run, "curl -Z": programs.curl_run, "wget2": programs.wget2_run, "aria2c": programs.aria2_run,
        "aiohttp": programs.gather_run,
    }
    for count in map(bench.scaled, lengths):
        if count == 0:
            continue
        urls = bench.bed.one_host(count)
        # Over a millisecond a URL: a longer list tells nothing more.
        names = [name for name in runs if name != "aria2c" or count <= 1000]
        in_turn(bench.bed, bench.results, [(f"{name}, {count:,}", runs[name](urls)) for name in names], count)
