"""Balance paid out: asked for, approved by one or two, put into a file, paid or come back (BIL-7)."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from xml.etree import ElementTree as ET

import pytest
from django.db import transaction
from django.urls import reverse

from billing.disputes.services.follow import record_dispute
from billing.gateway.vocabulary import DisputeResult, DisputeState
from billing.ledger.models import AccountKind
from billing.prepaid.selectors import prepaid_balance
from billing.transfer.models import SellerAccount
from billing.withdrawals.errors import (
    BalanceDisputed,
    DestinationInvalid,
    HeldBack,
    NothingToPayOut,
    RequestKeyReused,
    SamePerson,
    WithdrawalOutOfRange,
    WithdrawalTooHigh,
)
from billing.withdrawals.files import NAMESPACE
from billing.withdrawals.models import PayoutBatch, PayoutMeans, Withdrawal
from billing.withdrawals.rights import PAY_OUT
from billing.withdrawals.services import (
    Destination,
    approve_withdrawal,
    cancel_withdrawal,
    make_batch,
    pay_withdrawal,
    refuse_withdrawal,
    return_withdrawal,
)
from billing.withdrawals.status import WithdrawalStatus
from manager.kit.actor import Actor, ActorKind
from manager.kit.errors import IllegalTransition
from manager.kit.money import Money
from manager.kit.scope import tenant_scope
from tests.factories.billing import AT, make_legal_entity
from tests.factories.cast import client_of
from tests.factories.disputes import make_dispute
from tests.factories.identity import make_staff, staff_client
from tests.factories.payments import close_connections, entries_of, now
from tests.factories.withdrawals import BANK, IBAN, ask

FIRST, SECOND = (Actor(ActorKind.STAFF, number, name) for number, name in ((101, "Nora"), (102, "Otto")))


def proved(page, at):
    """Return the browser as one in which a proof was given at `at`."""
    session = page.session
    session["proved_at"] = at.timestamp()
    session.save()
    return page


def sent(organization, amount=5000, to=BANK):
    row = approve_withdrawal(withdrawal=ask(organization, amount, to), actor=FIRST, at=AT)
    make_batch(means=to.means, currency="CHF", actor=FIRST, at=AT)
    row.refresh_from_db()
    return row


def test_money_leaves_with_the_request_and_the_bank_with_the_payment(organization):
    """BIL-7, BIL-15: prepaid, payouts, bank."""
    row = sent(organization)
    assert (row.status, row.iban) == (WithdrawalStatus.SENT, "CH9300762011623852957")
    paid = pay_withdrawal(withdrawal=row, actor=FIRST, at=AT)
    assert paid.status == WithdrawalStatus.PAID
    assert entries_of(organization, AccountKind.PREPAID) == [300_000, -5000]
    assert entries_of(organization, AccountKind.PAYOUTS) == [5000, -5000]
    assert entries_of(organization, AccountKind.BANK) == [-300_000, 5000]
    with pytest.raises(IllegalTransition):
        pay_withdrawal(withdrawal=row, actor=FIRST, at=AT)


def test_money_that_is_not_paid_out_is_on_the_account_again(organization):
    """BIL-7: cancelled, refused, come back before or after it was noted as paid."""
    cancel_withdrawal(withdrawal=ask(organization), actor=FIRST, at=AT)
    refuse_withdrawal(withdrawal=ask(organization), reason="Who is that?", actor=FIRST, at=AT)
    return_withdrawal(withdrawal=sent(organization), reason="Account closed", actor=FIRST, at=AT)
    late = pay_withdrawal(withdrawal=sent(organization), actor=FIRST, at=AT)
    return_withdrawal(withdrawal=late, reason="Account closed", actor=FIRST, at=AT)
    assert prepaid_balance(organization=organization) == Money(300_000, "CHF")
    assert sum(entries_of(organization, AccountKind.PAYOUTS)) == 0
    assert sum(entries_of(organization, AccountKind.BANK)) == -300_000
    with pytest.raises(IllegalTransition):
        cancel_withdrawal(withdrawal=late, actor=FIRST, at=AT)


def test_large_sums_are_approved_by_two_different_people(organization, settings):
    """BIL-7: four eyes above the operator's limit, one pair up to it."""
    settings.WITHDRAWALS_FOUR_EYES_ABOVE = 5000
    assert approve_withdrawal(withdrawal=ask(organization), actor=FIRST, at=AT).status == "approved"
    large = approve_withdrawal(withdrawal=ask(organization, 5001), actor=FIRST, at=AT)
    assert large.waits_for_second
    with pytest.raises(SamePerson):
        approve_withdrawal(withdrawal=large, actor=FIRST, at=AT)
    done = approve_withdrawal(withdrawal=large, actor=SECOND, at=AT)
    assert (done.status, done.first_approved_by, done.approved_by) == ("approved", 101, 102)
    own, who_asked = ask(organization), Actor(ActorKind.STAFF, 7, "Alice Meier")
    with pytest.raises(SamePerson):
        approve_withdrawal(withdrawal=own, actor=who_asked, at=AT)


@pytest.mark.parametrize(
    ("amount", "to", "refusal"),
    [
        (99, BANK, WithdrawalOutOfRange),
        (300_001, BANK, WithdrawalTooHigh),
        (500, Destination(PayoutMeans.IBAN, "A", iban="CH9300762011623852958"), DestinationInvalid),
        (500, Destination(PayoutMeans.IBAN, " ", iban=IBAN), DestinationInvalid),
        (500, Destination(PayoutMeans.PAYPAL, "A"), DestinationInvalid),
    ],
    ids=["too small", "more than the balance", "check digits", "no holder", "no address"],
)
def test_refuses_what_cannot_be_paid_out(organization, amount, to, refusal):
    """BIL-7: and nothing is written."""
    with pytest.raises(refusal):
        ask(organization, amount, to)
    assert not Withdrawal.objects.filter(organization_id=organization.pk).exists()
    assert prepaid_balance(organization=organization).amount == 300_000


def test_parallel_requests_never_exceed_the_balance(organization):
    """BIL-7: sixteen at once over 1,000.00 each, with 3,000.00 there."""

    def work(_number):
        try:
            with tenant_scope(organization.pk):
                ask(organization, 100_000)
        except WithdrawalTooHigh:
            return False
        finally:
            close_connections()
        return True

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(work, range(16))) == 3
    assert prepaid_balance(organization=organization).amount == 0


def test_the_file_for_the_bank_holds_each_order_once(organization):
    """BIL-7: pain.001.001.09 with its sums, in letters that banks take; nothing is in two files."""
    entity = make_legal_entity()
    account = {"iban": "CH5604835012345678009", "bic": "CRESCHZZ80A", "bank_name": "Bank"}
    SellerAccount.objects.using("owner").create(legal_entity=entity, currency="CHF", **account)
    rows = [approve_withdrawal(withdrawal=ask(organization, 100 + n), actor=FIRST, at=AT) for n in range(3)]
    batch = make_batch(means=PayoutMeans.IBAN, currency="CHF", actor=FIRST, at=AT)
    with pytest.raises(NothingToPayOut):
        make_batch(means=PayoutMeans.IBAN, currency="CHF", actor=FIRST, at=AT)
    staff = staff_client(make_staff(PAY_OUT))
    url = reverse("billing:staff_withdrawals_file", args=[batch.pk])
    content = staff.get(url).content
    assert staff.get(url).content == content, "made anew it is the same"
    found = ET.fromstring(content)
    spaces = {"p": NAMESPACE}

    def texts(path):
        return [one.text for one in found.findall(path, spaces)]

    assert texts(".//p:GrpHdr/p:NbOfTxs") == texts(".//p:PmtInf/p:NbOfTxs") == ["3"]
    assert texts(".//p:GrpHdr/p:CtrlSum") == texts(".//p:PmtInf/p:CtrlSum") == ["3.03"]
    assert texts(".//p:InstdAmt") == ["1.00", "1.01", "1.02"]
    assert {one.get("Ccy") for one in found.findall(".//p:InstdAmt", spaces)} == {"CHF"}
    assert set(texts(".//p:CdtrAcct/p:Id/p:IBAN")) == {"CH9300762011623852957"}
    assert set(texts(".//p:Cdtr/p:Nm")) == {"Zoe Muller + Sohne"}
    assert texts(".//p:EndToEndId") == [f"W{row.pk}" for row in rows]
    assert texts(".//p:DbtrAgt/p:FinInstnId/p:BICFI") == ["CRESCHZZ80A"]
    names = [child.tag.rpartition("}")[2] for child in found.find(".//p:PmtInf", spaces)]
    order = ["PmtInfId", "PmtMtd", "BtchBookg", "NbOfTxs", "CtrlSum", "ReqdExctnDt", "Dbtr"]
    assert names == [*order, "DbtrAcct", "DbtrAgt", *["CdtTrfTxInf"] * 3]


def test_paypal_gets_a_list(organization):
    """BIL-7."""
    to = Destination(PayoutMeans.PAYPAL, "Alice Meier", paypal="alice@example.com")
    row = sent(organization, 1234, to)
    staff = staff_client(make_staff(PAY_OUT))
    content = staff.get(reverse("billing:staff_withdrawals_file", args=[row.batch_id])).content.decode()
    assert content == f"alice@example.com,12.34,CHF,W{row.pk},Withdrawal {row.pk}\r\n"


def test_a_member_asks_and_cancels_and_staff_pay_out(organization, owner):
    """BIL-7: the pages from end to end."""
    page = proved(client_of(owner), now())
    form = reverse("billing:withdraw", args=[organization.pk])
    fields = {"amount": "50.00", "means": "iban", "holder": "Alice Meier", "iban": IBAN, "paypal": ""}

    def opened():
        return {"key": page.get(form).context["form"]["key"].value()}

    fields |= opened()
    assert page.post(form, {**fields, "iban": "CH00"}).status_code == 422
    assert page.post(form, {**fields, "amount": "9999999"}).status_code == 422
    for _again in range(2):
        assert page.post(form, fields).status_code == 302, "sent twice it is one request"
    assert page.post(form, {**fields, "amount": "60.00"}).status_code == 422
    assert page.post(form, fields | opened()).status_code == 302
    first, second = Withdrawal.objects.filter(organization_id=organization.pk).order_by("pk")
    page.post(reverse("billing:cancel_withdrawal", args=[organization.pk, first.pk]))
    listed = page.get(reverse("billing:withdrawals", args=[organization.pk])).content.decode()
    assert "CH93 … 2957" in listed
    assert "Cancelled" in listed

    staff = staff_client(make_staff(PAY_OUT))
    everything = reverse("billing:staff_withdrawals")
    assert "CH93 0076 2011 6238 5295 7" in staff.get(everything, {"q": "alice"}).content.decode()
    act = reverse("billing:staff_withdrawals_selected")
    staff.post(act, {"do": "approve", "selected": [first.pk, second.pk]})
    staff.post(reverse("billing:staff_withdrawals_batch"), {"kind": "iban-CHF"})
    staff.post(act, {"do": "paid", "selected": [second.pk]})
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.status, second.status) == (WithdrawalStatus.CANCELLED, WithdrawalStatus.PAID)


def test_a_form_sent_by_many_at_once_is_one_request(organization):
    """INC-22: a double click, a resent POST."""

    def work(_number):
        try:
            with tenant_scope(organization.pk):
                return ask(organization, 5000, request_key="a" * 32).pk
        finally:
            close_connections()

    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(work, range(16)))) == 1
    assert prepaid_balance(organization=organization).amount == 295_000
    with pytest.raises(RequestKeyReused):
        ask(organization, 5001, request_key="a" * 32)


def test_balance_of_a_disputed_top_up_is_not_paid_out(organization, owner):
    """BIL-7, BIL-14: at the request, and before the file for what was asked for earlier."""
    early = approve_withdrawal(withdrawal=ask(organization, 200_000), actor=FIRST, at=AT)
    early = approve_withdrawal(withdrawal=early, actor=SECOND, at=AT)
    small = approve_withdrawal(withdrawal=ask(organization, 40_000), actor=FIRST, at=AT)
    dispute = make_dispute(organization, 90_000)
    with pytest.raises(BalanceDisputed):  # 600.00 are there, 900.00 are disputed
        ask(organization, 100)
    with pytest.raises(WithdrawalTooHigh):
        ask(organization, 60_001)
    page = proved(client_of(owner), now())
    form = page.get(reverse("billing:withdraw", args=[organization.pk])).content.decode()
    assert "CHF\xa0600.00 of the balance wait" in form
    staff = staff_client(make_staff(PAY_OUT))
    assert "CHF\xa0900.00 disputed" in staff.get(reverse("billing:staff_withdrawals")).content.decode()

    batch = make_batch(means=PayoutMeans.IBAN, currency="CHF", actor=FIRST, at=AT)
    assert [row.pk for row in batch.withdrawals.all()] == [early.pk], "1,000.00 stay: enough for the dispute"
    with pytest.raises(HeldBack):
        make_batch(means=PayoutMeans.IBAN, currency="CHF", actor=FIRST, at=AT)
    assert PayoutBatch.objects.count() == 1
    won = DisputeResult(
        state=DisputeState.WON,
        reference=dispute.reference,
        charge_reference="",
        amount=dispute.money,
        fee=dispute.fee,
        reason=dispute.reason,
        opened_at=AT,
    )
    with transaction.atomic():
        record_dispute(attempt=dispute.attempt, result=won, actor=FIRST, at=AT)
    later = make_batch(means=PayoutMeans.IBAN, currency="CHF", actor=FIRST, at=AT)
    assert [row.pk for row in later.withdrawals.all()] == [small.pk]


def test_an_old_sign_in_does_not_withdraw(organization, owner):
    """INC-14: a fresh proof is asked for first."""
    page = proved(client_of(owner), now() - timedelta(hours=1))
    answer = page.get(reverse("billing:withdraw", args=[organization.pk]))
    assert answer.status_code == 302
    assert reverse("accounts:prove") in answer.headers["Location"]
