"""Read codes, their uses, and free credits (BIL-13)."""

from collections.abc import Iterable, Sequence
from datetime import date

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from billing.invoices.models import Invoice
from billing.invoices.status import InvoiceStatus
from billing.promotions.models import CartCode, CodeUse, FreeCredit, PromoCode
from manager.kit.errors import NotFound
from manager.kit.keyset import NEWEST, Page, paginate
from organizations.profile.models import Organization

ORDER = "order"
"""The origin of an order's invoice."""


def normalize(text: str) -> str:
    """Return a code as it is kept: capital letters, nothing around them."""
    return text.strip().upper()


def is_open(code: PromoCode, *, organization_id: int, on: date) -> bool:
    """Return whether the organization may use the code on a day, its limits aside."""
    return (
        code.closed_at is None
        and code.valid_from <= on
        and (code.valid_until is None or on <= code.valid_until)
        and code.only_organization in (None, organization_id)
    )


def find_codes(*, texts: Iterable[str]) -> dict[str, PromoCode]:
    """Return the codes that exist of these, by their normalized text."""
    wanted = {normalize(text) for text in texts}
    return {code.code: code for code in PromoCode.objects.filter(code__in=wanted)} if wanted else {}


def list_cart_codes(*, organization: Organization) -> list[PromoCode]:
    """Return the codes that wait in the cart, in the order in which they were entered."""
    waiting = CartCode.objects.filter(organization_id=organization.pk).select_related("code")
    return [row.code for row in waiting.order_by("pk")]


def count_own_uses(*, organization_id: int, codes: Sequence[PromoCode]) -> dict[int, int]:
    """Return how often the organization uses each of these codes now, by the code's id."""
    found: dict[int, int] = {}
    uses = CodeUse.objects.filter(organization_id=organization_id, code__in=codes, given_back_at=None)
    for code_id in uses.values_list("code_id", flat=True):
        found[code_id] = found.get(code_id, 0) + 1
    return found


def has_ordered(*, organization_id: int) -> bool:
    """Return whether the organization has an order that is not cancelled."""
    cancelled = Q(status=InvoiceStatus.CANCELLED, replaced_by=None) | Q(
        replaced_by__status=InvoiceStatus.CANCELLED
    )
    orders = Invoice.objects.filter(organization_id=organization_id, origin=ORDER)
    return orders.exclude(cancelled).exclude(status=InvoiceStatus.VOID).exists()


def list_credits(*, organization_id: int) -> QuerySet[FreeCredit]:
    """Return the organization's free credits with their plans, newest first."""
    granted = FreeCredit.objects.filter(organization_id=organization_id)
    return granted.select_related("plan", "invoice").order_by("-id")


def list_usable_credits(*, organization_id: int, on: date) -> QuerySet[FreeCredit]:
    """Return the free credits that an order may use on a day, those that end first at the top."""
    in_time = Q(valid_until=None) | Q(valid_until__gte=on)
    return (
        list_credits(organization_id=organization_id)
        .filter(in_time, valid_from__lte=on, withdrawn_at=None, invoice=None)
        .order_by("valid_until", "id")
    )


def list_uses(*, organization_id: int) -> QuerySet[CodeUse]:
    """Return the codes that the organization used, newest first."""
    return CodeUse.objects.filter(organization_id=organization_id).select_related("code", "invoice")


def list_use_page(*, organization: Organization, after: str = "", before: str = "") -> Page[CodeUse]:
    """Return one page of `list_uses`; `after` and `before` are cursors of a page."""
    found = list_uses(organization_id=organization.pk)
    return paginate(found, key=NEWEST, descending=True, after=after, before=before)


def list_used_by(*, invoice: Invoice) -> list[CodeUse]:
    """Return the codes that the order of an invoice used, given back or not."""
    return list(list_uses(organization_id=invoice.organization_id).filter(invoice=invoice).order_by("id"))


def list_credits_of(*, invoice: Invoice) -> list[FreeCredit]:
    """Return the free credits that the order of an invoice uses."""
    return list(list_credits(organization_id=invoice.organization_id).filter(invoice=invoice))


def describe_credit(credit: FreeCredit) -> str:
    """Return a free credit in words: its amount, or its months."""
    if credit.money is not None:
        return _("Free credit of %(amount)s") % {"amount": credit.money.format()}
    months = credit.months or 0
    return ngettext("%(count)d month free", "%(count)d months free", months) % {"count": months}


CREDIT_STATES = {
    "usable": gettext_lazy("Usable"),
    "later": gettext_lazy("From a later day"),
    "used": gettext_lazy("Used"),
    "expired": gettext_lazy("Expired"),
    "withdrawn": gettext_lazy("Withdrawn"),
}


def state_of_credit(credit: FreeCredit, *, on: date) -> str:
    """Return the state of a free credit on a day, a key of CREDIT_STATES."""
    if credit.withdrawn_at is not None:
        return "withdrawn"
    if credit.invoice_id is not None:
        return "used"
    if credit.valid_until is not None and credit.valid_until < on:
        return "expired"
    return "later" if credit.valid_from > on else "usable"


def get_code(*, code_id: int) -> PromoCode:
    """Return a code of the operator.

    :raises NotFound: there is none of that id.
    """
    code = PromoCode.objects.filter(pk=code_id).first()
    if code is None:
        raise NotFound
    return code
