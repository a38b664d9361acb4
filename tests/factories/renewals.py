"""Products that renew by themselves, and the days on which the engine runs."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from billing.engine.services import plan_renewals
from billing.gateway.vocabulary import Means, MeansKind
from billing.invoices.models import Invoice
from billing.payment_methods.models import PaymentMethod
from billing.payment_methods.services import save_method
from billing.renewals.models import Renewal
from billing.renewals.services import prefer_method
from manager.kit.actor import Actor
from manager.kit.scope import tenant_scope
from manager.outbox.models import OutgoingMail
from manager.schedule import TickReport, tick
from organizations.profile.models import Organization
from products.inventory.models import Product
from products.inventory.services import set_auto_renew
from tests.factories.billing import make_legal_entity
from tests.factories.products import make_product

ACTOR = Actor.system("renewals")
# Products made by `make_renewing` began on 15 January 2026 for 12 months.
EXPIRY = date(2027, 1, 15)
_FAKE_CARDS = iter(range(1, 1_000_000))


def noon(day: date) -> datetime:
    """Return noon in UTC of `day`."""
    return datetime.combine(day, time(12, tzinfo=UTC))


def days_before(count: int, expiry: date = EXPIRY) -> datetime:
    """Return noon in UTC, `count` days before the expiry."""
    return noon(expiry - timedelta(days=count))


def make_renewing(organization: Organization, **details: Any) -> Product:
    """Return an active product with automatic renewal on."""
    make_legal_entity()
    product = make_product(organization, **details)
    with tenant_scope(organization.pk):
        return set_auto_renew(product=product, on=True, actor=ACTOR, at=noon(date(2026, 1, 15)))


def make_card(organization: Organization) -> PaymentMethod:
    """Return a saved card that only the panel knows: for tests that charge nothing."""
    number = next(_FAKE_CARDS)
    with tenant_scope(organization.pk):
        return save_method(
            organization_id=organization.pk,
            gateway="stripe",
            means=Means(
                reference=f"pm_test_{number}",
                kind=MeansKind.CARD,
                customer_reference="cus_test",
                brand="visa",
                last4=f"{number % 10_000:04}",
                exp_month=12,
                exp_year=2040,
                email="",
                fingerprint=f"card-{number}",
            ),
            actor=ACTOR,
            at=noon(date(2026, 1, 15)),
        )


def plan(organization: Organization, at: datetime) -> list[Invoice]:
    """Plan what is due as of `at`."""
    with tenant_scope(organization.pk):
        return plan_renewals(organization=organization, actor=ACTOR, at=at)


def renewals_of(organization: Organization) -> list[Renewal]:
    """Return all renewals, oldest first."""
    with tenant_scope(organization.pk):
        return list(Renewal.objects.select_related("invoice", "method", "product").order_by("pk"))


def mails_called(template: str) -> list[OutgoingMail]:
    """Return the mails of a template, oldest first."""
    return list(OutgoingMail.objects.using("system").filter(template=template).order_by("pk"))


def read(query: Callable[[], Any], organization: Organization) -> Any:
    """Return what `query` gives within the organization's scope."""
    with tenant_scope(organization.pk):
        return query()


def run(at: datetime) -> TickReport:
    """Do all periodic work as of `at`."""
    return tick(at=at)


def lines_of(organization):
    """Return the products of each invoice that is not cancelled, as sorted tuples of ids."""
    return read(
        lambda: sorted(
            tuple(sorted(Invoice.objects.get(pk=pk).lines.values_list("product_id", flat=True)))
            for pk in Invoice.objects.exclude(status="cancelled").values_list("pk", flat=True)
        ),
        organization,
    )


def choose_means(*, product: Product, method: PaymentMethod | None, actor: Actor, at: datetime) -> None:
    """Fix the means that a product renews with, as a script does for one; raises why where it is held."""
    done = prefer_method(
        organization=product.organization, product_ids=[product.pk], method=method, actor=actor, at=at
    )
    for held in done.held:
        raise held.error
