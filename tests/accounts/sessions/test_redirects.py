"""No page leads out of the panel, whatever `next` says (INC-21)."""

from collections.abc import Callable
from typing import Any

import pytest

from accounts.sessions.redirects import local_path
from tests.factories.elsewhere import ELSEWHERE
from tests.factories.people import (
    PASSWORD,
    browser,
    code_of,
    give_password,
    register,
    signed_in,
    turn_on_totp,
)

CANARY = "/profile/?canary"


def _second_step(wanted: str) -> Any:
    user = register()
    turn_on_totp(user)
    client = browser()
    give_password(client, user, next=wanted)
    return client.post("/sign-in/code/", {"code": code_of(user)})


def _prove(wanted: str) -> Any:
    return signed_in(register()).post("/profile/security/prove/", {"password": PASSWORD, "next": wanted})


def _prove_by_query(wanted: str) -> Any:
    client = signed_in(register())
    return client.post("/profile/security/prove/", {"password": PASSWORD}, query_params={"next": wanted})


# Each way on which a form leads on to what `next` says; tests/isolation walks over all pages.
WAYS: dict[str, Callable[[str], Any]] = {
    "accounts:sign_in, signed in": lambda to: signed_in(register()).get("/sign-in/", {"next": to}),
    "accounts:sign_in, posted": lambda to: give_password(browser(), register(), next=to),
    "accounts:second_step": _second_step,
    "accounts:prove": _prove,
    "accounts:prove, in the address": _prove_by_query,
    "organizations:register": lambda to: signed_in(register()).get("/register/", {"next": to}),
    "shell:theme": lambda to: browser().post("/preferences/theme/", {"theme": "dark", "next": to}),
    "shell:language": lambda to: browser().post("/preferences/language/", {"language": "de", "next": to}),
}


@pytest.mark.parametrize("way", WAYS)
def test_leads_to_paths_of_the_panel(way: str) -> None:
    """INC-21: the way is one, so that the next test means something."""
    assert WAYS[way]("/profile/?x=1").url == "/profile/?x=1"


@pytest.mark.parametrize("way", WAYS)
def test_leads_nowhere_else(way: str) -> None:
    """INC-21: sixty ways to write another place; in the quick ways each, in the slow ones each sixth."""
    assert len(set(ELSEWHERE)) >= 60
    slow = way.startswith(("accounts:second_step", "accounts:prove", "accounts:sign_in, posted"))
    for elsewhere in ELSEWHERE[:: 6 if slow else 1]:
        answer = WAYS[way](elsewhere)
        assert answer.status_code == 302
        assert answer.url in {"/", "/profile/security/"}, elsewhere


def test_all_ways_ask_one_function() -> None:
    """INC-21: and it knows all sixty."""
    assert [local_path(elsewhere) for elsewhere in ELSEWHERE] == ["/"] * len(ELSEWHERE)
    assert local_path(CANARY) == CANARY
