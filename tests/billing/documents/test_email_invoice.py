"""The mails that carry an invoice (BIL-11)."""

import base64
from collections.abc import Iterator

import pytest

from accounts.users.models import User
from billing.documents.models import Document
from billing.invoices.services import finalize_invoice
from manager.kit.scope import tenant_scope
from manager.outbox.models import OutgoingMail
from manager.outbox.relay import drain_outbox
from organizations.profile.models import Organization
from tests.factories.billing import ACTOR, AT, make_invoice, make_legal_entity, pay_invoice
from tests.factories.cast import make_member, make_person, make_tenant


@pytest.fixture
def owner() -> User:
    return make_person("Anna Keller", language="de")


@pytest.fixture
def organization(owner: User) -> Iterator[Organization]:
    make_legal_entity()
    organization = make_tenant(owner)
    with tenant_scope(organization.pk):
        yield organization


def mails(template: str) -> list[OutgoingMail]:
    return list(OutgoingMail.objects.using("system").filter(template=template).order_by("id"))


def test_mails_the_pdf_to_the_billing_contacts(owner: User, organization: Organization) -> None:
    """BIL-11: to those with the billing right, each in his or her language, once."""
    accountant = make_member(organization, has_billing=True, name="Bob Rossi")
    make_member(organization, name="Carol Blanc")
    invoice = pay_invoice(make_invoice(organization))
    drain_outbox(at=AT)
    drain_outbox(at=AT)
    sent = mails("invoice_paid")
    assert [(mail.recipient, mail.language) for mail in sent] == [
        (owner.email, "de"),
        (accountant.email, "en"),
    ]
    attachment = sent[1].attachments[0]
    assert attachment["name"] == f"{invoice.number}.pdf"
    assert base64.b64decode(attachment["content"]) == bytes(Document.objects.get().content)
    assert "CHF 108.10" in sent[1].text.replace("\xa0", " ")
    assert f"/o/{organization.pk}/billing/invoices/{invoice.pk}/" in sent[1].text
    assert str(invoice.number) in sent[1].subject


def test_mails_an_issued_invoice_with_the_way_to_pay(owner: User, organization: Organization) -> None:
    """BIL-5."""
    invoice = finalize_invoice(invoice=make_invoice(organization), actor=ACTOR, at=AT)
    drain_outbox(at=AT)
    (mail,) = mails("invoice_issued")
    assert str(invoice.number) in mail.subject
    assert not mails("invoice_paid")


def test_mails_nobody_outside(owner: User, organization: Organization) -> None:
    """ORG-17: members of other organizations hear nothing."""
    make_tenant(make_person("Stranger Else"))
    pay_invoice(make_invoice(organization))
    drain_outbox(at=AT)
    assert {mail.recipient for mail in mails("invoice_paid")} == {owner.email}
