"""How far actions on products are, as tasks (API-1, PRD-13)."""

from django.db.models import Case, CharField, F, QuerySet, Value, When
from django.utils.translation import gettext_lazy as _

from organizations.access.roles import Permission
from organizations.progress.kinds import NO_NUMBER, Progress, Sight, TaskKind, Work, register_kind
from organizations.progress.status import TaskState
from products.inventory.models import Product
from products.provisioning.models import ServiceAction
from products.provisioning.states import TASK, ActionStatus

# The other states have the same name in both.
STATE = Case(
    When(status=ActionStatus.WAITING, then=Value(TaskState.PENDING.value)),
    default=F("status"),
    output_field=CharField(),
)


def find_actions(sight: Sight) -> QuerySet[ServiceAction]:
    """Return what was asked of the products that a person sees."""
    actions = ServiceAction.objects.filter(organization_id=sight.organization.pk).annotate(
        task_state=STATE,
        task_done=NO_NUMBER,
        task_total=NO_NUMBER,
        task_finished_at=F("closed_at"),
        task_parent_id=F("product_id"),
    )
    if sight.products.everything:
        return actions
    products = sight.products.filter(Product.objects.filter(organization_id=sight.organization.pk))
    return actions.filter(product_id__in=products.values("pk"))


def tell_action(action: Work) -> Progress:
    """Return how far an action is; what the machines said of a failure is for staff."""
    state = TaskState(action.state)
    place = ("product_action", {"product_id": action.parent_id or 0, "action_id": action.id})
    return Progress(
        state=state,
        address=place,
        result=place if state == TaskState.DONE else None,
        failed_because=_("Our staff sees it and looks into it.") if state == TaskState.FAILED else "",
    )


register_kind(TaskKind(TASK, Permission.PRODUCTS_VIEW, "products:read", find_actions, tell_action))
