"""Staff give paid invoices back: whole, in parts, never more, once (BIL-14, BIL-16)."""

from itertools import count
from urllib.parse import parse_qs, urlsplit

import psycopg
import pytest

from accounts.sessions.sudo import PROVED, PROVED_BY_FACTOR
from billing.invoices.models import CreditNote, Invoice, InvoiceLine
from billing.ledger.models import AccountKind
from billing.payments.services import pay_from_prepaid, pay_with_method
from billing.proof.services import find_differences
from billing.refunds.models import Refund
from billing.refunds.periodic import drain_refunds
from billing.refunds.rights import GIVE_REFUNDS
from billing.refunds.selectors import get_refundable
from billing.refunds.services.refund import (
    Destination,
    MoreThanLeft,
    ReasonNeeded,
    Wish,
    preview_refund,
    refund_invoice,
)
from billing.refunds.status import RefundStatus
from manager.kit.scope import tenant_scope
from manager.outbox.models import OutgoingMail
from manager.outbox.relay import drain_outbox
from products.inventory.status import ProductStatus
from tests.factories.billing import make_invoice, make_legal_entity, make_line, pay_invoice
from tests.factories.cast import client_of
from tests.factories.identity import make_staff, staff_client
from tests.factories.orders import confirm_cart, fill_cart
from tests.factories.payments import ACTOR, entries_of, fill_prepaid, make_method, now, provider
from tests.factories.products import make_plan, make_product, reread
from tests.factories.promotions import make_code, put_in_cart
from tests.factories.together import at_once

MEANS, PREPAID = Destination.MEANS, Destination.PREPAID
_keys = count(1)


def by_card(organization):
    """Return an invoice over two lines and one product, charged to a card."""
    make_legal_entity()
    product = make_product(organization, activated=False)
    lines = [make_line(12_345, product=product), make_line(999, description="Set-up", months=None)]
    invoice = make_invoice(organization, lines)
    with tenant_scope(organization.pk):
        pay_with_method(invoice=invoice, method=make_method(organization), actor=ACTOR, at=now())
    return reread(invoice, organization)


def by_balance(organization):
    """Return an invoice that the prepaid account paid."""
    fill_prepaid(organization, 50_000)
    invoice = make_invoice(organization)
    with tenant_scope(organization.pk):
        pay_from_prepaid(invoice=invoice, actor=ACTOR, at=now())
    return reread(invoice, organization)


def give(invoice, *, parts=None, amount=0, to=MEANS, key="", reason="Out of goodwill", **more):
    wish = Wish(parts=parts or {}, amount=amount, destination=to, reason=reason, **more)
    with tenant_scope(invoice.organization_id):
        row = Invoice.objects.select_related("organization", "legal_entity").get(pk=invoice.pk)
        return refund_invoice(invoice=row, wish=wish, key=key or f"{next(_keys):032x}", actor=ACTOR, at=now())


def proved(client):
    """Return the browser in which a factor was just given."""
    session = client.session
    session[PROVED] = session[PROVED_BY_FACTOR] = now().timestamp()
    session.save()
    return client


def left_of(invoice):
    with tenant_scope(invoice.organization_id):
        return get_refundable(invoice=invoice).left.amount


def given_back():
    return [row["amount"] for row in provider().get("/v1/refunds?limit=100")["data"]][::-1]


def test_parts_go_back_to_the_card_until_nothing_is_left(psp, organization):
    """BIL-14: a line's part, a free amount, the rest on the prepaid account; each by its own credit note."""
    invoice = by_card(organization)
    with tenant_scope(organization.pk):
        plan, setup = InvoiceLine.objects.filter(invoice=invoice).order_by("position")
    give(invoice, parts={plan.pk: 5_000})
    give(invoice, amount=3_000)
    assert left_of(invoice) == invoice.total_amount - 8_000
    drain_refunds(at=now())
    rest = give(invoice, amount=invoice.total_amount - 8_000, to=PREPAID)
    with pytest.raises(MoreThanLeft):
        give(invoice, amount=1)
    drain_refunds(at=now())

    assert given_back() == [5_000, 3_000]
    assert entries_of(organization, AccountKind.PROVIDER) == [-invoice.total_amount, 5_000, 3_000]
    assert entries_of(organization, AccountKind.PREPAID) == [rest.amount]
    with tenant_scope(organization.pk):
        notes = list(CreditNote.objects.order_by("pk"))
        rows = list(Refund.objects.order_by("pk").values_list("status", flat=True))
        assert InvoiceLine.objects.filter(counts=True).count() == 2
    assert rows == [RefundStatus.SUCCEEDED, RefundStatus.SUCCEEDED, RefundStatus.KEPT]
    assert len({note.number for note in notes}) == 3
    assert sum(note.net_amount for note in notes) == invoice.net_amount
    assert sum(note.tax_amount for note in notes) == invoice.tax_amount
    assert sum(entries_of(organization, AccountKind.REFUNDS)) == -invoice.net_amount
    assert sum(entries_of(organization, AccountKind.TAX)) == 0
    assert find_differences() == []
    drain_outbox(at=now())
    mails = OutgoingMail.objects.using("system").filter(template="credit_note_issued")
    assert mails.count() == 3
    assert setup.net_amount == 999


def test_no_more_goes_to_the_card_than_it_paid(psp, organization):
    """BIL-14: of an invoice that was paid in part from the balance the rest becomes balance again."""
    fill_prepaid(organization, 4_000)
    invoice = make_invoice(organization)
    with tenant_scope(organization.pk):
        pay_with_method(
            invoice=invoice, method=make_method(organization), uses_balance=True, actor=ACTOR, at=now()
        )
    invoice = reread(invoice, organization)
    refund = give(invoice, amount=invoice.total_amount)
    assert (refund.to_means.amount, refund.kept_amount) == (invoice.total_amount - 4_000, 4_000)
    drain_refunds(at=now())
    assert given_back() == [invoice.total_amount - 4_000]
    assert sum(entries_of(organization, AccountKind.PREPAID)) == 4_000
    assert sum(entries_of(organization, AccountKind.PROVIDER)) == 0
    drain_outbox(at=now())
    mail = OutgoingMail.objects.using("system").get(template="credit_note_issued")
    assert "CHF 68.10 go back to the means" in mail.text.replace("\xa0", " ")
    assert "CHF 40.00 were paid in another way and are on your prepaid account" in mail.text.replace(
        "\xa0", " "
    )
    staff = staff_client(make_staff(GIVE_REFUNDS))
    table = staff.get("/staff/refunds/csv/", {"status": "succeeded"}).content.decode()
    assert ",CHF,108.10,68.10" in table.replace(";", ",")
    assert staff.get("/staff/refunds/csv/", {"status": "kept"}).content.decode().count("\n") == 1
    assert find_differences() == []


def test_a_line_given_back_as_a_whole_ends_its_product_only_where_that_is_meant(psp, organization):
    """BIL-14: otherwise the customer keeps the days, and they stay billed."""
    for ends, status, counts in ((False, ProductStatus.ACTIVE, 2), (True, ProductStatus.TERMINATED, 1)):
        invoice = by_card(organization)
        with tenant_scope(organization.pk):
            plan = InvoiceLine.objects.select_related("product").get(invoice=invoice, position=1)
        give(invoice, parts={plan.pk: plan.net_amount + plan.tax_amount}, ends_products=ends)
        assert reread(plan.product, organization).status == status
        with tenant_scope(organization.pk):
            assert InvoiceLine.objects.filter(invoice=invoice, counts=True).count() == counts


def test_what_the_means_does_not_take_back_is_kept(psp, organization):
    """BIL-14: a refund that fails becomes balance."""
    invoice = by_card(organization)
    with tenant_scope(organization.pk):
        charge = get_refundable(invoice=invoice).charge.attempt.charge_reference
    provider().api("/v1/refunds", {"payment_intent": charge, "amount": str(invoice.total_amount - 1_000)})
    give(invoice, amount=2_000)
    drain_refunds(at=now())
    with tenant_scope(organization.pk):
        assert Refund.objects.get().status == RefundStatus.KEPT
    assert entries_of(organization, AccountKind.PREPAID) == [2_000]


def test_two_of_the_staff_at_once_give_back_once(organization):
    """BIL-16: one wins where only so much is left; the same form sent again is the same refund."""
    invoice = by_balance(organization)
    keys = iter(f"{number:032x}" for number in range(10, 14))
    assert at_once(4, lambda: give(invoice, amount=6_000, key=next(keys)), refusal=MoreThanLeft) == 1
    again = f"{7:032x}"
    assert give(invoice, amount=100, key=again).pk == give(invoice, amount=100, key=again).pk
    assert left_of(invoice) == invoice.total_amount - 6_100
    with pytest.raises(ReasonNeeded):
        give(invoice, amount=1, reason=" ")


def test_the_database_gives_back_no_more_than_was_paid(organization, as_role):
    """BIL-14, BIL-15: whatever wrote it."""
    invoice = by_balance(organization)
    refund = give(invoice, amount=invoice.total_amount - 50)
    connection = as_role("web")
    connection.execute("select set_config('app.organization', %s, false)", [str(organization.pk)])
    with pytest.raises(psycopg.errors.IntegrityError, match="would be given back"):
        connection.execute(
            "insert into billing_refund (organization_id, invoice_id, status, origin_key, idempotency_key,"
            " lines, line_ids, reason, amount, currency, reference, failure_code, fence, created_at)"
            " select organization_id, invoice_id, status, 'x', 'x', lines, line_ids, reason, 51, currency,"
            " '', '', 0, now() from billing_refund where id = %s",
            [refund.pk],
        )
    with pytest.raises(psycopg.errors.IntegrityError, match="not changed"):
        connection.execute("update billing_refund set amount = 1 where id = %s", [refund.pk])


def test_a_discount_is_not_given_back(psp, organization):
    """BIL-13, BIL-14: a line is worth what was paid for it."""
    make_legal_entity()
    fill_cart(organization, make_plan())
    put_in_cart(organization, make_code())
    pay_invoice(confirm_cart(organization).invoice)
    with tenant_scope(organization.pk):
        invoice = Invoice.objects.select_related("organization", "legal_entity").get()
        wish = Wish(parts={}, amount=invoice.total_amount, destination=PREPAID, reason="x")
        preview = preview_refund(refundable=get_refundable(invoice=invoice), wish=wish)
    assert [(line.net.amount, line.tax.amount) for line in preview.lines] == [(10_800, 875)]


def test_staff_see_what_a_refund_comes_to_before_they_confirm_it(psp, organization, owner, query_count):
    """BIL-14: the page computes VAT and destination, asks once more, and the customer sees the refund."""
    invoice = by_card(organization)
    staff = proved(staff_client(make_staff(GIVE_REFUNDS)))
    page = f"/staff/refunds/new/{invoice.pk}/"
    found = staff.get("/staff/refunds/new/", {"q": invoice.number})
    assert page in found.content.decode()
    key = staff.get(page).context["form"]["key"].value()
    entered = {"amount": "50.00", "reason": "Out of goodwill", "destination": "means", "key": key}
    preview = staff.post(page, {**entered, "step": "preview"})
    assert preview.context["preview"].to_means.amount == 5_000
    assert preview.context["preview"].rates[0].tax.amount == 375
    with tenant_scope(organization.pk):
        assert not Refund.objects.exists()
    too_much = staff.post(page, {**entered, "amount": "9999.00", "step": "confirm"})
    assert (too_much.status_code, "Not so much is left" in too_much.content.decode()) == (409, True)
    for _ in range(2):
        assert staff.post(page, {**entered, "step": "confirm"}).status_code == 302
    drain_refunds(at=now())
    with query_count() as seen:
        listed = staff.get("/staff/refunds/")
    few = seen.count
    assert invoice.number in listed.content.decode()
    give(invoice, amount=100)
    with query_count() as seen:
        staff.get("/staff/refunds/")
    assert seen.count == few
    customer = client_of(owner).get(f"/o/{organization.pk}/billing/invoices/{invoice.pk}/").content.decode()
    with tenant_scope(organization.pk):
        assert Refund.objects.filter(amount=5_000).count() == 1
        assert CreditNote.objects.get().number in customer
    assert "Out of goodwill" in customer


def test_a_refund_sent_too_late_leads_back_to_its_form(psp, organization):
    """BIL-14, ACC-8: a proof is asked for, then the form; of an invoice that is none nothing is asked."""
    invoice = by_card(organization)
    staff = staff_client(make_staff(GIVE_REFUNDS))
    page = f"/staff/refunds/new/{invoice.pk}/"
    asked = staff.post(page, {"amount": "50.00", "step": "confirm"})
    assert (asked.status_code, parse_qs(urlsplit(asked.headers["Location"]).query)["next"]) == (302, [page])
    assert staff.get("/staff/refunds/new/987654321/").status_code == 404
    with tenant_scope(organization.pk):
        assert not Refund.objects.exists()
