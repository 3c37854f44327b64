"""Runs fetch and its peers in turn on a bed of our own. See Scripts/bench.

Each measurement is one command, run six times, in turn with its peers, so that a drift of the machine meets all of them. CPU is
user + system as the kernel counts it for the finished processes of the command, a `cat` that reads it included; memory is the
largest peak among them. What is printed are medians, and ratios of medians; every single run is kept. nginx counts requests, so that
nobody is fast by asking less; such a row is marked, and then the status is 1.
"""
import argparse
import datetime
import glob
import os
import platform
import sys

import report
from bed import Bed, here
from peers import Programs
from results import Results, default_name, processor
from rows import Bench, everything

names = [row.name for row in everything]
parser = argparse.ArgumentParser(prog="Scripts/bench", description="Measures fetch and its peers in turn, or shows what was measured.")
parser.add_argument("--quick", action="store_true", help="a tenth of the work, for trying")
parser.add_argument("--only", nargs="+", metavar="ROW", choices=names, help=f"these rows alone: {' '.join(names)}")
parser.add_argument("--results", metavar="FILE", help="the table of all runs; a row that is measured again is replaced in it")
parser.add_argument("--markdown", action="store_true", help="measure nothing; print the goals and what was measured as a table")
parser.add_argument("--svg", metavar="FILE", help="measure nothing; draw CPU per URL against the length of the list")
for name in ("fetch", "folder", "library", "current-libcurl"):
    parser.add_argument(f"--{name}", help=argparse.SUPPRESS)
options = parser.parse_args()
kept = os.path.normpath(f"{here}/../../bench-results")


def show():
    """The newest results, if none are named."""
    newest = max(glob.glob(f"{kept}/*.csv"), default=None)
    path = options.results or newest or parser.error("there are no results")
    results = Results(path)
    if options.markdown:
        print("\n".join(f"{key}: {value}  " for key, value in results.about.items()))
        print(f"\n{report.markdown(results, everything)}")
    if options.svg:
        report.svg(results, next(row for row in everything if row.name == "length"), options.svg)


def measure():
    path = options.results or (f"{options.folder}/quick.csv" if options.quick else f"{kept}/{default_name()}")
    chosen = [row for row in everything if (row.name in options.only if options.only else not row.long)]
    results, faults = Results(path), []
    with Bed() as bed:
        programs = Programs(bed, options.fetch, sys.executable, options.library, options.current_libcurl)
        system = f"{platform.system()} {platform.release()} {platform.machine()}"
        results.about = {"date": datetime.date.today(), "machine": f"{processor()}, {os.cpu_count()} cores, {system}", **programs.about()}
        print("\n".join(f"{key}: {value}" for key, value in results.about.items()))
        for row in chosen:
            results.begin(row.name)
            row.measure(Bench(bed, programs, results, options.quick))
            results.save()
            print(f"\n{report.text(results, row)}", flush=True)
            faults += [f"{row.title}: {command} {fault}" for command, fault in results.faults(row.name).items()]
    print(f"\nEvery run: {path}")
    if faults:
        sys.exit("\nThese say nothing:\n" + "\n".join(faults))


if options.markdown or options.svg:
    show()
else:
    measure()
