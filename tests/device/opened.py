"""Opens a backup with programs that other people wrote, and compares every file with what corer takes out of it.
Run with the Python of `.cache/peers/readers`: opened.py CORER BACKUP PASSWORD."""

import pathlib
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "conformance"))
import readers  # noqa: E402


def main():
    program, backup, password = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]), sys.argv[3]
    with tempfile.TemporaryDirectory() as work:
        work = pathlib.Path(work)
        ours = {}
        for reader in (readers.corer(program, 0), readers.iphone_backup_decrypt, readers.mvt):
            target = work / str(len(list(work.iterdir())))
            target.mkdir()
            found = reader(backup, password, target)
            name = getattr(reader, "__name__", "corer")
            if not ours:
                ours = found
                continue
            differ = sorted(path for path in ours.keys() | found.keys() if ours.get(path) != found.get(path))
            print(f"{name}: {len(found)} files, {len(differ)} differ {differ[:5]}")
            if differ or len(found) < 40:
                sys.exit(1)


if __name__ == "__main__":
    main()
