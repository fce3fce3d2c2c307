"""Compares corer, file by file and byte by byte, with what other tools get out of the same backups."""
import argparse
import shutil
import sys
import tempfile
import traceback
from pathlib import Path

import readers
from cases import CASES, Case
from tree import Tree

ROOT = Path(__file__).resolve().parents[2]


def main() -> int:
    arguments = parse()
    chosen = [case for case in CASES if not arguments.case or any(word in case.name for word in arguments.case)]
    if not chosen:
        print("No case of that name. Cases:", *(case.name for case in CASES), sep="\n  ")
        return 2
    failed = [case.name for case in chosen if not passes(case, arguments.corer)]
    print(f"\nconformance: {len(chosen) - len(failed)} of {len(chosen)} cases hold")
    return 1 if failed else 0


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corer", type=Path, default=ROOT / "target/release/corer", help="the program to compare")
    parser.add_argument("case", nargs="*", help="only cases whose name holds one of these words")
    return parser.parse_args()


def passes(case: Case, corer: Path) -> bool:
    """Runs one case and says in a line, and one for each difference, how it went."""
    try:
        ours, theirs = read(case, corer)
    except Exception:
        print(f"FAILED  {case.name}: could not be compared")
        traceback.print_exc(file=sys.stdout)
        return False
    differences = compare(ours, theirs)
    unknown = {path: how for path, how in differences.items() if path not in case.differs}
    gone = [path for path in case.differs if path not in differences]
    same = sum(1 for path in ours if path not in differences)
    print(f"{'FAILED' if unknown or gone or not same else 'ok    '}  {case.name}: {same} files the same")
    for path in sorted(differences.keys() & case.differs.keys()):
        print(f"          known: {path}: {differences[path]}: {case.differs[path]}")
    for path, how in sorted(unknown.items()):
        print(f"          UNKNOWN: {path}: {how}")
    for path in gone:
        print(f"          NO LONGER: {path} does not differ: take it off the list")
    return bool(same) and not unknown and not gone


def read(case: Case, corer: Path) -> tuple[Tree, Tree]:
    """The trees that corer and the other tool give. They read copies: some tools leave files beside a manifest."""
    with tempfile.TemporaryDirectory(prefix="corer-conformance-") as work:
        backup = Path(shutil.copytree(ROOT / "sample-backups" / case.sample, Path(work, "backup")))
        ours = readers.corer(corer, case.exit)(backup, case.password, Path(work, "corer"))
        theirs = case.peer(backup, case.password, Path(work, "peer"))
    return ours, theirs


def compare(ours: Tree, theirs: Tree) -> dict[str, str]:
    """Every path where the trees differ, and how."""
    differences = {path: "only corer has it" for path in ours.keys() - theirs.keys()}
    differences |= {path: "only the other tool has it" for path in theirs.keys() - ours.keys()}
    differences |= {path: "other bytes" for path in ours.keys() & theirs.keys() if ours[path] != theirs[path]}
    return differences


if __name__ == "__main__":
    sys.exit(main())
