"""Which sample is taken apart by whom, and where the other tool is known to differ.

A known difference that no longer shows fails the case like an unknown one: this list is kept true.
"""
from dataclasses import dataclass, field

import readers
from readers import Reader


@dataclass(frozen=True)
class Case:
    """One sample, read by corer and by one other tool."""

    sample: str
    peer: Reader
    password: str = ""
    exit: int = 0
    """How corer ends on this sample: 3 when something that the backup should hold cannot be read."""
    differs: dict[str, str] = field(default_factory=dict)
    """`Domain/path` to what the other tool does with it, and why that is not corer's way."""

    @property
    def name(self) -> str:
        """`ios18-encrypted/mvt`."""
        return f"{self.sample}/{self.peer.__name__}"


PASSWORD = "mira-1961"
ODD_PASSWORD = "Havet 1961 \u2013 \u00e6\u00f8\u00e5"

ODD_TO_MVT = {
    "HomeDomain/Odd/bare values": "left out: it expects data wrapped in an NSData object, records hold it bare as well",
    "HomeDomain/Odd/class 3 but key of class 4": "left out: it takes the class of the record, never that of the key",
    "HomeDomain/Odd/no Size, UserID and Flags": "left out: it expects a size in every record",
    "HomeDomain/Odd/no padding": "left out: it expects padding, some real files have none",
    "HomeDomain/Odd/uploaded flags": "left out: it compares the flags with 1, they are a bit mask",
}
"""mvt logs a line for each but the last, and ends with 0."""

CASES = [
    Case("ios18-encrypted", readers.iphone_backup_decrypt, PASSWORD),
    Case("ios18-encrypted", readers.mvt, PASSWORD),
    Case("ios18-encrypted", readers.pyiosbackup, PASSWORD),
    Case("ios18", readers.pyiosbackup),
    Case("ios9", readers.pyiosbackup),
    Case("ios9-encrypted", readers.pyiosbackup, PASSWORD),
    Case("odd-missing", readers.mvt, PASSWORD, exit=3),
    Case("odd-encrypted", readers.mvt, ODD_PASSWORD, differs=ODD_TO_MVT),
]
