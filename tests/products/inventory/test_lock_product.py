"""A product is found under its lock whatever was changed of it while somebody waited for it."""

import threading
from datetime import UTC, datetime

from django.db import connections, transaction

from manager.kit.scope import tenant_scope
from products.inventory.models import Product
from products.inventory.services import rename_product
from products.inventory.services.options import modify_product
from tests.factories.cast import make_tenant
from tests.factories.products import ACTOR, make_plan, make_product
from tests.fixtures.waiting import count_waiting, wait_until

AT = datetime(2026, 2, 1, 12, 0, tzinfo=UTC)


def test_a_plan_that_changes_during_the_wait_does_not_hide_the_product(superuser_connection) -> None:
    """PRD-14: whoever waited for the lock works on the product with its new plan, not on none."""
    organization = make_tenant()
    product, dear = make_product(organization), make_plan(slug="dear")
    came: list[object] = []

    def rename() -> None:
        try:
            with tenant_scope(organization.pk):
                came.append(rename_product(product=product, name="Renamed", actor=ACTOR, at=AT))
        except Exception as error:  # noqa: BLE001  (told in the test's own thread)
            came.append(error)
        finally:
            connections.close_all()

    other = threading.Thread(target=rename)
    with tenant_scope(organization.pk), transaction.atomic():
        modify_product(product=product, plan=dear, months=12, quantity=1, options={}, actor=ACTOR, at=AT)
        other.start()
        wait_until(lambda: count_waiting(superuser_connection))
    other.join()

    [renamed] = came
    assert isinstance(renamed, Product), renamed
    assert (renamed.name, renamed.plan.slug) == ("Renamed", "dear")
