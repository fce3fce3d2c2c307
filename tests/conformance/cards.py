"""Cards as vobject reads them: every value of every card, with its label."""
import io
import unicodedata
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from urllib.parse import unquote

import vobject
from vobject.base import getLogicalLines, parseLine
from vobject.icalendar import stringToTextValues

LISTS = ("NICKNAME", "CATEGORIES")
PARTS = {
    "N": ("family", "given", "additional", "prefix", "suffix"),
    "ADR": ("box", "extended", "street", "city", "region", "code", "country"),
}
# What holds addresses, in which nothing is escaped.
ADDRESSES = ("URL", "IMPP", "X-SOCIALPROFILE")
# What a reader may take for the end of a line.
ENDS = "\r\n\v\f\x1c\x1d\x1e\x85\u2028\u2029"
# Apple's labels that the format has a word for.
WORDS = {
    "_$!<Mobile>!$_": "CELL", "iPhone": "IPHONE", "_$!<Home>!$_": "HOME", "_$!<Work>!$_": "WORK", "_$!<Main>!$_": "MAIN",
    "_$!<HomeFAX>!$_": "FAX", "_$!<WorkFAX>!$_": "FAX", "_$!<OtherFAX>!$_": "FAX", "_$!<Pager>!$_": "PAGER",
    "_$!<iPhone>!$_": "IPHONE", "_$!<AppleWatch>!$_": "APPLEWATCH",
}


@dataclass
class Card:
    """One card: its properties by name, each with its value, its label and its types."""

    properties: dict[str, list] = field(default_factory=dict)
    photo: bytes | None = None
    parameters: set[str] = field(default_factory=set)

    def values(self, name: str) -> Counter:
        return Counter(value for value, _, _ in self.properties.get(name, []))

    def texts(self) -> set[str]:
        """Every text of the card, addresses also without their escapes."""
        texts = set(self.parameters)
        for values in self.properties.values():
            for value, label, _ in values:
                for text in (*(value if isinstance(value, tuple) else (value,)), label or ""):
                    texts |= {text, unquote(text)}
        return texts


def read(text: str) -> list[Card]:
    """All cards of a file. Fails on a line that is none."""
    return [card(*pair) for pair in zip(vobject.readComponents(text), lines(text), strict=True)]


def lines(text: str) -> Iterable[list[str]]:
    """The values of each card as they are written: of a list, vobject gives the first text alone."""
    values = []
    for line, number in getLogicalLines(io.StringIO(text, newline=""), allowQP=False):
        name, _, value, _ = parseLine(line, number)
        if name == "END":
            yield values
            values = []
        elif name != "BEGIN":
            values.append(value)


def card(component, written: list[str]) -> Card:
    result = Card()
    labels = {line.group: line.value for line in component.lines() if line.name == "X-ABLABEL"}
    for line, plain in zip(in_order(component), written, strict=True):
        if line.name == "PHOTO":
            result.photo = line.value
        elif line.name != "X-ABLABEL":
            result.parameters |= {text for texts in line.params.values() for text in texts}
            types = {kind.upper() for kind in line.params.get("TYPE", [])}
            entry = (value(line, plain), labels.get(line.group), types)
            result.properties.setdefault(line.name, []).append(entry)
    return result


def in_order(component):
    """The properties of a card as they stand in the file."""
    return sorted(component.lines(), key=lambda line: line.lineNumber)


def value(line, plain: str):
    if line.name in ADDRESSES:
        # vobject takes addresses for text and ends them at a comma; they are as they are written.
        return plain
    if line.name in LISTS:
        return tuple(stringToTextValues(plain))
    if line.name in PARTS:
        return tuple(getattr(line.value, part) for part in PARTS[line.name])
    return tuple(line.value) if isinstance(line.value, list) else line.value


def clean(text: str | None) -> str:
    """A text as cards say it: every end of a line is a line feed, other controls are spaces."""
    text = (text or "").replace("\r\n", "\n")
    one = lambda c: "\n" if c in ENDS else c if c == "\t" or unicodedata.category(c) != "Cc" else " "
    return "".join(map(one, text))


def uri(text: str) -> str:
    """A text as an address in a card: letter for letter, but for what would end the line."""
    ends = lambda c: unicodedata.category(c) == "Cc" or c in "\u2028\u2029"
    return "".join("".join(f"%{byte:02X}" for byte in c.encode()) if ends(c) else c for c in text)
