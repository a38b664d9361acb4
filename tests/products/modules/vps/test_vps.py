"""A virtual server: its system, licence, power and access (WIN-1)."""

from datetime import datetime, timedelta

import pytest
from django.test import Client

from manager.kit.scope import tenant_scope
from manager.outbox.relay import drain_outbox
from organizations.profile.models import Organization
from products.inventory.models import Product
from products.modules.vps.actions import REINSTALL_DELAY
from products.modules.vps.systems import LINUX, WINDOWS
from products.provisioning.models import ServiceAction
from products.provisioning.periodic import drain_provisioning
from tests.factories.products import make_option, make_plan, make_product
from tests.factories.services import service_of


def make_server(organization: Organization, *, at: datetime, has_licence: bool = False) -> Product:
    plan = make_plan(kind="vps")
    if has_licence:
        make_option(plan, "windows-licence", kind="number", included=4, minimum=4, maximum=32, step=1)
    product = make_product(organization, plan=plan, at=at)
    drain_outbox(at=at)
    drain_provisioning(at=at)
    return product


def page_of(product: Product, action: str = "") -> str:
    page = f"/o/{product.organization_id}/products/{product.pk}/"
    return f"{page}actions/{action}/" if action else page


def ask(client: Client, product: Product, action: str, **fields: str) -> int:
    return client.post(page_of(product, action), {"understood": "on", **fields}).status_code


def details(product: Product) -> dict[str, str]:
    return service_of(product).data


def test_a_new_server_shows_its_system_and_how_to_get_in(
    alice: Client, organization: Organization, at: datetime
) -> None:
    """WIN-1: Linux where no licence is charged; Windows with its licence by vCPU where it is."""
    linux = make_server(organization, at=at)
    page = alice.get(page_of(linux)).content.decode()
    assert LINUX[0].name in page
    assert "SSH" in page
    assert details(linux)["address"] in page
    assert "vCPU" not in page
    windows = make_server(organization, at=at, has_licence=True)
    page = alice.get(page_of(windows)).content.decode()
    assert WINDOWS[0].name in page
    assert "Administrator" in page
    assert "for 4 vCPU" in page


def test_a_server_that_is_being_set_up_shows_what_was_chosen_for_it(
    alice: Client, organization: Organization, at: datetime
) -> None:
    """WIN-1, PRD-7: from the order on; how to get in is shown as soon as it runs."""
    chosen = LINUX[-1]
    server, unpaid = (
        make_product(organization, plan=make_plan(kind="vps"), at=at, activated=paid)
        for paid in (True, False)
    )
    with tenant_scope(organization.pk):
        Product.objects.update(setup={"system": chosen.slug})
    page = alice.get(page_of(unpaid)).content.decode()
    assert chosen.name in page
    assert "Being set up" not in page
    page = alice.get(page_of(server)).content.decode()
    assert chosen.name in page
    assert "Being set up" in page
    assert "SSH" not in page
    drain_outbox(at=at)
    assert "Being set up" in alice.get(page_of(server)).content.decode()
    drain_provisioning(at=at)
    page = alice.get(page_of(server)).content.decode()
    assert details(server)["system"] == chosen.slug
    assert chosen.name in page
    assert "SSH" in page
    assert "Being set up" not in page


def test_it_is_stopped_started_and_restarted(alice: Client, organization: Organization, at: datetime) -> None:
    """WIN-1: the state is shown; stopping has to be confirmed."""
    server = make_server(organization, at=at)
    assert alice.post(page_of(server, "stop"), {}).status_code == 422
    for action, power in (("stop", "off"), ("start", "on"), ("restart", "on")):
        assert ask(alice, server, action) == 302
        drain_provisioning(at=at + timedelta(minutes=1))
        assert details(server)["power"] == power
        assert (">On<" in alice.get(page_of(server)).content.decode()) is (power == "on")


@pytest.mark.parametrize("has_licence", [False, True], ids=["linux", "windows"])
def test_a_system_is_installed_that_the_plan_is_licensed_for(
    alice: Client, organization: Organization, at: datetime, has_licence: bool
) -> None:
    """WIN-1: Windows where the licence is charged, Linux where it is not; never the others."""
    server = make_server(organization, at=at, has_licence=has_licence)
    own, other = (WINDOWS, LINUX) if has_licence else (LINUX, WINDOWS)
    mine, others = ("reinstall-windows", "reinstall") if has_licence else ("reinstall", "reinstall-windows")
    shown = alice.get(page_of(server, mine)).content.decode()
    assert all(system.name in shown for system in own)
    assert not any(system.name in shown for system in other)
    assert ask(alice, server, mine, system=other[0].slug) == 422
    assert ask(alice, server, others, system=other[0].slug) == 404
    assert ask(alice, server, mine) == 422
    assert not ServiceAction.objects.using("system").exists()
    assert ask(alice, server, mine, system=own[-1].slug) == 302
    drain_provisioning(at=at + timedelta(minutes=1))
    assert details(server)["system"] == own[0].slug
    drain_provisioning(at=at + REINSTALL_DELAY + timedelta(minutes=1))
    assert details(server)["system"] == own[-1].slug
    assert own[-1].name in alice.get(page_of(server)).content.decode()


def test_the_systems_are_those_of_the_offer() -> None:
    """WIN-1: three years, two editions."""
    names = {system.name for system in WINDOWS}
    assert names == {
        f"Windows Server {year} {edition}"
        for year in (2019, 2022, 2025)
        for edition in ("Standard", "Datacenter")
    }
    assert all(system.needs_licence for system in WINDOWS)
    assert not any(system.needs_licence for system in LINUX)
