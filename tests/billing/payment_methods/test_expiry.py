"""Cards that end: mails 30 and 7 days before, and the new end that the network tells (BIL-9)."""

from datetime import UTC, datetime, timedelta

import pytest

from billing.gateway.vocabulary import Means, MeansKind
from billing.payment_methods.ending import list_ending
from billing.payment_methods.models import PaymentMethod
from billing.payment_methods.periodic import drain_ending_cards
from billing.payment_methods.services import refresh_method, save_method
from manager.kit.scope import tenant_scope
from manager.outbox.models import OutgoingMail
from manager.outbox.relay import drain_outbox
from organizations.audit.models import AuditEvent
from tests.factories.cast import client_of, make_person, make_tenant
from tests.factories.payments import ACTOR, make_method, now, provider
from tests.factories.renewals import make_renewing

END = datetime(2027, 4, 30, 9, 0, tzinfo=UTC)


@pytest.fixture
def owner():
    return make_person(language="fr")


@pytest.fixture
def organization(owner):
    return make_tenant(owner)


def save(organization, reference, *, month=4):
    means = Means(
        reference=reference,
        kind=MeansKind.CARD,
        brand="visa",
        last4=reference[-4:],
        exp_month=month,
        exp_year=2027,
        fingerprint=reference,
    )
    with tenant_scope(organization.pk):
        return save_method(
            organization_id=organization.pk, gateway="stripe", means=means, actor=ACTOR, at=END
        )


def told(days):
    at = END - timedelta(days=days)
    count = drain_ending_cards(at=at)
    drain_outbox(at=at)
    return count


def test_tells_once_thirty_and_seven_days_before(organization):
    """BIL-9: one mail for all cards of an organization, in the contact's language."""
    save(organization, "pm_1111")
    save(organization, "pm_2222")
    save(organization, "pm_3333", month=9)
    assert [told(days) for days in (31, 30, 29, 8, 7, 6, 0, -1)] == [0, 2, 0, 0, 2, 0, 0, 0]
    mails = list(OutgoingMail.objects.using("system").filter(template="payment_method_expires_soon"))
    assert [mail.language for mail in mails] == ["fr", "fr"]
    assert "1111" in mails[0].text
    assert "2222" in mails[0].text
    assert "3333" not in mails[0].text


def test_a_card_saved_late_is_told_of_once(organization):
    """BIL-9: the notice of 30 days is not made up for."""
    save(organization, "pm_1111")
    assert [told(days) for days in (3, 2)] == [1, 0]


def test_the_page_says_which_card_ends(psp, organization, owner):
    """BIL-9: and takes what the network tells, with before and after in the log."""
    method = make_method(organization)
    provider().set_means(method.reference, exp_month=now().month, exp_year=now().year, last4="4343")
    with tenant_scope(organization.pk):
        row = refresh_method(method=method, actor=ACTOR, at=now())
        assert PaymentMethod.objects.get().last4 == "4343"
        audit = AuditEvent.objects.filter(name="payment_method.updated").get()
    assert "4242" in audit.data["before"]
    assert "4343" in audit.data["after"]
    shown = client_of(owner).get(f"/o/{organization.pk}/billing/payment-methods/").content.decode()
    assert row.ends_on is not None
    assert "4343" in shown
    assert "est valable jusqu’au" in shown
    home, renewals = (f"/o/{organization.pk}/{path}" for path in ("", "billing/renewals/"))
    page = client_of(owner)
    assert not any("est valable jusqu’au" in page.get(path).content.decode() for path in (home, renewals))
    make_renewing(organization)
    assert all("est valable jusqu’au" in page.get(path).content.decode() for path in (home, renewals))


def test_the_same_number_of_queries_for_many_ending_cards(organization, query_count):
    """BIL-9: what depends on them is asked once for all."""
    save(organization, "pm_1111")
    make_renewing(organization)
    counts = []
    for number in range(3):
        with query_count() as seen, tenant_scope(organization.pk):
            found = list_ending(organization=organization, today=END.date())
        counts.append((len(found), seen.count))
        save(organization, f"pm_222{number}")
    assert [count for count, _queries in counts] == [1, 1, 1], "the others are charged by nothing"
    assert len({queries for _count, queries in counts}) == 1
