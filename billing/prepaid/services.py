"""Top up the prepaid account, on the provider's page or from a saved means (BIL-7).

Paying from it is the business of `billing.payments`.
"""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from billing.gateway.registry import offered_kinds
from billing.gateway.vocabulary import MeansKind
from billing.payment_methods.models import PaymentMethod
from billing.payment_methods.setups import KindNotOffered
from billing.payments.models import PaymentAttempt
from billing.payments.services import start_top_up, top_up_from_method
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


class MeansUnfit(DomainError):
    """The means is the prepaid account itself."""

    code = "means_unfit"
    status = 422
    field = "method"
    message = _("Please choose another means of payment: this one is the prepaid account itself.")


def top_up(
    *,
    organization: Organization,
    money: Money,
    kind: MeansKind,
    language: str,
    actor: Actor,
    at: datetime,
    request_key: str = "",
) -> PaymentAttempt:
    """Open the provider's page to pay `money` into the prepaid account; go on to `redirect_url`.

    :raises TopUpOutOfRange: below 0.10 or above 9,999.
    :raises CurrencyNotYours: another currency than the organization's.
    :raises KindNotOffered: nobody takes this kind in this currency.
    :raises GatewayUnavailable: the page could not be opened; nothing was charged.
    """
    _check_sum(organization, money)
    if kind not in offered_kinds(currency=money.currency):
        raise KindNotOffered
    return start_top_up(
        organization=organization,
        money=money,
        kinds=(kind,),
        save_means=False,
        language=language,
        actor=actor,
        at=at,
        request_key=request_key,
    )


def top_up_with_method(
    *,
    organization: Organization,
    money: Money,
    method: PaymentMethod,
    actor: Actor,
    at: datetime,
    request_key: str = "",
) -> PaymentAttempt:
    """Charge a saved means to pay `money` into the prepaid account; look at what came of the attempt.

    `requires_action` with `redirect_url`: the bank wants an approval there.

    :raises TopUpOutOfRange: below 0.10 or above 9,999.
    :raises CurrencyNotYours: another currency than the organization's.
    :raises MeansUnfit: the means is the prepaid account itself.
    :raises MethodRemoved: the means was removed.
    :raises MethodExpired: it is a card that has ended.
    :raises RequestKeyReused: `request_key` belongs to another payment.
    """
    _check_sum(organization, money)
    if method.is_prepaid:
        raise MeansUnfit
    return top_up_from_method(
        organization=organization, money=money, method=method, request_key=request_key, actor=actor, at=at
    )


def _check_sum(organization: Organization, money: Money) -> None:
    if not LEAST <= money.amount <= MOST:
        raise TopUpOutOfRange
    if money.currency != organization.currency:
        raise CurrencyNotYours
