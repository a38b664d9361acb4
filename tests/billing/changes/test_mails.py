"""The mails about changes and about credit notes (PRD-14, BIL-14)."""

import base64
from datetime import UTC, datetime

from django.utils.formats import date_format

from billing.changes.services import accept_change, quote_change
from billing.documents.models import Document
from billing.invoices.models import CreditNote
from manager.kit.scope import tenant_scope
from manager.outbox.models import OutgoingMail
from manager.outbox.relay import drain_outbox
from products.inventory.services import terminate_product
from tests.factories.billing import ACTOR, pay_invoice
from tests.factories.products import make_plan, reread

AT = datetime(2026, 8, 31, 9, 0, tzinfo=UTC)


def change(organization, product, plan):
    with tenant_scope(organization.pk):
        quoted = quote_change(product=reread(product, organization), plan=plan, at=AT)
        return accept_change(change=quoted, actor=ACTOR, at=AT)


def mails(template):
    drain_outbox(at=AT)
    drain_outbox(at=AT)
    return list(OutgoingMail.objects.using("system").filter(template=template))


def plain(money):
    """Return a sum as it stands in a subject."""
    return " ".join(money.format("en").split())


def dear_plan():
    return make_plan(prices={(currency, m): 2000 * m for currency in ("CHF", "EUR") for m in (1, 12, 24)})


def test_an_upgrade_tells_what_was_paid(organization, buy):
    """PRD-14: what it was, what it is, from when; once."""
    cheap, dear = make_plan(), dear_plan()
    waiting = change(organization, buy(cheap, name="A & <b>B</b>"), dear)
    assert not mails("change_applied")
    with tenant_scope(organization.pk):
        pay_invoice(waiting.invoice, at=AT)
    (mail,) = mails("change_applied")
    for part in (cheap.name, dear.name, waiting.due.format("en")):
        assert part in mail.text
    assert mail.subject == "The offer of A & <b>B</b> has changed"
    assert "<b>B" not in mail.html
    assert not mails("credit_note_issued")


def test_a_downgrade_tells_what_was_credited_with_its_document(organization, buy):
    """BIL-14: the credit note as PDF."""
    done = change(organization, buy(dear_plan()), make_plan())
    (mail,) = mails("change_applied")
    assert done.left_over.format("en") in mail.text
    (mail,) = mails("credit_note_issued")
    with tenant_scope(organization.pk):
        note = CreditNote.objects.get()
        document = Document.objects.get(credit_note=note)
        number = note.invoice.number
    assert mail.attachments[0]["name"] == f"{note.number}.pdf"
    assert base64.b64decode(mail.attachments[0]["content"]) == bytes(document.content)
    assert number in mail.text
    assert plain(done.left_over) in mail.subject


def test_what_could_not_be_carried_out_is_explained(organization, buy):
    """PRD-6: where the money is, and why."""
    product = buy(make_plan())
    waiting = change(organization, product, dear_plan())
    with tenant_scope(organization.pk):
        terminate_product(product=reread(product, organization), actor=ACTOR, at=AT)
        pay_invoice(waiting.invoice, at=AT)
    (mail,) = mails("credit_note_issued")
    assert "could not be carried out any more" in mail.text
    assert plain(waiting.due) in mail.subject
    assert not mails("change_applied")


def test_another_period_is_told_with_the_day_on_which_it_begins(organization, buy):
    """PRD-10: nothing holds from today."""
    product = buy(make_plan())
    with tenant_scope(organization.pk):
        quoted = quote_change(product=product, months=24, at=AT)
        accept_change(change=quoted, actor=ACTOR, at=AT)
    (mail,) = mails("change_applied")
    told = f"New period from: {date_format(product.expires_on)}"
    assert told in mail.text
    for part in (mail.text, mail.html):
        assert "Applies from" not in part
