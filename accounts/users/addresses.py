"""One form of each e-mail address and phone number, so that equal ones compare as equal."""

import re
from contextlib import suppress

import phonenumbers
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

HOME_REGION = "CH"
# The domain of temporary logins (ACC-13): reserved for ever, so that no mail to it goes anywhere.
TEMPORARY_DOMAIN = "temporary.invalid"
IDENTIFIER = re.compile(r"[a-z]{1,4}[0-9]{8}")


def normalize_email(address: str | None) -> str:
    """Return the one form in which an address is stored and looked up: lower case, domain in ASCII.

    Only the stored address is ever written to, so a look-alike finds nobody else's mailbox (INC-19).
    """
    local, at_sign, domain = (address or "").strip().lower().rpartition("@")
    if not at_sign:
        return domain
    with suppress(UnicodeError):  # not a domain at all: the form's validator says so
        domain = domain.encode("idna").decode("ascii")
    return f"{local}@{domain}"


def normalize_login(typed: str | None) -> str:
    """Return the stored form of what a person signs in with: an address, or a temporary identifier."""
    login = normalize_email(typed)
    return f"{login}@{TEMPORARY_DOMAIN}" if IDENTIFIER.fullmatch(login) else login


def is_temporary(address: str) -> bool:
    """Return whether this login stands in for a mailbox that was deleted (ACC-13)."""
    return address.endswith(f"@{TEMPORARY_DOMAIN}")


def mask_email(address: str) -> str:
    """Return an address so that its owner recognizes it and nobody else learns it: j•••@example.org."""
    local, _at, domain = address.rpartition("@")
    return f"{local[:1]}•••@{domain}"


def mask_phone(number: str) -> str:
    """Return a number so that its owner recognizes it: +41 ••• 67."""
    return f"{number[:3]} ••• {number[-2:]}" if number else ""


def normalize_phone(number: str) -> str:
    """Return a phone number in its international form (E.164); empty stays empty.

    :raises ValidationError: there is no such number.
    """
    if not number.strip():
        return ""
    try:
        parsed = phonenumbers.parse(number, HOME_REGION)
    except phonenumbers.NumberParseException:
        parsed = None
    if parsed is None or not phonenumbers.is_valid_number(parsed):
        raise ValidationError(_("Enter a phone number with its country code, for example +41 79 123 45 67."))
    return str(phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164))


def show_phone(number: str) -> str:
    """Return a stored phone number in groups, as people write it."""
    try:
        parsed = phonenumbers.parse(number)
    except phonenumbers.NumberParseException:
        return number
    return str(phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.INTERNATIONAL))


def country_of_phone(number: str) -> str:
    """Return the country of a stored number (ISO 3166), "" where it tells none."""
    try:
        region = phonenumbers.region_code_for_number(phonenumbers.parse(number))
    except phonenumbers.NumberParseException:
        return ""
    return region or ""
