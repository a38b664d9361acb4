"""Read what the rehearsal found: grouped for customers, row by row for programs and staff."""

from dataclasses import dataclass, field
from datetime import date, datetime
from urllib.parse import urlencode

from django.db.models import Count, F, QuerySet
from django.urls import reverse
from django.utils.formats import date_format, localize
from django.utils.translation import gettext as _

from billing.payment_methods.models import PaymentMethod
from billing.profiles.models import BillingAddress
from billing.rehearsal.models import Finding, RehearsedOrganization
from billing.rehearsal.reasons import MENDINGS, Mending, Reason
from manager.kit.errors import Text
from manager.kit.money import Money
from organizations.profile.models import Organization
from products.inventory.models import Product

NAMED = 3
MOST_LINKED = 200


@dataclass(slots=True)
class Problem:
    """The findings of one reason, and of one means where one is at fault."""

    organization_id: int
    reason: str
    method: PaymentMethod | None
    findings: list[Finding] = field(default_factory=list)

    @property
    def title(self) -> Text:
        """What is wrong, with the means where one is at fault."""
        label = Reason(self.reason).label
        return f"{self.method}: {label}" if self.method else label

    @property
    def anchor(self) -> str:
        """Its name on the page, for links from the rows to it."""
        return f"{self.reason}-{self.method.pk}" if self.method else self.reason

    @property
    def mending(self) -> Mending:
        """What it means, and what mends it."""
        return MENDINGS[self.reason]

    @property
    def url(self) -> str:
        """Where it is mended; empty where staff have to."""
        if not self.mending.route:
            return ""
        url = reverse(self.mending.route, args=[self.organization_id])
        if self.reason == Reason.ADDRESS:
            return self._address_url or url
        if self.reason == Reason.BALANCE_LOW and self.money:
            # What fails now: with it the balance lasts, as all that does not fail is paid from it already.
            return f"{url}?{urlencode({'amount': localize(self.money.as_decimal(), use_l10n=True)})}"
        if self.reason == Reason.TOO_LATE:
            chosen = [("product", one.product_id) for one in self.findings[:MOST_LINKED]]
            return f"{url}?{urlencode([('show', 'all'), *chosen])}"
        return url

    @property
    def _address_url(self) -> str:
        """Where the default billing address is completed, "" where it is the organization's own."""
        rows = BillingAddress.objects.filter(organization_id=self.organization_id, is_default=True)
        address_id = rows.values_list("pk", flat=True).first()
        if address_id is None:
            return ""
        return reverse("billing:edit_billing_address", args=[self.organization_id, address_id])

    @property
    def products(self) -> list[Product]:
        """The products whose charge fails, soonest first."""
        return [one.product for one in self.findings if one.product]

    @property
    def named(self) -> list[Product]:
        """The first of them, for a line of text."""
        return self.products[:NAMED]

    @property
    def more(self) -> int:
        """How many others there are."""
        return max(0, len(self.products) - NAMED)

    @property
    def first_on(self) -> date | None:
        """The first day on which something fails."""
        return min((one.charge_on for one in self.findings if one.charge_on), default=None)

    @property
    def when(self) -> str:
        """The day of the product that fails first, in words; several have days of their own."""
        if self.first_on is None:
            return ""
        day, many = {"day": date_format(self.first_on)}, len(self.products) > 1
        if self.reason == Reason.TOO_LATE:
            return (_("the first expires on %(day)s") if many else _("expires on %(day)s")) % day
        return (_("the first is charged on %(day)s") if many else _("charged on %(day)s")) % day

    @property
    def money(self) -> Money | None:
        """The sum of what is known."""
        known = [one.money for one in self.findings if one.money]
        return Money.total(known, known[0].currency) if known else None


def list_findings(*, organization: Organization) -> QuerySet[Finding]:
    """Return the findings of an organization, what concerns all charges first, then the soonest."""
    found = Finding.objects.filter(organization_id=organization.pk).select_related("product", "method")
    return found.order_by(F("charge_on").asc(nulls_first=True), "id")


def list_problems(*, organization: Organization, reasons: frozenset[str] | None = None) -> list[Problem]:
    """Return the findings by reason and means, the soonest first; one query."""
    problems: dict[tuple[str, int | None], Problem] = {}
    for finding in list_findings(organization=organization):
        if reasons is not None and finding.reason not in reasons:
            continue
        key = (finding.reason, finding.method_id)
        problem = problems.setdefault(key, Problem(organization.pk, finding.reason, finding.method))
        problem.findings.append(finding)
    return list(problems.values())


def rehearsed_at(*, organization: Organization) -> datetime | None:
    """Return when the coming charges were rehearsed last, None when they never were."""
    row = RehearsedOrganization.objects.filter(organization_id=organization.pk).first()
    return row.rehearsed_at if row else None


def count_findings() -> tuple[int, int]:
    """Return how many charges of all organizations will fail, and how many organizations that concerns."""
    found = Finding.objects.using("system").aggregate(
        findings=Count("pk"), organizations=Count("organization_id", distinct=True)
    )
    return found["findings"], found["organizations"]


def list_findings_of_all(*, reason: str = "", search: str = "") -> QuerySet[Finding]:
    """Return the findings of all organizations, for staff; `search` is a part of an organization's name."""
    found = Finding.objects.using("system").select_related("organization", "product", "method")
    if reason:
        found = found.filter(reason=reason)
    if search:
        found = found.filter(organization__name__icontains=search)
    return found
