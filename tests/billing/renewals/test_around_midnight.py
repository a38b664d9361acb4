"""A renewal is planned and charged once, on the first of its days in its own time zone (BIL-11, INC-26)."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from billing.engine.periodic import drain_renewals
from billing.invoices.models import Invoice
from billing.payments.models import PaymentAttempt
from manager.outbox.relay import drain_outbox
from tests.factories.cast import make_tenant
from tests.factories.payments import make_method, provider
from tests.factories.renewals import mails_called, make_renewing, read


@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "Europe/Zurich", "Pacific/Niue", "Asia/Kathmandu"])
def test_whoever_looks_each_half_hour_of_two_days(psp, zone):
    """BIL-16: an engine in UTC sees both midnights go by, the organization's own and that of UTC."""
    organization = make_tenant(time_zone=zone)
    make_method(organization)
    product = make_renewing(organization)
    first = product.expires_on - timedelta(days=14)
    begins = datetime.combine(first, time(), tzinfo=ZoneInfo(zone)).astimezone(UTC)
    for number in range(-48, 49):
        at = begins + number * timedelta(minutes=30)
        done = drain_renewals(at=at)
        drain_outbox(at=at)
        assert bool(done) == (number == 0), at
    invoices = read(lambda: list(Invoice.objects.values_list("status", flat=True)), organization)
    [attempt] = read(lambda: list(PaymentAttempt.objects.all()), organization)
    assert (invoices, attempt.created_at) == (["paid"], begins)
    assert len(provider().charges()) == len(mails_called("invoice_paid")) == 1
    product = read(lambda: type(product).objects.get(pk=product.pk), organization)
    assert product.expires_on.year == first.year + 1 + (first.month == 12)
