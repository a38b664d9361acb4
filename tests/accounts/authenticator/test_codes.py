"""The codes of each half minute (ACC-10), against the published values of RFC 6238 for SHA-256."""

from datetime import UTC, datetime, timedelta

import pytest

from accounts.authenticator.codes import code_of_step, find_step, step_at

SECRET = b"12345678901234567890123456789012"


@pytest.mark.parametrize(
    ("seconds", "code"),
    [(59, "119246"), (1111111109, "084774"), (1234567890, "819424"), (20000000000, "737706")],
)
def test_are_those_of_the_standard(seconds, code):
    """Its eight digits end with these six."""
    assert code_of_step(SECRET, step_at(datetime.fromtimestamp(seconds, UTC))) == code


@pytest.mark.parametrize(("halves", "is_taken"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_may_be_a_half_minute_early_or_late(halves, is_taken):
    """Clocks differ a little, and typing takes a moment."""
    at = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)
    step = step_at(at + timedelta(seconds=30 * halves))
    assert find_step(SECRET, code_of_step(SECRET, step), at) == (step if is_taken else None)


@pytest.mark.parametrize("code", ["", "12345", "１２３４５６", "abcdef", "x" * 1000])
def test_are_six_digits(code):
    """Anything else is none of them."""
    assert find_step(SECRET, code, datetime(2026, 11, 22, tzinfo=UTC)) is None
