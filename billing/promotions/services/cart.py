"""Enter codes at the checkout and take them out again. Entered, they hold no use yet (PRD-3)."""

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction

from billing.promotions.errors import CodeUnknown, TooManyCodes, TooManyGuesses
from billing.promotions.lowering import Line, lower_prices
from billing.promotions.models import CartCode, PromoCode
from billing.promotions.selectors import find_codes, is_open, list_cart_codes, normalize
from manager.kit.ratelimit import give_back, take
from organizations.profile.models import Organization

MOST_CODES = 10
GUESSES = 20
WINDOW_SECONDS = 3600


def find_entered(*, organization: Organization, texts: Sequence[str], on: date) -> list[PromoCode]:
    """Return the codes of these texts, each once. What is not there counts as a guess, by organization.

    :raises CodeUnknown: one does not exist, is not valid on the day, or is another customer's.
    :raises TooManyGuesses: too many unknown ones within an hour.
    :raises TooManyCodes: more than ten.
    """
    wanted = list(dict.fromkeys(normalize(text) for text in texts))
    if len(wanted) > MOST_CODES:
        raise TooManyCodes
    if not wanted:
        return []
    allowance = take(f"promo-codes:{organization.pk}", GUESSES, WINDOW_SECONDS)
    if not allowance.allowed:
        raise TooManyGuesses
    known = find_codes(texts=wanted)
    missing = [
        text
        for text in wanted
        if text not in known or not is_open(known[text], organization_id=organization.pk, on=on)
    ]
    if missing:
        raise CodeUnknown(promo_code=missing[0])
    give_back(allowance)
    return [known[text] for text in wanted]


def enter_code(
    *, organization: Organization, text: str, lines: Sequence[Line], on: date, at: datetime
) -> PromoCode:
    """Put a code into the cart, if it takes something off its `lines`; one that is there already stays.

    :raises CodeRefused: it takes nothing off; the subclass says why.
    :raises TooManyGuesses: too many unknown ones within an hour.
    """
    [code] = find_entered(organization=organization, texts=[text], on=on)
    with transaction.atomic():
        Organization.objects.select_for_update(no_key=True).get(pk=organization.pk)
        others = [other for other in list_cart_codes(organization=organization) if other.pk != code.pk]
        if len(others) >= MOST_CODES:
            raise TooManyCodes
        lowered = lower_prices(organization=organization, lines=lines, codes=[*others, code], on=on)
        refused = lowered.codes[-1].refused
        if refused is not None:
            raise refused
        CartCode.objects.get_or_create(
            organization_id=organization.pk, code=code, defaults={"created_at": at}
        )
    return code


def remove_code(*, organization: Organization, code_id: int) -> None:
    """Take a code out of the cart; one that is gone already is fine."""
    CartCode.objects.filter(organization_id=organization.pk, code_id=code_id).delete()
