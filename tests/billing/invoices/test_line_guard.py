"""What the database refuses of lines that one statement writes, whoever writes it (BIL-16, ORG-17)."""

import psycopg
import pytest

from tests.factories.billing import make_invoice, pay_invoice
from tests.factories.cast import make_tenant
from tests.factories.products import make_product

INSERT = (
    "INSERT INTO billing_invoiceline (organization_id, invoice_id, position, product_id, description,"
    " component, quantity, unit_amount, net_amount, tax_rate, tax_amount, period, covers, counts) VALUES "
)
ROW = (
    "({org}, {invoice}, {position}, {product}, 'x', '{component}', 1, 1, 1, 0, 0,"
    " '{period}', '{covers}', true)"
)
YEAR, NEXT = "[2030-01-01,2031-01-01)", "[2031-01-01,2032-01-01)"


@pytest.fixture
def world():
    """A draft, a paid invoice and a product of one's own; a draft and a product of another organization."""
    own, other = make_tenant(), make_tenant()
    return {
        "org": own.pk,
        "other": other.pk,
        "invoice": make_invoice(own).pk,
        "paid": pay_invoice(make_invoice(own)).pk,
        "foreign_invoice": make_invoice(other).pk,
        "product": make_product(own).pk,
        "foreign_product": make_product(other).pk,
    }


def insert(connection: psycopg.Connection, world: dict[str, int], *changes: dict[str, object]) -> None:
    """Write one line for each of `changes`, all by one statement."""
    connection.execute("SELECT set_config('app.organization', %s, false)", [str(world["org"])])
    usual = {**world, "component": "", "period": YEAR, "covers": YEAR}
    rows = [ROW.format(**{**usual, "position": 10 + place, **one}) for place, one in enumerate(changes)]
    connection.execute((INSERT + ", ".join(rows)).encode())


BAD = {
    "on a paid invoice": lambda world: {"invoice": world["paid"]},
    "on a foreign invoice": lambda world: {"invoice": world["foreign_invoice"]},
    "on no invoice": lambda world: {"invoice": 0},
    "of a foreign product": lambda world: {"product": world["foreign_product"]},
    "of no product": lambda world: {"product": 0},
    "of another organization": lambda world: {
        "org": world["other"],
        "invoice": world["foreign_invoice"],
        "product": world["foreign_product"],
    },
    "over days beyond its period": lambda world: {"period": NEXT, "covers": "[2033-01-01,2034-01-01)"},
    "over days that another line has": lambda world: {"period": YEAR, "covers": YEAR},
}


# The system role works for all organizations.
MAY_NOT = [
    (role, what)
    for role in ("web", "worker", "system")
    for what in BAD
    if (role, what) != ("system", "of another organization")
]


@pytest.mark.parametrize(("role", "what"), MAY_NOT)
def test_one_bad_line_among_good_ones_is_refused_and_all_with_it(
    as_role, world, role: str, what: str
) -> None:
    """The guard asks about all lines of the statement, wherever the bad one stands."""
    connection = as_role(role)
    bad = {"period": "[2032-01-01,2033-01-01)", "covers": "[2032-01-01,2033-01-01)", **BAD[what](world)}
    for lines in ([{}, bad], [bad, {}], [{}, bad, {"period": NEXT, "covers": NEXT}]):
        with pytest.raises((psycopg.errors.IntegrityError, psycopg.errors.InsufficientPrivilege)):
            insert(connection, world, *lines)


@pytest.mark.parametrize("role", ["web", "worker", "system"])
def test_good_lines_are_written(as_role, world, role: str) -> None:
    """Several of one product, and one of none."""
    insert(as_role(role), world, {}, {"period": NEXT, "covers": NEXT}, {"product": "NULL"})


@pytest.mark.parametrize("component", ["", "backup"])
def test_each_component_has_its_days_once(as_role, world, component: str) -> None:
    """BIL-16: the plan and each option apart: both are billed for the same days, and neither twice."""
    connection = as_role("system")
    insert(connection, world, {}, {"component": "backup"}, {"component": "ipv4"})
    with pytest.raises(psycopg.errors.ExclusionViolation):
        insert(connection, world, {"component": component, "position": 20})


OF_AN_INVOICE = {
    "billing_invoiceline": (
        "position, description, quantity, unit_amount, net_amount, tax_rate, tax_amount, counts",
        "{position}, 'x', 1, 1, 1, 0, 0, true",
    ),
    "billing_renewal": (
        "product_id, period, months, status, attempts, created_at",
        "{product}, '[2030-01-01,2031-01-01)', 12, 'cancelled', 0, now()",
    ),
}


@pytest.mark.parametrize("table", OF_AN_INVOICE)
def test_what_belongs_to_an_invoice_belongs_to_its_organization(
    superuser_connection, world, table: str
) -> None:
    """ORG-17: the database holds both by one key, also where no guard is asked."""
    columns, values = OF_AN_INVOICE[table]
    columns = f"organization_id, invoice_id, {columns}"
    write = f"INSERT INTO {table} ({columns}) VALUES ({{org}}, {{invoice}}, {values})"
    superuser_connection.execute(write.format(**world, position=8).encode())
    unguarded = f"ALTER TABLE {table} DISABLE TRIGGER USER; {write}"
    for wrong in ({"invoice": world["foreign_invoice"]}, {"org": world["other"]}):
        with pytest.raises(psycopg.errors.ForeignKeyViolation):
            superuser_connection.execute(unguarded.format(**{**world, **wrong}, position=9).encode())
