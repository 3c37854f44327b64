"""Breaks lines of the source one at a time and reports whether the tests notice. See Scripts/mutate.

    mutate.py FOLDER [--list] [NUMBER ...]

Everything happens in a copy of the sources in FOLDER. A break is noticed when a test fails or the tests hang. One that does not build says
nothing, and neither do tests that fail without it.
"""

import os
import pathlib
import shutil
import signal
import subprocess
import sys

LIST = pathlib.Path(__file__).with_name("mutations.txt")
# In seconds. The tests of the slowest module take a quarter of it.
LONGEST = 1200


class Mutation:
    """A paragraph of the list: a file, the line as it is, the line as it becomes."""

    def __init__(self, number, paragraph):
        self.number = number
        self.file, before, after = paragraph
        assert before.startswith("- ") and after.startswith("+ "), paragraph
        self.before, self.after = before[2:], after[2:]
        self.module = pathlib.Path(self.file).parts[1]

    def applied(self, text):
        """The text with the line broken; None where it is not there exactly once."""
        lines = text.split("\n")
        places = [index for index, line in enumerate(lines) if line.strip() == self.before]
        if len(places) != 1:
            return None
        line = lines[places[0]]
        lines[places[0]] = line[: len(line) - len(line.lstrip())] + self.after
        return "\n".join(lines)

    def __str__(self):
        return f"{self.number:3} {self.file}\n      - {self.before}\n      + {self.after}"


def mutations():
    text = "\n".join(line for line in LIST.read_text().split("\n") if not line.startswith("#"))
    return [Mutation(number, paragraph.split("\n")) for number, paragraph in enumerate(text.strip().split("\n\n"), 1)]


class Checkout:
    """A copy of the sources with a build folder of its own, which stays warm."""

    def __init__(self, folder):
        self.sources, self.build = folder / "sources", folder / "build"
        self.sources.mkdir(parents=True, exist_ok=True)
        for name in ["Sources", "Tests"]:
            shutil.rmtree(self.sources / name, ignore_errors=True)
            shutil.copytree(name, self.sources / name, symlinks=True)
        for name in ["Package.swift", "Package.resolved"]:
            if os.path.exists(name):
                shutil.copy2(name, self.sources / name)
        # The end-to-end tests run what was broken, too.
        self.environment = {**os.environ, "FETCH_BINARY": str(self.build / "debug" / "fetch")}

    def builds(self):
        return self.run("build", "--build-tests") == 0

    def passes(self, module):
        return self.run("test", "--skip-build", "--filter", f"^{module}Tests\\.") == 0

    def run(self, *arguments):
        """The exit status; None after too long a time."""
        child = subprocess.Popen(
            ["swift", *arguments, "--scratch-path", str(self.build)],
            cwd=self.sources,
            env=self.environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        try:
            return child.wait(timeout=LONGEST)
        except subprocess.TimeoutExpired:
            return None
        finally:
            # Of a run that was broken programs may be left.
            try:
                os.killpg(child.pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
            child.wait()


def verdict(mutation, checkout):
    file = checkout.sources / mutation.file
    text = file.read_text()
    file.write_text(mutation.applied(text))
    try:
        if not checkout.builds():
            return "does not build"
        return "not noticed" if checkout.passes(mutation.module) else "noticed"
    finally:
        file.write_text(text)


def main():
    folder, *arguments = sys.argv[1:]
    known = mutations()
    stale = [mutation for mutation in known if mutation.applied(pathlib.Path(mutation.file).read_text()) is None]
    if stale:
        sys.exit("The line is not there exactly once:\n" + "\n".join(map(str, stale)))
    if arguments == ["--list"]:
        return print("\n".join(map(str, known)))
    chosen = [known[int(number) - 1] for number in arguments] or known
    checkout = Checkout(pathlib.Path(folder).absolute())
    modules = {mutation.module for mutation in chosen}
    print("Building and testing what is not broken", file=sys.stderr)
    if not checkout.builds() or not all([checkout.passes(module) for module in modules]):
        sys.exit("The tests fail without any break: they would say nothing.")
    results = []
    for mutation in chosen:
        results.append(verdict(mutation, checkout))
        print(f"{mutation}\n    {results[-1]}", flush=True)
    print(f"{results.count('noticed')} of {len(results)} noticed")
    sys.exit(0 if all(result == "noticed" for result in results) else 1)


main()
