"""What results say: as text, as a table for a document, and as a picture."""

units = dict(
    cpu_us="us CPU/URL", wall_s="s wall", peak_mib="MiB", wall_ms="ms wall/URL", connections="connections", mb="MB", kib_each="KiB each",
    core_percent="% of a core",
)


def value(results, row, goal):
    """The ratio or figure that a goal is about, or nothing where a part of it was not measured."""
    measured = results.median(row.name, goal.command, goal.quantity)
    base = results.median(row.name, goal.to, goal.quantity) if isinstance(goal.to, str) else goal.to
    return measured / base if measured is not None and base else None


def shown(figure):
    return f"{figure:.2f}" if figure >= 0.1 else f"{figure:.2g}"


def text(results, row):
    """All medians of a row, and how they meet its goals."""
    lines, faults = [row.title], results.faults(row.name)
    for command in results.commands(row.name):
        figures = ((results.median(row.name, command, quantity), unit) for quantity, unit in units.items())
        medians = " ".join(f"{figure:8.{2 if unit == 's wall' else 1}f} {unit}" for figure, unit in figures if figure is not None)
        lines.append(f"  {command:30} {medians} {faults.get(command, '').upper()}".rstrip())
    for goal in row.goals:
        measured = value(results, row, goal)
        if measured is None:
            lines.append(f"  -> {goal}: not measured")
        elif goal.at_most is None:
            lines.append(f"  -> {goal}: {shown(measured)}")
        else:
            lines.append(f"  -> {goal}: {shown(measured)} (goal: at most {goal.at_most:g}) {'ok' if measured <= goal.at_most else 'MISSED'}")
    return "\n".join(lines)


def markdown(results, rows):
    """A table of all goals of the rows that were measured."""
    lines = ["| work | figure | measured | goal |", "| --- | --- | --- | --- |"]
    for row in rows:
        title = row.title
        for goal in row.goals:
            if (measured := value(results, row, goal)) is None:
                continue
            lines.append(f"| {title} | {goal} | {shown(measured)} | {'' if goal.at_most is None else f'{goal.at_most:g}'} |")
            title = ""
    return "\n".join(lines)


def svg(results, row, path):
    """CPU per URL against the length of the list, a line for each program. Commands are named `PROGRAM, LENGTH`."""
    import matplotlib

    matplotlib.use("svg")
    # Text as text, and the same file for the same results.
    matplotlib.rcParams.update({"svg.fonttype": "none", "svg.hashsalt": "fetch", "font.family": "sans-serif", "font.size": 11})
    from matplotlib import pyplot
    from matplotlib.ticker import FuncFormatter

    lines = {}
    for command in results.commands(row.name):
        program, length = command.rsplit(", ", 1)
        lines.setdefault(program, []).append((int(length.replace(",", "")), results.median(row.name, command, "cpu_us")))
    figure, axes = pyplot.subplots(figsize=(7.5, 4.5))
    for program, points in lines.items():
        points.sort()
        width = 2.6 if program == "fetch" else 1.3
        axes.plot(*zip(*points), marker="o", markersize=4, linewidth=width, label=program)
    axes.set(xscale="log", yscale="log", xlabel="URLs in the list", ylabel="CPU per URL, microseconds")
    plain = FuncFormatter(lambda number, _: f"{number:,.0f}")
    axes.xaxis.set_major_formatter(plain)
    axes.yaxis.set_major_formatter(plain)
    axes.grid(alpha=0.3)
    axes.spines[["top", "right"]].set_visible(False)
    axes.legend(frameon=False)
    figure.tight_layout()
    figure.savefig(path, metadata={"Date": None})
