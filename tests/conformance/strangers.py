"""An address book of random people whose every field was typed by somebody who means harm."""
import random
import sqlite3
from pathlib import Path

PIECES = (
    "\r\nTEL:+666", "\nEND:VCARD\nBEGIN:VCARD\n", "\r", "\u2028X-A:b", "\x85", "\v\f\x1c", "\\n\\,\\;\\\\", ";,:=\"'^",
    "=0D=0ATEL:1", "\0\x1b[31m\x7f", "Zoë 🎈 \u202eمرحبا", "\r\n ", "é🎈七" * 60, "BEGIN:VCARD", "  ", "\t", "a" * 200,
)
SCHEMA = """
CREATE TABLE ABPerson (ROWID INTEGER PRIMARY KEY, First TEXT, Last TEXT, Middle TEXT, Prefix TEXT, Suffix TEXT,
  Organization TEXT, Department TEXT, JobTitle TEXT, Nickname TEXT, Note TEXT, FirstPhonetic TEXT, guid TEXT);
CREATE TABLE ABMultiValue (UID INTEGER PRIMARY KEY, record_id INTEGER, property INTEGER, label INTEGER, value TEXT);
CREATE TABLE ABMultiValueLabel (value TEXT);
CREATE TABLE ABMultiValueEntry (parent_id INTEGER, key INTEGER, value TEXT);
CREATE TABLE ABMultiValueEntryKey (value TEXT);
CREATE TABLE ABGroup (ROWID INTEGER PRIMARY KEY, Name TEXT);
CREATE TABLE ABGroupMembers (UID INTEGER PRIMARY KEY, group_id INTEGER, member_type INTEGER, member_id INTEGER);
INSERT INTO ABMultiValueLabel VALUES ('_$!<Mobile>!$_'), ('_$!<Home>!$_');
INSERT INTO ABMultiValueEntryKey VALUES ('Street'), ('City'), ('Country'), ('ZIP');
"""
PHONE, EMAIL, ADDRESS, URL, RELATED = 3, 4, 5, 22, 23
TYPED_LABELS = 20


def write(path: Path, people: int) -> None:
    """Writes the database: the same people every time."""
    chance = random.Random(1961)
    with sqlite3.connect(path) as database:
        database.executescript(SCHEMA)
        for _ in range(TYPED_LABELS):
            database.execute("INSERT INTO ABMultiValueLabel VALUES (?)", (text(chance),))
        for group in range(1, 6):
            database.execute("INSERT INTO ABGroup VALUES (?, ?)", (group, text(chance)))
        for row in range(1, people + 1):
            person(database, row, chance)


def person(database: sqlite3.Connection, row: int, chance: random.Random) -> None:
    fields = [text(chance) if chance.random() < 0.7 else None for _ in range(11)]
    database.execute(f"INSERT INTO ABPerson VALUES ({row}, {', '.join('?' * 11)}, ?)", (*fields, f"guid-{row}"))
    for kind in (PHONE, EMAIL, URL, RELATED):
        for _ in range(chance.randrange(3)):
            label = chance.choice((None, 1, 2, 3 + chance.randrange(TYPED_LABELS)))
            values = (row, kind, label, text(chance))
            database.execute("INSERT INTO ABMultiValue (record_id, property, label, value) VALUES (?, ?, ?, ?)", values)
    added = database.execute("INSERT INTO ABMultiValue (record_id, property, label) VALUES (?, ?, 2)", (row, ADDRESS))
    for key in range(1, 5):
        database.execute("INSERT INTO ABMultiValueEntry VALUES (?, ?, ?)", (added.lastrowid, key, text(chance)))
    group = chance.randrange(1, 6)
    database.execute("INSERT INTO ABGroupMembers (group_id, member_type, member_id) VALUES (?, 0, ?)", (group, row))


def text(chance: random.Random) -> str:
    # White space at the ends is of no account, and what somebody typed twice stands there once.
    return f"a{chance.randrange(10**9)}{''.join(chance.choices(PIECES, k=chance.randrange(1, 5)))}z"
