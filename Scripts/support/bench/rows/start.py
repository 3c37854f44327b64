"""One URL, and what has to be loaded for it."""
import json
import os
import subprocess

from measure import rounds
from rows import Goal, row


@row("one URL of 1 KB", Goal("wall_s", "fetch", "curl", 1.80))
def one(bench):
    url, report = f"http://127.0.0.1:{bench.bed.plain}/1", f"{bench.bed.folder}/hyperfine.json"
    commands = {"curl": f"curl -s {url}", "fetch": f"{stripped(bench)} -s {url}"}
    runs = str(bench.scaled(100))
    for run in range(rounds):
        # Both in each round, so that a drift of the machine meets both.
        command = ["hyperfine", "-N", "--style", "none", "--warmup", "5", "--runs", runs, "--export-json", report, *commands.values()]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for name, result in zip(commands, json.load(open(report))["results"]):
            bench.results.add(
                name, run + 1, urls=1, cpu_us=(result["user"] + result["system"]) * 1e6, wall_s=result["median"],
                status=max(result["exit_codes"]),
            )


@row("the binary, stripped", Goal("mb", "fetch", 1, 16))
def binary(bench):
    bench.results.add("fetch", 1, mb=os.path.getsize(stripped(bench)) / 1e6)


def stripped(bench):
    """The program as Scripts/install installs it."""
    path = f"{bench.bed.folder}/stripped"
    subprocess.run(["strip", "-o", path, bench.programs.fetch], check=True)
    return path
