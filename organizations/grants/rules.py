"""What may be granted to whom, whatever page or client asks (ORG-13)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from manager.kit.errors import DomainError
from organizations.access.choices import find_products, list_family_choices
from organizations.access.roles import UNRESTRICTED
from organizations.members.models import Membership
from organizations.members.rules import RoleNotGivable, check_role_givable
from organizations.teams.models import Team


@dataclass(frozen=True, slots=True)
class Target:
    """What a grant reaches: a family with its future products, or one product."""

    family: str = ""
    product_id: int | None = None


class GrantNotNeeded(DomainError):
    """The member's role sees every product."""

    code = "grant_not_needed"
    status = 409
    message = _("This role sees every product already.")


class UnknownGrant(DomainError):
    """What was to be granted is not a family, nor a product of this organization."""

    code = "unknown_product"
    status = 422
    field = "what"
    message = _("Please choose a family or a product from the list.")


class EndIsPast(DomainError):
    """The access would be over before it begins."""

    code = "end_is_past"
    status = 422
    field = "until"
    message = _("Please choose a day that is not over yet.")


def check_targets(*, organization_id: int, targets: Sequence[Target]) -> None:
    """Let targets pass that the organization can grant.

    :raises UnknownGrant: there are none, or one is neither a family nor a product of this organization.
    """
    families = {target.family for target in targets if target.family}
    products = {target.product_id for target in targets if target.product_id is not None}
    known = {product.id for product in find_products(organization_id, ids=products)} if products else set()
    is_whole = all(bool(target.family) != (target.product_id is not None) for target in targets)
    if not (targets and is_whole and families <= dict(list_family_choices()).keys() and products <= known):
        raise UnknownGrant


def check_end(*, ends_at: datetime | None, at: datetime) -> None:
    """Let an end pass that lies ahead.

    :raises EndIsPast: it does not.
    """
    if ends_at is not None and ends_at <= at:
        raise EndIsPast


def check_may_grant(*, giver: Membership, holder: Membership | Team) -> None:
    """Let a giver decide on the access of a member of a role that he or she gives, or of a team.

    :raises RoleNotGivable: the member is above the giver, or the giver leads nothing.
    """
    if isinstance(holder, Membership):
        check_role_givable(giver=giver, roles={holder.role})
    elif giver.role not in UNRESTRICTED:
        raise RoleNotGivable
