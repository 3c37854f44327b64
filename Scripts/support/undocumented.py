"""Fails if a symbol in symbol graphs has no comment. What a protocol asks for is documented there.

    undocumented.py GRAPH ...
"""

import json
import sys

missing = []
for path in sys.argv[1:]:
    with open(path) as file:
        graph = json.load(file)
    inherited = {r["source"] for r in graph["relationships"] if "sourceOrigin" in r or r["kind"] == "defaultImplementationOf"}
    for symbol in graph["symbols"]:
        if symbol["kind"]["identifier"] == "swift.extension" or symbol["identifier"]["precise"] in inherited:
            continue
        if "docComment" not in symbol:
            missing.append(".".join(symbol["pathComponents"]))
for name in sorted(missing):
    print(f"without a comment: {name}")
sys.exit(1 if missing else 0)
