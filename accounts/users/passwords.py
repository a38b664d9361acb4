"""What makes a password good enough, and the quick hasher of the tests."""

import unicodedata
from functools import cache
from typing import Any

from django.conf import settings
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from zxcvbn import zxcvbn

from accounts.users.models import User
from accounts.users.selectors import has_second_factor

LENGTH_ALONE = 15
LENGTH_WITH_SECOND_FACTOR = 12
LONGEST = 256
# What zxcvbn looks at; the rest of a longer one can only add strength.
ESTIMATED = 72
GOOD_SCORE = 3
# What must be left of a password without the person's own words.
UNKNOWN_LENGTH = 8
# What guessers of a panel for hosting try first; named in docs/sign-in.md.
CONTEXT_WORDS = (
    *("account", "administrator", "billing", "collaborator", "dashboard", "domain", "hosting", "invoice"),
    *("kubernetes", "mailbox", "organization", "password", "representative", "server", "support", "webmail"),
)


class QuickArgon2Hasher(Argon2PasswordHasher):
    """Argon2 at its cheapest, for tests only."""

    time_cost = 1
    memory_cost = 8
    parallelism = 1


class StrengthValidator:
    """Refuse short, guessable and unprintable passwords (ACC-17).

    15 characters for who signs in by password alone, 12 for who has a second factor.
    """

    def validate(self, password: str, user: Any = None) -> None:
        """Refuse a weak `password`, with the person's own data counted as known to a guesser.

        :raises ValidationError: it is too short, too long, guessable or has control characters.
        """
        if any(unicodedata.category(character) in {"Cc", "Cs"} for character in password):
            raise ValidationError(_("Please leave out control characters."), code="control_characters")
        minimum = minimum_length(user)
        if len(password) < minimum:
            raise ValidationError(
                ngettext(
                    "Use at least %(count)d character. Several words in a row are easy to remember.",
                    "Use at least %(count)d characters. Several words in a row are easy to remember.",
                    minimum,
                )
                % {"count": minimum},
                code="too_short",
            )
        if len(password) > LONGEST:
            raise ValidationError(
                _("Use at most %(count)d characters.") % {"count": LONGEST}, code="too_long"
            )
        if is_guessable(password, known_words(user)):
            raise ValidationError(
                _("This password is easy to guess. Avoid names, repetitions and well-known phrases."),
                code="guessable",
            )

    def get_help_text(self) -> str:
        """Return the rule, for beside the field."""
        return _("At least %(count)d characters, for example four or five unrelated words.") % {
            "count": LENGTH_ALONE
        }


def is_guessable(password: str, known: list[str]) -> bool:
    """Return whether a guesser who knows the words `known` finds the password soon."""
    rest = password.lower()
    if rest[: (rest + rest).index(rest, 1)] in _common_passwords():  # also one that only repeats itself
        return True
    for word in sorted(known, key=len, reverse=True):
        rest = rest.replace(word, "")
    if len(rest) < UNKNOWN_LENGTH:
        return True
    return bool(zxcvbn(password[:ESTIMATED], user_inputs=known)["score"] < GOOD_SCORE)


@cache
def _common_passwords() -> frozenset[str]:
    """Return the twenty thousand that Django ships; zxcvbn has a list of its own."""
    return frozenset(CommonPasswordValidator().passwords)


def minimum_length(user: Any) -> int:
    """Return how many characters the person's password needs."""
    if isinstance(user, User) and user.pk and has_second_factor(user):
        return LENGTH_WITH_SECOND_FACTOR
    return LENGTH_ALONE


def known_words(user: Any) -> list[str]:
    """Return what a guesser knows: the brand, and the person's names, address and number."""
    words = [settings.BRAND_NAME, *CONTEXT_WORDS]
    if user is not None:
        email = getattr(user, "email", "") or ""
        words += [email, *email.replace("@", ".").split(".")]
        words += [getattr(user, name, "") or "" for name in ("first_name", "last_name", "phone")]
    return [word.lower() for word in words if len(word) > 2]
