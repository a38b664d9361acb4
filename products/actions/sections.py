"""The section of a product's page from which its service is asked for something."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from manager.kit.errors import Text
from products.inventory.sections import Section, Visit, register_section
from products.provisioning.actions import describe_action, list_actions, list_offered
from products.provisioning.models import ServiceAction
from products.provisioning.selectors import find_service, list_recent_actions
from products.provisioning.states import OPEN_ACTIONS, ActionStatus

TONES = {
    ActionStatus.WAITING: "notice",
    ActionStatus.RUNNING: "info",
    ActionStatus.DONE: "positive",
    ActionStatus.FAILED: "negative",
    ActionStatus.CANCELLED: "neutral",
}


@dataclass(frozen=True, slots=True)
class AskedAction:
    """Something that was asked, as the page shows it."""

    action: ServiceAction
    label: Text

    @property
    def tone(self) -> str:
        """The colour of its state."""
        return TONES[ActionStatus(self.action.status)]

    @property
    def is_tried_again(self) -> bool:
        """Whether it failed and is to be tried again by itself."""
        return bool(self.action.status == ActionStatus.WAITING and self.action.attempts)


def build_actions(visit: Visit) -> dict[str, Any] | None:
    """Return what the service can be asked for and what was asked lately, or None where it knows nothing."""
    product, kind = visit.product, visit.product.plan.kind
    if all(action.is_own for action in list_actions(kind)):
        return None
    ids = {"organization_id": product.organization_id, "product_id": product.pk}
    service = find_service(**ids)
    if service is None:
        return None
    own = {action.slug for action in list_actions(kind) if action.is_own}
    asked = [
        AskedAction(row, describe_action(kind=kind, slug=row.slug))
        for row in list_recent_actions(**ids)
        if row.slug not in own
    ]
    offered = list_offered(kind=kind, service=service)
    if not offered and not asked:
        return None
    pending = {one.action.slug for one in asked if one.action.status in OPEN_ACTIONS}
    return {
        "actions": [(action, action.slug in pending) for action in offered],
        "asked": asked,
        "is_running": service.is_running,
    }


register_section(
    Section("products/actions/section.html", build_actions, position=20, anchor="actions", title=_("Actions"))
)
