"""Holds the calendars that corer writes against what the database says, as other people's programs understand both.

Rules of every letter of the specifier are generated, with exceptions and moved occurrences, across changes of summer time. Each
is expanded by recurring-ical-events from our file, by dateutil from the columns, and by corer for its pages: all three must be the
same moments. Values of hostile events are read by icalendar and vobject.
"""
import argparse
import json
import os
import random
import re
import sqlite3
import subprocess
import sys
import tempfile
from datetime import date, datetime, timedelta, timezone
from pathlib import Path
from zoneinfo import ZoneInfo

import icalendar
import recurring_ical_events
import vobject
from dateutil import rrule

ROOT = Path(__file__).resolve().parents[2]
DATABASE = "HomeDomain/Library/Calendar/Calendar.sqlitedb"
EPOCH = datetime(2001, 1, 1, tzinfo=timezone.utc)
ZONES = ("Europe/Oslo", "America/New_York", "America/Santiago", "Australia/Lord_Howe", "Asia/Kolkata", "Africa/Casablanca",
         "Pacific/Auckland", "UTC", "_float", "day")
DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
FREQUENCIES = {1: rrule.DAILY, 2: rrule.WEEKLY, 3: rrule.MONTHLY, 4: rrule.YEARLY}
# So many occurrences of a series without an end are compared.
COMPARED = 60
EVIL = "a\r\nX-EVIL:1\nEND:VEVENT\rX\x85Y\u2028Z\u2029\x0bV,;:\\\"é🎈"
SCHEMA = """
CREATE TABLE CalendarItem (ROWID INTEGER PRIMARY KEY, summary, description, start_date, start_tz, end_date, end_tz, all_day,
  calendar_id, unique_identifier, entity_type, orig_item_id, orig_date, location_id);
CREATE TABLE Calendar (ROWID INTEGER PRIMARY KEY, title); INSERT INTO Calendar VALUES (1, 'Work');
CREATE TABLE Location (ROWID INTEGER PRIMARY KEY, title, latitude, longitude);
CREATE TABLE Recurrence (owner_id, frequency, interval, week_start, count, end_date, specifier);
CREATE TABLE ExceptionDate (owner_id, date);
"""


class Series:
    """A rule, as the columns have it, and when it takes place by dateutil."""

    def __init__(self, number: int, seed: random.Random):
        self.number, self.zone = number, ZONES[number % len(ZONES)]
        self.frequency = seed.choice((1, 2, 3, 4))
        self.interval = seed.choice((1, 1, 1, 2, 3))
        self.week_start = seed.choice((0, 1, 2, 7))
        self.parts: dict[str, list] = {}
        self._choose(seed)
        self.count = seed.choice((0, 0, 7, 25))
        clock = datetime(2019 + number % 5, seed.randint(1, 12), seed.randint(1, 28), seed.choice((0, 1, 2, 9, 23)), 30)
        if self.zone == "day":
            clock = clock.replace(hour=0, minute=0)
        # What begins on a day that the rule does not name is told differently by everybody.
        first = next(iter(self._rule(clock, count=1)), None)
        self.start = first or clock
        self.is_empty = first is None
        self.until = None
        if not self.count and seed.random() < 0.3 and not self.is_empty:
            self.until = self.start + timedelta(days=seed.choice((40, 400, 900)))
        self.exceptions, self.moved = [], []
        found = self.all()
        if len(found) > 3:
            self.exceptions = [found[1]]
            self.moved = [found[2]] if seed.random() < 0.6 else []

    def _choose(self, seed: random.Random):
        some = lambda values, most: sorted(seed.sample(values, seed.randint(1, most)))
        letters = {1: "DO", 2: "DO", 3: "DMSO", 4: "DMOS"}[self.frequency]
        for letter in letters:
            if seed.random() < 0.55:
                match letter:
                    case "D":
                        plain = self.frequency <= 2 or seed.random() < 0.5
                        nth = lambda: 0 if plain else seed.choice((1, 2, 3, -1, -2))
                        self.parts["D"] = [(nth(), day) for day in seed.sample(DAYS, seed.randint(1, 3))]
                    case "M":
                        self.parts["M"] = some([1, 2, 13, 15, 28, 30, 31, -1, -2], 3)
                    case "O":
                        self.parts["O"] = some(list(range(1, 13)), 4)
                    case "S":
                        self.parts["S"] = some([1, 2, -1], 2)
        if "S" in self.parts and not {"D", "M", "O"} & set(self.parts):
            del self.parts["S"]

    def specifier(self) -> str:
        days = [f"{nth:+d}{day}" if nth else f"0{day}" for nth, day in self.parts.get("D", [])]
        texts = {letter: [str(value) for value in values] for letter, values in self.parts.items() if letter != "D"}
        if days:
            texts["D"] = days
        return ";".join(f"{letter}={','.join(values)}" for letter, values in texts.items())

    def _rule(self, clock: datetime, **more) -> rrule.rrule:
        days = [getattr(rrule, day)(nth) if nth else getattr(rrule, day) for nth, day in self.parts.get("D", [])]
        start = DAYS[(self.week_start + 5) % 7] if self.week_start else "MO"
        return rrule.rrule(
            FREQUENCIES[self.frequency], dtstart=clock, interval=self.interval, wkst=getattr(rrule, start),
            byweekday=days or None, bymonthday=self.parts.get("M"), bymonth=self.parts.get("O"), bysetpos=self.parts.get("S"), **more)

    def all(self) -> list[datetime]:
        """What clocks show when it takes place, without a thought of exceptions."""
        if self.is_empty:
            return []
        until = {"until": self.until} if self.until else {}
        found = self._rule(self.start, **({"count": self.count} if self.count else until))
        result = []
        for clock in found:
            if len(result) == COMPARED:
                break
            result.append(clock)
        return result

    def moment(self, clock: datetime) -> datetime:
        """The moment at which a clock of its zone shows this; where there is none, the clock as if it were UTC."""
        zone = timezone.utc if self.zone in ("_float", "day", "UTC") else ZoneInfo(self.zone)
        return clock.replace(tzinfo=zone).astimezone(timezone.utc)

    def expected(self) -> list[datetime]:
        gone = {*self.exceptions, *self.moved}
        own = [self.moment(clock) for clock in self.all() if clock not in gone]
        return sorted(own + [self.moment(clock + timedelta(minutes=17)) for clock in self.moved])

    def insert(self, db: sqlite3.Connection):
        apple = lambda clock: (self.moment(clock) - EPOCH).total_seconds()
        is_day = self.zone == "day"
        zone = "_float" if is_day else self.zone
        row = "INSERT INTO CalendarItem VALUES (?, ?, NULL, ?, ?, ?, ?, ?, 1, ?, 2, ?, ?, NULL)"
        identity = self.number + 1
        length = 86_399 if is_day else 1800
        start = apple(self.start)
        db.execute(row, (identity, f"S{identity}", start, zone, start + length, zone, int(is_day), f"uid-{identity}", 0, 0))
        until = apple(self.until) if self.until else 0
        db.execute("INSERT INTO Recurrence VALUES (?, ?, ?, ?, ?, ?, ?)",
                   (identity, self.frequency, self.interval, self.week_start, self.count, until, self.specifier()))
        for gone in (*self.exceptions, *self.moved):
            db.execute("INSERT INTO ExceptionDate VALUES (?, ?)", (identity, apple(gone)))
        for clock in self.moved:
            moved = apple(clock + timedelta(minutes=17))
            zone = zone if not is_day else "UTC"
            db.execute(row, (100_000 + identity, f"S{identity}", moved, zone, moved + 60, zone, 0, f"uid-moved-{identity}", identity, apple(clock)))


def main() -> int:
    arguments = parse()
    seed = random.Random(1961)
    series = [Series(number, seed) for number in range(arguments.rules)]
    problems: list[str] = []
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "tree", DATABASE)
        file.parent.mkdir(parents=True)
        db = sqlite3.connect(file)
        db.executescript(SCHEMA)
        for one in series:
            one.insert(db)
        db.commit()
        db.close()
        out = Path(folder, "out")
        run(arguments.corer, "calendars", "-b", file.parents[3], "-o", out, "--tz", "UTC")
        text = (out / "calendars.ics").read_bytes()
        calendar = icalendar.Calendar.from_ical(text)
        pages = drawn(out)
        moments = 0
        for one in series:
            moments += check(one, calendar, pages, problems)
        components = sum(1 for _ in vobject.readComponents(text.decode()))
        if components != 1:
            problems.append(f"vobject reads {components} calendars")
        values = hostile(arguments.corer, Path(folder), problems)
    letters = {letter: sum(letter in one.parts for one in series) for letter in "DMOS"}
    empty = sum(one.is_empty for one in series)
    print(f"{len(series)} rules ({letters}; {empty} never take place), {moments} moments, {values} values of hostile events, "
          f"{len(problems)} differences")
    for problem in problems[:20]:
        print(" ", problem)
    return 1 if problems else 0


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corer", type=Path, default=ROOT / "target/debug/corer")
    parser.add_argument("--rules", type=int, default=240)
    return parser.parse_args()


def run(corer: Path, *arguments) -> str:
    command = [corer.absolute(), *arguments, "--no-input", "--quiet"]
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, env=os.environ).stdout.decode()


def drawn(out: Path) -> dict[str, list[datetime]]:
    """When each series begins on our pages, by its title."""
    found: dict[str, list[datetime]] = {}
    for page in out.glob("calendars-*.html"):
        entry = re.compile(r"<b><bdi>(\w+)</bdi></b><time datetime=\"([^\"]+)\"")
        for title, time in entry.findall(page.read_text()):
            found.setdefault(title, []).append(datetime.fromisoformat(time).replace(tzinfo=timezone.utc))
    return {title: sorted(times) for title, times in found.items()}


def in_utc(start: date | datetime) -> datetime:
    if not isinstance(start, datetime):
        start = datetime(start.year, start.month, start.day)
    return start.replace(tzinfo=timezone.utc) if start.tzinfo is None else start.astimezone(timezone.utc)


def check(one: Series, calendar: icalendar.Calendar, pages: dict, problems: list[str]) -> int:
    expected = one.expected()
    if not expected:
        return 0
    uid = f"uid-{one.number + 1}"
    alone = icalendar.Calendar()
    for component in calendar.subcomponents:
        if component.name == "VTIMEZONE" or str(component.get("UID")) == uid:
            alone.add_component(component)
    last = expected[-1]
    query = recurring_ical_events.of(alone)
    events = query.between(one.moment(one.start) - timedelta(days=2), last + timedelta(days=2))
    found = sorted(moment for moment in (in_utc(event.start) for event in events) if moment <= last)
    if found != expected:
        problems.append(f"{uid} {one.zone} {one.specifier()!r}: {differences(found, expected)}")
    ours = [moment for moment in pages.get(f"S{one.number + 1}", []) if moment <= last]
    horizon = max(ours, default=last)
    wanted = expected if one.count or one.until else [moment for moment in expected if moment <= horizon]
    if ours != wanted:
        problems.append(f"page of {uid} {one.zone} f{one.frequency} i{one.interval} {one.specifier()!r}: {differences(ours, wanted)}")
    return len(expected)


def differences(found: list[datetime], expected: list[datetime]) -> str:
    more, less = sorted(set(found) - set(expected)), sorted(set(expected) - set(found))
    return f"{len(more)} too many {[str(m) for m in more[:2]]}, {len(less)} too few {[str(m) for m in less[:2]]}"


def hostile(corer: Path, folder: Path, problems: list[str]) -> int:
    """Texts of people who mean harm, read back by two programs."""
    file = folder / "hostile" / DATABASE
    file.parent.mkdir(parents=True)
    db = sqlite3.connect(file)
    db.executescript(SCHEMA)
    db.execute("INSERT INTO Location VALUES (1, ?, 1.5, 2.5)", (EVIL,))
    row = "INSERT INTO CalendarItem VALUES (1, ?, ?, 7e8, 'Europe/Oslo', 7.00003e8, 'Europe/Oslo', 0, 1, ?, 2, 0, 0, 1)"
    db.execute(row, (EVIL, EVIL, EVIL))
    db.commit()
    db.close()
    text = run(corer, "calendars", "-b", file.parents[3], "-f", "ics", "-o", "-")
    record = [json.loads(line) for line in run(corer, "calendars", "-b", file.parents[3], "--json").splitlines()][1]
    if record["title"] != EVIL or record["description"] != EVIL:
        problems.append("the records do not say what the database says")
    clean = re.sub("\r\n|[\r\n\x0b\x0c\x1c-\x1e\x85\u2028\u2029]", "\n", EVIL)
    event = next(iter(icalendar.Calendar.from_ical(text).walk("VEVENT")))
    other = vobject.readOne(text).vevent
    seen = 0
    for name in ("SUMMARY", "DESCRIPTION", "LOCATION", "UID"):
        for reader, value in (("icalendar", str(event[name])), ("vobject", other.contents[name.lower()][0].value)):
            seen += 1
            if value != clean:
                problems.append(f"{reader} reads {name} as {value!r}")
    if "\nX-EVIL" in text.replace("\r", "\n") or len(text.splitlines()) != text.count("\r\n"):
        problems.append("a value adds a line")
    return seen


if __name__ == "__main__":
    sys.exit(main())
