"""The limit of a token holds when everything comes at once (API-3)."""

import http.client
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlsplit

import pytest

from accounts.tokens import api
from tests.factories.cast import make_person
from tests.factories.tokens import make_api_token
from tests.fixtures.http import Site

CALLERS, EACH, LIMIT = 30, 20, 60


def test_accepts_exactly_sixty_of_six_hundred_at_once(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """API-3, INC-12: thirty callers over real HTTP with one token; how long it takes does not matter."""
    monkeypatch.setattr(api, "WINDOW_SECONDS", 3600)
    _token, secret = make_api_token(make_person())
    address = urlsplit(site.url)

    def ask(_caller: int) -> list[tuple[int, str | None]]:
        answers = []
        for _time in range(EACH):
            connection = http.client.HTTPConnection(address.hostname or "", address.port, timeout=120)
            connection.request("GET", "/api/1/profile", headers={"Authorization": f"Bearer {secret}"})
            answer = connection.getresponse()
            answer.read()
            answers.append((answer.status, answer.headers["RateLimit"].partition(";t=")[0]))
            connection.close()
        return answers

    with ThreadPoolExecutor(CALLERS) as callers:
        answers = [answer for some in callers.map(ask, range(CALLERS)) for answer in some]

    assert Counter(status for status, _left in answers) == {200: LIMIT, 429: CALLERS * EACH - LIMIT}
    # Each that was let in took another one of the sixty.
    left = sorted(left for status, left in answers if status == 200)
    assert left == sorted(f'"default";r={number}' for number in range(LIMIT))
