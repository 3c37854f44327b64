"""What is measured, and what is to be reached. Each row is a function that adds its runs to the results."""
import dataclasses

everything = []


@dataclasses.dataclass
class Goal:
    """A median of a command, as a ratio to another command's or to a number, and what it should be at most; without that it is only shown."""

    quantity: str
    command: str
    to: str | float
    at_most: float | None = None

    def __str__(self):
        word = dict(
            cpu_us="CPU", wall_s="wall", wall_ms="wall per URL", peak_mib="peak", kib_each="KiB each", core_percent="% of a core", mb="MB"
        )[self.quantity]
        if isinstance(self.to, str):
            return f"{word} of {self.command} to {self.to}"
        return f"{word} of {self.command}" + ("" if self.to == 1 else f" to the ideal {self.to:g} s")


@dataclasses.dataclass
class Row:
    name: str
    title: str
    goals: list[Goal]
    measure: object
    # Whether it is left out unless it is asked for.
    long: bool = False


def row(title, *goals, long=False):
    """Makes a function a row of the function's name."""

    def add(function):
        everything.append(Row(function.__name__, title, list(goals), function, long))
        return function

    return add


@dataclasses.dataclass
class Bench:
    """What a row measures with: everything at `scale` is a tenth of the work in a quick run."""

    bed: object
    programs: object
    results: object
    quick: bool

    def scaled(self, count):
        return count // 10 if self.quick else count


# The order of the table.
from rows import throughput, connections, scale, large, crowds, start  # noqa: E402, F401
