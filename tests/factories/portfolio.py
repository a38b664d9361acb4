"""Many organizations with many products that fall due, written in sets: for the engine's tests."""

from collections.abc import Collection, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, date, datetime, timedelta
from itertools import islice

import psycopg

from billing.payment_methods.models import PaymentMethod
from manager.kit.clock import add_months
from manager.kit.database.sets import insert_rows, take_ids
from organizations.profile.models import Organization
from products.catalog.models import Plan
from products.inventory.models import Product
from tests.factories.billing import make_legal_entity
from tests.factories.products import make_plan
from tests.factories.renewals import EXPIRY

AT = datetime(2026, 1, 15, 10, tzinfo=UTC)
SYSTEM = "system"


def make_portfolio(organizations: int, each: int, *, days: int = 1, plan: Plan | None = None) -> list[int]:
    """Return the ids of new organizations, each with a card and `each` products that renew by themselves.

    The products expire on `days` different days, the last of them `EXPIRY`: all are due 14 days before.
    """
    make_legal_entity()
    plan = plan or make_plan()
    owners = take_ids(Organization, organizations, using=SYSTEM)
    insert_rows(
        [
            Organization(
                pk=key,
                name=f"Client {key}",
                kind="company",
                street="Rue du Lac 1",
                postal_code="1207",
                city="Genève",
                country="CH",
                currency="CHF",
                language="fr" if key % 3 else "en",
                created_at=AT,
            )
            for key in owners
        ],
        using=SYSTEM,
    )
    insert_rows([make_means(key) for key in owners], using=SYSTEM)
    products = (_product(key, plan, place % days, place) for key in owners for place in range(each))
    while some := list(islice(products, 5000)):
        insert_rows(some, using=SYSTEM)
    return owners


def make_means(organization_id: int) -> PaymentMethod:
    """Return a card of an organization, not stored."""
    return PaymentMethod(
        organization_id=organization_id,
        gateway="stripe",
        kind="card",
        reference=f"pm_{organization_id}",
        brand="visa",
        last4="4242",
        expiry_year=2040,
        expiry_month=12,
        is_default=True,
        position=1,
        created_at=AT,
    )


def _product(organization_id: int, plan: Plan, days_earlier: int, place: int) -> Product:
    expires_on: date = EXPIRY - timedelta(days=days_earlier)
    return Product(
        organization_id=organization_id,
        plan=plan,
        family=plan.family.slug,
        name=f"s{place}.example",
        status="active",
        months=12,
        quantity=1 + place % 3,
        expires_on=expires_on,
        anchor_day=add_months(expires_on, -12).day,
        auto_renew=True,
        created_at=AT,
        activated_at=AT,
    )


def refused_renewals(
    connection: psycopg.Connection,
    products: Collection[int],
    *,
    state: str = "numeric_value_out_of_range",
    name: str = "refuse_some",
) -> AbstractContextManager[None]:
    """Let the database refuse renewals of these products meanwhile; `connection` is the superuser's."""
    condition = f"NEW.product_id IN ({', '.join(map(str, products))})"
    return refused_rows(connection, "billing_renewal", condition, state=state, name=name)


@contextmanager
def refused_rows(
    connection: psycopg.Connection,
    table: str,
    condition: str,
    *,
    state: str = "numeric_value_out_of_range",
    name: str = "refuse_some",
) -> Iterator[None]:
    """Let the database refuse rows of a table meanwhile, with an error of this kind, by a trigger `name`."""
    connection.execute(
        f"""
        CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
            RAISE EXCEPTION 'refused' USING ERRCODE = '{state}';
        END $$;
        CREATE TRIGGER {name} BEFORE INSERT ON {table} FOR EACH ROW
            WHEN ({condition}) EXECUTE FUNCTION {name}();
        """.encode()
    )
    try:
        yield
    finally:
        connection.execute(f"DROP TRIGGER {name} ON {table}; DROP FUNCTION {name}".encode())
