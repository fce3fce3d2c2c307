"""Holds the cards that corer writes, as vobject reads them, against corer's records and against plain SQL; and puts them into
a CardDAV server (Radicale) and takes them out again.

The address books are those of the samples, real ones of CORER_SHARED, and one of random people whose every field was typed
by somebody who means harm.
"""
import argparse
import json
import os
import sqlite3
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from urllib.parse import quote

import cards
import carddav
import ezvcard
import strangers
from cards import Card, clean, uri

ROOT = Path(__file__).resolve().parents[2]
SHARED = Path(os.environ.get("CORER_SHARED", ROOT.parent / "shared")) / "data"
SAMPLES = ("ios5", "ios7", "ios9", "ios15-encrypted", "ios18", "ios26-encrypted")
REAL = (SHARED / "ios15.3.1", SHARED / "ios18-fixtures/contacts.1.AddressBook.sqlitedb")
BOOK = "HomeDomain/Library/AddressBook/AddressBook.sqlitedb"
IMAGES = "HomeDomain/Library/AddressBook/AddressBookImages.sqlitedb"
COLUMNS = ("First", "Last", "Middle", "Prefix", "Suffix", "Organization", "Department", "JobTitle", "Nickname", "Note")
# Properties of ABMultiValue whose value is text: numbers, mail addresses, web addresses, related names.
TEXTS = (3, 4, 22, 23)
# What a linked card says of what a contact has but once.
SECOND = ("Name", "Organisation", "Phonetic organisation", "Department", "Job title", "Birthday", "Maiden name",
          "Phonetic first name", "Phonetic middle name", "Phonetic last name")


class Corer:
    """The program, with the password of the samples."""

    def __init__(self, program: Path):
        self.program = program

    def run(self, *arguments) -> str:
        command = [self.program.absolute(), *arguments, "--no-input"]
        environment = os.environ | {"CORER_PASSWORD": "mira-1961"}
        done = subprocess.run(command, check=True, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        return done.stdout.decode()

    def cards(self, backup: Path, *options: str) -> list[Card]:
        return cards.read(self.run("contacts", "-b", backup, "-f", "vcf", "-o", "-", *options))

    def records(self, backup: Path, *options: str) -> list[dict]:
        lines = self.run("contacts", "-b", backup, "--json", *options).splitlines()
        return [record for record in map(json.loads, lines) if record["type"] == "contact"]


def main() -> int:
    arguments = parse()
    corer = Corer(arguments.corer)
    with tempfile.TemporaryDirectory(prefix="corer-contacts-") as work:
        work = Path(work)
        hostile = work / "AddressBook.sqlitedb"
        strangers.write(hostile, arguments.people)
        found = [path for path in REAL if path.exists()]
        if len(found) < len(REAL) and os.environ.get("CI"):
            print(f"contacts: no address books below {SHARED}")
            return 1
        backups = [*(ROOT / "sample-backups" / name for name in SAMPLES), *found, hostile]
        good = [same(corer, backup, work / f"tree-{index}") for index, backup in enumerate(backups)]
        good += [ezvcard.same(corer, backup, work) for backup in backups]
        good += [carddav.same(corer, REAL[0], 8, work / "linked")] if REAL[0].exists() else []
        good += [carddav.same(corer, REAL[0], 9, work / "apart", "--no-link")] if REAL[0].exists() else []
    print(f"contacts: {sum(good)} of {len(good)} comparisons hold")
    return 0 if all(good) else 1


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corer", type=Path, default=ROOT / "target/debug/corer", help="the program that writes")
    parser.add_argument("--people", type=int, default=200, help="how many random people")
    return parser.parse_args()


def same(corer: Corer, backup: Path, tree: Path) -> bool:
    """Compares one address book, linked and not, and prints a line for it and for each difference."""
    wrong = []
    for options in ((), ("--no-link",)):
        read, records = corer.cards(backup, *options), corer.records(backup, *options)
        if len(read) != len(records):
            wrong.append(f"{len(read)} cards, {len(records)} records")
        for card, record in zip(read, records):
            wrong += [f"{record['title']}: {difference}" for difference in differences(card, record)]
    values, photos, lost = by_sql(corer, backup, tree, read, records)
    wrong += lost
    print(f"{'FAILED' if wrong or not read else 'ok    '}  {backup.name}: {len(read)} cards, {values} values and "
          f"{photos} photos by SQL")
    for difference in wrong[:20]:
        print(f"  DIFFERS: {difference}")
    return bool(read) and not wrong


def differences(card: Card, record: dict) -> Iterable[str]:
    """What a card says otherwise than the record of the same contact."""
    for name, expected in properties(record).items():
        if card.values(name) != expected:
            yield f"{name}: {card.values(name)}, expected {expected}"
    known = set(properties(record)) | {"FN", "VERSION", "PRODID", "REV", "UID", "X-CORER-FIELD", "X-ABDATE", "BDAY", "IMPP"}
    yield from (f"{name} has no record" for name in set(card.properties) - known)
    for name, kind in (("TEL", "phones"), ("EMAIL", "emails"), ("URL", "urls"), ("ADR", "addresses")):
        found = card.properties.get(name, [])
        for (value, label, types), labelled in zip(found, record[kind]):
            stored = labelled["stored_label"]
            if stored and label != clean(stored) and cards.WORDS.get(stored) not in types:
                yield f"{name} {value!r}: labelled {label!r} {types}, expected {stored!r}"
    days = [record["birthday"], *(date["value"] for date in record["dates"])]
    texts = card.texts()
    yield from (f"no day {day}" for day in days if day and clean(day.replace("--", "1604-", 1)) not in texts)
    others = [other["value"] for other in record["others"]]
    others += [profile["value"]["username"] for profile in record["messengers"] + record["profiles"]]
    yield from (f"no {other!r}" for other in others if other and clean(other) not in " ".join(texts))


def properties(record: dict) -> dict[str, Counter]:
    """The properties that a card of this record must have, and no other value of them."""
    name, plain = record["name"], lambda values: [clean(value["value"]) for value in values]
    organization = [record["organization"], record["department"]] if record["department"] else [record["organization"]]
    has_work = record["organization"] or record["department"]
    one = lambda text: [clean(text)] if text is not None else []
    expected = {
        "N": [tuple(clean(name[part]) for part in ("last", "first", "middle", "prefix", "suffix"))],
        "NICKNAME": [tuple(map(clean, record["nicknames"]))] if record["nicknames"] else [],
        "ORG": [tuple(map(clean, organization))] if has_work is not None else [],
        "X-ABSHOWAS": ["COMPANY"] if record["is_organization"] else [],
        "X-MAIDENNAME": one(name["maiden"]),
        "X-PHONETIC-FIRST-NAME": one(name["first_phonetic"]),
        "X-PHONETIC-MIDDLE-NAME": one(name["middle_phonetic"]),
        "X-PHONETIC-LAST-NAME": one(name["last_phonetic"]),
        "X-PHONETIC-ORG": one(record["organization_phonetic"]),
        "TITLE": one(record["job_title"]),
        "TEL": plain(record["phones"]),
        "EMAIL": plain(record["emails"]),
        "URL": [uri(value["value"]) for value in record["urls"]],
        "ADR": [address(labelled["value"]) for labelled in record["addresses"]],
        "X-ABADR": [clean(labelled["value"]["country_code"]) for labelled in record["addresses"]
                    if labelled["value"]["country_code"] is not None],
        "X-ABRELATEDNAMES": plain(record["related"]),
        "X-SOCIALPROFILE": [uri(profile["value"]["url"] or f"x-apple:{quote(profile['value']['username'], safe='@()')}")
                            for profile in record["profiles"] if profile["value"]["url"] or profile["value"]["username"]],
        "NOTE": ["\n\n".join(map(clean, notes))] if (notes := [*record["notes"], *also(record)]) else [],
        "CATEGORIES": [tuple(map(clean, record["groups"]))] if record["groups"] else [],
        "UID": [clean(record["guid"])] if record["guid"] else [],
    }
    # A card without an identifier of its own gets one.
    return {key: Counter(values) for key, values in expected.items() if key != "UID" or values}


def also(record: dict) -> list[str]:
    """What stands in the note because phones show it nowhere else: second names and firms of linked cards."""
    second = [other for other in record["others"] if other["name"] in SECOND and other["label"] is None]
    lines = [f"Also: {other['value']}" + ("" if other["name"] == "Name" else f" ({other['name'].lower()})") for other in second]
    return ["\n".join(lines)] if lines else []


def address(value: dict) -> tuple[str, ...]:
    area = ", ".join(clean(value[part]) for part in ("sub_locality", "sub_area") if value[part] is not None)
    rest = (clean(value[part]) for part in ("street", "city", "state", "postal_code", "country"))
    return ("", area, *rest)


def by_sql(corer: Corer, backup: Path, tree: Path, read: list[Card], records: list[dict]) -> tuple[int, int, list[str]]:
    """How many values and photos the database has by plain SQL, and those that no card of their row says."""
    if backup.suffix == ".sqlitedb":
        book, images = backup, tree / "none"
    else:
        corer.run("files", "get", "-b", backup, "-o", tree, "HomeDomain/Library/AddressBook/*")
        book, images = tree / BOOK, tree / IMAGES
    by_row = {record["id"]: card for record, card in zip(records, read)}
    texts = {row: "\0".join(card.texts()) for row, card in by_row.items()}
    values = list(values_of(book))
    is_there = lambda row, value: clean(value) in texts.get(row, "") or uri(value) in texts.get(row, "")
    lost = [f"row {row}: no {value!r}" for row, value in values if not is_there(row, value)]
    photos = dict(photos_of(images))
    lost += [f"row {row}: another photo" for row, photo in photos.items() if by_row[row].photo != photo]
    lost += [f"row {row}: a photo from nowhere" for row, card in by_row.items() if card.photo and row not in photos]
    return len(values), len(photos), lost


def values_of(book: Path) -> Iterable[tuple[int, str]]:
    with sqlite3.connect(book) as database:
        columns = [column for column in COLUMNS if column in names(database, "ABPerson")]
        for row, *texts in database.execute(f"SELECT ROWID, {', '.join(columns)} FROM ABPerson"):
            yield from ((row, text) for text in texts if text)
        marks = ",".join(map(str, TEXTS))
        yield from database.execute(f"SELECT record_id, value FROM ABMultiValue WHERE property IN ({marks}) AND value != ''")
        if names(database, "ABMultiValueEntry"):
            yield from database.execute("SELECT record_id, e.value FROM ABMultiValueEntry e JOIN ABMultiValue v "
                                        "ON v.UID = e.parent_id WHERE property IN (5, 46) AND e.value != ''")


def photos_of(images: Path) -> Iterable[tuple[int, bytes]]:
    """The full-size picture of each card, else its largest thumbnail."""
    if not images.exists():
        return
    with sqlite3.connect(images) as database:
        yield from database.execute("SELECT record_id, data FROM ABThumbnailImage WHERE data IS NOT NULL "
                                    "GROUP BY record_id HAVING format = max(format)")
        yield from database.execute("SELECT record_id, data FROM ABFullSizeImage WHERE data IS NOT NULL")


def names(database: sqlite3.Connection, table: str) -> list[str]:
    return [row[1] for row in database.execute(f"PRAGMA table_info({table})")]


if __name__ == "__main__":
    sys.exit(main())
