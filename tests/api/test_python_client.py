"""The typed Python client, written anew from the document, shops over real HTTP (API-4)."""

import importlib
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest
from django.test import Client

from accounts.tokens.scopes import Scope
from tests.factories.billing import make_address, make_legal_entity
from tests.factories.cast import make_person, make_tenant
from tests.factories.payments import fill_prepaid
from tests.factories.products import make_plan, make_product
from tests.factories.tokens import make_api_token
from tests.fixtures.http import Site

CONFIG = Path(__file__).parents[2] / "clients" / "python" / "config.yaml"
GENERATOR = [str(Path(sys.executable).with_name("openapi-python-client")), "generate"]


@pytest.fixture
def written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Write the client as `make client` does, and make it importable."""
    document = tmp_path / "openapi.json"
    document.write_text(json.dumps(Client().get("/api/openapi.json").json()))
    folder = tmp_path / "client"
    options = ["--path", str(document), "--config", str(CONFIG), "--output-path", str(folder)]
    done = subprocess.run(
        [*GENERATOR, *options, "--fail-on-warning"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-3000:]
    monkeypatch.syspath_prepend(folder)
    yield folder
    for name in [name for name in sys.modules if name.partition(".")[0] == "manager_client"]:
        del sys.modules[name]


def part(name: str) -> ModuleType:
    """Return a module of the client."""
    return importlib.import_module(f"manager_client.{name}")


def test_has_a_function_for_each_operation_and_shops(written: Path, site: Site) -> None:
    """API-4: sign in by token, list products, order, pay from the prepaid account, read the invoice."""
    document = json.loads((written.parent / "openapi.json").read_text())
    number = sum(len(methods) for methods in document["paths"].values())
    modules = [
        file for file in (written / "manager_client" / "api").glob("*/*.py") if file.stem != "__init__"
    ]
    assert len(modules) == number

    owner = make_person()
    organization = make_tenant(owner)
    make_legal_entity()
    make_address(organization, is_default=True)
    plan = make_plan()
    make_product(organization, plan=plan, name="first.example")
    fill_prepaid(organization, 20_000)
    _token, secret = make_api_token(owner, scopes=tuple(Scope.values))
    models = part("models")
    client = part("client").AuthenticatedClient(site.url, token=secret, raise_on_unexpected_status=True)

    with client:
        listed = part("api.products.organizations_products_list").sync("current", client=client)
        assert [product.name for product in listed.data] == ["first.example"]

        line = models.OrderLineInputRequest(plan=plan.slug, months=12)
        order_of = part("api.orders.organizations_orders_create").sync
        offer = order_of("current", client=client, body=models.OrderInputRequest(lines=[line])).data
        wanted = models.OrderInputRequest(lines=[line], confirmed_total=offer.total_amount)
        order = order_of("current", client=client, body=wanted, idempotency_key="shopping").data
        assert order.status is models.OrderStatus.PENDING

        pay = part("api.invoices.organizations_invoices_pay_create").sync
        from_balance = models.PayInputRequest(prepaid=True)
        payment = pay("current", order.invoice_id, client=client, body=from_balance).data
        assert payment.status is models.PaymentStatus.SUCCEEDED

        read = part("api.invoices.organizations_invoices_retrieve").sync
        assert read("current", order.invoice_id, client=client).data.status is models.InvoiceStatus.PAID
        pdf = part("api.invoices.organizations_invoices_pdf_retrieve").sync
        assert pdf("current", order.invoice_id, client=client).payload.read(4) == b"%PDF"

        # A refusal is an answer with a shape, too.
        refused = pay("current", order.invoice_id, client=client, body=from_balance)
        assert isinstance(refused, models.Error)
        assert refused.error.code
