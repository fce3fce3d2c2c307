"""Reads the text that corer writes as WhatsApp's own export with another program, and compares every message with corer's records:
its time to the second, who sent it, and what it says."""
import argparse
import datetime
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from whatstk import df_from_whatsapp

ROOT = Path(__file__).resolve().parents[2]
SHARED = Path(os.environ.get("CORER_SHARED", ROOT / "../shared")) / "data"
BACKUPS = [ROOT / "sample-backups/ios18", SHARED / "ios15.3.1"]
LAYOUTS = {
    "whatsapp": "[%d/%m/%Y, %H:%M:%S] %name:",
    # The phone puts a narrow space there, for which that program has no sign: it is given a plain one.
    "whatsapp-us": "[%m/%d/%y, %I:%M:%S %P] %name:",
    "whatsapp-de": "[%d.%m.%y, %H:%M:%S] %name:",
    "whatsapp-fr": "[%d/%m/%Y %H:%M:%S] %name:",
    "whatsapp-nl": "[%d-%m-%Y %H:%M:%S] %name:",
}
MARK = "\u200e"


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--corer", default=ROOT / "target/debug/corer")
    parser.add_argument("backups", nargs="*", default=[backup for backup in BACKUPS if backup.exists()])
    args = parser.parse_args()
    failed = 0
    for backup in args.backups:
        for layout, header in LAYOUTS.items():
            compared, faults = compare(args.corer, backup, layout, header)
            print(f"{backup} {layout}: {compared} messages, {len(faults)} differ")
            for fault in faults:
                print("  ", fault)
            failed += len(faults) + (compared == 0)
    return 1 if failed else 0


def compare(corer: Path, backup: Path, layout: str, header: str) -> tuple[int, list[str]]:
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "out"
        command = [corer, "whatsapp", "-b", backup, "-f", "txt,jsonl", "--layout", layout, "--tz", "UTC", "--me", "Mia", "-o", out]
        subprocess.run(command, check=True, capture_output=True)
        records = [json.loads(line) for line in (out / "messages.jsonl").read_text(encoding="utf-8").splitlines()]
        compared, faults = 0, []
        for chat in (record for record in records if record["type"] == "chat"):
            own = [record for record in records if record["type"] == "message" and record["chat_id"] == chat["id"]]
            [text] = [text for text in out.glob("*/_chat.txt") if text.parent.name.startswith(chat["title"].rstrip(" ."))]
            text.write_text(text.read_text(encoding="utf-8").replace("\u202f", " "), encoding="utf-8")
            table = df_from_whatsapp(str(text), hformat=header)
            read = [(row.date, row.username.strip(), row.message.replace(MARK, "").strip()) for row in table.itertuples()]
            dated = [message for message in own if message["date"]]
            compared += len(dated)
            if len(read) != len(dated):
                faults.append(f"{chat['title']}: {len(dated)} messages are read as {len(read)}")
            for message, row in zip(dated, read):
                fault = differs(message, row)
                if fault:
                    faults.append(f"{chat['title']}, message {message['id']}: {fault}")
        return compared, faults


def differs(message: dict, row: tuple) -> str | None:
    """How a message differs from the one that was read in its place; None if it does not."""
    date = datetime.datetime.fromisoformat(message["date"]).replace(tzinfo=None, microsecond=0)
    if row[0].to_pydatetime() != date:
        return f"{date} is read as {row[0]}"
    if message["kind"] == "announcement":
        return None
    sender = "Mia" if message["is_from_me"] else (message["sender"] or {}).get("name")
    if sender is not None and row[1] != sender:
        return f"{sender} is read as {row[1]}"
    said = (message["text"] or "").strip()
    # Behind the words stand the files, and before them what the app makes of a place or a card.
    is_plain = message["kind"] == "message" and not message["attachments"]
    is_same = row[2] == said if is_plain else said in row[2]
    return None if is_same else f"{said!r} is read as {row[2]!r}"


if __name__ == "__main__":
    sys.exit(main())
