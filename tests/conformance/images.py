"""Converted pictures beside libheif's, and what exiftool reads in them and in sidecars.

Every real HEIC file is converted by `corer photos --convert jpeg`. libheif decodes the same file; between its pixels and
those of the JPEG there must be at least 40 dB, and as many of them. exiftool must read the JPEG without a warning, and find
the date, its zone, the position and the camera of the original, upright.

Every real library is exported with sidecars of both formats. exiftool must read each without a warning, and find the
date and the position that `photos.jsonl` tells, and five stars for favourites.
"""

import argparse
import json
import math
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

import numpy
import pillow_heif
from PIL import Image

ROOT = Path(__file__).resolve().parents[2]
SHARED = Path(os.environ.get("CORER_SHARED", ROOT.parent / "shared")) / "data/photos"
LEAST = 40.0
"""The least peak signal-to-noise ratio, in dB."""
CARRIED = ("DateTimeOriginal", "CreateDate", "OffsetTimeOriginal", "GPSLatitude", "GPSLongitude", "Make", "Model", "LensModel")
"""What a copy must say as its original does."""


def main() -> int:
    arguments = parse()
    photos = sorted(path for path in SHARED.glob("*/*") if path.suffix.lower() == ".heic")
    libraries = sorted(SHARED.glob("libraries/*/Photos.sqlite"))
    if not photos or not libraries:
        print(f"images: no photos below {SHARED}")
        return 1 if os.environ.get("CI") else 0
    with tempfile.TemporaryDirectory(prefix="corer-images-") as work:
        faults = list(conversions(photos, Path(work), arguments))
        for library in libraries:
            faults += sidecars(library, Path(work), arguments)
    for fault in faults:
        print(f"  DIFFERS: {fault}")
    print(f"images: {len(photos)} pictures and the sidecars of {len(libraries)} libraries, {len(faults)} faults")
    return 1 if faults else 0


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--corer", type=Path, default=ROOT / "target/debug/corer", help="the program to look at")
    parser.add_argument("--samples", type=Path, default=ROOT / "target/debug/sample-backups", help="lays out libraries")
    return parser.parse_args()


def run(*command: object) -> None:
    done = subprocess.run(list(map(str, command)), capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(f"{command[0]} ended with {done.returncode}: {done.stderr}")


def conversions(photos: list[Path], work: Path, arguments: argparse.Namespace) -> Iterable[str]:
    """Converts all pictures at once, prints a row for each, and yields what is wrong."""
    roll = work / "roll/CameraRollDomain/Media/DCIM/100APPLE"
    roll.mkdir(parents=True)
    for number, photo in enumerate(photos):
        (roll / f"IMG_{number:04}.HEIC").write_bytes(photo.read_bytes())
    out = work / "converted"
    run(arguments.corer, "photos", "--no-input", "--backup", work / "roll", "--by", "flat", "--convert", "jpeg",
        "--no-gallery", "--output", out)
    print("| picture | pixels | dB |\n|---|---|---:|")
    for number, photo in enumerate(photos):
        name = str(photo.relative_to(SHARED))
        copy = out / f"IMG_{number:04}.jpg"
        theirs, ours = decoded_by_libheif(photo), numpy.asarray(Image.open(copy).convert("RGB"))
        if theirs.shape != ours.shape:
            yield f"{name}: {ours.shape} pixels, libheif {theirs.shape}"
            continue
        ratio = psnr(theirs, ours)
        print(f"| `{name}` | {ours.shape[1]} × {ours.shape[0]} | {ratio:.1f} |")
        if ratio < LEAST:
            yield f"{name}: {ratio:.1f} dB beside libheif"
        yield from (f"{name}: {fault}" for fault in carried(photo, copy))


def decoded_by_libheif(photo: Path) -> numpy.ndarray:
    """The pixels as they are seen, in the picture's own colours."""
    return numpy.asarray(pillow_heif.open_heif(photo, convert_hdr_to_8bit=True).to_pillow().convert("RGB"))


def psnr(one: numpy.ndarray, other: numpy.ndarray) -> float:
    error = 0.0
    # Row by row: twelve megapixels in floating point would fill the memory of a small machine.
    for left, right in zip(one, other):
        error += float(numpy.square(left.astype(numpy.int32) - right).sum())
    return math.inf if error == 0 else 10 * math.log10(255**2 * one.size / error)


def exiftool(*files: Path) -> list[dict]:
    """What exiftool reads, numbers as numbers, warnings included."""
    command = ["exiftool", "-json", "-n", "-a", "-charset", "filename=utf8", *map(str, files)]
    return json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def warnings(read: dict) -> Iterable[str]:
    for word in ("Warning", "Error"):
        if word in read:
            yield f"exiftool: {read[word]}"


def carried(photo: Path, copy: Path) -> Iterable[str]:
    """How a copy says something else than its original."""
    before, after = exiftool(photo)[0], exiftool(copy)[0]
    yield from warnings(after)
    for tag in CARRIED:
        if before.get(tag) != after.get(tag):
            yield f"{tag}: {after.get(tag)!r}, the original {before.get(tag)!r}"
    if after.get("Orientation", 1) != 1:
        yield f"Orientation: {after['Orientation']}, and the pixels stand upright"


def sidecars(library: Path, work: Path, arguments: argparse.Namespace) -> Iterable[str]:
    """Exports a library with sidecars, and yields what exiftool reads otherwise than the records tell."""
    name = library.parent.name
    backup = work / f"backup-{name}"
    run(arguments.samples, "library", copied(library, work / name), backup)
    for form in ("xmp", "json"):
        out = work / f"{name}-{form}"
        run(arguments.corer, "photos", "--no-input", "--backup", backup, "--sidecar", form, "--no-gallery", "--output", out)
        read = {path: tags for path, tags in (xmp(out) if form == "xmp" else from_json(out))}
        lines = map(json.loads, (out / "photos.jsonl").read_text().splitlines())
        for asset in (line for line in lines if line["type"] == "asset"):
            for file in asset["files"]:
                # The movement of a Live Photo has none of its own.
                if not file.get("path") or "video" in file["role"]:
                    continue
                tags = read.get(out / f"{file['path']}.{form}")
                faults = ["no sidecar"] if tags is None else told(asset, tags)
                yield from (f"{name}: {file['path']}.{form}: {fault}" for fault in faults)


def copied(library: Path, folder: Path) -> Path:
    folder.mkdir()
    for part in library.parent.glob("Photos.sqlite*"):
        (folder / part.name).write_bytes(part.read_bytes())
    return folder / library.name


def xmp(out: Path) -> Iterable[tuple[Path, dict]]:
    command = ["exiftool", "-json", "-n", "-r", "-ext", "xmp", "-charset", "filename=utf8", str(out)]
    for tags in json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout):
        yield Path(tags["SourceFile"]), tags


def from_json(out: Path) -> Iterable[tuple[Path, dict]]:
    """Sidecars in JSON are what exiftool takes in: it writes each into an empty picture, and says what it wrote."""
    documents, written = [], out / "written"
    written.mkdir()
    sidecars = [path for path in sorted(out.rglob("*.json")) if path.name != "report.json"]
    for number, sidecar in enumerate(sidecars):
        document = json.loads(sidecar.read_text())[0]
        if document["SourceFile"] != sidecar.name.removesuffix(".json"):
            yield sidecar, {"Error": f"it is of {document['SourceFile']}"}
        document["SourceFile"] = str(written / f"{number}.jpg")
        Image.new("RGB", (8, 8)).save(document["SourceFile"])
        documents.append(document)
    everything = out / "written.json"
    everything.write_text(json.dumps(documents))
    run("exiftool", "-q", "-q", "-n", "-overwrite_original", f"-json={everything}", written)
    for tags in exiftool(written):
        yield sidecars[int(Path(tags["SourceFile"]).stem)], tags


def told(asset: dict, tags: dict) -> Iterable[str]:
    """How tags tell something else than the record."""
    yield from warnings(tags)
    if asset["date"]:
        taken = datetime.fromisoformat(asset["date"])
        read = str(tags.get("DateTimeOriginal", ""))
        if not read.startswith(taken.strftime("%Y:%m:%d %H:%M:%S")):
            yield f"DateTimeOriginal: {read!r}, the record {asset['date']}"
        zone = taken.strftime("%z")
        if f"{zone[:3]}:{zone[3:]}" not in read + str(tags.get("OffsetTimeOriginal", "")):
            yield f"the zone is not {zone}"
    place = asset["place"] or {}
    for side, tag in (("latitude", "GPSLatitude"), ("longitude", "GPSLongitude")):
        there, expected = tags.get(tag), place.get(side)
        if (there is None) != (expected is None) or (expected is not None and abs(float(there) - expected) > 1e-5):
            yield f"{tag}: {there!r}, the record {expected!r}"
    if asset["favorite"] and tags.get("Rating") != 5:
        yield f"Rating: {tags.get('Rating')!r} of a favourite"


if __name__ == "__main__":
    sys.exit(main())
