"""Top up the prepaid account (BIL-7); paying from it is `billing.payments`'."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from billing.gateway.vocabulary import MeansKind
from billing.payments.models import PaymentAttempt
from billing.payments.services import start_top_up
from manager.kit.actor import Actor
from manager.kit.errors import DomainError
from manager.kit.money import Money
from organizations.profile.models import Organization

LEAST = 10
MOST = 999_900
"""Limits of one top-up, in minor units: 0.10 to 9,999."""


class TopUpOutOfRange(DomainError):
    """The sum is below 0.10 or above 9,999."""

    code = "top_up_out_of_range"
    status = 422
    field = "amount"
    message = _("Please choose a sum between 0.10 and 9,999.")


class CurrencyNotYours(DomainError):
    """The prepaid account is kept in the organization's own currency."""

    code = "currency_not_yours"
    status = 422
    field = "currency"
    message = _("The prepaid account is kept in the currency of your organization.")


def top_up(
    *, organization: Organization, money: Money, kind: MeansKind, language: str, actor: Actor, at: datetime
) -> PaymentAttempt:
    """Open the provider's page to pay `money` into the prepaid account; go on to `redirect_url`.

    :raises TopUpOutOfRange: below 0.10 or above 9,999.
    :raises CurrencyNotYours: another currency than the organization's.
    :raises GatewayUnavailable: the page could not be opened; nothing was charged.
    """
    if not LEAST <= money.amount <= MOST:
        raise TopUpOutOfRange
    if money.currency != organization.currency:
        raise CurrencyNotYours
    return start_top_up(
        organization=organization,
        money=money,
        kinds=(kind,),
        save_means=False,
        language=language,
        actor=actor,
        at=at,
    )
