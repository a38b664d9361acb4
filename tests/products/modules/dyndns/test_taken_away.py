"""A device whose name is taken away while it speaks (PRD-12)."""

import threading
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.db import connections, transaction

from manager.kit.scope import tenant_scope
from products.modules.domain.models import Domain
from products.modules.dyndns.errors import HostNotFound
from products.modules.dyndns.services import remove_host, renew_key, update_host
from tests.factories.products import ACTOR
from tests.factories.zones import make_dynamic_host, reread_domain
from tests.fixtures.waiting import count_waiting, wait_until


@pytest.mark.parametrize("take_away", [remove_host, renew_key], ids=["removed", "another key"])
def test_a_device_past_its_key_check_writes_nothing_any_more(
    domain: Domain, at: datetime, superuser_connection: Any, take_away: Callable[..., Any]
) -> None:
    """PRD-12: it waits for whoever takes the name away at this moment, and then hears no."""
    host, _key = make_dynamic_host(domain, at=at)
    came: list[Any] = []

    def tell() -> None:
        try:
            with tenant_scope(domain.organization_id):
                came.append(update_host(host=host, addresses=["192.0.2.66"], actor=ACTOR, at=at))
        except Exception as error:  # noqa: BLE001  (told in the test's own thread)
            came.append(error)
        finally:
            connections.close_all()

    device = threading.Thread(target=tell)
    with tenant_scope(domain.organization_id), transaction.atomic():
        take_away(domain=domain, host_id=host.pk, actor=ACTOR, at=at)
        device.start()
        wait_until(lambda: bool(came) or count_waiting(superuser_connection))
    device.join()
    assert [type(one) for one in came] == [HostNotFound]
    assert [one for one in reread_domain(domain).zone() if one.name == host.name] == []
