"""Programs that take a backup apart, each as one function: backup and password in, folder filled, tree out."""
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import tree
from tree import Tree

Reader = Callable[[Path, str, Path], Tree]

PEERS = Path(sys.prefix).parent
"""Where `tests/conformance/peers` installed everything; this very Python is one of them."""


def iphone_backup_decrypt(backup: Path, password: str, target: Path) -> Tree:
    """iphone_backup_decrypt's extract_files, folders and domains kept."""
    from iphone_backup_decrypt import EncryptedBackup

    opened = EncryptedBackup(backup_directory=str(backup), passphrase=password)
    opened.extract_files(
        relative_paths_like="%",
        domain_like="%",
        output_folder=str(target),
        preserve_folders=True,
        domain_subfolders=True,
    )
    return tree.of_folder(target)


def mvt(backup: Path, password: str, target: Path) -> Tree:
    """`mvt-ios decrypt-backup`, which keeps the hashed layout."""
    options = ["--disable-update-check", "--disable-indicator-update-check", "decrypt-backup"]
    command = [PEERS / "mvt/bin/mvt-ios", *options, "--destination", target, backup]
    run(command, {"MVT_IOS_BACKUP_PASSWORD": password})
    return tree.of_hashed_folder(target)


def pyiosbackup(backup: Path, password: str, target: Path) -> Tree:
    """pyiosbackup's unback, as its command line calls it."""
    from pyiosbackup import Backup

    Backup.from_path(backup, password).unback(target)
    return tree.of_folder(target)


def corer(program: Path, expected_exit: int) -> Reader:
    """`corer files get` of everything."""

    def read(backup: Path, password: str, target: Path) -> Tree:
        command = [program, "files", "get", "--backup", backup, "--no-input", "--output", target]
        run(command, {"CORER_PASSWORD": password}, expected_exit)
        originals = original_names(target / "report.json")
        return {originals.get(path, path): content for path, content in tree.of_folder(target).items()}

    return read


def original_names(report: Path) -> dict[str, str]:
    """The device's names of the files that corer had to give others, as its report tells them."""
    kinds = json.loads(report.read_text("utf-8"))["kinds"]
    notes = (note.partition(" is written as ") for kind in kinds for note in kind["notes"])
    return {written: original for original, told, written in notes if told}


def run(command: list[str | Path], environment: dict[str, str], expected_exit: int = 0) -> None:
    """Runs a program to its end; its words are shown only when it ends otherwise than expected."""
    ended = subprocess.run(command, env=os.environ | environment, stdin=subprocess.DEVNULL, capture_output=True, text=True)
    if ended.returncode != expected_exit:
        words = f"{ended.stdout}\n{ended.stderr}".strip()
        raise RuntimeError(f"{Path(command[0]).name} ended with {ended.returncode}, not {expected_exit}:\n{words}")
