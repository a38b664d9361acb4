"""Post movements of money; the database refuses what does not balance (BIL-15)."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from billing.ledger.models import Account, AccountKind, Entry, Journal
from manager.kit.errors import DomainError
from organizations.profile.models import Organization


class ReferenceTaken(DomainError):
    """The reference already names a movement with other amounts: two facts were given one name."""

    code = "journal_reference_taken"
    message = _("This movement is already recorded with other amounts.")


@transaction.atomic
def post_journal(
    *,
    organization: Organization,
    reference: str,
    kind: str,
    currency: str,
    entries: Sequence[tuple[AccountKind, int]],
    at: datetime,
    invoice_id: int | None = None,
    description: str = "",
) -> Journal | None:
    """Write one movement: `entries` are (account, minor units), credit positive, with the sum zero (BIL-15).

    Idempotent: a `reference` that is already posted gives its journal back. Entries of zero are left out;
    None when nothing moves. Accounts are locked in the order of their kind, so that two movements of an
    organization cannot wait for each other.

    :raises ReferenceTaken: the reference is posted with other amounts.
    :raises IntegrityError: the entries do not sum to zero, or the prepaid account would fall below zero.
    """
    moved = sorted((str(account), amount) for account, amount in entries if amount)
    if not moved:
        return None
    journal, created = Journal.objects.get_or_create(
        organization_id=organization.pk,
        reference=reference,
        defaults={
            "kind": kind,
            "currency": currency,
            "invoice_id": invoice_id,
            "description": description[:200],
            "at": at,
        },
    )
    if not created:
        _refuse_other_amounts(journal, currency, moved)
        return journal
    for account_kind, amount in moved:
        account = _get_account(organization, account_kind, currency)
        Entry.objects.create(organization_id=organization.pk, journal=journal, account=account, amount=amount)
    return journal


def lock_accounts(*, organization: Organization, currency: str) -> None:
    """Lock the organization's accounts before something else that `post_journal` would lock after them."""
    accounts = Account.objects.select_for_update().filter(organization_id=organization.pk, currency=currency)
    list(accounts.order_by("kind").values_list("pk"))


def _get_account(organization: Organization, kind: str, currency: str) -> Account:
    account, _created = Account.objects.get_or_create(
        organization_id=organization.pk, kind=kind, currency=currency
    )
    return account


def _refuse_other_amounts(journal: Journal, currency: str, moved: list[tuple[str, int]]) -> None:
    posted = sorted(Entry.objects.filter(journal=journal).values_list("account__kind", "amount"))
    if journal.currency != currency or posted != moved:
        raise ReferenceTaken(reference=journal.reference)
