"""Products that are due today, each with an answer of its provider and some with a death on the way."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import product as every

from billing.payment_methods.models import PaymentMethod
from manager.kit.clock import add_months
from organizations.profile.models import Organization
from products.catalog.models import Plan
from products.inventory.models import Product
from tests.factories.billing import make_legal_entity
from tests.factories.cast import make_tenant
from tests.factories.payments import make_method, provider
from tests.factories.renewals import make_renewing

POINTS = (
    "charge.recorded",
    "charge.before_call",
    "charge.after_call",
    "charge.before_commit",
    "charge.committed",
    "relay.handled",
    "planning.batch",
)
# Points that a whole batch comes to, not the work of one organization.
SHARED = frozenset({"planning.batch"})
LONGER_THAN_THE_PANEL_WAITS = 2_500


@dataclass(frozen=True, slots=True)
class Answer:
    """What the provider says to a charge: by the card itself, or by a fault of its first call."""

    name: str
    card: str = "pm_card_visa"
    behaviour: str = ""
    fault: str = ""
    is_paid: bool = True
    is_paid_later: bool = False


ANSWERS = (
    Answer("ok"),
    Answer("soft decline", behaviour="decline_charge:insufficient_funds", is_paid=False, is_paid_later=True),
    Answer("hard decline", behaviour="decline_charge:lost_card", is_paid=False),
    Answer("approval wanted", card="pm_card_authenticationRequired", is_paid=False),
    Answer("timeout before", fault="timeout_before"),
    Answer("timeout after", fault="delay"),
    Answer("500 after success", fault="error_500_after_success"),
    Answer("409", fault="in_use"),
    Answer("connection dropped", fault="answer_lost_after_success"),
)


@dataclass(slots=True)
class Case:
    """One product of one organization, to be charged once."""

    organization: Organization
    method: PaymentMethod
    answer: Answer
    point: str = ""
    product: Product | None = None
    expires_on: date | None = None

    @property
    def renewed_until(self) -> date | None:
        """The end of the product after one renewal."""
        product = self.product
        if product is None or self.expires_on is None:
            return None
        return add_months(self.expires_on, product.months, anchor=product.anchor_day)

    def as_fault(self) -> dict[str, object]:
        """Return the entry of the provider's fault plan."""
        match = {"method": "POST", "path": "/v1/payment_intents", "payment_method": self.method.reference}
        return {"match": match, "times": 1, "kind": self.answer.fault, "ms": LONGER_THAN_THE_PANEL_WAITS}


def make_cases(numbers: range, *, dying: int) -> list[Case]:
    """Return the cases of these numbers with their cards; `dying` per cent of them die on the way.

    Those meet each point with each answer in turn, over all numbers.
    """
    make_legal_entity()
    matrix = list(every(POINTS, ANSWERS))
    cases = []
    for number in numbers:
        point, answer = "", ANSWERS[number % len(ANSWERS)]
        deaths = number * dying // 100
        if deaths < (number + 1) * dying // 100:
            # A step that shares no factor with the size of the matrix comes to all of it.
            point, answer = matrix[deaths * 10 % len(matrix)]
        organization = make_tenant(time_zone="UTC")
        method = make_method(organization, answer.card)
        if answer.behaviour:
            provider().set_means(method.reference, behaviour=answer.behaviour)
        cases.append(Case(organization, method, answer, point))
    return cases


def make_due(cases: Sequence[Case], plan: Plan) -> None:
    """Give each case its product, whose first charge is today."""
    ends = datetime.now(UTC) + timedelta(days=14)
    begin = ends.replace(year=ends.year - 1) if (ends.month, ends.day) != (2, 29) else ends
    for case in cases:
        case.product = make_renewing(case.organization, plan=plan, at=begin)
        case.expires_on = case.product.expires_on


def pay_cards(cases: Sequence[Case]) -> None:
    """Let the cards have money that had none."""
    for case in cases:
        if case.answer.is_paid_later:
            provider().set_means(case.method.reference, behaviour="ok")
