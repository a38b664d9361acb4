"""An invoice waits for what a register says of its VAT number, and no longer than set."""

from datetime import timedelta

import pytest

from billing.invoices.services.await_answer import VatNumberBeingChecked, require_answer
from billing.payments.models import PaymentAttempt
from billing.payments.services import pay_from_prepaid
from billing.profiles.selectors import default_address
from manager.kit.scope import tenant_scope
from organizations.profile.models import VatCheck
from tests.factories.billing import ACTOR, AT, make_address, make_invoice
from tests.factories.cast import make_person, make_tenant
from tests.factories.payments import fill_prepaid

NUMBER = "DE136695976"


@pytest.fixture
def organization():
    organization = make_tenant(make_person())
    with tenant_scope(organization.pk):
        fill_prepaid(organization, 50_000)
        yield organization


@pytest.fixture
def draft(organization):
    """A draft without VAT, as the form of its recipient's number is right."""
    make_address(organization, country="DE", vat_number=NUMBER, is_default=True)
    draft = make_invoice(organization, address=default_address(organization=organization))
    assert (draft.tax_code, draft.tax_evidence["vat_number_check"]) == ("reverse_charge", "form")
    return draft


def ask(organization, **answer):
    """Have the register be asked at `AT`; without an answer the question is open."""
    VatCheck.objects.filter(organization_id=organization.pk).delete()
    open_until_answered = {} if answer else {"due_at": AT}
    VatCheck.objects.create(
        organization=organization, number=NUMBER, asked_at=AT, **open_until_answered, **answer
    )


def test_waits_while_the_register_is_asked(organization, draft, settings):
    """BIL-6: nobody is charged meanwhile, and the refusal says for how long."""
    settings.VAT_ANSWER_WAIT_SECONDS = 20
    ask(organization)
    with pytest.raises(VatNumberBeingChecked) as refused:
        pay_from_prepaid(invoice=draft, actor=ACTOR, at=AT + timedelta(seconds=5))
    assert refused.value.context == {"retry_after": 15}
    assert not PaymentAttempt.objects.exists()


def test_waits_no_longer_than_set(organization, draft, settings):
    """BIL-6: a register that does not answer stops no payment; the evidence says that none has answered."""
    settings.VAT_ANSWER_WAIT_SECONDS = 20
    ask(organization)
    paid = pay_from_prepaid(invoice=draft, actor=ACTOR, at=AT + timedelta(seconds=20))
    draft.refresh_from_db()
    assert (paid.amount, draft.tax_evidence["vat_number_check"]) == (draft.net_amount, "form")


def test_goes_on_with_the_answer(organization, draft):
    """BIL-6: at once, with VAT or without."""
    ask(organization, state="valid", answered_at=AT, reference="WAPI2")
    pay_from_prepaid(invoice=draft, actor=ACTOR, at=AT + timedelta(seconds=1))
    draft.refresh_from_db()
    assert draft.tax_evidence["vat_number_check"] == "register"


def test_a_number_that_decides_nothing_is_not_waited_for(organization):
    """BIL-6: at home VAT is charged with a number or without."""
    make_address(organization, vat_number="CHE109322551", is_default=True)
    draft = make_invoice(organization, address=default_address(organization=organization))
    ask(organization)
    require_answer(invoice=draft, at=AT)
