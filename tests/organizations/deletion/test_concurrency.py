"""Deleting, while others begin something (ORG-14): one of the two always sees the other."""

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, connections, transaction

from manager.kit.errors import DomainError
from manager.kit.scope import tenant_scope
from organizations.access.roles import Role
from organizations.members.models import Membership
from organizations.profile.models import Organization
from tests.factories.billing import make_invoice, make_legal_entity
from tests.factories.cast import AT, make_person, make_tenant
from tests.factories.products import make_plan, make_product
from tests.organizations.deletion.test_delete import delete


def _join(organization: Organization) -> Any:
    return Membership.objects.create(
        organization=organization, user=make_person(), role=Role.EXTERNAL, created_at=AT
    )


@pytest.fixture
def organization() -> Organization:
    make_legal_entity()
    return make_tenant(name="Example AG")


def begin_and_wait(
    begin: Callable[[], object], begun: threading.Event, go_on: threading.Event, ends: list[object]
) -> None:
    """Begin something in a transaction, and commit only when told."""
    try:
        with transaction.atomic():
            begin()
            begun.set()
            go_on.wait(120)
        ends.append("committed")
    except (DomainError, IntegrityError) as error:
        begun.set()
        ends.append(error)
    finally:
        connections.close_all()


@pytest.mark.parametrize("what", ["invoice", "product", "member"])
def test_what_is_begun_first_is_seen(organization: Organization, what: str) -> None:
    """ORG-14: the deletion waits for a row that is not committed yet, and then counts it."""
    plan = make_plan()
    begin = {
        "invoice": lambda: make_invoice(organization),
        "product": lambda: make_product(organization, plan=plan, activated=False),
        "member": lambda: _join(organization),
    }[what]
    begun, go_on, ends = threading.Event(), threading.Event(), []

    def run() -> None:
        with tenant_scope(organization.pk):
            begin_and_wait(begin, begun, go_on, ends)

    other = threading.Thread(target=run)
    other.start()
    assert begun.wait(120)
    release = threading.Timer(0.5, go_on.set)
    release.start()
    with pytest.raises(DomainError) as refused:
        delete(organization)
    other.join()
    assert ends == ["committed"]
    assert refused.value.code == "conditions_not_met"


def test_ten_at_once_delete_once(organization: Organization) -> None:
    """ORG-14: the others find nothing any more."""
    outcomes: list[str] = []
    gate = threading.Barrier(10)

    def run() -> None:
        gate.wait()
        try:
            delete(organization)
            outcomes.append("deleted")
        except (DomainError, IndexError) as error:
            outcomes.append(type(error).__name__)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert outcomes.count("deleted") == 1
    assert len(outcomes) == 10
