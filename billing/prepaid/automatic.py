"""The notice of a low balance, and the top-up that happens by itself (BIL-7, BIL-16)."""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from billing.gateway.errors import GatewayMisconfigured, GatewayRefused, GatewayUnavailable
from billing.gateway.vocabulary import FailureKind
from billing.ledger.models import Account, AccountKind
from billing.payment_methods.models import PaymentMethod
from billing.payment_methods.selectors import is_disputed
from billing.payment_methods.setups import KindNotOffered
from billing.payments.errors import MethodExpired
from billing.payments.models import Initiator, PaymentAttempt, Purpose
from billing.payments.services import PaymentInProgress, cancel_attempt, charge_top_up, require_usable
from billing.payments.status import CLOSED, OPEN, AttemptStatus
from billing.prepaid.models import PrepaidSettings
from billing.prepaid.selectors import prepaid_balance
from billing.prepaid.services import LEAST, MOST, TopUpOutOfRange
from manager.kit.actor import Actor
from manager.kit.errors import DomainError
from manager.kit.money import Money
from manager.kit.scope import tenant_scope
from manager.outbox.publish import publish
from organizations.audit.services import record_audit
from organizations.profile.models import Organization

logger = logging.getLogger(__name__)

ACTOR = Actor.system("prepaid")
MOST_A_DAY = 3
FAILURES = 3
"""So many refusals in a row switch the automatic top-up off."""
TRIED_AGAIN_AFTER = timedelta(hours=6)


class ThresholdInvalid(DomainError):
    """A threshold is not above zero, or the automatic top-up is told only in part."""

    code = "prepaid_settings_invalid"
    status = 422
    field = "auto_below"
    message = _("An automatic top-up needs a threshold, a sum and a saved means.")


@dataclass(frozen=True, slots=True)
class Wish:
    """What an organization wants, in minor units of its currency; None switches off."""

    notice_below: int | None = None
    auto_below: int | None = None
    auto_amount: int | None = None
    auto_method: PaymentMethod | None = None
    pays_renewals: bool = False


def get_settings(*, organization: Organization) -> PrepaidSettings:
    """Return the settings of an organization; all off where none were chosen, and then not stored."""
    found = PrepaidSettings.objects.select_related("auto_method").filter(organization_id=organization.pk)
    return found.first() or PrepaidSettings(organization_id=organization.pk)


@transaction.atomic
def change_settings(*, organization: Organization, wish: Wish, actor: Actor, at: datetime) -> PrepaidSettings:
    """Store thresholds of the prepaid account; an automatic top-up that had stopped begins anew.

    :raises ThresholdInvalid: not above zero, or in part.
    :raises TopUpOutOfRange: a top-up below 0.10 or above 9,999.
    :raises MethodExpired: the means of a new choice is a card that has ended.
    :raises KindNotOffered: that means is not taken in the organization's currency.
    """
    parts = (wish.auto_below, wish.auto_amount, wish.auto_method)
    is_auto = any(part is not None for part in parts)
    if is_auto and (None in parts or not _can_be_charged(organization, wish.auto_method)):
        raise ThresholdInvalid
    if wish.auto_amount is not None and not LEAST <= wish.auto_amount <= MOST:
        raise TopUpOutOfRange(field="auto_amount")
    if any(below is not None and below <= 0 for below in (wish.notice_below, wish.auto_below)):
        raise ThresholdInvalid(_("Please choose a threshold above zero."))
    PrepaidSettings.objects.get_or_create(organization_id=organization.pk)
    row = PrepaidSettings.objects.select_for_update().get(organization_id=organization.pk)
    present = (row.auto_below, row.auto_amount, row.auto_method)
    others = (row.notice_below, row.pays_renewals)
    if row.stopped_at is None and (*others, *present) == (wish.notice_below, wish.pays_renewals, *parts):
        return row
    row.pays_renewals = wish.pays_renewals
    if row.notice_below != wish.notice_below:
        row.noticed_at = None
    row.notice_below = wish.notice_below
    if present != parts or row.stopped_at is not None:
        if wish.auto_method is not None:
            _require_usable(organization, wish.auto_method, at)
        row.auto_below, row.auto_amount, row.auto_method = parts
        row.auto_by = actor.user_id
        row.auto_since, row.stopped_at = (at if is_auto else None), None
    row.save()
    record_audit(
        organization_id=organization.pk,
        name="prepaid.settings_changed",
        actor=actor,
        at=at,
        subject=row,
        notice_below=row.notice_below,
        auto_below=row.auto_below,
        auto_amount=row.auto_amount,
        method=row.auto_method_id,
        pays_renewals=row.pays_renewals,
    )
    return row


def _can_be_charged(organization: Organization, method: PaymentMethod | None) -> bool:
    return (
        method is not None
        and method.organization_id == organization.pk
        and method.removed_at is None
        and not method.is_prepaid
    )


def _require_usable(organization: Organization, method: PaymentMethod, at: datetime) -> None:
    try:
        require_usable(organization, method, organization.currency, at)
    except (MethodExpired, KindNotOffered) as error:
        error.field = "auto_method"
        raise


def drain_prepaid(*, at: datetime) -> int:
    """Look after all accounts that are below a threshold or above it again; return how many."""
    balance = Account.objects.using("system").filter(
        organization_id=OuterRef("organization_id"),
        kind=AccountKind.PREPAID,
        currency=OuterRef("organization__currency"),
    )
    rows = PrepaidSettings.objects.using("system").annotate(
        balance=Coalesce(Subquery(balance.values("balance")[:1]), 0)
    )
    due = rows.filter(
        Q(notice_below__gt=F("balance"), noticed_at=None)
        | Q(notice_below__lte=F("balance"), noticed_at__isnull=False)
        | Q(auto_below__gt=F("balance"), stopped_at=None)
    )
    done = 0
    for organization_id in list(due.order_by("pk").values_list("organization_id", flat=True)):
        with tenant_scope(organization_id):
            done += _look_after(Organization.objects.get(pk=organization_id), at)
    return done


def _look_after(organization: Organization, at: datetime) -> bool:
    """Look after one account; one that fails stops nobody."""
    try:
        watch_balance(organization=organization, at=at)
        top_up_by_itself(organization=organization, at=at)
    except DomainError as error:
        logger.warning("The prepaid account of %s could not be looked after: %s", organization.pk, error)
        return False
    except Exception:  # one account must not stop the others
        logger.exception("The prepaid account of %s could not be looked after.", organization.pk)
        return False
    return True


@transaction.atomic
def watch_balance(*, organization: Organization, at: datetime) -> None:
    """Publish `prepaid.low` once when the balance has fallen below the threshold; above it, begin anew."""
    row = PrepaidSettings.objects.select_for_update().filter(organization_id=organization.pk).first()
    if row is None or row.notice_below is None:
        return
    balance = prepaid_balance(organization=organization)
    is_low = balance.amount < row.notice_below
    if is_low == (row.noticed_at is not None):
        return
    row.noticed_at = at if is_low else None
    row.save(update_fields=["noticed_at"])
    if is_low:
        facts = {"balance": balance.amount, "threshold": row.notice_below, "currency": balance.currency}
        publish("prepaid.low", organization_id=organization.pk, payload=facts, at=at)


def top_up_by_itself(*, organization: Organization, at: datetime) -> PaymentAttempt | None:
    """Charge the saved means when the balance is below the threshold; three steps, each its own commit.

    One at a time by the database, three a day at most; a refusal is tried again after six hours, and the
    third in a row switches it off and publishes `prepaid.auto_stopped`. So does at once a refusal for good
    (BIL-11), and what the provider would refuse, such as a card that has ended: it is not called (BIL-9). A
    means that was removed, or whose payment is disputed, is left alone (BIL-14). The attempt before names the
    wish, and is read before the balance: so of two that begin at once, one is refused by the request's key.
    """
    mine = PaymentAttempt.objects.filter(
        organization_id=organization.pk, purpose=Purpose.TOP_UP, initiator=Initiator.AUTO
    ).order_by("-pk")
    last = mine.first()
    row = get_settings(organization=organization)
    method = row.auto_method
    if row.auto_below is None or method is None or row.stopped_at:
        return None
    newest = list(mine.filter(created_at__gte=row.auto_since or at)[:FAILURES])
    is_for_good = _is_refused_for_good(newest, method)
    if is_for_good or _failures(newest) == FAILURES:
        _stop(row, at, reason=newest[0].decline_message if is_for_good else "")
        return None
    if not _may_try(last, at) or method.removed_at is not None or is_disputed(method):
        return None
    today = mine.filter(created_at__gt=at - timedelta(days=1)).count()
    if today >= MOST_A_DAY or prepaid_balance(organization=organization).amount >= row.auto_below:
        return None
    return _charge(organization, row, method, last, at)


def _charge(
    organization: Organization,
    row: PrepaidSettings,
    method: PaymentMethod,
    last: PaymentAttempt | None,
    at: datetime,
) -> PaymentAttempt | None:
    try:
        attempt = charge_top_up(
            organization=organization,
            money=Money(row.auto_amount or 0, organization.currency),
            method=method,
            request_key=f"auto-top-up:{last.pk if last else 0}",
            actor=ACTOR,
            at=at,
        )
        if attempt.status == AttemptStatus.REQUIRES_ACTION:  # nobody is here to approve it
            attempt = cancel_attempt(attempt=attempt, actor=ACTOR, at=at)
    except PaymentInProgress:  # somebody else was faster
        return None
    except (MethodExpired, KindNotOffered) as error:
        _stop(row, at, reason=error.code)
        return None
    except (GatewayUnavailable, GatewayMisconfigured, GatewayRefused):
        return None  # the janitor learns what came of it
    return attempt


def _is_refused_for_good(newest: list[PaymentAttempt], method: PaymentMethod) -> bool:
    """Return whether the last attempt was refused for good, by the means chosen now."""
    return any(
        last.status == AttemptStatus.FAILED
        and last.decline_kind == FailureKind.HARD
        and last.method_id == method.pk
        for last in newest[:1]
    )


def _may_try(last: PaymentAttempt | None, at: datetime) -> bool:
    if last is None:
        return True
    if last.status in OPEN:
        return False
    return last.status not in CLOSED or at >= last.created_at + TRIED_AGAIN_AFTER


def _failures(newest: list[PaymentAttempt]) -> int:
    """Return how many of the newest attempts came to nothing in a row."""
    count = 0
    for attempt in newest:
        if attempt.status not in CLOSED:
            break
        count += 1
    return count


@transaction.atomic
def _stop(row: PrepaidSettings, at: datetime, reason: str = "") -> None:
    locked = PrepaidSettings.objects.select_for_update().get(organization_id=row.organization_id, pk=row.pk)
    if locked.stopped_at is not None or locked.auto_since != row.auto_since:
        return
    locked.stopped_at = at
    locked.save(update_fields=["stopped_at"])
    record_audit(
        organization_id=row.organization_id, name="prepaid.auto_stopped", actor=ACTOR, at=at, subject=locked
    )
    facts = {"reason": reason}
    publish("prepaid.auto_stopped", organization_id=row.organization_id, payload=facts, at=at)
