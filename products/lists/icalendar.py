"""Expiries as a calendar in the format of RFC 5545."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

LINE = 75


@dataclass(frozen=True, slots=True)
class DayEvent:
    """Something on a day; `uid` stays the same for the same thing."""

    uid: str
    on: date
    title: str
    text: str
    url: str


def write_calendar(*, name: str, events: Iterable[DayEvent], at: datetime) -> str:
    """Return a calendar called `name` with events of whole days, as of `at`."""
    stamp = at.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Manager//Expiries//EN",
        "METHOD:PUBLISH",
        f"X-WR-CALNAME:{_text(name)}",
        "REFRESH-INTERVAL;VALUE=DURATION:PT12H",
    ]
    for event in events:
        lines += [
            "BEGIN:VEVENT",
            f"UID:{event.uid}",
            f"DTSTAMP:{stamp}",
            f"DTSTART;VALUE=DATE:{event.on:%Y%m%d}",
            f"DTEND;VALUE=DATE:{event.on + timedelta(days=1):%Y%m%d}",
            f"SUMMARY:{_text(event.title)}",
            f"DESCRIPTION:{_text(event.text)}",
            f"URL:{event.url}",
            "TRANSP:TRANSPARENT",
            "END:VEVENT",
        ]
    lines.append("END:VCALENDAR")
    return "".join(f"{_fold(line)}\r\n" for line in lines)


def _text(value: str) -> str:
    for plain, told in (("\\", "\\\\"), (";", "\\;"), (",", "\\,"), ("\r\n", "\\n"), ("\n", "\\n")):
        value = value.replace(plain, told)
    return "".join(letter for letter in value if letter.isprintable())


def _fold(line: str) -> str:
    """Return the line in pieces of at most 75 octets, no letter cut through."""
    pieces, room = [""], LINE
    for letter in line:
        size = len(letter.encode())
        if size > room:
            pieces.append("")
            room = LINE - 1
        pieces[-1] += letter
        room -= size
    return "\r\n ".join(pieces)
