"""A top-up is one movement however often its provider tells of it (BIL-7, BIL-16, INC-23)."""

from random import Random

from billing.gateway.vocabulary import MeansKind
from billing.ledger.models import AccountKind
from billing.payments.services import refresh_attempt, start_top_up
from billing.payments.status import AttemptStatus
from billing.prepaid.selectors import prepaid_balance
from billing.webhooks.models import ProviderEvent
from manager.kit.money import Money
from manager.kit.scope import tenant_scope
from tests.billing.webhooks.sending import list_all, send_all
from tests.factories.payments import ACTOR, entries_of, now, provider
from tests.factories.together import all_at_once

SUM = Money(5005, "CHF")


def test_each_message_several_times_beside_the_person_coming_back(psp, organization):
    """INC-23: credited once by whoever comes first; what is told once more afterwards credits nothing."""
    with tenant_scope(organization.pk):
        attempt = start_top_up(
            organization=organization,
            money=SUM,
            kinds=(MeansKind.CARD,),
            save_means=True,
            language="en",
            actor=ACTOR,
            at=now(),
        )
    provider().pay_checkout(attempt.redirect_url)

    def come_back():
        with tenant_scope(organization.pk):
            return refresh_attempt(attempt=attempt, actor=ACTOR, at=now()).status

    def tell(seed):
        send_all(prefix="", times=2, chance=Random(seed))

    all_at_once(*[lambda seed=seed: tell(seed) for seed in range(3)], come_back, come_back)
    tell(4)
    assert come_back() == AttemptStatus.SUCCEEDED
    assert entries_of(organization, AccountKind.PREPAID) == [SUM.amount]
    with tenant_scope(organization.pk):
        assert prepaid_balance(organization=organization) == SUM
    kept = ProviderEvent.objects.values_list("reference", "payload__api_version")
    assert sorted(kept) == sorted((event["id"], event["api_version"]) for event in list_all())
