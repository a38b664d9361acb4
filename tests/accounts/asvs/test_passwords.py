"""Passwords as ASVS 5.0 V6.2 asks for them; the rows are in docs/asvs.csv (ACC-17)."""

import re
from pathlib import Path

import pytest
from django.contrib.auth.password_validation import CommonPasswordValidator
from django.template.loader import get_template

from accounts.users.models import User
from accounts.users.passwords import CONTEXT_WORDS, LENGTH_ALONE, is_guessable
from accounts.users.services import WeakPassword, check_strength
from tests.factories.people import PASSWORD, browser, give_password, register, signed_in

ROOT = Path(__file__).parents[3]


def accepted(password: str) -> bool:
    try:
        check_strength(password=password, user=User(email="a@example.org"))
    except WeakPassword:
        return False
    return True


@pytest.mark.parametrize(
    "password",
    [
        "lantern orchid bridge kettle",
        "lanternorchidbridgekettle",
        "LANTERNORCHIDBRIDGEKETTLE",
        "81749265730184625937",
        "§±!?*~^°%&/()=+-_.,;:#",
        "zug fährt über grüne brücken",
    ],
)
def test_any_composition_will_do(password):
    """V6.2.5: no rule about kinds of characters."""
    assert accepted(password)


@pytest.mark.parametrize("length", [64, 128, 256])
def test_long_ones_will_do(length):
    """V6.2.9"""
    words = "lantern orchid bridge kettle violet harbour tandem quiet meadow copper "
    assert accepted((words * 5)[:length])


def test_is_compared_exactly_as_typed():
    """V6.2.8: nothing is stripped, cut or folded."""
    password = " Quiet-Harbour-Violet-Tandem-" + "lantern kettle " * 12
    user = register(password=password)
    for other in (password.strip(), password.lower(), password[:72], password[:-1], password + " "):
        assert give_password(browser(), user, other).status_code == 422
    assert give_password(browser(), user, password).status_code == 302


def test_does_not_expire(time_machine_at):
    """V6.2.10: after three years it still opens the panel."""
    user = register()
    with time_machine_at(days=3 * 365):
        assert give_password(browser(), user).status_code == 302


def common_ones() -> list[str]:
    """Return 3,000 common passwords that are long enough, or written until they are."""
    known = sorted(CommonPasswordValidator().passwords)
    long = [password for password in known if len(password) >= 12]
    short = [password for password in known if 5 <= len(password) < 12][:: len(known) // 3000 or 1]
    return [*long, *(password * (LENGTH_ALONE // len(password) + 1) for password in short)][:3000]


def test_of_the_common_lists_are_refused():
    """V6.2.4: three thousand of them, the short ones repeated up to the length that we ask for."""
    some = common_ones()
    assert len(some) == 3000
    assert [password for password in some[:400] + some[400::8] if not is_guessable(password, [])] == []


@pytest.mark.parametrize("word", CONTEXT_WORDS)
def test_with_words_of_the_house_are_refused(word):
    """V6.2.11: such a word is no part of the strength."""
    assert not accepted(f"{word}-{word}-{word}")
    assert not accepted(f"{word}{word}Xk7-q")


@pytest.mark.parametrize(
    "path", ["/sign-in/", "/profile/security/password/", "/profile/security/login/", "/register/"]
)
def test_are_masked_and_helped_by_password_managers(path):
    """V6.2.6, V6.2.7: type=password, named for managers, with nothing that stops pasting."""
    client = browser() if path in {"/sign-in/", "/register/"} else signed_in(register())
    page = client.get(path).content.decode()
    fields = re.findall(r"<input[^>]*autocomplete=\"(?:current|new)-password\"[^>]*>", page)
    assert fields
    for field in fields:
        assert 'type="password"' in field
        assert "onpaste" not in field
    assert len(fields) == len(re.findall(r"<input[^>]*type=\"password\"[^>]*>", page))


def test_may_be_pasted():
    """V6.2.7: no script hears of pasting into a password."""
    scripts = [path.read_text() for path in (ROOT / "static").rglob("*.js") if "vendor" not in path.parts]
    assert scripts
    for script in scripts:
        for near in re.findall(r"[^\n]*[\"']paste[\"'][^\n]*", script):
            assert "password" not in near.lower()


def test_have_no_hints_and_no_questions():
    """V6.4.2: no field of a person, and no field of a form, asks for one."""
    names = {field.name for field in User._meta.get_fields()}
    page = get_template("accounts/sessions/sign_in.html").template.source.lower()
    assert not [name for name in names if "hint" in name or "question" in name]
    assert "question" not in page


def test_no_account_is_there_from_the_start():
    """V6.3.2: no migration makes a person, and none ships a password."""
    for path in (ROOT / "accounts" / "migrations").glob("0*.py"):
        source = path.read_text()
        assert "RunPython" not in source, path
        assert PASSWORD not in source
        assert "argon2$" not in source
