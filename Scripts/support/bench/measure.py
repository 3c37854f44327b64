"""Runs commands in turn and keeps what each run cost."""
import os
import subprocess
import sys
import time

rounds = 5


def run(line, bed):
    """One run of a line for bash: CPU seconds of all its processes, wall seconds, peak MiB of the largest, and what nginx saw of it."""
    before = bed.served()
    start = time.monotonic()
    # A small process in between: a child's peak begins with that of the process it was made from.
    process = subprocess.Popen(
        ["/usr/bin/time", "-f", "%M", "-o", f"{bed.folder}/time", "/bin/bash", "-o", "pipefail", "-c", line],
        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
    )
    errors = process.stderr.read().decode(errors="replace")
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    wall = time.monotonic() - start
    # Less the question that ends it.
    connections, requests = (now - then - 1 for now, then in zip(bed.served(), before))
    if process.returncode:
        print(f"  status {process.returncode}: {line[:200]}\n  {errors[-300:]}", file=sys.stderr)
    return dict(
        cpu=usage.ru_utime + usage.ru_stime, wall=wall, peak=int(open(f"{bed.folder}/time").read().split()[-1]) / 1024,
        status=process.returncode, connections=connections, requests=requests,
    )


def in_turn(bed, results, commands, count, counted=True):
    """Runs the commands in turn, so that a drift of the machine meets all of them, and once more before, which warms files and caches.

    A command is a name, a line for the shell, and how many URLs it fetches, if not `count`. Not `counted` is what another server than
    nginx serves.
    """
    for number in range(rounds + 1):
        for name, line, *own in commands:
            sample = run(line, bed)
            urls = own[0] if own else count
            if not counted:
                sample["connections"], sample["requests"] = "", urls
            if number > 0:
                results.add(
                    name, number, urls=urls, cpu_us=sample["cpu"] / urls * 1e6, wall_s=sample["wall"], peak_mib=sample["peak"],
                    connections=sample["connections"], requests=sample["requests"], status=sample["status"],
                )


def cpu_of(process):
    """User and system seconds so far of a process that runs."""
    fields = open(f"/proc/{process.pid}/stat").read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def resident_of(process):
    """KiB that a process that runs has in memory."""
    lines = open(f"/proc/{process.pid}/status").read().split("\n")
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS"))
