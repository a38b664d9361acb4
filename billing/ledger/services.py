"""Post movements of money; the database refuses what does not balance (BIL-15)."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime

from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from billing.ledger.models import Account, AccountKind, Entry, Journal
from manager.kit.database.sets import listed
from manager.kit.errors import DomainError
from manager.kit.prepared import Prepared
from organizations.profile.models import Organization


class ReferenceTaken(DomainError):
    """The reference already names a movement with other amounts: two facts were given one name."""

    code = "journal_reference_taken"
    message = _("This movement is already recorded with other amounts.")


@transaction.atomic(savepoint=False)
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
    accounts: Mapping[str, int] | None = None,
) -> Journal | None:
    """Write one movement: `entries` are (account, minor units), credit positive, with the sum zero (BIL-15).

    Idempotent: a `reference` that is already posted gives its journal back. Those of one account become one
    entry, and what is zero is left out; None when nothing moves. Accounts are locked in the order of their
    kind, so that two movements of an organization cannot wait for each other; `accounts` are those that the
    caller has from `lock_accounts`.

    :raises ReferenceTaken: the reference is posted with other amounts.
    :raises IntegrityError: the entries do not sum to zero, or the prepaid account would fall below zero.
    """
    moved = _sum_up((str(account), amount) for account, amount in entries)
    if not moved:
        return None
    journal = Journal(
        organization_id=organization.pk,
        reference=reference,
        kind=kind,
        currency=currency,
        invoice_id=invoice_id,
        description=description[:200],
        at=at,
    )
    wanted = {account_kind for account_kind, _amount in moved}
    if accounts is None or not wanted <= accounts.keys():
        accounts = _lock(organization, currency, wanted)
    if not _insert_once(journal, [(accounts[account_kind], amount) for account_kind, amount in moved]):
        posted = Journal.objects.get(organization_id=organization.pk, reference=reference)
        _refuse_other_amounts(posted, currency, moved)
        return posted
    return journal


def lock_accounts(*, organization: Organization, currency: str) -> dict[str, int]:
    """Lock the organization's accounts before something else that `post_journal` would lock after them.

    Return their ids by kind. All of them are there afterwards.
    """
    return _lock(organization, currency, AccountKind.values)


INSERT_ONCE = """
    WITH journal AS (
        INSERT INTO billing_journal (organization_id, reference, kind, currency, invoice_id, description, at)
        VALUES (%s::bigint, %s::text, %s::text, %s::text, %s::bigint, %s::text, %s::timestamptz)
        ON CONFLICT (organization_id, reference) DO NOTHING RETURNING id, organization_id
    ), entries AS (
        INSERT INTO billing_entry (organization_id, journal_id, account_id, amount)
        SELECT journal.organization_id, journal.id, moved.account, moved.amount
        FROM journal, unnest(%s::bigint[], %s::bigint[]) WITH ORDINALITY AS moved (account, amount, place)
        ORDER BY moved.place
    )
    SELECT id FROM journal
"""


def _insert_once(journal: Journal, moved: Sequence[tuple[int, int]]) -> bool:
    """Insert a journal with its entries, amounts by the account's id; return whether its reference was free.

    By one statement, without a savepoint.
    """
    values = (
        journal.organization_id,
        journal.reference,
        journal.kind,
        journal.currency,
        journal.invoice_id,
        journal.description,
        journal.at,
        listed(account for account, _amount in moved),
        listed(amount for _account, amount in moved),
    )
    with connection.cursor() as cursor:
        cursor.execute(INSERT_ONCE, values)
        row = cursor.fetchone()
    if row is None:
        return False
    journal.pk = row[0]
    return True


OPEN_ALL = """
    INSERT INTO billing_account (organization_id, kind, currency, balance)
    SELECT %s, kind, %s, 0 FROM unnest(%s::text[]) WITH ORDINALITY AS wanted (kind, place) ORDER BY place
    ON CONFLICT (organization_id, kind, currency) DO NOTHING RETURNING kind, id
"""


def _lock(organization: Organization, currency: str, kinds: Collection[str]) -> dict[str, int]:
    """Lock the organization's accounts of these kinds, in the order of their kind; return their ids.

    With the first of a currency all are opened, in the same order, by one statement: of two transactions
    that open them at once the second waits before it holds any, and nobody opens one more later on.
    """
    found = _lock_found(organization, currency, kinds)
    if len(found) == len(kinds):
        return found
    with connection.cursor() as cursor:
        cursor.execute(OPEN_ALL, [organization.pk, currency, sorted(AccountKind.values)])
        opened = dict(cursor.fetchall())
    # What this transaction has opened nobody else sees; where somebody was first, all are there by now.
    own = {kind: opened[kind] for kind in kinds if kind in opened}
    return own if len(own) == len(kinds) else _lock_found(organization, currency, kinds)


def _lock_found(organization: Organization, currency: str, kinds: Collection[str]) -> dict[str, int]:
    wanted = tuple(sorted(kinds))
    return dict(_FOUND.fetch(organization_id=organization.pk, currency=currency, kinds=wanted))


def _build_found(
    *, organization_id: int, currency: str, kinds: tuple[str, ...]
) -> QuerySet[Account, tuple[str, int]]:
    wanted = Account.objects.filter(organization_id=organization_id, currency=currency, kind__in=kinds)
    return wanted.select_for_update(no_key=True).order_by("kind").values_list("kind", "pk")


_FOUND: Prepared[tuple[str, int]] = Prepared(_build_found, shape=["kinds"], planned_once=True)


def _sum_up(entries: Iterable[tuple[str, int]]) -> list[tuple[str, int]]:
    """Return one entry for each account that is moved, in the order of their kind."""
    sums: Counter[str] = Counter()
    for account_kind, amount in entries:
        sums[account_kind] += amount
    return sorted((account_kind, amount) for account_kind, amount in sums.items() if amount)


def _refuse_other_amounts(journal: Journal, currency: str, moved: list[tuple[str, int]]) -> None:
    posted = _sum_up(Entry.objects.filter(journal=journal).values_list("account__kind", "amount"))
    if journal.currency != currency or posted != moved:
        raise ReferenceTaken(reference=journal.reference)
