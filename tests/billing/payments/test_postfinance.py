"""PostFinance from the page to the money, and its messages at the open door (BIL-3, INC-22, INC-23)."""

import json
from datetime import UTC, datetime

import pytest

from billing.gateway.vocabulary import MeansKind
from billing.invoices.status import InvoiceStatus
from billing.ledger.models import AccountKind
from billing.payment_methods.models import PaymentMethod
from billing.payments.services import announce_transfer, charge_off_session
from billing.payments.status import AttemptStatus
from billing.transfer.services import set_seller_account
from billing.webhooks.models import ProviderEvent
from manager.demo.postfinance.signing import KEY_ID, Signer
from manager.demo.postfinance.testing import TestServer
from manager.kit.scope import tenant_scope
from tests.factories.billing import make_legal_entity
from tests.factories.cast import make_tenant
from tests.factories.payments import ACTOR, entries_of, make_order_invoice, now, open_checkout
from tests.factories.products import reread


@pytest.fixture(scope="module")
def _server(tmp_path_factory):
    server = TestServer(tmp_path_factory.mktemp("postfinance")).start()
    yield server
    server.stop()


@pytest.fixture
def postfinance(_server, settings):
    _server.reset()
    driver = "billing.gateway.postfinance.driver.PostFinanceGateway"
    settings.GATEWAYS = {**settings.GATEWAYS, "postfinance": {"driver": driver, **_server.options}}
    return _server


def tell(client, server, reference, state, **change):
    body = {
        "eventId": 77,
        "entityId": int(reference),
        "listenerEntityTechnicalName": "Transaction",
        "spaceId": 405,
        "state": state,
        "timestamp": datetime.now(tz=UTC).strftime("%Y-%m-%dT%H:%M:%S%z"),
        **change,
    }
    payload = json.dumps(body).encode()
    signature = change.pop("signature", None) or Signer(server.data).header(payload)
    return client.post(
        "/webhooks/postfinance/",
        payload,
        content_type="application/json",
        headers={"X-Signature": signature},
    )


def test_pays_keeps_the_means_and_charges_it_later(postfinance, client):
    """BIL-3, BIL-10: the message names only the transaction."""
    organization = make_tenant()
    invoice, _product = make_order_invoice(organization)
    attempt = open_checkout(invoice, kind=MeansKind.POSTFINANCE)
    assert attempt.gateway == "postfinance"
    postfinance.submit(attempt.redirect_url)

    assert tell(client, postfinance, attempt.reference, "FULFILL").status_code == 200
    assert tell(client, postfinance, attempt.reference, "FULFILL").status_code == 200
    assert ProviderEvent.objects.using("system").count() == 1
    assert reread(invoice, organization).status == InvoiceStatus.PAID
    with tenant_scope(organization.pk):
        method = PaymentMethod.objects.get()
    assert (method.kind, method.last4, method.country) == ("postfinance", "7788", "CH")
    assert reread(attempt, organization).means_country == "CH", "a proof of the country, kept or not (BIL-6)"

    later, _product = make_order_invoice(organization)
    with tenant_scope(organization.pk):
        charged = charge_off_session(invoice=later, method=method, actor=ACTOR, at=now())
    assert charged.status == AttemptStatus.SUCCEEDED
    assert len(postfinance.charges()) == 2


@pytest.mark.parametrize(
    "change",
    [
        {"signature": ""},
        {"signature": f"algorithm=SHA256withECDSA, keyId={KEY_ID}, signature=AAAA"},
        {"signature": "algorithm=SHA256withECDSA, keyId=unknown, signature=AAAA"},
        {"timestamp": "2020-01-01T00:00:00+0000"},
    ],
    ids=["none", "wrong", "unknown key", "old"],
)
def test_refuses_what_postfinance_did_not_sign_lately(postfinance, client, change):
    """INC-22: and stores nothing."""
    if change.get("signature") == "":
        change = {"signature": "none"}
    assert tell(client, postfinance, "1", "FULFILL", **change).status_code == 400
    assert not ProviderEvent.objects.using("system").exists()


def test_money_of_a_page_that_was_given_up_counts(postfinance, client):
    """PRD-6: PostFinance cannot close a page; who pays there all the same has paid."""
    set_seller_account(
        legal_entity=make_legal_entity(), currency="CHF", iban="CH9300762011623852957", bank_name="Bank"
    )
    organization = make_tenant()
    invoice, _product = make_order_invoice(organization)
    attempt = open_checkout(invoice, kind=MeansKind.POSTFINANCE)
    with tenant_scope(organization.pk):
        announce_transfer(invoice=invoice, actor=ACTOR, at=now())
    assert reread(attempt, organization).status == AttemptStatus.CANCELLED
    postfinance.submit(attempt.redirect_url)
    tell(client, postfinance, attempt.reference, "FULFILL")
    assert reread(attempt, organization).status == AttemptStatus.SUCCEEDED
    assert reread(invoice, organization).status == InvoiceStatus.PAID
    assert entries_of(organization, AccountKind.PROVIDER) == [-invoice.total_amount]
