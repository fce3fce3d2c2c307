"""Cards of both versions before ez-vcard: what its reader and its validator find wrong, and what it reads."""
import os
import re
import subprocess
from collections import Counter
from pathlib import Path

from cards import uri

JARS = Path("/usr/share/java")
HERE = Path(__file__).resolve().parent
# What the validator says of cards that phones write so: of mail addresses, RFC 2426 names two types and allows others, and
# iPhones, Google and Android write these.
KNOWN = tuple(f'Email: (9) TYPE parameter value ("{kind}")' for kind in ("home", "work"))


def same(corer, backup: Path, work: Path) -> bool:
    """Validates the cards of an address book in both versions, and compares the web addresses with corer's records."""
    records = corer.records(backup)
    good = []
    for version in ("3.0", "4.0"):
        cards = work / f"{backup.name}-{version}.vcf"
        cards.write_bytes(corer.run("contacts", "-b", backup, "-f", "vcf", "-o", "-", "--vcard", version).encode())
        said = validate(cards)
        wrong = [words for kind, words in said if kind == "wrong" and not any(known in words for known in KNOWN)]
        count = sum(1 for kind, words in said if kind == "card" and words == version)
        urls = Counter(words for kind, words in said if kind == "url")
        expected = Counter(escaped(unescaped(uri(url["value"]))) for record in records for url in record["urls"])
        if count != len(records):
            wrong.append(f"{count} cards, {len(records)} records")
        wrong += [f"url {url!r}" for url in (urls - expected) + (expected - urls)]
        if version == "4.0":
            related = sum(1 for kind, _ in said if kind == "related")
            if related != sum(len(record["related"]) for record in records):
                wrong.append(f"{related} related")
        print(f"{'FAILED' if wrong else 'ok    '}  ez-vcard, {version}, {backup.name}: {count} cards")
        for difference in wrong[:20]:
            print(f"  DIFFERS: {difference}")
        good.append(not wrong)
    return all(good)


def validate(cards: Path) -> list[tuple[str, str]]:
    jars = [JARS / "ez-vcard.jar", *JARS.glob("vinnie*.jar")]
    command = ["java", "-Dfile.encoding=UTF-8", "-Dstdout.encoding=UTF-8", "-cp", os.pathsep.join(map(str, jars)),
               HERE / "Validate.java", cards]
    lines = subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout.decode().split("\n")
    return [(kind, words) for kind, tab, words in (line.partition("\t") for line in lines) if tab]


def unescaped(text: str) -> str:
    """An address as ez-vcard gives it, which takes backslashes for escapes there too."""
    return re.sub(r"\\(.)", lambda found: "\n" if found[1] in "nN" else found[1], text, flags=re.DOTALL)


def escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("\n", "\\n").replace("\r", "\\r")
