"""Every run of every command, in a table that other programs read as well."""
import csv
import datetime
import os
import platform
import re
import statistics
import subprocess

fields = ["row", "command", "run", "urls", "cpu_us", "wall_s", "peak_mib", "connections", "requests", "status"]


def first_line(line):
    return subprocess.run(line, shell=True, capture_output=True, text=True).stdout.split("\n")[0].strip()


def processor():
    lines = open("/proc/cpuinfo").read().split("\n")
    return next((line.split(":")[1].strip() for line in lines if line.startswith("model name")), platform.machine())


def default_name():
    """Date and machine."""
    machine = f"{platform.system()} {os.cpu_count()} cores {re.sub(r'[(]R[)]|[(]TM[)]|Processor|CPU|@.*', '', processor())}"
    return f"{datetime.date.today()}-{re.sub('[^a-z0-9]+', '-', machine.lower()).strip('-')}.csv"


class Results:
    """A CSV file, after lines that begin with `#` and tell of the machine and the programs.

    A row that is measured again replaces what the file has of it, so that a file can be made in several goes; all that is compared with
    each other stands in one row.
    """

    def __init__(self, path):
        self.path, self.about, self.samples, self.row = path, {}, [], None
        if os.path.exists(path):
            with open(path, newline="") as file:
                lines = file.read().splitlines()
            self.about = dict(line[2:].split(": ", 1) for line in lines if line.startswith("# "))
            for sample in csv.DictReader(line for line in lines if not line.startswith("#")):
                self.samples.append({key: number(value) for key, value in sample.items()})

    def begin(self, row):
        self.row, self.samples = row, [sample for sample in self.samples if sample["row"] != row]

    def add(self, command, run, **figures):
        self.samples.append(dict(row=self.row, command=command, run=run, **figures))

    def save(self):
        os.makedirs(os.path.dirname(self.path), exist_ok=True)
        names = fields + sorted({key for sample in self.samples for key in sample} - set(fields))
        with open(self.path, "w", newline="") as file:
            file.writelines(f"# {key}: {value}\n" for key, value in self.about.items())
            writer = csv.DictWriter(file, names, lineterminator="\n")
            writer.writeheader()
            for sample in self.samples:
                writer.writerow({key: f"{value:.6g}" if isinstance(value, float) else value for key, value in sample.items()})

    def commands(self, row):
        """In the order in which they ran."""
        return list(dict.fromkeys(sample["command"] for sample in self.samples if sample["row"] == row))

    def runs(self, row, command):
        return [sample for sample in self.samples if sample["row"] == row and sample["command"] == command]

    def median(self, row, command, quantity):
        """Nothing, if it was not measured."""
        values = [sample[quantity] for sample in self.runs(row, command) if sample.get(quantity) not in (None, "")]
        return statistics.median(values) if values else None

    def faults(self, row):
        """What makes the figures of a command say nothing: it failed, or it asked for less than it should."""
        found = {}
        for command in self.commands(row):
            runs = self.runs(row, command)
            if any(sample["status"] for sample in runs if sample.get("status") not in (None, "")):
                found[command] = "failed"
            elif requests := {sample["requests"] for sample in runs if sample.get("requests") not in (None, "", sample.get("urls"))}:
                found[command] = f"sent {sorted(requests)} requests"
        return found


def number(text):
    try:
        return float(text) if "." in text or "e" in text else int(text)
    except (ValueError, TypeError):
        return text
