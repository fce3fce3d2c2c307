"""A decrypted backup as plain data: which bytes lie where."""
import hashlib
import sqlite3
from pathlib import Path

Tree = dict[str, str]
"""`Domain/relative path` to the SHA-256 of the content."""


def of_folder(root: Path) -> Tree:
    """The files below `root`, which is laid out by domain and path. What lies beside the domains is a report."""
    files = (path for path in root.glob("*/**/*") if is_file(path))
    return {path.relative_to(root).as_posix(): digest(path) for path in files}


def of_hashed_folder(root: Path) -> Tree:
    """The files of a decrypted backup that kept its layout (`ab/ab12…`), named by its decrypted Manifest.db."""
    tree = {}
    with sqlite3.connect(f"file:{root / 'Manifest.db'}?mode=ro&immutable=1", uri=True) as manifest:
        # Names that are not UTF-8 stay apart instead of ending the run.
        manifest.text_factory = lambda name: name.decode("utf-8", "surrogateescape")
        rows = manifest.execute("SELECT fileID, domain, relativePath FROM Files WHERE domain IS NOT NULL")
        for file_id, domain, path in rows:
            payload = root / file_id[:2] / file_id
            if is_file(payload):
                tree[f"{domain}/{path}"] = digest(payload)
    return tree


def digest(path: Path) -> str:
    """The SHA-256 of a file, in hex."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def is_file(path: Path) -> bool:
    """Whether this is a file with content, and no link to one."""
    return path.is_file() and not path.is_symlink()
