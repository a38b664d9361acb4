"""Reminders: one mail per organization and day for what will not renew by itself (BIL-12)."""

import threading
from datetime import UTC, datetime, timedelta

import pytest

from billing.renewals.periodic import drain_reminders
from billing.renewals.services import fail_renewals, switch_off
from billing.runs.models import Run
from billing.runs.selectors import list_quarantine
from billing.runs.services import release
from billing.to_pay.services import DueChoice, compose_selection
from manager.kit.scope import tenant_scope
from tests.factories.billing import make_legal_entity, pay_invoice
from tests.factories.cast import make_member, make_person, make_tenant
from tests.factories.payments import close_connections
from tests.factories.products import make_plan, make_product
from tests.factories.renewals import ACTOR, days_before, mails_called, make_card, make_renewing, plan


@pytest.fixture
def organization():
    make_legal_entity()
    return make_tenant()


def reminded():
    return mails_called("renewal_reminder")


def test_on_the_days_of_the_rule_only(organization):
    """BIL-12: 60, 30, 14, 7, 3, 1 days before and on expiry."""
    make_product(organization)
    days = [count for count in range(62, -4, -1) if drain_reminders(at=days_before(count))]
    assert days == [60, 30, 14, 7, 3, 1, 0]
    assert len(reminded()) == 7


def test_all_of_a_day_are_one_mail(organization):
    """BIL-12: also when their expiries differ."""
    soon = make_product(organization, name="soon.example")
    make_product(organization, name="later.example", at=datetime(2026, 1, 30, 10, tzinfo=UTC))
    make_product(organization, name="other.example", at=datetime(2026, 1, 20, 10, tzinfo=UTC))
    drain_reminders(at=days_before(15))
    drain_reminders(at=days_before(15) + timedelta(hours=5))
    [mail] = reminded()
    assert "later.example" in mail.text
    assert ("soon.example" in mail.text, "other.example" in mail.text) == (False, False)
    drain_reminders(at=days_before(14))
    assert f"product={soon.pk}" in reminded()[1].text
    assert reminded()[1].subject == "soon.example expires in 14 days"


def test_each_contact_reads_it_in_his_or_her_language():
    """BIL-12."""
    owner = make_person("Anna Keller", language="de")
    organization = make_tenant(owner)
    make_member(organization, name="Marc Favre", has_billing=True)
    make_member(organization, name="Eva Extern", has_billing=False)
    make_product(organization)
    drain_reminders(at=days_before(30))
    assert sorted((mail.language, mail.recipient.split("-")[0]) for mail in reminded()) == [
        ("de", "anna"),
        ("en", "marc"),
    ]


def test_by_the_organizations_calendar():
    """BIL-12."""
    tenant = make_tenant(time_zone="Pacific/Kiritimati")
    product = make_product(tenant)
    begins = datetime.combine(product.expires_on, datetime.min.time(), tzinfo=UTC) - timedelta(
        days=7, hours=14
    )
    assert drain_reminders(at=begins - timedelta(seconds=1)) == 0
    assert drain_reminders(at=begins) == 1


def test_many_workers_send_one(organization):
    """BIL-12, BIL-16."""
    make_product(organization)
    start, counts = threading.Barrier(5), []

    def work():
        start.wait()
        counts.append(drain_reminders(at=days_before(7)))
        close_connections()

    threads = [threading.Thread(target=work) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(counts) == [0, 0, 0, 0, 1]
    assert len(reminded()) == 1


class TestADayWithoutAWorker:
    """BIL-12: what was missed is told on the next day, once; nobody was there on day 30."""

    def test_is_made_up_for_once(self, organization):
        product = make_product(organization)
        assert drain_reminders(at=days_before(31)) == 0
        assert [drain_reminders(at=days_before(29) + timedelta(hours=hour)) for hour in (0, 1)] == [1, 0]
        assert drain_reminders(at=days_before(28)) == 0
        [mail] = reminded()
        assert mail.subject == f"{product.name} expires in 29 days"

    def test_and_another_is_too_late(self, organization):
        make_product(organization)
        drain_reminders(at=days_before(32))
        assert drain_reminders(at=days_before(28)) == 0

    def test_counts_by_the_organizations_calendar(self):
        """The last round was on day 30 in London, and still on day 31 in Niue."""
        here, behind = (make_tenant(time_zone=zone) for zone in ("Europe/London", "Pacific/Niue"))
        for tenant in (here, behind):
            make_product(tenant, at=datetime(2026, 1, 15, 20, tzinfo=UTC))
        drain_reminders(at=days_before(30).replace(hour=10))
        assert [mail.organization_id for mail in reminded()] == [here.pk]
        assert drain_reminders(at=days_before(29)) == 1
        assert [mail.organization_id for mail in reminded()] == [here.pk, behind.pk]

    def test_what_only_now_stops_is_not_told_late(self, organization):
        """It was to be charged on day 30, when somebody was there."""
        make_card(organization)
        product = make_renewing(organization)
        drain_reminders(at=days_before(30))
        with tenant_scope(organization.pk):
            switch_off(product=product, actor=ACTOR, at=days_before(29))
        assert drain_reminders(at=days_before(29)) == 0


def test_one_bad_organization_does_not_stop_the_others(superuser_connection):
    """BIL-12: the report of the run says that one failed."""
    bad, good = make_tenant(), make_tenant()
    for tenant in (bad, good):
        make_product(tenant)
    superuser_connection.execute(
        f"alter table billing_reminder add constraint broken check (organization_id <> {bad.pk})"
    )
    try:
        assert drain_reminders(at=days_before(30)) == 1
    finally:
        superuser_connection.execute("alter table billing_reminder drop constraint broken")
    run = Run.objects.get(kind="reminders")
    assert (run.sent, run.failed, run.reasons) == (1, 1, {"IntegrityError": 1})
    assert drain_reminders(at=days_before(30)) == 1


def test_one_that_fails_again_and_again_goes_to_quarantine(superuser_connection):
    """BIL-12: three reports, not one each minute; staff let it be tried again."""
    bad = make_tenant()
    make_product(bad)
    superuser_connection.execute(
        f"alter table billing_reminder add constraint broken check (organization_id <> {bad.pk})"
    )
    minutes = [days_before(30) + timedelta(minutes=number) for number in range(8)]
    try:
        assert [drain_reminders(at=at) for at in minutes[:6]] == [0] * 6
    finally:
        superuser_connection.execute("alter table billing_reminder drop constraint broken")
    assert [run.failed for run in Run.objects.filter(kind="reminders")] == [1, 1, 1]
    [row] = list_quarantine(kind="remind")
    assert (row.subject_id, row.organization_id, row.failures) == (bad.pk, bad.pk, 3)
    assert drain_reminders(at=minutes[6]) == 0
    release(row=row, actor=ACTOR, at=minutes[6])
    assert drain_reminders(at=minutes[7]) == 1


def test_statements_do_not_grow_with_the_products(organization, query_count):
    """BIL-12: a mail of one costs as many as a mail of ten."""
    plan_of_all = make_plan()
    make_product(organization, plan=plan_of_all)
    drain_reminders(at=days_before(60))
    with query_count() as one:
        assert drain_reminders(at=days_before(30)) == 1
    for number in range(9):
        make_product(organization, plan=plan_of_all, name=f"{number}.example")
    with query_count() as ten:
        assert drain_reminders(at=days_before(14)) == 1
    assert ten.count == one.count


class TestWhoIsReminded:
    def test_not_what_renews_by_itself(self, organization):
        """BIL-12."""
        make_card(organization)
        make_renewing(organization)
        assert drain_reminders(at=days_before(30)) == 0

    def test_what_is_on_but_has_no_means(self, organization):
        """BIL-12."""
        make_renewing(organization)
        assert drain_reminders(at=days_before(30)) == 1

    def test_what_is_on_but_is_not_sold_any_more(self, organization):
        """BIL-12."""
        make_card(organization)
        make_renewing(organization, plan=make_plan(prices={("EUR", 12): 100}))
        assert drain_reminders(at=days_before(30)) == 1

    def test_not_what_was_paid_ahead(self, organization):
        """BIL-12."""
        product = make_product(organization)
        with tenant_scope(organization.pk):
            invoice = compose_selection(
                organization=organization,
                choices=[DueChoice(product.pk, 12)],
                invoice_ids=[],
                actor=ACTOR,
                at=days_before(40),
            )
        assert drain_reminders(at=days_before(30)) == 1
        pay_invoice(invoice, at=days_before(29))
        assert drain_reminders(at=days_before(14)) == 0

    @pytest.mark.parametrize(("kind", "expected"), [("hard", 1), ("soft", 0)])
    def test_what_was_refused_for_good(self, organization, kind, expected):
        """BIL-12: a soft refusal is tried again, and mailed then; a hard one is not."""
        make_card(organization)
        make_renewing(organization)
        [invoice] = plan(organization, days_before(14))
        with tenant_scope(organization.pk):
            fail_renewals(
                invoice=invoice, decline_kind=kind, decline_code="x", actor=ACTOR, at=days_before(14)
            )
        assert drain_reminders(at=days_before(7)) == expected
