"""Hand the newest zone to the name servers."""

from datetime import datetime

from django.db import transaction

from manager.kit.actor import Actor
from products.modules.domain.models import Domain
from products.modules.domain.selectors import SET_ZONE
from products.provisioning.services import (
    ActionNotOffered,
    ActionNotPossible,
    ActionPending,
    ask_own_action,
)


@transaction.atomic
def publish_zone(*, domain: Domain, at: datetime) -> bool:
    """Ask the domain's service for its newest zone; return False where that has to wait.

    In the scope of its organization. Where the driver knows no zones there is nothing to wait for.
    """
    row = Domain.objects.get(pk=domain.pk, organization_id=domain.organization_id)
    try:
        ask_own_action(
            organization_id=row.organization_id,
            product_id=row.product_id,
            slug=SET_ZONE,
            parameters={"version": row.version},
            actor=Actor.system("domains"),
            at=at,
        )
    except (ActionNotPossible, ActionPending):
        return False
    except ActionNotOffered:
        pass
    mine = Domain.objects.filter(pk=row.pk, organization_id=row.organization_id)
    mine.update(offered_version=row.version)
    return True
