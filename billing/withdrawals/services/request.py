"""Ask for money of the prepaid account to be paid out: prepaid to payouts with the request (BIL-7)."""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _
from stdnum import iban as iban_numbers
from stdnum.exceptions import ValidationError

from billing.ledger.models import AccountKind
from billing.ledger.selectors import get_balance
from billing.ledger.services import lock_accounts
from billing.withdrawals.disputed import disputed_balance
from billing.withdrawals.errors import (
    BalanceDisputed,
    DestinationInvalid,
    RequestKeyReused,
    WithdrawalOutOfRange,
    WithdrawalTooHigh,
)
from billing.withdrawals.models import PayoutMeans, Withdrawal
from billing.withdrawals.services.steps import post_withdrawal, tell_withdrawal
from manager.kit.actor import Actor
from manager.kit.money import Money
from organizations.profile.models import Organization

LEAST = 100
"""The smallest withdrawal, in minor units: 1.00."""
NOT_BELOW_ZERO = "prepaid_not_negative"


@dataclass(frozen=True, slots=True)
class Destination:
    """Where money is paid to: an account number or an address at PayPal, in the name of `holder`."""

    means: PayoutMeans
    holder: str
    iban: str = ""
    paypal: str = ""

    def checked(self) -> "Destination":
        """Return it in its compact form.

        :raises DestinationInvalid: no account number, no address, or nobody's name.
        """
        if not self.holder.strip():
            raise DestinationInvalid(_("Please enter the name of the account's holder."), field="holder")
        if self.means == PayoutMeans.PAYPAL:
            if not self.paypal.strip():
                raise DestinationInvalid(_("Please enter the address of the PayPal account."), field="paypal")
            return Destination(PayoutMeans.PAYPAL, self.holder.strip(), paypal=self.paypal.strip())
        try:
            return Destination(PayoutMeans.IBAN, self.holder.strip(), iban=iban_numbers.validate(self.iban))
        except ValidationError as error:
            raise DestinationInvalid from error


def request_withdrawal(
    *,
    organization: Organization,
    money: Money,
    destination: Destination,
    request_key: str = "",
    actor: Actor,
    at: datetime,
) -> Withdrawal:
    """Take `money` off the prepaid account to have it paid out; publishes `withdrawal.requested`.

    Above the operator's limit two people approve it. The edges ask for a fresh proof of the person first.
    Repeated with `request_key` it is one.

    :raises WithdrawalOutOfRange: below 1.00, or not in the organization's currency.
    :raises DestinationInvalid: the account number or address is none.
    :raises WithdrawalTooHigh: the balance is smaller; it is never below zero.
    :raises BalanceDisputed: only with money of a disputed top-up it would be enough (BIL-14).
    :raises RequestKeyReused: the key was used for another sum or destination.
    """
    if money.amount < LEAST or money.currency != organization.currency:
        raise WithdrawalOutOfRange
    to = destination.checked()
    try:
        with transaction.atomic():
            lock_accounts(organization=organization, currency=money.currency)
            known = _find_same(organization, money, to, request_key)
            if known is not None:
                return known
            _require_undisputed(organization, money)
            row = Withdrawal.objects.create(
                organization_id=organization.pk,
                request_key=request_key,
                means=to.means,
                holder=to.holder,
                iban=to.iban,
                paypal=to.paypal,
                amount=money.amount,
                currency=money.currency,
                needs_two=money.amount > settings.WITHDRAWALS_FOUR_EYES_ABOVE,
                requested_by=actor.user_id,
                requested_by_name=actor.name[:200],
                requested_at=at,
            )
            post_withdrawal(row, "", "withdrawal", row.amount, AccountKind.PREPAID, AccountKind.PAYOUTS, at)
            tell_withdrawal(row, "withdrawal.requested", actor, at)
    except IntegrityError as error:
        if NOT_BELOW_ZERO in str(error):
            raise WithdrawalTooHigh from error
        raise
    return row


def _find_same(organization: Organization, money: Money, to: Destination, key: str) -> Withdrawal | None:
    """Return what an earlier sending of the same form asked for."""
    if not key:
        return None
    known = Withdrawal.objects.filter(organization_id=organization.pk, request_key=key).first()
    if known is None:
        return None
    same = Destination(PayoutMeans(known.means), known.holder, iban=known.iban, paypal=known.paypal)
    if (known.money, same) != (money, to):
        raise RequestKeyReused
    return known


def _require_undisputed(organization: Organization, money: Money) -> None:
    balance = get_balance(organization=organization, kind=AccountKind.PREPAID, currency=money.currency)
    disputed = disputed_balance(organization=organization, balance=balance)
    if balance - disputed < money <= balance:
        raise BalanceDisputed
