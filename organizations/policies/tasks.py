"""What follows from events of the policies: mails."""

from datetime import date

from accounts.users.selectors import get_user
from manager.kit.clock import day_in
from manager.outbox.models import OutboxEvent
from organizations.members.factors import without_factor
from organizations.members.models import Membership
from organizations.members.selectors import list_representatives
from organizations.policies.emails import mail_factor_required, mail_policy_changed
from organizations.policies.models import SecondFactorPolicy
from organizations.profile.models import Organization


def email_policy_changed(event: OutboxEvent) -> None:
    """Tell the legal representatives what is demanded now."""
    organization = Organization.objects.get(pk=event.organization_id)
    required_on = event.payload.get("required_on")
    for contact in list_representatives(organization_id=organization.pk):
        mail_policy_changed(
            organization=organization,
            contact=contact,
            roles=event.payload["roles"],
            required_on=date.fromisoformat(required_on) if required_on else None,
            changed_by=event.payload["by"],
            dedupe_key=str(event.pk),
            at=event.created_at,
        )


def email_factor_required(event: OutboxEvent) -> None:
    """Tell every member whom it concerns, and who has no second factor, at the moment of the decision."""
    members = Membership.objects.filter(
        without_factor(),
        organization_id=event.organization_id,
        role__in=event.payload["roles"],
        user__is_active=True,
    )
    for user_id in members.order_by("id").values_list("user_id", flat=True):
        _mail(event, user_id)


def email_factor_reminded(event: OutboxEvent) -> None:
    """Remind one member, unless a second factor was set up, or the demand lifted or moved, meanwhile."""
    required_on = date.fromisoformat(event.payload["required_on"])
    is_valid = SecondFactorPolicy.objects.filter(
        organization_id=event.organization_id, required_on=required_on
    ).exists()
    members = Membership.objects.filter(
        without_factor(), organization_id=event.organization_id, user_id=event.payload["user"]
    )
    if is_valid and members.exists():
        _mail(event, event.payload["user"])


def _mail(event: OutboxEvent, user_id: int) -> None:
    organization = Organization.objects.get(pk=event.organization_id)
    required_on = date.fromisoformat(event.payload["required_on"])
    mail_factor_required(
        organization=organization,
        user=get_user(user_id=user_id),
        required_on=required_on,
        days_left=(required_on - day_in(organization.time_zone, event.created_at)).days,
        dedupe_key=f"{event.pk}:factor",
        at=event.created_at,
    )
