"""Draws which folder of a module uses which, and finds those that need each other.

    rooms.py MODULE ...            every arrow, with the names that make it
    rooms.py --check MODULE ...    status 1 for a circle that is not in KNOWN, and for one in KNOWN that is gone

A folder uses another one when it names a type, a protocol or a free function that only the other one declares, and not privately.
Members say nothing: their names are their own only within a type. `.` are the files beside the folders. rooms_test.py tests it."""
import itertools
import pathlib
import re
import sys

# The circles that there still are, by module. Take out what you have undone; nothing may be added.
KNOWN = {}
# Comments may stand in a comment, but no third one in those.
MARK = re.compile(r'//[^\n]*|/\*(?s:(?!/\*|\*/).|/\*(?:(?!\*/).)*\*/)*\*/|#*"""(?=\s*\n)|#*"|[()]')
KINDS = "struct|class|enum|protocol|actor|typealias|func"
DECLARATION = re.compile(rf"^\s*((?:@[\w.]+(?:\([^()]*\))?\s+|[a-z]+(?:\(\w+\))?\s+)*?)(?:{KINDS})\s+(\w+)", re.M)
# A type that is no member of another one; a function that is called, or handed to `map` and its like.
USE = re.compile(r"(?<![.\w])(?:([A-Z]\w*)|(?<!func )(?<!case )([a-z]\w*)(?=\()|(?<=[mM]ap\()([a-z]\w*)(?=\)))")


def code(text, at=0, is_interpolated=False):
    """The text from `at` on without comments and strings, but with what is interpolated; and where it ends, perhaps at a `)`."""
    kept, depth = [], 0
    while mark := MARK.search(text, at):
        kept.append(text[at : mark.start()])
        at, what = mark.end(), mark[0]
        if set(what) <= set('#"'):
            # As many # as open a string make its escapes and its end.
            hashes = what.rstrip('"')
            part = re.compile(rf"(\\{hashes}\()|\\{hashes}.|({what.lstrip('#')}{hashes})", re.S)
            while not (found := part.search(text, at))[2]:
                inner, at = code(text, found.end(), True) if found[1] else ("", found.end())
                kept.append(f" {inner} ")
            at = found.end()
        elif what in "()":
            depth += 1 if what == "(" else -1
            if is_interpolated and depth < 0:
                break
            kept.append(what)
    return "".join(kept) + ("" if is_interpolated else text[at:]), at


def declared(text):
    """The names that stand outside of all braces and are not private."""
    while (outer := re.sub(r"\{[^{}]*\}", ";\n", text)) != text:
        text = outer
    text = re.sub(r"^.*\bimport\b.*$", "", text, flags=re.M)
    return {name for modifiers, name in DECLARATION.findall(text) if not re.search(r"\b(file)?private\b", modifiers)}


def arrows(module):
    """{(folder, folder that it uses): names}"""
    rooms = {}
    for path in pathlib.Path(module).rglob("*.swift"):
        room = (path.relative_to(module).parent.parts or ".")[0]
        rooms[room] = rooms.get(room, "") + code(path.read_text("utf-8"))[0] + "\n"
    owned = {room: declared(text) for room, text in rooms.items()}
    named = {room: {"".join(use) for use in USE.findall(text)} for room, text in rooms.items()}
    owners = list(itertools.chain(*owned.values()))
    found = {(a, b): sorted(name for name in named[a] & owned[b] if owners.count(name) == 1) for a, b in itertools.permutations(rooms, 2)}
    return {arrow: names for arrow, names in found.items() if names}


def circles(arrows):
    """The folders that reach each other, directly or round about."""
    reached = {room: {used for user, used in arrows if user == room} for arrow in arrows for room in arrow}
    for middle, room in itertools.product(reached, reached):
        reached[room] |= reached[middle] if middle in reached[room] else set()
    return {" ".join(sorted(other for other in reached[room] if room in reached[other])) for room in reached if room in reached[room]}


def main(*arguments):
    status, checks = 0, "--check" in arguments
    for module in (argument for argument in arguments if argument != "--check"):
        found, known = arrows(module), KNOWN.get(pathlib.Path(module).name, set())
        wrong = sorted(circles(found) ^ known)
        for circle in wrong:
            print(f"{module}: {'no circle any more, take it out of rooms.py' if circle in known else 'these need each other'}: {circle}")
        for (user, used), names in sorted(found.items()):
            if not checks or any({user, used} <= set(circle.split()) for circle in wrong):
                print(f"  {user} -> {used}: {' '.join(names)}")
        status |= checks and bool(wrong)
    return status


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
