"""What a receiver outside gets is what its reader has agreed to, whatever is chosen afterwards (ORG-11)."""

from collections.abc import Collection, Iterator
from datetime import timedelta

import pytest

from billing.receivers.errors import LinkExpired, ReceiverRefuses
from billing.receivers.models import BillingReceiver
from billing.receivers.secrets import confirm_key, stop_key
from billing.receivers.selectors import list_receivers
from billing.receivers.services import accept_messages, add_receiver, change_receiver, refuse_messages
from billing.receivers.status import ReceiverStatus
from manager.kit.errors import NotFound
from manager.kit.scope import tenant_scope
from manager.outbox.models import OutgoingMail
from manager.outbox.relay import drain_outbox
from organizations.profile.models import Organization
from tests.factories.billing import ACTOR, AT
from tests.factories.cast import make_tenant

LATER = AT + timedelta(minutes=1)


@pytest.fixture
def organization() -> Iterator[Organization]:
    organization = make_tenant()
    with tenant_scope(organization.pk):
        yield organization


@pytest.fixture
def row(organization: Organization) -> BillingReceiver:
    return add_receiver(
        organization=organization,
        name="Treuhand AG",
        email="office@treuhand.example",
        language="de",
        messages=["invoices"],
        actor=ACTOR,
        at=AT,
    )


def agree(row: BillingReceiver, key: str) -> BillingReceiver:
    return accept_messages(receiver=row, secret=key.partition("-")[2], actor=ACTOR, at=row.asked_at)


def change(row: BillingReceiver, messages: Collection[str]) -> BillingReceiver:
    return change_receiver(
        receiver=row, name="Treuhand AG", language="de", messages=messages, actor=ACTOR, at=LATER
    )


def outside(row: BillingReceiver, message: str) -> list[str]:
    found = list_receivers(organization_id=row.organization_id, message=message)
    return [one.email for one in found if one.stop_path]


def test_who_is_to_get_more_is_asked_again(row: BillingReceiver) -> None:
    """The reader agreed to invoices; of balances nothing goes there before another yes, by the new mail."""
    row = agree(row, confirm_key(row))
    former = confirm_key(row)
    row = change(row, ["invoices", "balance"])
    assert (row.status, outside(row, "balance"), outside(row, "invoices")) == ("waiting", [], [])
    drain_outbox(at=LATER)
    assert OutgoingMail.objects.using("system").filter(template="billing_receiver_asked").count() == 1
    for key, refusal in ((former, NotFound), (stop_key(row), LinkExpired)):
        with pytest.raises(refusal):
            agree(row, key)
    row = agree(row, confirm_key(row))
    assert outside(row, "balance") == outside(row, "invoices") == [row.email]


def test_a_question_that_is_under_way_is_asked_anew(row: BillingReceiver) -> None:
    """The link of a mail that named less says yes to less: it stops working."""
    former = confirm_key(row)
    row = change(row, ["invoices", "reminders"])
    with pytest.raises(NotFound):
        agree(row, former)
    assert agree(row, confirm_key(row)).status == ReceiverStatus.ACTIVE


def test_fewer_kinds_another_name_or_language_ask_nobody(row: BillingReceiver) -> None:
    """Nothing is sent that was not agreed to."""
    row = agree(row, confirm_key(row))
    row = change(row, ["invoices"])
    assert (row.status, row.asked_at, outside(row, "invoices")) == ("active", AT, [row.email])


def test_who_wants_no_messages_is_given_no_more_kinds(row: BillingReceiver) -> None:
    """A yes by an old link later would be one to more than was asked."""
    row = agree(row, confirm_key(row))
    row = refuse_messages(receiver=row, secret=stop_key(row).partition("-")[2], actor=ACTOR, at=LATER)
    with pytest.raises(ReceiverRefuses):
        change(row, ["invoices", "balance"])
    row.refresh_from_db()
    assert row.messages == ["invoices"]
