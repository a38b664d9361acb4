"""The six digits that a linked phone shows each 30 seconds, also without a network (ACC-10).

As in RFC 6238, with SHA-256 and a key of 32 bytes; the phone computes the same in the browser.
"""

import hmac
from datetime import datetime

SECONDS = 30
DIGITS = 6
# Clocks differ, and typing takes a moment: the code before and the one after count, too.
TOLERANCE = 1


def step_at(at: datetime) -> int:
    """Return the number of the half minute that `at` lies in, counted since 1970."""
    return int(at.timestamp()) // SECONDS


def code_of_step(secret: bytes, step: int) -> str:
    """Return the code of a half minute."""
    digest = hmac.digest(secret, step.to_bytes(8, "big"), "sha256")
    offset = digest[-1] & 0x0F
    number = int.from_bytes(digest[offset : offset + 4], "big") & 0x7FFFFFFF
    return f"{number % 10**DIGITS:0{DIGITS}d}"


def find_step(secret: bytes, code: str, at: datetime) -> int | None:
    """Return the half minute near `at` whose code this is, or None."""
    present = step_at(at)
    for step in range(present - TOLERANCE, present + TOLERANCE + 1):
        if hmac.compare_digest(code_of_step(secret, step).encode(), code.encode()):
            return step
    return None
