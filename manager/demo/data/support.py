"""Support access of the demonstration: one that lives, and a past one with what support did."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from accounts.users.models import User
from manager.demo.data.organizations import acting
from manager.demo.data.staff import STAFF
from manager.kit.actor import Actor, ActorKind
from organizations.profile.models import Organization
from organizations.support.models import SupportKind
from organizations.support.services import (
    enter_support,
    give_support_access,
    journal_use,
    leave_support,
    revoke_support_access,
)


def ask_support_in(
    *, organizations: Mapping[str, Organization], users: Mapping[str, User], at: datetime
) -> None:
    """Let support into Alpina: twelve days ago for its mail, and since yesterday for all that it has."""
    organization, owner = organizations["alpina"], users["anna"]
    staff = users[STAFF]
    support = Actor(ActorKind.STAFF, staff.pk, staff.name, address="192.0.2.21")
    begun = at - timedelta(days=12)

    def give(kind: SupportKind, reason: str, when: datetime) -> int:
        return give_support_access(
            organization_id=organization.pk,
            kind=kind,
            reason=reason,
            user_id=owner.pk,
            actor=acting(owner),
            at=when,
        ).pk

    mail = give(SupportKind.MAIL, "Mails to one supplier come back", begun)
    entered = begun + timedelta(hours=2)
    enter_support(organization_id=organization.pk, reason="Look at the bounces", actor=support, at=entered)
    for minute, page in enumerate(("", "products/"), start=1):
        journal_use(
            organization_id=organization.pk,
            grant_ids=[mail],
            method="GET",
            path=f"/o/{organization.pk}/{page}",
            actor=support,
            at=entered + timedelta(minutes=minute),
        )
    leave_support(organization_id=organization.pk, actor=support, at=entered + timedelta(minutes=20))
    revoke_support_access(
        organization_id=organization.pk,
        grant_id=mail,
        actor=acting(owner),
        at=begun + timedelta(days=1),
    )
    give(SupportKind.ACCOUNT, "Which of our domains are renewed when?", at - timedelta(days=1))
