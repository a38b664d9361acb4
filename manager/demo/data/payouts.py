"""A payout that the bank sent back, and a file that cannot be read: both wait for staff (BIL-7, BIL-17)."""

from contextlib import suppress
from datetime import datetime

from accounts.users.models import User
from billing.bank.camt import StatementInvalid
from billing.bank.periodic import drain_bank
from billing.bank.services import import_statement
from billing.bank.status import Source
from billing.transfer.models import SellerAccount
from billing.withdrawals.models import PayoutMeans
from billing.withdrawals.services import Destination, approve_withdrawal, make_batch, request_withdrawal
from manager.demo.bank.writer import Line, Transfer, write_camt
from manager.demo.data.organizations import acting
from manager.kit.actor import Actor, ActorKind
from manager.kit.money import Money
from manager.kit.scope import tenant_scope
from organizations.profile.models import Organization

ACTOR = Actor.system("demonstration")


def leave_payout(
    *, organization: Organization, user: User, staff: User, iban: str, money: Money, at: datetime
) -> None:
    """Pay a part of the balance out to a closed account, and let the bank send it back with its reason."""
    with tenant_scope(organization.pk, user.pk):
        payout = request_withdrawal(
            organization=organization,
            money=money,
            destination=Destination(PayoutMeans.IBAN, holder=organization.name, iban=iban),
            actor=acting(user),
            at=at,
        )
        approve_withdrawal(withdrawal=payout, actor=Actor(ActorKind.STAFF, staff.pk, staff.name), at=at)
    make_batch(means=PayoutMeans.IBAN, currency=money.currency, actor=ACTOR, at=at)
    back = Transfer(
        amount=money.amount,
        name=organization.name,
        iban=iban,
        end_to_end=f"W{payout.pk}",
        bank_reference="DEMO-3",
        return_reason="AC04",
    )
    account = SellerAccount.objects.get(currency=money.currency)
    line = Line(amount=back.amount, on=at.date(), transfers=[back], bank_reference="DEMO-3-E")
    files = {
        f"camt054-{at:%Y%m%d}-2.xml": write_camt(
            [line], iban=account.iban, currency=account.currency, message_id="DEMO-2"
        ),
        f"kontoauszug-{at:%Y%m%d}.pdf": b"%PDF-1.4 a statement for people, not for programs",
    }
    for name, content in files.items():
        with suppress(StatementInvalid):
            import_statement(content=content, name=name, source=Source.UPLOAD, actor=ACTOR, at=at)
    drain_bank(at=at)
