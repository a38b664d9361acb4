"""Two who tag at the same moment: what the later one wishes holds, and nothing breaks (UI-2)."""

import threading
from collections.abc import Callable
from datetime import UTC, datetime

from django.db import connections, transaction
from psycopg import Connection

from manager.kit.scope import tenant_scope
from organizations.access.locks import lock_organization
from organizations.profile.models import Organization
from products.lists.models import ProductTag, Tag
from products.lists.services import create_tag, delete_tag, find_or_create_tag, set_tags, tag_products
from tests.factories.cast import make_tenant
from tests.factories.products import ACTOR, make_product
from tests.fixtures.waiting import count_waiting, wait_until

AT = datetime(2026, 2, 1, 12, 0, tzinfo=UTC)


def during(
    organization: Organization,
    connection: Connection,
    *,
    first: Callable[[], object],
    then: Callable[[], object],
) -> object:
    """Do `first` while `then` waits for it already; return what came of `then`."""
    came: list[object] = []

    def run() -> None:
        try:
            with tenant_scope(organization.pk):
                came.append(then())
        except Exception as error:  # noqa: BLE001  (told in the test's own thread)
            came.append(error)
        finally:
            connections.close_all()

    other = threading.Thread(target=run)
    with tenant_scope(organization.pk), transaction.atomic():
        lock_organization(organization_id=organization.pk)
        other.start()
        wait_until(lambda: count_waiting(connection))
        first()
    other.join()
    return came[0]


def tags_of(organization: Organization) -> list[str]:
    with tenant_scope(organization.pk):
        return sorted(ProductTag.objects.values_list("tag__name", flat=True))


def make_tag(organization: Organization, name: str) -> Tag:
    with tenant_scope(organization.pk):
        return create_tag(organization_id=organization.pk, name=name, color="teal", actor=ACTOR, at=AT)


def test_who_sets_the_tags_last_has_set_them_all(superuser_connection: Connection) -> None:
    """UI-2: these tags and no others, also beside those that somebody else has set just now."""
    organization = make_tenant()
    product = make_product(organization)
    for name in ("Web", "Shop"):  # where one has to be made, that waits already
        make_tag(organization, name)
    came = during(
        organization,
        superuser_connection,
        first=lambda: set_tags(product=product, names=["Web"], actor=ACTOR, at=AT),
        then=lambda: set_tags(product=product, names=["Shop"], actor=ACTOR, at=AT),
    )
    assert came is None
    assert tags_of(organization) == ["Shop"]


def test_a_tag_that_is_deleted_during_the_wait_is_put_on_nothing(superuser_connection: Connection) -> None:
    """UI-2: the others are put on all the same."""
    organization = make_tenant()
    product = make_product(organization)
    leaving, staying = make_tag(organization, "Old"), make_tag(organization, "New")
    came = during(
        organization,
        superuser_connection,
        first=lambda: delete_tag(tag=leaving, actor=ACTOR, at=AT),
        then=lambda: tag_products(
            organization_id=organization.pk,
            products=[product],
            add=[leaving, staying],
            remove=[],
            actor=ACTOR,
            at=AT,
        ),
    )
    assert came == 1
    assert tags_of(organization) == ["New"]


def test_the_same_new_tag_is_made_once(superuser_connection: Connection) -> None:
    """UI-2: the later one finds it, and hears of no name that is taken."""
    organization = make_tenant()
    own = organization.pk
    came = during(
        organization,
        superuser_connection,
        first=lambda: find_or_create_tag(organization_id=own, name="Web", actor=ACTOR, at=AT),
        then=lambda: find_or_create_tag(organization_id=own, name="web", actor=ACTOR, at=AT),
    )
    assert isinstance(came, Tag), came
    assert came.name == "Web"
