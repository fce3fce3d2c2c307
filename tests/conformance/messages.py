"""Compares, message by message, what corer reads in a database with what imessage-exporter shows of it.

The other program is run as the program it is and writes text. Each block of that text is a message: its time, who sent
it, and what it says. corer must have a message of the same time and sender that says all of it. What is not expected is
listed in `KNOWN`, with the reason; docs/formats/messages.md explains it to people.
"""
import argparse
import datetime
import json
import os
import re
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SHARED = Path(os.environ.get("CORER_SHARED", ROOT / "../shared")) / "data"
SAMPLES = [ROOT / "sample-backups" / name for name in ("ios9", "ios10.1-encrypted", "ios18", "ios26-encrypted")]
DATABASES = [SHARED / "messages/ios12.4/sms.db", SHARED / "ios18-fixtures/messages.1.sms.db"]
PASSWORD = "mira-1961"

DATE = re.compile(r"^(?P<date>[A-Z][a-z]{2} \d{2}, \d{4} +\d{1,2}:\d{2}:\d{2} [AP]M)(?P<rest>.*)$")

KNOWN = [
    (r"^This message responded to an earlier message\.$", "its own words: corer names the message that is answered"),
    (r"^(Edited|Unsent) .* later: |^[A-Z][a-z]{2} \d{2}, \d{4} ", "its own layout of the versions of an edit"),
    (r"^Sent with ", "its own words for an effect, which corer names too"),
    (r"^(Transcription|Lyrics|Tapbacks|Subject):", "its own words before what follows"),
    (r"^(Sticker from|Attachment missing|Unable to locate|Polls?\b|App: )", "its own words for a file"),
    (r"^/|^~/|Library/SMS/Attachments/", "the path of a file: corer gives its name"),
    (r"^This message was deleted from the conversation!$", "its own words: corer says so in `deleted`"),
    (r" unsent (this|a) message|kept an audio message|^SharePlay Message$|^Ended$", "its own words for what happened"),
    (r"^(Started|Stopped) sharing location!$", "its own words for what happened"),
    (r"^(Digital Touch|Handwritten|Sketch|Heartbeat|Tap|Kiss|Fireball)", "its own words for a drawing"),
    (r"^[ ⠀-⣿.:'`|/\\_*#-]+$", "a drawing out of characters: corer keeps its strokes"),
    (r"^(Expected|Was expected|Checked in) (around|at) ", "its own words for a time that corer gives as data"),
    (r" transaction: |^Photo album: ", "its own sentence around the words of an app"),
    (r" (message|App):?$|^(Check In|Apple Cash|Find My|Fitness|Photos)\b", "its own heading of an app"),
    (r"votes?\b|^Loved|^- ", "its own layout of a poll"),
]


@dataclass
class Shown:
    """A message as the other program shows it."""

    date: str
    sender: str
    lines: list[str]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corer", type=Path, default=ROOT / "target/release/corer")
    parser.add_argument("--peer", type=Path, required=True)
    parser.add_argument("database", nargs="*", type=Path)
    arguments = parser.parse_args()
    databases = arguments.database or SAMPLES + [database for database in DATABASES if database.exists()]
    return 1 if sum(not same(database, arguments) for database in databases) else 0


def same(database: Path, arguments: argparse.Namespace) -> bool:
    with tempfile.TemporaryDirectory(prefix="corer-conformance-") as work:
        copy = Path(work, "sms.db")
        copy.write_bytes(taken_out(database, arguments.corer) if database.is_dir() else database.read_bytes())
        shown = list(peer(arguments.peer, copy, Path(work, "out")))
        ours = corer(arguments.corer, copy)
    wrong = 0
    explained: dict[str, int] = {}
    for message in shown:
        lost = missing(message, ours, explained)
        if lost is not None:
            wrong += 1
            print(f"  DIFFERS {message.date} {message.sender}: {lost}")
    print(f"{'FAILED' if wrong or not shown else 'ok    '}  {database}: {len(shown)} shown, {wrong} not by corer")
    for why, count in sorted(explained.items()):
        print(f"          known: {count} × {why}")
    return bool(shown) and not wrong


def taken_out(backup: Path, program: Path) -> bytes:
    """The database of a backup, decrypted: the other program is given what is compared, and no more."""
    command = [program, "files", "cat", "-b", backup, "HomeDomain/Library/SMS/sms.db", "--no-input"]
    return subprocess.run(command, check=True, capture_output=True, env=os.environ | {"CORER_PASSWORD": PASSWORD}).stdout


def peer(program: Path, database: Path, out: Path):
    """Every message that the other program writes; replies stand twice, the indented ones are left out."""
    command = [program, "-f", "txt", "-p", database, "-a", "macOS", "-o", out, "-b", "--no-progress"]
    subprocess.run(command, check=True, env=os.environ | {"TZ": "UTC"}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    for file in sorted(out.glob("*.txt")):
        yield from blocks(file.read_text(encoding="utf-8").split("\n"))


def blocks(lines: list[str]):
    current: Shown | None = None
    wants_sender = False
    for line in lines:
        found = DATE.match(line)
        if found and not wants_sender and (not current or not current.lines or current.lines[-1] == ""):
            if current:
                yield current
            rest = found["rest"].strip()
            wants_sender = not rest or rest.startswith("(")
            current = Shown(moment(found["date"]), "", [] if wants_sender else [rest])
        elif current and wants_sender:
            current.sender, wants_sender = line, False
        elif current and not line.startswith("    "):
            current.lines.append(line.strip())
    if current:
        yield current


def moment(words: str) -> str:
    return datetime.datetime.strptime(re.sub(" +", " ", words), "%b %d, %Y %I:%M:%S %p").isoformat()


def corer(program: Path, database: Path) -> dict[tuple[str, str], list[str]]:
    """All words of each of corer's messages, by time and sender."""
    command = [program, "messages", "-b", database, "--json", "--tz", "UTC", "--me", "Me", "--no-merge"]
    output = subprocess.run(command, check=False, capture_output=True, text=True).stdout
    found: dict[tuple[str, str], list[str]] = {}
    for line in output.splitlines():
        record = json.loads(line)
        if record["type"] == "message" and record["date"]:
            sender = "Me" if record["is_from_me"] else (record["sender"] or {}).get("handle", "")
            key = (record["date"][:19], sender)
            found.setdefault(key, []).append("\n".join(words(record)))
    return found


def words(value) -> list[str]:
    """Every string in a record."""
    if isinstance(value, dict):
        return [word for inner in value.values() for word in words(inner)]
    if isinstance(value, list):
        return [word for inner in value for word in words(inner)]
    return [value] if isinstance(value, str) else []


def missing(message: Shown, ours: dict[tuple[str, str], list[str]], explained: dict[str, int]) -> str | None:
    """What corer's message of this time and sender does not say; `None` when it says all of it."""
    own = [text for (date, sender), texts in ours.items() if date == message.date for text in texts
           if not message.sender or sender == message.sender or message.sender not in ("Me",) and not sender]
    if not own:
        return "no message of this time and sender"
    best: str | None = "nothing"
    for text in own:
        spoken = plain(text)
        lost = [line for line in message.lines if plain(line) and plain(line) not in spoken]
        unknown = [line for line in lost if not any(re.search(known, line) for known, _ in KNOWN)]
        # An announcement is one sentence of the other program's own.
        if not unknown or not message.sender:
            for line in lost:
                why = next((why for known, why in KNOWN if re.search(known, line)), "its own words for what happened")
                explained[why] = explained.get(why, 0) + 1
            return None
        best = f"{unknown}"
    return best


def plain(text: str) -> str:
    return re.sub(r"[\s\ufffc]+", " ", text).strip()


if __name__ == "__main__":
    sys.exit(main())
