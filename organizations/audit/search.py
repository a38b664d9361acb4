"""Find events by what a reader sees of them, in the reader's language (ORG-16).

The log keeps codes, and pages show words for them: a word of a search is turned into the codes whose words on
the page have it. So a search asks the database as often as before, whatever the language.
"""

import re

from django.db.models import Q

from manager.kit.money import Money
from organizations.audit.amounts import CALLED_BY_AMOUNT
from organizations.audit.labels import ACTORS, LABELS
from organizations.audit.subjects import kinds_called
from organizations.profile.models import Organization

AMOUNT = re.compile(r"\d[\d'’.,]*[.,]\d\d")
SPACED_AMOUNT = re.compile(r"(?<![\d.,])\d{1,3}(\s\d{3})+[.,]\d\d(?!\d)")
LEADING_SIGN = re.compile(r"([€$£])(?=\d)")


def words_of(search: str) -> list[str]:
    """Return the words of a search; an amount is one, whose blanks between thousands count for nothing."""
    joined = SPACED_AMOUNT.sub(lambda amount: re.sub(r"\s", "", amount[0]), search)
    return LEADING_SIGN.sub(r"\1 ", joined).split()


def shows(word: str, *, organization: Organization) -> Q:
    """Return the condition that an event shows `word`: what it was, who did it, what it was about."""
    return (
        Q(subject_name__icontains=word)
        | Q(actor_name__icontains=word)
        | Q(on_behalf_of__icontains=word)
        | Q(through__icontains=word)
        | Q(name__icontains=word)
        | Q(name__in=[name for name, label in LABELS.items() if _has(label, word)])
        | Q(actor_kind__in=[kind for kind, label in ACTORS.items() if _has(label, word)])
        | kinds_called(word)
        | _amounts(word, organization.currency)
    )


def _has(label: object, word: str) -> bool:
    return word.casefold() in str(label).casefold()


def _amounts(word: str, currency: str) -> Q:
    """Return the condition on what is called by its amount; amounts are written with their cents."""
    called = Q(subject_kind__in=CALLED_BY_AMOUNT)
    if AMOUNT.fullmatch(word):
        return called & Q(data__amount=int(re.sub(r"\D", "", word)))
    if any(sign.isdigit() for sign in word) or not _has(Money.zero(currency).format(), word):
        return Q(pk__in=[])
    return called & (Q(data__currency=currency) | Q(data__currency__isnull=True))
