"""Keep the means of payment of an organization: save, name, choose the default, remove (BIL-9)."""

import logging
from datetime import datetime

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from billing.gateway.errors import GatewayMisconfigured, GatewayRefused, GatewayUnavailable
from billing.gateway.registry import gateway_for
from billing.gateway.vocabulary import Means
from billing.payment_methods.models import MethodKind, PaymentMethod
from billing.payment_methods.order import arrange
from billing.payment_methods.selectors import PREPAID_GATEWAY, list_methods
from manager.kit.actor import Actor
from manager.kit.errors import DomainError
from manager.outbox.publish import publish
from organizations.audit.services import record_audit
from organizations.profile.models import Organization

logger = logging.getLogger(__name__)


NAME_LENGTH = 60


class ReplacementInvalid(DomainError):
    """What shall be used instead is the means itself, gone, or of another organization."""

    code = "replacement_invalid"
    status = 422
    field = "replacement"
    message = _("Please choose another of your saved means.")


class MethodRemoved(DomainError):
    """The means was removed meanwhile."""

    code = "payment_method_removed"
    message = _("This means of payment has been removed.")


def lock_methods(organization_id: int) -> Organization:
    """Let one change at a time at the means of an organization, so that one of them is the default."""
    return Organization.objects.select_for_update(no_key=True).get(pk=organization_id)


@transaction.atomic
def save_method(
    *, organization_id: int, gateway: str, means: Means, actor: Actor, at: datetime
) -> PaymentMethod:
    """Keep a means as the provider describes it; the first one becomes the default (BIL-9).

    The same card entered again is the same row, with its present expiry.
    """
    organization = lock_methods(organization_id)
    rows = PaymentMethod.objects.filter(organization_id=organization_id, gateway=gateway)
    method = rows.filter(reference=means.reference).first() or (
        rows.filter(fingerprint=means.fingerprint, removed_at=None).first() if means.fingerprint else None
    )
    if method is not None and method.removed_at is None:
        return _describe(method, means)
    is_first = not list_methods(organization=organization).exists()
    if method is None:
        method = PaymentMethod(
            organization_id=organization_id,
            gateway=gateway,
            kind=means.kind.value,
            reference=means.reference,
            created_at=at,
        )
    method.removed_at = None
    method.is_default = is_first
    method.position = _last_position(organization_id) + 1
    _describe(method, means)
    record_audit(
        organization_id=organization_id, name="payment_method.saved", actor=actor, at=at, subject=method
    )
    publish("payment_method.saved", organization_id=organization_id, payload={"method": method.pk}, at=at)
    return method


def _last_position(organization_id: int) -> int:
    rows = PaymentMethod.objects.filter(organization_id=organization_id, removed_at=None)
    return int(rows.aggregate(last=Max("position"))["last"] or 0)


def _describe(method: PaymentMethod, means: Means) -> PaymentMethod:
    method.brand = means.brand
    method.last4 = means.last4
    method.expiry_month = means.exp_month
    method.expiry_year = means.exp_year
    method.email = means.email
    method.fingerprint = means.fingerprint
    method.country = means.country
    method.save()
    return method


@transaction.atomic
def use_prepaid(*, organization: Organization, actor: Actor, at: datetime) -> PaymentMethod:
    """Make the prepaid account a means that renewals can use (BIL-10)."""
    lock_methods(organization.pk)
    is_first = not list_methods(organization=organization).exists()
    method, created = PaymentMethod.objects.get_or_create(
        organization_id=organization.pk,
        gateway=PREPAID_GATEWAY,
        reference=PREPAID_GATEWAY,
        defaults={"kind": MethodKind.PREPAID, "is_default": is_first, "created_at": at},
    )
    if not created and method.removed_at is None:
        return method
    method.removed_at = None
    method.is_default = is_first
    method.position = _last_position(organization.pk) + 1
    method.save(update_fields=["removed_at", "is_default", "position"])
    record_audit(
        organization_id=organization.pk, name="payment_method.saved", actor=actor, at=at, subject=method
    )
    publish("payment_method.saved", organization_id=organization.pk, payload={"method": method.pk}, at=at)
    return method


def lock_method(method: PaymentMethod) -> PaymentMethod:
    """Return the row under its lock.

    :raises MethodRemoved: it is gone.
    """
    lock_methods(method.organization_id)
    row = PaymentMethod.objects.select_for_update().get(pk=method.pk, organization_id=method.organization_id)
    if row.removed_at is not None:
        raise MethodRemoved
    return row


@transaction.atomic
def rename_method(*, method: PaymentMethod, name: str, actor: Actor, at: datetime) -> PaymentMethod:
    """Give a means a name of one's own; an empty one brings back what it is.

    :raises MethodRemoved: it is gone.
    """
    row = lock_method(method)
    before, row.name = row.name, name.strip()[:NAME_LENGTH]
    row.save(update_fields=["name"])
    record_audit(
        organization_id=row.organization_id,
        name="payment_method.renamed",
        actor=actor,
        at=at,
        subject=row,
        before=before,
        after=row.name,
    )
    publish("payment_method.renamed", organization_id=row.organization_id, payload={"method": row.pk}, at=at)
    return row


@transaction.atomic
def set_default(*, method: PaymentMethod, actor: Actor, at: datetime) -> PaymentMethod:
    """Make a means the one that renewals use.

    :raises MethodRemoved: it is gone.
    """
    row = lock_method(method)
    others = list_methods(organization=row.organization).exclude(pk=row.pk)
    arrange([row, *others])
    record_audit(
        organization_id=row.organization_id,
        name="payment_method.default_changed",
        actor=actor,
        at=at,
        subject=row,
    )
    publish(
        "payment_method.default_changed",
        organization_id=row.organization_id,
        payload={"method": row.pk},
        at=at,
    )
    return row


def remove_method(
    *, method: PaymentMethod, actor: Actor, at: datetime, replacement: PaymentMethod | None = None
) -> PaymentMethod:
    """Remove a means here and at the provider; what depended on it goes on with `replacement`.

    Without one, the next in the order takes its place. Publishes `payment_method.removed`.

    It is gone for the panel first: should the provider not answer, nothing charges it any more all the same.

    :raises MethodRemoved: it is gone already.
    :raises ReplacementInvalid: `replacement` is not another saved means of the same organization.
    """
    with transaction.atomic(durable=True):
        row = _forget(method, actor=actor, at=at, replacement=replacement)
    if not row.is_prepaid:
        key = f"detach-{row.organization_id}-{row.pk}-{at:%Y%m%d%H%M%S}"
        try:
            gateway_for(row.gateway).detach_means(means_reference=row.reference, idempotency_key=key)
        except (GatewayUnavailable, GatewayMisconfigured, GatewayRefused) as error:
            logger.warning("The provider was not told that means %s is removed: %s", row.pk, error.code)
    return row


def _forget(
    method: PaymentMethod, *, actor: Actor, at: datetime, replacement: PaymentMethod | None = None
) -> PaymentMethod:
    row = lock_method(method)
    was_default = row.is_default
    others = list(list_methods(organization=row.organization).exclude(pk=row.pk))
    if replacement is not None and replacement not in others:
        raise ReplacementInvalid
    row.removed_at = at
    row.is_default = False
    row.save(update_fields=["removed_at", "is_default"])
    if was_default and replacement is not None:
        others.sort(key=lambda other: other != replacement)
    arrange(others)
    facts = {"replacement": replacement.pk} if replacement is not None else {}
    record_audit(
        organization_id=row.organization_id,
        name="payment_method.removed",
        actor=actor,
        at=at,
        subject=row,
        **facts,
    )
    publish(
        "payment_method.removed",
        organization_id=row.organization_id,
        payload={"method": row.pk, **facts},
        at=at,
    )
    return row


@transaction.atomic
def note_removed(*, method: PaymentMethod, actor: Actor, at: datetime) -> PaymentMethod:
    """Remove a means that the provider has forgotten by itself; one that is gone already stays so."""
    try:
        return _forget(method, actor=actor, at=at)
    except MethodRemoved:
        return method


def refresh_method(*, method: PaymentMethod, actor: Actor, at: datetime) -> PaymentMethod:
    """Take over what the provider knows now, such as the new expiry of a replaced card.

    :raises MeansNotFound: the provider does not know it any more.
    :raises GatewayUnavailable: no answer.
    """
    means = gateway_for(method.gateway).describe_means(means_reference=method.reference)
    with transaction.atomic(durable=True):
        row = lock_method(method)
        before = _face(row)
        _describe(row, means)
        record_audit(
            organization_id=row.organization_id,
            name="payment_method.updated",
            actor=actor,
            at=at,
            subject=row,
            before=before,
            after=_face(row),
        )
    return row


def _face(row: PaymentMethod) -> str:
    """Return what people see of a means, such as `Visa •••• 4242 12/2027`."""
    expiry = f" {row.expiry_month:02d}/{row.expiry_year}" if row.expiry_month and row.expiry_year else ""
    return f"{row.label}{expiry}"
