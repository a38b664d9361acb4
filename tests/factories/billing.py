"""Companies that sell, billing addresses and invoices for tests; their history comes from verbs."""

from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, date, datetime
from itertools import count

from accounts.users.models import User
from billing.invoices.models import Invoice
from billing.invoices.services import draft_invoice, settle_invoice
from billing.ledger.models import AccountKind
from billing.profiles.models import BillingAddress, LegalEntity
from billing.profiles.party import Party
from billing.profiles.selectors import NoSeller, default_address, default_entity
from billing.profiles.services import set_up_entity
from billing.tax.quote import LineInput
from manager.kit.actor import Actor
from manager.kit.money import Money
from manager.kit.scope import tenant_scope
from organizations.profile.models import Organization
from products.inventory.models import Product
from tests.factories.cast import make_tenant

AT = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
ACTOR = Actor.system("test")

_numbers = count(1)


def make_legal_entity(**fields: object) -> LegalEntity:
    """Return the company that sells by default, made unless it is there."""
    with suppress(NoSeller):
        return default_entity()
    values: dict[str, object] = {
        "name": "Manager Hosting SA",
        "street": "Rue du Lac 12",
        "postal_code": "1207",
        "city": "Genève",
        "country": "CH",
        "vat_number": "CHE116281710MWST",
        "iban": "CH9300762011623852957",
        "number_prefix": "CH",
        "is_default": True,
    }
    set_up_entity(code="ch", **{**values, **fields})
    return default_entity()


def make_address(organization: Organization, **fields: object) -> BillingAddress:
    """Return a new billing address of `organization`."""
    values: dict[str, object] = {
        "kind": "company",
        "name": "Accounting of Example AG",
        "street": "Bahnhofstrasse 1",
        "postal_code": "8001",
        "city": "Zürich",
        "country": "CH",
        "created_at": AT,
        **fields,
    }
    with tenant_scope(organization.pk):
        return BillingAddress.objects.create(organization=organization, **values)


def make_buyer(owner: User | None = None) -> Organization:
    """Return an organization that can buy at once: there is who sells, and an address for its invoices."""
    make_legal_entity()
    organization = make_tenant(owner)
    make_address(organization, is_default=True)
    return organization


def make_line(
    amount: int = 10_000,
    *,
    currency: str = "CHF",
    description: str = "Web hosting",
    quantity: int = 1,
    months: int | None = 12,
    product: Product | None = None,
    period: tuple[date, date] | None = None,
) -> LineInput:
    """Return a line of `amount` minor units per piece."""
    return LineInput(
        description=description,
        unit=Money(amount, currency),
        quantity=quantity,
        months=months,
        product=product,
        period=period,
    )


def make_invoice(
    organization: Organization,
    lines: Sequence[LineInput] = (),
    *,
    address: Party | None = None,
    origin: str = "order",
    origin_key: str = "",
    due_on: date = date(2026, 12, 22),
    at: datetime = AT,
) -> Invoice:
    """Return a draft over `lines` (one of CHF 100.00 unless given), made by its verb."""
    make_legal_entity()
    with tenant_scope(organization.pk):
        return draft_invoice(
            organization=organization,
            lines=lines or [make_line()],
            address=address or default_address(organization=organization),
            origin=origin,
            origin_key=origin_key or f"test:{next(_numbers)}",
            due_on=due_on,
            actor=ACTOR,
            at=at,
        )


def pay_invoice(invoice: Invoice, *, at: datetime = AT, paid_with: str = "Visa •••• 4242") -> Invoice:
    """Return the invoice, settled as by a card."""
    with tenant_scope(invoice.organization_id):
        return settle_invoice(
            invoice=invoice,
            source=AccountKind.PROVIDER,
            reference=f"test-payment:{invoice.pk}",
            paid_with=paid_with,
            actor=ACTOR,
            at=at,
        )
