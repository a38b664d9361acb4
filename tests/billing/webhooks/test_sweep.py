"""Messages that never arrived are found in the list; what fails waits for staff (INC-22, INC-23)."""

from datetime import timedelta

import pytest

from billing.invoices.status import InvoiceStatus
from billing.webhooks.models import EventSweep, ProviderEvent
from billing.webhooks.periodic import drain_provider_events, sweep_provider_events
from billing.webhooks.rights import MEND_EVENTS
from billing.webhooks.services import MAX_ATTEMPTS
from tests.factories.cast import make_tenant
from tests.factories.identity import make_staff, staff_client
from tests.factories.payments import make_order_invoice, now, open_checkout, provider
from tests.factories.products import reread

LATER = timedelta(minutes=3)


@pytest.fixture
def paid(psp):
    """Return an invoice that was paid at the provider, of which no message arrived."""
    organization = make_tenant()
    invoice, _ = make_order_invoice(organization)
    attempt = open_checkout(invoice)
    provider().pay_checkout(attempt.redirect_url)
    return invoice


def test_finds_what_never_arrived_once(paid):
    """INC-23: those on their way are left alone; each is stored once, however often the list is read."""
    assert sweep_provider_events(at=now()) == 0
    EventSweep.objects.update(due_at=now())
    found = sweep_provider_events(at=now() + LATER)
    assert found == ProviderEvent.objects.filter(is_swept=True).count() > 0
    assert sweep_provider_events(at=now() + LATER) == 0
    assert sweep_provider_events(at=now() + timedelta(minutes=20)) == 0
    drain_provider_events(at=now() + LATER)
    assert reread(paid, paid.organization).status == InvoiceStatus.PAID


def test_a_list_that_cannot_be_read_is_read_again(paid):
    """INC-23: nothing is skipped."""
    provider().faults(
        {"match": {"method": "GET", "path": "/v1/events"}, "kind": "error_500_before", "times": 1}
    )
    assert sweep_provider_events(at=now() + LATER) == 0
    assert EventSweep.objects.get().last_error
    assert sweep_provider_events(at=now() + timedelta(minutes=14)) > 0
    assert EventSweep.objects.get().last_error == ""


def test_staff_let_a_quarantined_message_be_handled_again(psp, query_count):
    """INC-23: after many tries it waits; nothing else is touched."""
    staff = staff_client(make_staff(MEND_EVENTS))
    stuck, other = (
        ProviderEvent.objects.create(
            gateway="stripe",
            reference=f"evt_{name}",
            kind="other",
            payload={"type": "x", "organization": 0, "attempt": 0, "reference": "", "means": ""},
            received_at=now(),
            due_at=now(),
            attempts=MAX_ATTEMPTS,
            quarantined_at=now() if name == "stuck" else None,
            handled_at=None if name == "stuck" else now(),
        )
        for name in ("stuck", "other")
    )
    with query_count() as seen:
        page = staff.get("/staff/provider-messages/", {"state": "quarantined"}).content.decode()
    assert ("evt_stuck" in page, "evt_other" in page) == (True, False)
    assert seen.count < 20
    assert drain_provider_events(at=now()) == 0
    sent = staff.post("/staff/provider-messages/replay/", {"selected": [stuck.pk, other.pk, "x"]})
    assert sent.status_code == 302
    assert drain_provider_events(at=now()) == 1
    stuck.refresh_from_db()
    assert (stuck.handled_at is not None, stuck.attempts) == (True, 1)
