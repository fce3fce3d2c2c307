#!/usr/bin/env python3
"""Whether the rooms are as CONTRIBUTING.md wants them: no two modules lean on each other but a parent and its child, and no
file is longer than 400 lines."""

import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CRATES = ["src", "schemas/src", "exporters/src"]
LONGEST = 400


def main():
    complaints = []
    for crate in CRATES:
        files = modules(ROOT / crate)
        found = sorted(name for circle in circles(leaning(files)) for name in circle)
        complaints += [f"{crate}: modules that lean on each other: {name}" for name in found]
    sources = [path for crate in CRATES for path in (ROOT / crate).rglob("*.rs") if not is_test(path)]
    long = sorted(str(path.relative_to(ROOT)) for path in sources if len(path.read_text().splitlines()) > LONGEST)
    complaints += [f"files of more than {LONGEST} lines: {name}" for name in long]
    print("\n".join(complaints), file=sys.stderr)
    return 1 if complaints else 0


def is_test(path):
    return "tests" in path.parts or path.stem == "tests"


def modules(folder):
    """The file of each module, by its path in the crate."""
    files = {}
    for path in folder.rglob("*.rs"):
        parts = list(path.relative_to(folder).with_suffix("").parts)
        if parts[-1] in ("mod", "lib", "main"):
            parts.pop()
        files["::".join(parts)] = path
    return files


def leaning(files):
    """Which modules each one names, beside those above and below it."""
    graph = {}
    for module, path in files.items():
        graph[module] = set()
        if not module or is_test(path):
            continue
        text = re.sub(r"(?m)^\s*//.*$", "", path.read_text()).split("#[cfg(test)]\nmod ")[0]
        named = [name for use in re.findall(r"\buse ([^;]+);", text) for name in spread(use)]
        named += re.findall(r"\b(?:crate|super)(?:::\w+)+", text)
        for other in filter(None, (resolve(module, name, files) for name in named)):
            if not (other == module or other.startswith(f"{module}::") or module.startswith(f"{other}::")):
                graph[module].add(other)
    return graph


def spread(use):
    """The names in a tree of `use`."""
    use = use.strip()
    tree = re.match(r"^(?:(.*?)::)?\{(.*)\}$", use, re.S)
    if not tree:
        return [re.sub(r"\s+as\s+.*", "", use)]
    before, depth, part, parts = f"{tree[1]}::" if tree[1] else "", 0, "", []
    for letter in tree[2] + ",":
        depth += {"{": 1, "}": -1}.get(letter, 0)
        if letter == "," and depth == 0:
            parts.append(part)
            part = ""
        else:
            part += letter
    return [before + name for part in parts if part.strip() for name in spread(part)]


def resolve(module, name, files):
    """The module of this crate that a name stands in."""
    steps, at = name.split("::"), module.split("::")
    if steps[0] == "crate":
        at = []
        steps = steps[1:]
    elif steps[0] not in ("super", "self"):
        return None
    while steps and steps[0] in ("super", "self"):
        at = at[:-1] if steps[0] == "super" else at
        steps = steps[1:]
    path = at + steps
    while path and "::".join(path) not in files:
        path = path[:-1]
    return "::".join(path) or None


def circles(graph):
    """The groups of modules from each of which one comes to all others (after Tarjan)."""
    number, lowest, waiting, found = {}, {}, [], []

    def visit(one):
        number[one] = lowest[one] = len(number)
        waiting.append(one)
        for other in sorted(graph[one]):
            if other not in number:
                visit(other)
            if other in waiting:
                lowest[one] = min(lowest[one], lowest[other])
        if lowest[one] == number[one]:
            at = waiting.index(one)
            group = waiting[at:]
            del waiting[at:]
            if len(group) > 1:
                found.append(group)

    sys.setrecursionlimit(10_000)
    for one in sorted(graph):
        if one not in number:
            visit(one)
    return found


if __name__ == "__main__":
    sys.exit(main())
