"""Plans and products for tests. Builders make valid rows; a history comes from the verbs."""

from datetime import UTC, date, datetime
from itertools import count

from django.db.models import Model

from manager.kit.actor import Actor
from manager.kit.clock import add_months
from manager.kit.scope import tenant_scope
from organizations.profile.models import Organization
from products.catalog.models import Family, Option, OptionPrice, Plan, Price
from products.inventory.models import Product
from products.inventory.services import activate_product, create_product

LONG_AGO = date(2020, 1, 1)
BEGIN = datetime(2026, 1, 15, 10, 0, tzinfo=UTC)
ACTOR = Actor.system("test")

_numbers = count(1)


def _texts(text: str) -> dict[str, str]:
    return dict.fromkeys(("en", "fr", "de", "it", "es"), text)


def make_family(slug: str = "web", **fields: object) -> Family:
    """Return the family `slug`, made unless it is there."""
    values = {"names": _texts(slug.title()), "icon": "globe", "position": 1, **fields}
    return Family.objects.get_or_create(slug=slug, defaults=values)[0]


def make_plan(
    *, slug: str = "", family: str = "web", prices: dict[tuple[str, int], int] | None = None, **fields: object
) -> Plan:
    """Return a new plan with prices by (currency, months): by default 1, 12, 24 months in CHF and EUR."""
    slug = slug or f"plan-{next(_numbers)}"
    values = {
        "kind": "hosting",
        "names": _texts(slug.replace("-", " ").capitalize()),
        "descriptions": _texts("A plan for tests."),
        "features": [_texts("One"), _texts("Two")],
        "icon": "globe",
        "position": 1,
        **fields,
    }
    plan = Plan.objects.create(family=make_family(family), slug=slug, **values)
    if prices is None:
        prices = {(currency, months): 1000 * months for currency in ("CHF", "EUR") for months in (1, 12, 24)}
    Price.objects.bulk_create(
        Price(plan=plan, currency=currency, months=months, amount=amount, valid_from=LONG_AGO)
        for (currency, months), amount in prices.items()
    )
    return plan


def make_product(
    organization: Organization,
    *,
    plan: Plan | None = None,
    name: str = "",
    months: int = 12,
    quantity: int = 1,
    activated: bool = True,
    at: datetime = BEGIN,
) -> Product:
    """Return a product made by the verbs at the instant `at`: active, or pending unless `activated`."""
    plan = plan or make_plan()
    with tenant_scope(organization.pk):
        product = create_product(
            organization=organization,
            plan=plan,
            name=name or f"product-{next(_numbers)}.example",
            months=months,
            quantity=quantity,
            actor=ACTOR,
            at=at,
        )
        if activated:
            product = activate_product(product=product, months=months, actor=ACTOR, at=at)
    return product


def make_many_products(organization: Organization, number: int, *, plan: Plan, begin: date) -> None:
    """Insert `number` active products at once, for lists; expiries and names are spread, and repeat."""
    rows = [
        Product(
            organization=organization,
            plan=plan,
            family=plan.family.slug,
            name=f"site-{index * 7919 % number:05}.example",
            status="active",
            months=12,
            expires_on=add_months(begin, index % 36 + 1),
            anchor_day=begin.day,
            auto_renew=index % 3 == 0,
            created_at=BEGIN,
            activated_at=BEGIN,
        )
        for index in range(number)
    ]
    with tenant_scope(organization.pk):
        Product.objects.bulk_create(rows, batch_size=1000)


def reread(row: Model, organization: Organization) -> Model:
    """Return `row` as the database has it now."""
    with tenant_scope(organization.pk):
        return type(row)._default_manager.get(pk=row.pk)


def make_option(
    plan: Plan,
    slug: str = "privacy",
    *,
    prices: dict[tuple[str, int], int] | None = None,
    **fields: object,
) -> Option:
    """Return a new option of the plan: a switch at 100 a month, unless `fields` make it a number."""
    values = {"kind": "switch", "names": _texts(slug.title()), "position": next(_numbers), **fields}
    option = Option.objects.create(plan=plan, slug=slug, **values)
    if prices is None:
        prices = {(currency, months): 100 * months for currency in ("CHF", "EUR") for months in (1, 12, 24)}
    OptionPrice.objects.bulk_create(
        OptionPrice(option=option, currency=currency, months=months, amount=amount, valid_from=LONG_AGO)
        for (currency, months), amount in prices.items()
    )
    return option


def make_storage(plan: Plan, **fields: object) -> Option:
    """Return an option of 10 included GB and up to 1,000 in steps of 100, each 50 a month."""
    values = {"kind": "number", "included": 10, "minimum": 10, "maximum": 1010, "step": 100, **fields}
    prices = {(currency, months): 50 * months for currency in ("CHF", "EUR") for months in (1, 12, 24)}
    return make_option(plan, "storage", prices=prices, unit_names=_texts("GB"), **values)
