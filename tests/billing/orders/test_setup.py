"""What is chosen for the first setting up goes from the shop to the machines (WIN-1, PRD-3)."""

import pytest
from django.urls import reverse

from billing.invoices.selectors import list_lines
from billing.orders.models import CartLine
from manager.kit.scope import tenant_scope
from manager.outbox.relay import drain_outbox
from products.inventory.models import Product
from products.provisioning.periodic import drain_provisioning
from tests.billing.orders.pages import count, text_of, url
from tests.billing.orders.scripts import client_for, path, post
from tests.factories.amounts import chf
from tests.factories.billing import make_address, pay_invoice
from tests.factories.orders import confirm_cart, fill_cart, reread_order, total_of
from tests.factories.payments import now
from tests.factories.products import make_option, make_plan
from tests.factories.services import service_of


@pytest.fixture
def linux():
    return make_plan(slug="vps", kind="vps")


@pytest.fixture
def windows():
    plan = make_plan(slug="vps-windows", kind="vps")
    make_option(plan, "windows-licence", kind="number", included=4, minimum=4, maximum=32, step=1)
    return plan


@pytest.fixture
def api(owner, organization):
    make_address(organization, is_default=True)
    return client_for(owner)


def choose(page, organization, plan, **fields):
    asked = {"months": 12, "quantity": 1, "name": "Mail relay", **fields}
    return page.post(url("shop_plan", organization, plan.slug), asked)


def test_the_system_that_was_chosen_is_installed(page, organization, linux):
    """WIN-1: chosen beside the period, shown in the cart, given to the machines once it is paid."""
    assert "Rocky Linux 9" in text_of(page.get(url("shop_plan", organization, "vps")))
    assert choose(page, organization, linux, **{"setup-system": "rocky-9"}).status_code == 302
    assert "Rocky Linux 9" in text_of(page.get(url("cart", organization)))
    order = reread_order(confirm_cart(organization), organization)
    pay_invoice(order.invoice)
    drain_outbox(at=now())
    drain_provisioning(at=now())
    with tenant_scope(organization.pk):
        server = Product.objects.get()
        assert server.setup == {"system": "rocky-9"}
    assert service_of(server).data["system"] == "rocky-9"


@pytest.mark.parametrize("system", ["windows-2025-standard", "own-image", ""])
def test_refuses_a_system_that_the_plan_does_not_offer(page, organization, linux, system):
    """WIN-1, INC-27: no Windows without its licence, and no image of one's own."""
    answer = choose(page, organization, linux, **{"setup-system": system})
    assert "setup-system" in text_of(answer, 422)
    assert count(organization, CartLine) == 0


def test_offers_windows_with_its_licence(page, organization, windows):
    """WIN-1: the licence by processor comes with the plan, so that its systems do."""
    shown = text_of(page.get(url("shop_plan", organization, "vps-windows")))
    assert "Windows Server 2022 Datacenter" in shown
    assert "Debian" not in shown


def test_the_licence_is_charged_by_processor(organization, windows):
    """WIN-1: four come with the plan; each further one is charged, the same in cart, order and invoice."""
    fill_cart(organization, windows, options={"windows-licence": 8}, name="Terminal")
    total = total_of(organization)
    order = reread_order(confirm_cart(organization, total=total), organization)
    with tenant_scope(organization.pk):
        lines = [(row.component, row.quantity, row.unit_amount) for row in list_lines(invoice=order.invoice)]
    assert lines == [("", 1, 12_000), ("windows-licence", 4, 1_200)]
    assert order.invoice.total_amount == total


def test_a_visitor_chooses_the_same(client, page, organization, linux):
    """PRD-3: the visitor's cart keeps the system until it is an organization's."""
    client.post(
        reverse("billing:storefront_plan", args=["vps"]),
        {"months": 12, "quantity": 1, "name": "", "setup-system": "fedora-43"},
    )
    assert "Fedora 43" in text_of(client.get(reverse("billing:storefront_cart")))
    page.cookies.update(client.cookies)
    page.post(url("take_over_cart", organization))
    with tenant_scope(organization.pk):
        assert CartLine.objects.get().setup == {"system": "fedora-43"}


def test_the_interface_tells_and_takes_it(api, organization, linux):
    """API-1: the catalogue lists the answers, an order names one, a wrong one is refused beside its line."""
    (family,) = api.get(path(organization, "catalogue")).json()["data"]
    (choice,) = family["plans"][0]["setup"]
    assert choice["slug"] == "system"
    assert choice["answers"]["ubuntu-24.04"] == "Ubuntu 24.04 LTS"
    for setup, status in (({"system": "ubuntu-24.04"}, 201), ({"system": "dos"}, 422), ({"disk": "1"}, 422)):
        lines = [{"plan": "vps", "months": 12, "setup": setup}]
        answer = post(api, path(organization), {"lines": lines, "confirmed_total": chf(12_972)})
        assert answer.status_code == status, answer.content
        assert status == 201 or '"setup":["This cannot be chosen' in answer.content.decode()
    with tenant_scope(organization.pk):
        assert Product.objects.get().setup == {"system": "ubuntu-24.04"}
