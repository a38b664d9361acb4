"""docs/sign-in.md says what the code does: its numbers and words are read from both (ACC-17, INC-15)."""

import ast
import re
from pathlib import Path

from accounts.mfa.attempts import FAILURES_PER_DAY, FAILURES_PER_PERSON
from accounts.sessions.remembering import REMEMBERED
from accounts.sessions.store import IDLE, LONGEST
from accounts.sessions.sudo import PROOF_LASTS
from accounts.sessions.views import FAILURES_PER_ADDRESS, FAILURES_PER_LOGIN
from accounts.sms.services import CODE_LASTS, TRIES
from accounts.users import passwords

ROOT = Path(__file__).parents[3]
TEXT = " ".join((ROOT / "docs" / "sign-in.md").read_text().split())


def test_names_the_limits():
    """V6.1.1: against guessing, and against locking others out."""
    assert f"from devices not known | {FAILURES_PER_LOGIN} in 15 minutes" in TEXT
    assert f"from one known device | {FAILURES_PER_LOGIN} in 15 minutes" in TEXT
    assert f"from one address | {FAILURES_PER_ADDRESS} in 15 minutes" in TEXT
    assert f"{FAILURES_PER_PERSON} in 15 minutes, {FAILURES_PER_DAY} in a day" in TEXT
    assert f"{TRIES} tries, {CODE_LASTS.seconds // 60} minutes" in TEXT


def test_names_the_words_of_the_house():
    """V6.1.2"""
    assert ", ".join(passwords.CONTEXT_WORDS) in TEXT
    assert f"{passwords.LENGTH_ALONE} characters, or {passwords.LENGTH_WITH_SECOND_FACTOR} beside" in TEXT
    assert f"must have {passwords.UNKNOWN_LENGTH} characters" in TEXT


def callers(*names: str) -> set[str]:
    """Return the rooms of accounts with a view that calls one of the functions."""
    found = set()
    for path in (ROOT / "accounts").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            called = getattr(node.func, "id", "") if isinstance(node, ast.Call) else ""
            if called in names:
                found.add(path.relative_to(ROOT / "accounts").parts[0])
    return found


def test_names_every_way_in():
    """V6.1.3, V6.3.4: the rooms that open a session are those of the table, and nobody else signs in."""
    named = set(re.findall(r"\| `accounts:(\w+)` \|", TEXT))
    assert named == {"sign_in", "second_step", "sms_step", "passkey_step", "phone_step", "passkey_sign_in"}
    assert callers("enter", "finish_step") == {"sessions", "mfa", "sms", "passkeys", "authenticator"}
    assert callers("login") == {"sessions"}
    for path in ROOT.rglob("*/views*/*.py"):
        if ".venv" not in path.parts and "tests" not in path.parts:
            assert "import login" not in path.read_text(), path


def test_names_how_long_sessions_last():
    """V7.1.1, V7.1.2: and how many there may be."""
    assert f"after {IDLE.days} days without a request, and after {LONGEST.days} days" in TEXT
    assert f"lasts {int(PROOF_LASTS.total_seconds() // 60)} minutes" in TEXT
    assert f"no second factor for {REMEMBERED.days} days" in TEXT
    assert "no limit to how many sessions" in TEXT
