"""Choose a free credit on a line of the cart (PRD-3, BIL-13)."""

from datetime import date

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from billing.orders.models import CartLine
from billing.orders.services.cart import lock_cart
from billing.promotions.errors import CreditRefused
from billing.promotions.models import FreeCredit
from billing.promotions.selectors import list_usable_credits
from manager.kit.errors import NotFound
from organizations.profile.models import Organization
from products.catalog.models import Plan


def find_credit(*, organization: Organization, plan: Plan, credit_id: int, on: date) -> FreeCredit:
    """Return a free credit that an order over `plan` can use on the day `on`.

    :raises CreditRefused: the organization has none like this.
    """
    usable = list_usable_credits(organization_id=organization.pk, on=on)
    credit = usable.filter(pk=credit_id, plan=plan, currency__in=("", organization.currency)).first()
    if credit is None:
        raise CreditRefused
    return credit


@transaction.atomic
def choose_credit(*, organization: Organization, line_id: int, credit_id: int | None, on: date) -> None:
    """Use a free credit for a line of the cart, None for none; it leaves the line that had it.

    :raises NotFound: the cart has no such line.
    :raises CreditRefused: the credit is not for this line, used, or not of this day.
    """
    lock_cart(organization)
    lines = CartLine.objects.filter(organization_id=organization.pk)
    line = lines.filter(pk=line_id).select_related("plan").first()
    if line is None:
        raise NotFound(_("This line is no longer in the cart."))
    if credit_id is None:
        lines.filter(pk=line_id).update(free_credit=None)
        return
    credit = find_credit(organization=organization, plan=line.plan, credit_id=credit_id, on=on)
    lines.filter(free_credit=credit).exclude(pk=line_id).update(free_credit=None)
    lines.filter(pk=line_id).update(free_credit=credit)
