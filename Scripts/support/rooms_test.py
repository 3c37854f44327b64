"""Tests rooms.py on trees that are made up: python3 Scripts/support/rooms_test.py"""
import contextlib
import io
import os
import tempfile
import unittest

import rooms


def tree(files):
    """Makes a module with these files, and calls rooms.py as a script would be."""
    folder = tempfile.TemporaryDirectory()
    for path, text in files.items():
        path = os.path.join(folder.name, "M", path)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w") as file:
            file.write(text)
    return folder


def arrows(**files):
    """The arrows between folders that hold one file each."""
    with tree({f"{room}/File.swift": text for room, text in files.items()}) as folder:
        return rooms.arrows(os.path.join(folder, "M"))


def check(files, known=()):
    with tree(files) as folder, contextlib.redirect_stdout(io.StringIO()) as output:
        rooms.KNOWN = {"M": set(known)}
        status = rooms.main("--check", os.path.join(folder, "M"))
        return status, output.getvalue().replace(folder, "")


class Arrows(unittest.TestCase):
    def uses(self, text, declaration="struct Room {}\nfunc measured(_ a: Int) {}"):
        return arrows(A=declaration, B=text).get(("B", "A"), [])

    def test_types_and_calls_are_uses(self):
        self.assertEqual(self.uses("let a: [Room?] = []"), ["Room"])
        self.assertEqual(self.uses("extension Room { var a: Int { measured(1) } }"), ["Room", "measured"])
        self.assertEqual(self.uses("let a = list.map(measured)"), ["measured"])

    def test_members_labels_and_declarations_are_none(self):
        for text in (
            "x.measured(1)", "f(measured: 1)", "let measured = 1", "struct S { func measured(a: Int) {} }", "enum E { case measured(Int) }",
            "let a: Other.Room",
        ):
            self.assertEqual(self.uses(text), [], text)

    def test_every_kind_of_declaration(self):
        for line in (
            "public final class Room {", "@frozen public enum Room: Int {", "protocol Room: AnyObject {", "public actor Room {",
            "typealias Room = Int; struct A {", "@available(*, deprecated) struct Room {", "nonisolated(unsafe) struct Room {",
            "private extension Int { }\nstruct Room {", "private import Other\nstruct Room {", "#if os(Linux)\n    struct Room {",
        ):
            self.assertEqual(self.uses("let a: Room", line + "}"), ["Room"], line)

    def test_what_the_module_cannot_see_or_a_type_owns_is_not_declared(self):
        for line in (
            "private struct Room {}", "fileprivate enum Room {}", "struct A { struct Room {} }", "extension A { class Room {} }",
            "import struct Room.B",
        ):
            self.assertEqual(self.uses("let a: Room", line), [], line)

    def test_extensions_add_nothing(self):
        found = arrows(A="struct Room {}", B="extension Room { func a() {} }", C="let a: Room")
        self.assertEqual(found, {("B", "A"): ["Room"], ("C", "A"): ["Room"]})

    def test_a_name_of_two_folders_says_nothing(self):
        self.assertEqual(arrows(A="struct Room {}", B="struct Room {}", C="let a: Room"), {})

    def test_comments_and_strings_are_no_uses(self):
        for text in (
            "// Room", '// "Room"', '// a "b"\n// Room "c', "/* Room /* Room */ Room */", '"// " + "Room"', '"/*"; let a = "Room */"',
            '"Room"', r'"\\" + "Room"', r'"\" Room"', '"" + "Room"', '#"a " Room"#', r'#"\" + "Room \(Room)"#', '#"""#; let a = "Room"',
            '"""\n  Room "Room" \\(1) Room\n  """', '"""\n  \\""" Room\n  """',
        ):
            self.assertEqual(self.uses(text), [], text)

    def test_what_is_interpolated_is_code(self):
        for text in (r'"a \(Room.a) b"', r'"\(f("\(Room.a)"))"', r'#"\#(Room.a)"#', '"""\n  \\(a(")") + Room.a)\n  """'):
            self.assertEqual(self.uses(text), ["Room"], text)
        for text in (r'"\(f("Room")) Room"', r'"\(a ? "(" : "Room") Room"', r'"\((1 + 2) * 3) Room"'):
            self.assertEqual(self.uses(text), [], text)
            self.assertEqual(self.uses(text + "\nlet a: Room"), ["Room"], text)

    def test_folders_in_folders_are_one(self):
        with tree({"A/B/F.swift": "struct Inner {}", "A/C/F.swift": "let a: Inner", "D.swift": "let a: Inner"}) as folder:
            self.assertEqual(rooms.arrows(os.path.join(folder, "M")), {(".", "A"): ["Inner"]})


class Circles(unittest.TestCase):
    pair = {"A/F.swift": "struct Up {}\nlet d: Down", "B/F.swift": "struct Down {}\nlet u: Up", "C/F.swift": "let d: Down", "shim.h": "Up"}

    def test_layers_pass(self):
        self.assertEqual(check({"A/F.swift": "struct Up {}", "B/F.swift": "let u: Up", "Top.swift": "let u: Up"}), (0, ""))
        self.assertEqual(check({"shim.h": "int a;"}), (0, ""))

    def test_a_pair_fails_with_its_names(self):
        self.assertEqual(check(self.pair), (1, "/M: these need each other: A B\n  A -> B: Down\n  B -> A: Up\n"))

    def test_a_long_circle_fails(self):
        files = {f"{room}/F.swift": f"struct Type{room} {{}}\nlet a: Type{used}" for room, used in zip("ABCDEF", "BCDEFA")}
        self.assertEqual(check(files)[1].splitlines()[0], "/M: these need each other: A B C D E F")

    def test_a_folder_that_uses_the_files_beside_it_is_in_a_circle_with_them(self):
        self.assertEqual(check({"Top.swift": "struct Top {}\nlet u: Up", "A/F.swift": "struct Up {}\nlet t: Top"})[0], 1)

    def test_a_known_circle_passes_as_long_as_it_is_just_that(self):
        self.assertEqual(check(self.pair, ["A B"]), (0, ""))
        grown = {**self.pair, "B/G.swift": "let t: Third", "C/F.swift": "struct Third {}\nlet d: Down"}
        self.assertIn("these need each other: A B C", check(grown, ["A B"])[1])
        second = {**self.pair, "D/F.swift": "struct Fourth {}\nlet e: Fifth", "E/F.swift": "struct Fifth {}\nlet d: Fourth"}
        self.assertEqual(check(second, ["A B"]), (1, "/M: these need each other: D E\n  D -> E: Fifth\n  E -> D: Fourth\n"))

    def test_a_known_circle_that_is_gone_fails(self):
        gone = {**self.pair, "A/F.swift": "struct Up {}"}
        self.assertEqual(check(gone, ["A B"]), (1, "/M: no circle any more, take it out of rooms.py: A B\n  B -> A: Up\n"))


unittest.main()
