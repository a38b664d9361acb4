"""Withdrawals that a person asks for."""

from billing.withdrawals.models import PayoutMeans
from billing.withdrawals.services import Destination, request_withdrawal
from manager.kit.actor import Actor, ActorKind
from manager.kit.money import Money
from tests.factories.billing import AT

IBAN = "CH93 0076 2011 6238 5295 7"
BANK = Destination(PayoutMeans.IBAN, "Zoë Müller & Söhne", iban=IBAN)


def ask(organization, amount=5000, to=BANK, **more):
    person = Actor(ActorKind.PERSON, 7, "Alice Meier")
    return request_withdrawal(
        organization=organization, money=Money(amount, "CHF"), destination=to, actor=person, at=AT, **more
    )
