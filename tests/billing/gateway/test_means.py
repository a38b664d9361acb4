"""Saved means: described as they are now, and forgotten (BIL-9)."""

import pytest

from billing.gateway.errors import MeansNotFound
from billing.gateway.protocol import MeansKind
from tests.billing.gateway.conftest import Desk


def test_describes_a_card(desk: Desk) -> None:
    means = desk.describe(desk.save_card("pm_card_mastercard"))
    assert (means.kind, means.brand, means.last4) == (MeansKind.CARD, "mastercard", "4444")
    assert means.customer_reference == desk.customer
    assert means.fingerprint


def test_the_same_card_has_the_same_fingerprint(desk: Desk) -> None:
    first, again, other = (
        desk.describe(desk.save_card(token)).fingerprint
        for token in ("pm_card_visa", "pm_card_visa", "pm_card_mastercard")
    )
    assert first == again != other


def test_sees_what_the_network_updated(desk: Desk) -> None:
    reference = desk.save_card()
    desk.sandbox.set_means(reference, exp_month=3, exp_year=2039)
    means = desk.describe(reference)
    assert (means.exp_month, means.exp_year) == (3, 2039)


def test_does_not_know_a_means_that_never_was(desk: Desk) -> None:
    with pytest.raises(MeansNotFound):
        desk.describe("pm_none")


def test_forgets_and_does_not_mind_to_be_told_twice(desk: Desk) -> None:
    reference = desk.save_card()
    for _ in range(2):
        desk.gateway.detach_means(means_reference=reference, idempotency_key=desk.key())
    desk.gateway.detach_means(means_reference="pm_none", idempotency_key=desk.key())
    assert desk.describe(reference).customer_reference == ""


def test_a_customer_is_made_once_for_a_key(desk: Desk) -> None:
    values = {"name": "Acme", "email": "pay@acme.test", "language": "fr", "idempotency_key": "customer-4"}
    assert desk.gateway.create_customer(organization_id=4, **values) == desk.customer
    (customer,) = desk.sandbox.get("/v1/customers")["data"]
    assert customer["metadata"] == {"organization": "4"}
    assert customer["preferred_locales"] == ["fr"]
