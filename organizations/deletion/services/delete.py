"""Delete an organization (ORG-14)."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from manager.kit.actor import Actor
from manager.kit.errors import DomainError, NotFound
from manager.kit.scope import tenant_scope
from manager.outbox.publish import publish
from organizations.access.roles import Role
from organizations.audit.services import record_audit
from organizations.deletion.conditions import list_conditions
from organizations.grants.services import end_all_grants
from organizations.members.models import Invitation, Membership
from organizations.profile.models import Logo, Organization, VatCheck
from organizations.support.services import end_all_support


class ConditionsNotMet(DomainError):
    """Something is not settled; `context` names the conditions."""

    code = "conditions_not_met"
    status = 409
    message = _("Something has to be settled first. The list shows what.")


class NameDiffers(DomainError):
    """What was typed is not the organization's name."""

    code = "name_differs"
    status = 422
    field = "name"
    message = _("This is not the name of the organization.")


class OnlyRepresentative(DomainError):
    """Only a legal representative ends an organization."""

    code = "only_representative"
    status = 403
    message = _("Only a legal representative can delete the organization.")


def delete_organization(
    *, membership: Membership, typed_name: str, mail_invoices: bool, actor: Actor, at: datetime
) -> Organization:
    """Delete the organization of `membership`, its last member, for good (ORG-14).

    Nobody can enter any more, support neither; open invitations and grants end; name and address are taken
    from the sheet. Invoices, the ledger and the audit log stay by law. `mail_invoices` has all paid invoices
    mailed to the person, who must have the billing right. Publishes `organization.deleted`.

    Under the organization's lock: what others begin meanwhile is either seen by the conditions or, as the
    database refuses new rows of a deleted organization, not written.

    :raises NotFound: the person is no member any more, or the organization is deleted.
    :raises OnlyRepresentative: the person has another role.
    :raises NameDiffers: `typed_name` is not its name.
    :raises ConditionsNotMet: something is not settled.
    """
    organization_id = membership.organization_id
    with tenant_scope(organization_id, 0), transaction.atomic():
        row = Organization.objects.select_for_update(of=("self",)).get(pk=organization_id)
        own = Membership.objects.select_related("user").filter(pk=membership.pk).first()
        if own is None or row.deleted_at is not None:
            raise NotFound
        if own.role != Role.LEGAL_REPRESENTATIVE:
            raise OnlyRepresentative
        if typed_name.strip() != row.name.strip():
            raise NameDiffers
        missing = [
            condition.code
            for condition in list_conditions(organization_id=organization_id, at=at)
            if not condition.met
        ]
        if missing:
            raise ConditionsNotMet(conditions=missing)
        _tell(row, own, actor=actor, at=at, mail_invoices=mail_invoices and own.has_billing)
        _end(row, own, actor=actor, at=at)
    return row


def _tell(row: Organization, own: Membership, *, actor: Actor, at: datetime, mail_invoices: bool) -> None:
    record_audit(
        organization_id=row.pk,
        name="organization.deleted",
        actor=actor,
        at=at,
        subject=row,
        mail_invoices=mail_invoices,
    )
    publish(
        "organization.deleted",
        organization_id=row.pk,
        payload={
            "name": row.name,
            "mail_invoices": mail_invoices,
            "user": own.user_id,
            "recipient": own.user.email,
            "person": own.user.name,
            "language": own.user.language,
        },
        at=at,
    )


def _end(row: Organization, own: Membership, *, actor: Actor, at: datetime) -> None:
    """Take away who may enter and what the law does not ask to keep."""
    end_all_support(organization_id=row.pk, actor=actor, at=at)
    end_all_grants(organization_id=row.pk, actor=actor, at=at)
    Invitation.objects.filter(organization_id=row.pk, accepted_at=None, withdrawn_at=None).update(
        withdrawn_at=at
    )
    Logo.objects.filter(organization_id=row.pk).delete()
    VatCheck.objects.filter(organization_id=row.pk, due_at__isnull=False).delete()
    VatCheck.objects.filter(organization_id=row.pk).update(recheck_at=None)
    own.delete()
    row.deleted_at = at
    row.name = f"#{row.pk}"
    row.street = row.postal_code = row.city = row.vat_number = row.logo_digest = ""
    row.save(
        update_fields=["deleted_at", "name", "street", "postal_code", "city", "vat_number", "logo_digest"]
    )
