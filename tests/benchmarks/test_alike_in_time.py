"""Answers about known and unknown accounts take the same time, in interleaved tries (INC-8).

`make bench` runs it. What is compared are medians within one run: known against unknown.
"""

from collections.abc import Callable
from statistics import median
from time import perf_counter

import pytest
from django.contrib.auth.hashers import make_password
from django.test import Client

from accounts.users.models import User
from tests.factories.people import PASSWORD, present

TRIES = 500
MOST = 1.05


def make_people(count: int) -> list[User]:
    """Return people with one password, made at once."""
    at, password = present(), make_password(PASSWORD)
    return User.objects.bulk_create(
        User(
            email=f"known-{number:04d}@example.org",
            first_name="Carla",
            last_name="Brunner",
            phone=f"+4179{number:07d}",
            password=password,
            email_confirmed_at=at,
            created_at=at,
        )
        for number in range(count)
    )


def fill_registration(who: str) -> dict[str, str]:
    """Return the fields of a new customer."""
    return {
        "first_name": "Eva",
        "last_name": "Meier",
        "email": f"{who}@example.org",
        "phone": "+41791110011",
        "password": "seven-lantern-orchid-bridge",
        "kind": "private",
        "company_name": "",
        "country": "CH",
    }


# The path, the status of every answer, and the fields.
WAYS: dict[str, tuple[str, int, Callable[[str], dict[str, str]]]] = {
    "sign-in": (
        "/sign-in/",
        422,
        lambda who: {"email": f"{who}@example.org", "password": "wrong-password-entirely"},
    ),
    "forgotten password": ("/password-forgotten/", 302, lambda who: {"email": f"{who}@example.org"}),
    "forgotten login": (
        "/login-forgotten/",
        302,
        lambda who: {"phone": f"+41{'79' if who[0] == 'k' else '78'}{who[-4:]:>07}", "channel": "sms"},
    ),
    "registration": ("/register/", 302, fill_registration),
}


@pytest.mark.parametrize("way", WAYS)
def test_known_and_unknown_take_the_same_time(
    way: str, record_property: Callable[[str, object], None]
) -> None:
    """INC-8: medians over 500 tries differ by less than 5 percent, beside a quick hash."""
    make_people(TRIES)
    path, status, fields = WAYS[way]
    times: dict[str, list[float]] = {"known": [], "unkno": []}
    client = Client()
    for number in range(TRIES):
        pair = ("known", "unkno") if number % 2 else ("unkno", "known")
        for who in pair:
            # Each from another address: nobody is limited here.
            address = f"10.{number % 250}.{number // 250}.{1 if who == 'known' else 2}"
            client.cookies.clear()
            values = fields(f"{who}-{number:04d}")
            start = perf_counter()
            answer = client.post(path, values, REMOTE_ADDR=address)
            times[who].append(perf_counter() - start)
            assert answer.status_code == status
    known, unknown = median(times["known"]), median(times["unkno"])
    ratio = max(known, unknown) / min(known, unknown)
    record_property(way, round(ratio, 3))
    print(f"{way:20} known {known * 1000:6.2f} ms   unknown {unknown * 1000:6.2f} ms   ratio {ratio:.3f}")
    assert ratio < MOST
