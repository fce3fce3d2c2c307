"""Compares what corer and osxphotos read out of the same photo libraries, asset by asset, and prints the numbers."""
import argparse
import json
import logging
import os
import shutil
import subprocess
import sys
import tempfile
import unicodedata
from collections.abc import Iterable
from pathlib import Path

import osxphotos

ROOT = Path(__file__).resolve().parents[2]
SHARED = Path(os.environ.get("CORER_SHARED", ROOT.parent / "shared"))
MARKS = ("favorite", "hidden", "trashed", "edited")
COLUMNS = ("assets", "albums", "favourite", "hidden", "deleted", "edited", "keywords", "people", "places")

Asset = dict[str, object]
Library = tuple[dict[str, Asset], int]
"""The assets by their identifier, and how many albums there are."""


def main() -> int:
    logging.disable(logging.CRITICAL)
    arguments = parse()
    libraries = sorted((SHARED / "data/photos/libraries").glob("*/Photos.sqlite"))
    if not libraries:
        print(f"photos: no libraries below {SHARED}")
        return 1 if os.environ.get("CI") else 0
    chosen = [path for path in libraries if not arguments.library or path.parent.name in arguments.library]
    print("|".join(["", " library ", *(f" {column} " for column in COLUMNS), ""]))
    failed = [path.parent.name for path in chosen if not same(path, arguments)]
    print(f"photos: {len(chosen) - len(failed)} of {len(chosen)} libraries are read alike")
    return 1 if failed or not chosen else 0


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corer", type=Path, default=ROOT / "target/debug/corer", help="the program to compare")
    parser.add_argument("--samples", type=Path, default=ROOT / "target/debug/sample-backups", help="lays out libraries")
    parser.add_argument("library", nargs="*", help="only libraries of these names")
    return parser.parse_args()


def same(database: Path, arguments: argparse.Namespace) -> bool:
    """Reads one library with both, prints its row, and a line for each difference."""
    with tempfile.TemporaryDirectory(prefix="corer-photos-") as work:
        copy = Path(shutil.copytree(database.parent, Path(work, "library"))) / database.name
        ours = read_by_corer(copy, Path(work, "backup"), arguments)
        theirs = read_by_osxphotos(copy)
    print("|".join(["", f" `{database.parent.name}` ", *(f" {number} " for number in numbers(ours)), ""]))
    differences = list(compare(ours, theirs))
    for difference in differences:
        print(f"  DIFFERS: {difference}")
    return not differences


def read_by_corer(database: Path, backup: Path, arguments: argparse.Namespace) -> Library:
    """The library as a backup, and what `corer photos --json` says about it."""
    subprocess.run([arguments.samples, "library", database, backup], check=True)
    command = [arguments.corer, "photos", "--backup", backup, "--json", "--no-input"]
    lines = subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()
    records = [json.loads(line) for line in lines]
    assets = {record["uuid"]: of_corer(record) for record in records if record["type"] == "asset"}
    return assets, records[-1]["albums"]


def of_corer(record: dict) -> Asset:
    place = record["place"] or {}
    # corer keeps the spelling of accents that is stored, osxphotos composes them.
    return {mark: record[mark] for mark in MARKS} | {
        "name": composed(record["name"]),
        "keywords": sorted(map(composed, record["keywords"])),
        "people": sorted(map(composed, record["people"])),
        "albums": sorted(album["uuid"] for album in record["albums"]),
        "country": place.get("country_code"),
        "position": rounded(place.get("latitude"), place.get("longitude")),
    }


def read_by_osxphotos(database: Path) -> Library:
    """The library where it lies, the trash too."""
    opened = osxphotos.PhotosDB(dbfile=str(database))
    photos = [photo for trash in (False, True) for photo in opened.photos(images=True, movies=True, intrash=trash)]
    albums = len(opened.album_info) + len(opened.album_info_shared)
    return {photo.uuid: of_osxphotos(photo) for photo in photos}, albums


def of_osxphotos(photo: "osxphotos.PhotoInfo") -> Asset:
    return {
        "favorite": photo.favorite,
        "hidden": photo.hidden,
        "trashed": photo.intrash,
        "edited": photo.hasadjustments,
        "name": composed(photo.original_filename),
        "keywords": sorted(map(composed, photo.keywords)),
        # A face without a name is a person of its own there.
        "people": sorted({composed(person) for person in photo.persons if person != "_UNKNOWN_"}),
        "albums": sorted(album.uuid for album in photo.album_info),
        "country": photo.place.country_code if photo.place else None,
        "position": rounded(*photo.location),
    }


def composed(text: str) -> str:
    return unicodedata.normalize("NFC", text)


def rounded(latitude: float | None, longitude: float | None) -> tuple[float, float] | None:
    """A position to a ten-centimetre grid; nothing where half of it is missing."""
    return None if latitude is None or longitude is None else (round(latitude, 6), round(longitude, 6))


def numbers(library: Library) -> list[int]:
    assets, albums = library
    distinct = [len({word for asset in assets.values() for word in asset[field]}) for field in ("keywords", "people")]
    marks = [sum(bool(asset[mark]) for asset in assets.values()) for mark in MARKS]
    places = sum(asset["country"] is not None for asset in assets.values())
    return [len(assets), albums, *marks, *distinct, places]


def compare(ours: Library, theirs: Library) -> Iterable[str]:
    """Every difference in a line."""
    if ours[1] != theirs[1]:
        yield f"albums: {ours[1]}, osxphotos {theirs[1]}"
    for uuid in sorted(ours[0].keys() ^ theirs[0].keys()):
        yield f"{uuid}: only {'corer' if uuid in ours[0] else 'osxphotos'} has it"
    for uuid in sorted(ours[0].keys() & theirs[0].keys()):
        own, other = ours[0][uuid], theirs[0][uuid]
        for field in own:
            if own[field] != other[field]:
                yield f"{uuid}: {field}: {own[field]!r}, osxphotos {other[field]!r}"


if __name__ == "__main__":
    sys.exit(main())
