"""Codes and secrets as ASVS 5.0 V6.4 and V6.5 ask for them; the rows are in docs/asvs.csv (ACC-8, ACC-9)."""

import ast
import math
from pathlib import Path

from django_otp.plugins.otp_totp.models import TOTPDevice

from accounts.mfa.codes import ALPHABET, GROUP_LENGTH, GROUPS, make_codes, normalize_code
from accounts.mfa.models import BackupCode
from tests.factories.people import browser, code_of, give_password, register, turn_on_totp

ACCOUNTS = Path(__file__).parents[3] / "accounts"


def test_backup_codes_are_stored_salted_and_slow():
    """V6.5.2: each set has a salt of 64 bits; the same code of two sets is stored differently."""
    users = [register() for _ in range(2)]
    codes = [turn_on_totp(user) for user in users]
    stored = [set(BackupCode.objects.filter(user=user).values_list("code_hash", flat=True)) for user in users]
    salts = [{row.partition("$")[0] for row in rows} for rows in stored]
    assert len(salts[0]) == len(salts[1]) == 1
    assert salts[0] != salts[1]
    assert all(len(salt) * 4 >= 32 for salt in salts[0] | salts[1])
    assert not any(normalize_code(code) in row for code in codes[0] for row in stored[0])


def test_codes_of_an_earlier_set_are_worth_nothing():
    """V6.5.1, V6.5.6: a new set ends the one before."""
    from accounts.mfa.services import regenerate_backup_codes
    from tests.factories.people import present, visitor

    user = register()
    [old, *_] = turn_on_totp(user)
    new = regenerate_backup_codes(user=user, actor=visitor(), at=present())
    for code, status in ((old, 422), (new[0], 302), (new[0], 422)):
        client = browser()
        give_password(client, user)
        assert client.post("/sign-in/code/", {"code": code}).status_code == status


def test_codes_have_enough_random_bits():
    """V6.5.4: twenty at the least, which six digits are taken for."""
    assert GROUPS * GROUP_LENGTH * math.log2(len(ALPHABET)) > 70
    assert len({code for _ in range(50) for code in make_codes()}) == 500
    user = register()
    turn_on_totp(user)
    assert TOTPDevice.objects.get(user=user).digits == 6
    assert len(TOTPDevice.objects.get(user=user).bin_key) >= 20


def test_an_old_code_of_the_app_is_refused(time_machine_at):
    """V6.5.5: it lives half a minute, and the one beside it for clocks that differ."""
    user = register()
    turn_on_totp(user)
    code = code_of(user)
    client = browser()
    give_password(client, user)
    with time_machine_at(minutes=2):
        assert client.post("/sign-in/code/", {"code": code}).status_code == 422


def test_no_secret_comes_from_a_guessable_source():
    """V6.5.3: the house imports `secrets`, never `random` or a uuid made of the clock."""
    found = []
    for path in ACCOUNTS.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            names = [alias.name for alias in getattr(node, "names", []) if isinstance(alias, ast.alias)]
            source = node.module if isinstance(node, ast.ImportFrom) else ""
            if "random" in names or source == "random" or (source == "uuid" and "uuid1" in names):
                found.append(str(path))
    assert found == []
    assert any("import secrets" in path.read_text() for path in ACCOUNTS.rglob("*.py"))
