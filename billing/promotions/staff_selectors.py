"""Questions of the back office to codes and free credits, across organizations (BIL-13)."""

from datetime import date

from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from billing.promotions.models import CodeUse, FreeCredit, PromoCode, PromoCodeChange
from manager.kit.errors import NotFound
from organizations.profile.models import Organization
from products.catalog.models import Plan

STATES = {
    "open": pgettext_lazy("a promotional code", "Open"),
    "later": _("From a later day"),
    "used_up": _("Used up"),
    "over": _("Over"),
    "closed": pgettext_lazy("a promotional code", "Closed"),
}
TONES = {"open": "positive", "later": "info", "used_up": "notice", "over": "neutral", "closed": "neutral"}


def state_of(code: PromoCode, *, on: date) -> str:
    """Return the state of a code on a day, a key of STATES."""
    if code.closed_at is not None:
        return "closed"
    if code.valid_until is not None and code.valid_until < on:
        return "over"
    if code.limit_total is not None and code.used >= code.limit_total:
        return "used_up"
    return "later" if code.valid_from > on else "open"


def list_codes(*, on: date, search: str = "", state: str = "", kind: str = "") -> QuerySet[PromoCode]:
    """Return codes by words of code and note, by kind, and by their state on a day."""
    codes = PromoCode.objects.all()
    for word in search.split():
        codes = codes.filter(Q(code__icontains=word) | Q(note__icontains=word))
    if kind:
        codes = codes.filter(kind=kind)
    over, used_up = Q(valid_until__lt=on), Q(limit_total__lte=F("used"))
    living = codes.filter(closed_at=None).exclude(over)
    by_state = {
        "closed": codes.filter(closed_at__isnull=False),
        "over": codes.filter(over, closed_at=None),
        "used_up": living.filter(used_up),
        "later": living.exclude(used_up).filter(valid_from__gt=on),
        "open": living.exclude(used_up).filter(valid_from__lte=on),
    }
    return by_state.get(state, codes)


def list_uses_of(*, code: PromoCode) -> QuerySet[CodeUse]:
    """Return who used a code, of all organizations."""
    uses = CodeUse.objects.using("system").filter(code_id=code.pk)
    return uses.select_related("organization", "invoice")


def list_changes_of(*, code: PromoCode) -> QuerySet[PromoCodeChange]:
    """Return the history of a code, newest first."""
    return PromoCodeChange.objects.filter(code=code).order_by("-id")


def list_all_credits(*, search: str = "", state: str = "") -> QuerySet[FreeCredit]:
    """Return free credits of all organizations by words (name, number, plan, reason) and state."""
    granted = FreeCredit.objects.using("system").select_related("plan", "organization", "invoice")
    for word in search.split():
        found = Q(organization__name__icontains=word) | Q(plan__slug__icontains=word)
        found |= Q(reason__icontains=word)
        if word.isascii() and word.isdigit() and len(word) < 19:
            found |= Q(organization_id=int(word))
        granted = granted.filter(found)
    by_state = {
        "waiting": granted.filter(invoice=None, withdrawn_at=None),
        "used": granted.filter(invoice__isnull=False),
        "withdrawn": granted.filter(withdrawn_at__isnull=False),
    }
    return by_state.get(state, granted)


def find_organization(*, organization_id: int) -> Organization | None:
    """Return an organization that is there, of any owner."""
    found = Organization.objects.using("system").filter(pk=organization_id, deleted_at=None)
    return found.first()


def find_credit_of_anyone(*, credit_id: int) -> FreeCredit:
    """Return a free credit of any organization.

    :raises NotFound: there is none of that id.
    """
    credit = list_all_credits().filter(pk=credit_id).first()
    if credit is None:
        raise NotFound
    return credit


def list_plan_slugs() -> frozenset[str]:
    """Return the short names of all plans, on sale or not."""
    return frozenset(Plan.objects.values_list("slug", flat=True))
