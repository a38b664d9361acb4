"""Suspended, ended and told by the calendar (PRD-8, PRD-11)."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from threading import Barrier, Thread

import psycopg
from django.db import connections

from manager.kit.scope import tenant_scope
from manager.outbox.models import OutboxEvent, OutgoingMail
from organizations.access.roles import Role
from products.inventory.models import Product
from products.inventory.periodic import drain_life
from products.inventory.services import extend_product
from tests.factories.cast import make_member, make_tenant
from tests.factories.domains import make_domain_plan
from tests.factories.products import ACTOR, make_plan, make_product

BEGIN = datetime(2026, 1, 15, 10, 0, tzinfo=UTC)
EXPIRY = date(2026, 2, 15)


def noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 12, 0, tzinfo=UTC)


def status_of(product: Product) -> str:
    return Product.objects.using("system").get(pk=product.pk).status


def mails(template: str) -> list[OutgoingMail]:
    return list(OutgoingMail.objects.using("system").filter(template=template).order_by("pk"))


def test_takes_a_hosting_through_its_days_of_grace() -> None:
    """PRD-8: active to the day of expiry, suspended, terminated 30 days later."""
    product = make_product(make_tenant(), months=1, at=BEGIN)
    life = {
        EXPIRY - timedelta(days=1): "active",
        EXPIRY: "suspended",
        EXPIRY + timedelta(days=29): "suspended",
        EXPIRY + timedelta(days=30): "terminated",
        EXPIRY + timedelta(days=400): "terminated",
    }
    for day, expected in life.items():
        drain_life(at=noon(day))
        assert status_of(product) == expected, day


def test_takes_a_domain_through_its_redemption() -> None:
    """PRD-11: after the grace it can be restored for the extension's time, then it is released."""
    plan = make_plan(kind="domain", grace_days=10, redemption_days=40)
    product = make_product(make_tenant(), plan=plan, months=1, at=BEGIN)
    life = {
        0: "suspended",
        9: "suspended",
        10: "redemption",
        49: "redemption",
        50: "released",
        51: "released",
    }
    for days, expected in life.items():
        drain_life(at=noon(EXPIRY + timedelta(days=days)))
        assert status_of(product) == expected, days


def test_goes_by_the_day_of_the_organizations_zone() -> None:
    """PRD-8: at the same instant it is already the next day in Tokyo."""
    tokyo = make_product(make_tenant(time_zone="Asia/Tokyo"), months=1, at=BEGIN)
    zurich = make_product(make_tenant(time_zone="Europe/Zurich"), months=1, at=BEGIN)
    angeles = make_product(make_tenant(time_zone="America/Los_Angeles"), months=1, at=BEGIN)
    drain_life(at=datetime(2026, 2, 14, 15, 0, tzinfo=UTC))
    assert [status_of(p) for p in (tokyo, zurich, angeles)] == ["suspended", "active", "active"]
    drain_life(at=datetime(2026, 2, 14, 23, 0, tzinfo=UTC))
    assert [status_of(p) for p in (tokyo, zurich, angeles)] == ["suspended", "suspended", "active"]
    drain_life(at=datetime(2026, 2, 15, 8, 0, tzinfo=UTC))
    assert status_of(angeles) == "suspended"


def test_leaves_a_renewed_product_alone() -> None:
    """PRD-8."""
    organization = make_tenant()
    product = make_product(organization, months=1, at=BEGIN)
    with tenant_scope(organization.pk):
        extend_product(product=product, until=date(2026, 3, 15), actor=ACTOR, at=BEGIN)
    assert drain_life(at=noon(EXPIRY)) == 0
    assert status_of(product) == "active"


def test_does_nothing_the_second_time() -> None:
    """PRD-8: one event and one mail, however often it runs."""
    organization = make_tenant()
    make_product(organization, months=1, at=BEGIN)
    assert drain_life(at=noon(EXPIRY)) > 0
    assert drain_life(at=noon(EXPIRY)) == 0
    assert OutboxEvent.objects.using("system").filter(name="product.suspended").count() == 1
    assert len(mails("products_suspended")) == 1


def test_several_products_of_a_day_are_one_mail_to_each_contact() -> None:
    """PRD-8, ORG-11: billing contacts; not the other members, not other organizations."""
    organization = make_tenant()
    accountant = make_member(organization, Role.COLLABORATOR, name="Carla Conti", has_billing=True)
    technician = make_member(organization, Role.ADMINISTRATOR, name="Bob Rossi")
    make_member(organization, Role.COLLABORATOR, name="Dora Other")
    names = sorted(make_product(organization, months=1, at=BEGIN).name for _ in range(3))
    other = make_product(make_tenant(name="Other SA"), months=1, at=BEGIN, name="other.example")
    drain_life(at=noon(EXPIRY))
    own = [mail for mail in mails("products_suspended") if mail.organization_id == organization.pk]
    assert len(own) == 2
    assert accountant.email in {mail.recipient for mail in own}
    assert technician.email not in {mail.recipient for mail in own}
    for mail in own:
        assert mail.subject == "3 products are suspended"
        assert all(name in mail.text and name in mail.html for name in names)
        assert other.name not in mail.text
        assert f"/o/{organization.pk}/" in mail.html


def test_a_product_that_is_suspended_again_is_told_again() -> None:
    """PRD-8: renewed in between, it is a new reason to write."""
    organization = make_tenant()
    product = make_product(organization, months=1, at=BEGIN)
    drain_life(at=noon(EXPIRY))
    with tenant_scope(organization.pk):
        extend_product(product=product, until=date(2026, 3, 15), actor=ACTOR, at=noon(EXPIRY))
    drain_life(at=noon(date(2026, 3, 15)))
    assert len(mails("products_suspended")) == 2


def test_the_end_is_told_with_what_it_means() -> None:
    """PRD-8, PRD-11: a domain that nobody restored is free, a hosting is deleted."""
    organization = make_tenant()
    domain = make_plan(kind="domain", grace_days=10, redemption_days=20)
    make_product(organization, plan=domain, name="free.example", months=1, at=BEGIN)
    make_product(organization, name="gone.example", months=1, at=BEGIN)
    for days in (0, 10, 30):
        drain_life(at=noon(EXPIRY + timedelta(days=days)))
    (mail,) = mails("products_ended")
    assert mail.subject == "2 products have ended"
    lines = {line.split(" (")[0]: line for line in mail.text.splitlines() if line.startswith("- ")}
    assert "anybody may register it" in lines["- free.example"]
    assert "its data is deleted" in lines["- gone.example"]


def test_a_redemption_is_told_with_its_day_its_price_and_the_way_back() -> None:
    """PRD-11: nothing has ended yet; the price is that of the page."""
    organization = make_tenant()
    plan = make_domain_plan(grace_days=10, redemption_days=40)
    domain = make_product(organization, plan=plan, name="late.example", months=1, at=BEGIN)
    drain_life(at=noon(EXPIRY))
    drain_life(at=noon(EXPIRY + timedelta(days=10)))
    (mail,) = mails("products_in_redemption")
    assert mail.subject == "1 domain is in redemption"
    told = "late.example: to be restored before April 6, 2026, for CHF 130.00 with its renewal, without VAT"
    assert told in " ".join(mail.text.split())
    assert f"/o/{organization.pk}/billing/restores/{domain.pk}/" in mail.html
    assert not mails("products_ended")


def test_a_name_with_markup_is_text_in_the_mail() -> None:
    """INC-30."""
    make_product(make_tenant(), name='<script>alert("x")</script>', months=1, at=BEGIN)
    drain_life(at=noon(EXPIRY))
    (mail,) = mails("products_suspended")
    assert "<script" not in mail.html
    assert '<script>alert("x")</script>' in mail.text


def test_one_product_that_cannot_be_moved_does_not_stop_the_others(
    superuser_connection: psycopg.Connection,
) -> None:
    """PRD-8: the others go on, and the next drain finds it again."""
    bad, good = (make_product(make_tenant(), months=1, at=BEGIN) for _ in range(2))
    superuser_connection.execute("update organizations_organization set time_zone = 'Europe/Zurich'")
    superuser_connection.execute(
        "create function refuse() returns trigger language plpgsql as $$ begin raise 'broken'; end $$"
    )
    superuser_connection.execute(
        f"create trigger refuse before update on products_product for each row "
        f"when (new.id = {bad.pk}) execute function refuse()"
    )
    try:
        drain_life(at=noon(EXPIRY))
        assert (status_of(bad), status_of(good)) == ("active", "suspended")
    finally:
        superuser_connection.execute("drop trigger refuse on products_product; drop function refuse()")
    drain_life(at=noon(EXPIRY))
    assert status_of(bad) == "suspended"


def test_skips_a_product_that_somebody_is_changing(as_role: Callable[[str], psycopg.Connection]) -> None:
    """PRD-8: a payment that holds the row wins; the drain does not wait for it."""
    product = make_product(make_tenant(), months=1, at=BEGIN)
    holder = as_role("system")
    with holder.transaction():
        holder.execute("select 1 from products_product where id = %s for update", [product.pk])
        assert drain_life(at=noon(EXPIRY)) == 0
    assert drain_life(at=noon(EXPIRY)) > 0


def test_four_at_once_do_each_step_once() -> None:
    """PRD-8: any number of workers run the same drain."""
    organization = make_tenant()
    for _ in range(12):
        make_product(organization, months=1, at=BEGIN)
    start = Barrier(4)

    def run() -> None:
        start.wait()
        drain_life(at=noon(EXPIRY))
        connections.close_all()

    threads = [Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    drain_life(at=noon(EXPIRY))
    events = OutboxEvent.objects.using("system").filter(name="product.suspended")
    assert events.count() == 12
    # Two drains may share the products of a day between them, never tell one twice.
    told = [
        line for mail in mails("products_suspended") for line in mail.text.splitlines() if line[:2] == "- "
    ]
    assert len(told) == len(set(told)) == 12
