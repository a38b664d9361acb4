"""The verbs of a product's life against the table of transitions, and in the database (PRD-8, PRD-11)."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import psycopg
import pytest

from manager.kit.errors import IllegalTransition
from manager.kit.scope import tenant_scope
from manager.outbox.models import OutboxEvent
from organizations.audit.models import AuditEvent
from organizations.profile.models import Organization
from products.inventory.models import Product
from products.inventory.services import (
    activate_product,
    enter_redemption,
    release_product,
    restore_product,
    resume_product,
    suspend_product,
    terminate_product,
)
from products.inventory.services.restore import NotRestorable
from products.inventory.status import STEPS, TRANSITIONS, ProductStatus
from tests.factories.cast import make_tenant
from tests.factories.products import ACTOR, make_product

AT = datetime(2026, 2, 1, 12, 0, tzinfo=UTC)

FAR = date(2030, 1, 1)

VERBS: dict[str, tuple[str, Callable[..., Product]]] = {
    "activate": ("product.activated", lambda **values: activate_product(months=12, **values)),
    "suspend": ("product.suspended", suspend_product),
    "resume": ("product.resumed", resume_product),
    "enter_redemption": ("product.entered_redemption", enter_redemption),
    "terminate": ("product.terminated", terminate_product),
    "release": ("product.released", release_product),
    "restore": ("product.restored", lambda **values: restore_product(until=FAR, **values)),
}


def product_in(status: str, organization: Organization) -> Product:
    """Return a product put into `status` by a plain insert."""
    product = make_product(organization)
    values = {field.attname: getattr(product, field.attname) for field in Product._meta.concrete_fields}
    with tenant_scope(organization.pk):
        until = AT + timedelta(days=7) if status == ProductStatus.TERMINATED else None
        return Product.objects.create(**{**values, "id": None, "status": status, "restorable_until": until})


def test_the_table_has_a_verb_for_each_step_and_every_verb_is_tried() -> None:
    """PRD-8: the verbs below are all that there are, and the transitions are theirs."""
    assert set(VERBS) == set(STEPS)
    assert {(old, new) for steps in STEPS.values() for old, new in steps.items()} == {
        (old, new) for old, news in TRANSITIONS.items() for new in news
    }


@pytest.mark.parametrize("verb", sorted(VERBS))
@pytest.mark.parametrize("status", ProductStatus.values)
def test_each_verb_does_what_the_table_allows_and_refuses_the_rest(verb: str, status: str) -> None:
    """PRD-8: each state × verb; a refusal writes nothing."""
    organization = make_tenant()
    product = product_in(status, organization)
    event, call = VERBS[verb]
    to = STEPS[verb].get(status)
    with tenant_scope(organization.pk):
        events_before = OutboxEvent.objects.count()
        if to is not None:
            assert call(product=product, actor=ACTOR, at=AT).status == to
            assert Product.objects.get(pk=product.pk).status == to
            assert OutboxEvent.objects.filter(name=event, payload__product=product.pk).count() == 1
            assert AuditEvent.objects.filter(name=event, subject_id=product.pk).count() == 1
        else:
            with pytest.raises((IllegalTransition, NotRestorable)):
                call(product=product, actor=ACTOR, at=AT)
            assert Product.objects.get(pk=product.pk).status == status
            assert OutboxEvent.objects.count() == events_before


@pytest.mark.parametrize("to", ProductStatus.values)
@pytest.mark.parametrize("status", ProductStatus.values)
def test_the_database_refuses_what_the_table_does_not_allow(
    as_role: Callable[[str], psycopg.Connection], status: str, to: str
) -> None:
    """PRD-8: each state × state as plain SQL of the web role, in the tenant's scope."""
    organization = make_tenant()
    product = product_in(status, organization)
    connection = as_role("web")
    connection.execute("select set_config('app.organization', %s, false)", [str(organization.pk)])
    statement = "update products_product set status = %s, restorable_until = null where id = %s"
    if to == status or to in TRANSITIONS[status]:
        assert connection.execute(statement, [to, product.pk]).rowcount == 1
    else:
        with pytest.raises(psycopg.errors.RaiseException, match="Invalid transition"):
            connection.execute(statement, [to, product.pk])


def test_a_paid_order_begins_on_the_day_that_people_write_there() -> None:
    """PRD-7: 31 January 23:30 in Zurich is 1 February in Tokyo."""
    at = datetime(2026, 1, 31, 22, 30, tzinfo=UTC)
    zurich = make_product(make_tenant(time_zone="Europe/Zurich"), months=1, at=at)
    tokyo = make_product(make_tenant(time_zone="Asia/Tokyo"), months=1, at=at)
    assert (zurich.expires_on, zurich.anchor_day) == (date(2026, 2, 28), 31)
    assert (tokyo.expires_on, tokyo.anchor_day) == (date(2026, 3, 1), 1)


def test_an_ended_product_renews_no_more() -> None:
    """BIL-10: the switch goes off with the product, so that nothing is charged for it."""
    organization = make_tenant()
    product = make_product(organization)
    with tenant_scope(organization.pk):
        Product.objects.filter(pk=product.pk).update(auto_renew=True)
        ended: Any = terminate_product(product=product, actor=ACTOR, at=AT)
    assert (ended.auto_renew, ended.ended_at) == (False, AT)


def test_the_database_lets_nothing_back_that_ended_for_good(
    as_role: Callable[[str], psycopg.Connection],
) -> None:
    """PRD-9: without days of cooling off a terminated product stays so, whatever the code says."""
    organization = make_tenant()
    product = product_in(ProductStatus.TERMINATED, organization)
    connection = as_role("web")
    connection.execute("select set_config('app.organization', %s, false)", [str(organization.pk)])
    connection.execute("update products_product set restorable_until = null where id = %s", [product.pk])
    with pytest.raises(psycopg.errors.RaiseException):
        connection.execute("update products_product set status = 'active' where id = %s", [product.pk])
