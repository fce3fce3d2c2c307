"""Compares the text and the ranges that corer reads in captured typed streams with what pytypedstream decodes.

Each stream becomes the `attributedBody` of a message in a database that is made here; corer reads the database as any
other. The other decoder (PyPI, MIT) knows the format and nothing of messages, so the ranges are taken from its objects.

    python3 -m venv .cache/peers/typedstream
    .cache/peers/typedstream/bin/pip install pytypedstream
    .cache/peers/typedstream/bin/python tests/conformance/streams.py --corer target/release/corer
"""
import argparse
import json
import os
import sqlite3
import subprocess
import sys
import tempfile
from pathlib import Path

import typedstream

ROOT = Path(__file__).resolve().parents[2]
STREAMS = Path(os.environ.get("CORER_SHARED", ROOT / "../shared")) / "data/typedstream"

NOT_DECODED = {"ExtraData": "it is cut off; corer keeps the text before the cut and says so"}
NO_TEXT = {"HugeWithRefs": "it holds no text"}

STYLES = {
    "__kIMTextBoldAttributeName": "bold",
    "__kIMTextItalicAttributeName": "italic",
    "__kIMTextUnderlineAttributeName": "underline",
    "__kIMTextStrikethroughAttributeName": "strikethrough",
    "__kIMTextEffectAttributeName": "effect",
    "__kIMLinkAttributeName": "link",
    "__kIMMentionConfirmedMention": "mention",
    "__kIMOneTimeCodeAttributeName": "one_time_code",
}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corer", type=Path, default=ROOT / "target/release/corer")
    corer = parser.parse_args().corer
    streams = sorted(path for path in STREAMS.iterdir() if path.is_file())
    ours = read_with(corer, streams)
    wrong = 0
    for path in streams:
        name = path.name
        try:
            theirs = decode(path.read_bytes())
        except (typedstream.stream.InvalidTypedStreamError, ValueError) as error:
            if name not in NOT_DECODED:
                wrong += 1
                print(f"FAILED  {name}: {error}")
            continue
        if theirs is None:
            wrong += name not in NO_TEXT
            continue
        if ours[name] != theirs:
            wrong += 1
            print(f"FAILED  {name}:\n  corer {ours[name]}\n  other {theirs}")
    print(f"typedstream: {len(streams) - wrong} of {len(streams)} streams agree")
    for name, why in (NOT_DECODED | NO_TEXT).items():
        print(f"          known: {name}: {why}")
    return 1 if wrong or not streams else 0


def decode(data: bytes):
    """The text, and every letter's part and styles; `None` when the root is no text."""
    root = typedstream.unarchive_from_data(data)
    if not hasattr(root, "contents"):
        return None if not hasattr(root, "value") else (root.value, letters(root.value, []))
    contents = list(root.contents)
    text = contents.pop(0).value.value
    known, runs = {}, []
    while contents:
        number, length = contents.pop(0).values
        if number not in known:
            known[number] = {key.value: value for key, value in contents.pop(0).value.contents.items()}
        runs.append((length, known[number]))
    return text, letters(text, runs)


def letters(text: str, runs) -> list[tuple[int, tuple[str, ...]]]:
    """For every character its part and its styles. Runs count UTF-16 units."""
    found, position = [], 0
    ends = []
    for length, attributes in runs:
        position += length
        ends.append((position, attributes))
    unit = 0
    for character in text:
        attributes = next((attributes for end, attributes in ends if unit < end), {})
        part = attributes.get("__kIMMessagePartAttributeName")
        styles = sorted(style for name, style in STYLES.items() if name in attributes)
        found.append((part.value if part is not None else 0, tuple(styles)))
        unit += len(character.encode("utf-16-le")) // 2
    return found


def read_with(corer: Path, streams: list[Path]) -> dict[str, tuple]:
    with tempfile.TemporaryDirectory(prefix="corer-conformance-") as work:
        database = Path(work, "sms.db")
        connection = sqlite3.connect(database)
        connection.executescript(
            "CREATE TABLE message (ROWID INTEGER PRIMARY KEY, guid TEXT, attributedBody BLOB, handle_id INTEGER);"
            "CREATE TABLE chat (ROWID INTEGER PRIMARY KEY, guid TEXT);"
            "CREATE TABLE chat_message_join (chat_id INTEGER, message_id INTEGER); INSERT INTO chat VALUES (1, 'c');"
        )
        for path in streams:
            row = connection.execute("INSERT INTO message (guid, attributedBody) VALUES (?, ?)", (path.name, path.read_bytes()))
            connection.execute("INSERT INTO chat_message_join VALUES (1, ?)", (row.lastrowid,))
        connection.commit()
        connection.close()
        command = [corer, "messages", "-b", database, "--json", "--tz", "UTC"]
        output = subprocess.run(command, check=False, capture_output=True, text=True).stdout
    records = (json.loads(line) for line in output.splitlines())
    return {record["guid"]: (record["text"] or "", styled(record)) for record in records if record["type"] == "message"}


def styled(record) -> list[tuple[int, tuple[str, ...]]]:
    text = record["text"] or ""
    found = [(0, ()) for _ in text]
    files = [place for place, character in enumerate(text) if character == "\ufffc"]
    for part in record["parts"]:
        if part["kind"] == "text":
            places = range(part["start"], part["end"])
            files = [place for place in files if place not in places]
        elif files:
            places = [files.pop(0)]
        else:
            continue
        for place in places:
            styles = {s["style"] for s in part.get("spans", []) if s["start"] <= place < s["end"]} & set(STYLES.values())
            found[place] = (part["index"], tuple(sorted(styles)))
    return found


if __name__ == "__main__":
    sys.exit(main())
