"""What a check of the doctor found."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the doctor's table: what was looked at, whether it is right, and what was seen."""

    subject: str
    is_right: bool
    detail: str


def right(subject: str, detail: str) -> Finding:
    """Return a finding that needs no attention."""
    return Finding(subject=subject, is_right=True, detail=detail)


def wrong(subject: str, detail: str) -> Finding:
    """Return a finding that somebody has to mend."""
    return Finding(subject=subject, is_right=False, detail=detail)
