"""A payout that the bank sent back belongs to its withdrawal: its money is balance again (BIL-7, BIL-17)."""

import re
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from billing.bank.models import StatementEntry
from billing.bank.services.book import EntryClosed, lock_entry
from billing.bank.services.journal import note_decision
from billing.bank.status import FOR_STAFF, TRANSITIONS, EntryStatus
from billing.withdrawals.models import Withdrawal
from billing.withdrawals.services import return_withdrawal
from billing.withdrawals.status import WithdrawalStatus
from manager.kit.actor import Actor
from manager.kit.errors import DomainError
from manager.kit.money import Money
from manager.kit.scope import tenant_scope
from manager.kit.status import transition

OURS = re.compile(r"W([1-9][0-9]{0,17})")
"""The name that each payment order of ours carries from end to end."""
AWAY = (WithdrawalStatus.SENT, WithdrawalStatus.PAID)


class NoSuchPayout(DomainError):
    """The entry names no withdrawal whose money is away."""

    code = "no_such_payout"
    message = _("It is not known which withdrawal came back, or its money is on the account again already.")


def find_payout(entry: StatementEntry) -> Withdrawal | None:
    """Return the withdrawal that came back with `entry`: named in it, in its currency, away.

    Over its sum, or less where banks have kept charges on the way (`kept_of`). The name is the payer's to
    choose: over less it counts only where the bank itself says that a payment came back.
    """
    named = OURS.fullmatch(entry.end_to_end)
    if named is None or not entry.is_credit:
        return None
    is_back = entry.is_reversal or bool(entry.return_reason)
    over = {"amount__gte": entry.amount} if is_back else {"amount": entry.amount}
    rows = Withdrawal.objects.using("system").select_related("organization")
    return rows.filter(pk=int(named[1]), currency=entry.currency, status__in=AWAY, **over).first()


def kept_of(entry: StatementEntry, payout: Withdrawal) -> Money:
    """Return what banks kept of a payout that came back with `entry`."""
    return Money(payout.amount - entry.amount, payout.currency)


def return_payout(*, entry: StatementEntry, actor: Actor, at: datetime) -> Withdrawal:
    """Note that the withdrawal of an entry came back, with the bank's reason, and that the entry is booked.

    The customer has the whole sum again and is mailed by `withdrawal.ended`; what banks kept is a fee of
    the operator's.

    :raises EntryClosed: the entry is dealt with.
    :raises NoSuchPayout: it names no withdrawal whose money is away.
    """
    payout = find_payout(entry)
    if payout is None:
        raise NoSuchPayout
    with tenant_scope(payout.organization_id), transaction.atomic(durable=True):
        row = lock_entry(entry)
        if row.status not in FOR_STAFF:
            raise EntryClosed
        kept = kept_of(row, payout).amount
        payout = return_withdrawal(
            withdrawal=payout, reason=row.return_reason, actor=actor, at=at, charges=kept
        )
        row.candidate_organization, row.candidate_withdrawal = payout.organization_id, payout.pk
        transition(row, EntryStatus.BOOKED, TRANSITIONS)
        row.save()
        note_decision(
            row,
            "returned",
            actor,
            at,
            organization=payout.organization_id,
            withdrawal=payout.pk,
            charges=kept or None,
        )
    return payout
