"""The words between the panel and a payment provider: what is asked, what is answered, what is told."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from manager.kit.money import Money


class MeansKind(StrEnum):
    """The kinds of means that can be saved and charged later without the person (BIL-3, BIL-10)."""

    CARD = "card"
    TWINT = "twint"
    PAYPAL = "paypal"
    POSTFINANCE = "postfinance"


MEANS_KINDS = [kind.value for kind in MeansKind]


class ChargeState(StrEnum):
    """Where one charge stands at the provider."""

    SUCCEEDED = "succeeded"
    REQUIRES_ACTION = "requires_action"
    PENDING = "pending"
    FAILED = "failed"
    CANCELED = "canceled"
    UNKNOWN = "unknown"


class FailureKind(StrEnum):
    """Soft: may be tried again. Hard: ask for another means. Authentication: the person has to approve."""

    SOFT = "soft"
    HARD = "hard"
    AUTHENTICATION = "authentication"


class EventKind(StrEnum):
    """What a webhook tells, whichever provider sent it. `OTHER` is stored and ignored."""

    CHARGE_SUCCEEDED = "charge_succeeded"
    CHARGE_FAILED = "charge_failed"
    CHARGE_REQUIRES_ACTION = "charge_requires_action"
    CHARGE_PENDING = "charge_pending"
    CHARGE_CANCELED = "charge_canceled"
    CHARGE_REFUNDED = "charge_refunded"
    REFUND_UPDATED = "refund_updated"
    CHECKOUT_COMPLETED = "checkout_completed"
    CHECKOUT_EXPIRED = "checkout_expired"
    SETUP_COMPLETED = "setup_completed"
    SETUP_EXPIRED = "setup_expired"
    MEANS_SAVED = "means_saved"
    MEANS_UPDATED = "means_updated"
    MEANS_REMOVED = "means_removed"
    DISPUTE_CHANGED = "dispute_changed"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Whose row a call belongs to; travels as metadata and comes back in events.

    `attempt_id` is the row with the idempotency key: a payment attempt, a set-up of a means, a refund.
    """

    organization_id: int
    attempt_id: int
    invoice_id: int | None = None

    def as_metadata(self) -> dict[str, str]:
        """Return the ids as text, under the keys `organization`, `attempt` and `invoice`."""
        metadata = {"organization": str(self.organization_id), "attempt": str(self.attempt_id)}
        if self.invoice_id is not None:
            metadata["invoice"] = str(self.invoice_id)
        return metadata


@dataclass(frozen=True, slots=True, kw_only=True)
class ChargeIntent:
    """One sum to be taken from one customer for one attempt. `description` is what the person reads."""

    amount: Money
    customer_reference: str
    origin: Origin
    description: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckoutStart:
    """A hosted page: send the person to `redirect_url`, keep `reference` with the attempt."""

    reference: str
    redirect_url: str
    expires_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Means:
    """A saved means as the provider describes it; months and years for cards, `email` for PayPal.

    `country` is where a card was issued, two capital letters; empty where the provider does not tell.
    """

    reference: str
    kind: MeansKind
    customer_reference: str = ""
    brand: str = ""
    last4: str = ""
    exp_month: int | None = None
    exp_year: int | None = None
    email: str = ""
    fingerprint: str = ""
    country: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """Why a charge failed: the provider's `code`, and the name of our text (`declines.message_for`)."""

    kind: FailureKind
    code: str
    message_key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ChargeResult:
    """The state of a charge, as far as the provider has told it.

    * `reference` – what to give to `retrieve`, `cancel`; empty only when `UNKNOWN` before any answer.
    * `charge_reference` – the payment itself (for `refund`); empty until the person has begun to pay.
    * `amount` – received money when `SUCCEEDED`, otherwise the sum asked for; `None` when unknown.
    * `means_country` – where the card was issued that paid on a hosted page, saved or not; empty if untold.
    * `action_url` – where the person approves, when `REQUIRES_ACTION` and the person is present.
    * `failure` – set when `FAILED`, and when `REQUIRES_ACTION` after a charge without the person was refused
      for want of approval: call `confirm_on_session` for the same reference once the person is here.
    * `trouble` – set when `UNKNOWN`: `no_answer`, `provider_error`, `in_use` or `rate_limited`
      (the last one: the provider did nothing; send the same call again later).
    * `retry_after` – with `rate_limited`: the seconds that the provider wants to be left alone, 0 if unsaid.
    """

    state: ChargeState
    reference: str = ""
    charge_reference: str = ""
    amount: Money | None = None
    means_reference: str = ""
    means_country: str = ""
    action_url: str = ""
    failure: Failure | None = None
    trouble: str = ""
    retry_after: int = 0


def seconds_of(header: str | None) -> int:
    """Return the seconds of a `Retry-After`, at most an hour; 0 where it says none, or a date."""
    return min(int(header), 3600) if header and header.isascii() and header.isdigit() else 0


@dataclass(frozen=True, slots=True, kw_only=True)
class SetupResult:
    """The state of saving a means without a payment; `means` is set when `SUCCEEDED`."""

    state: ChargeState
    reference: str = ""
    means: Means | None = None
    failure: Failure | None = None
    trouble: str = ""


class RefundState(StrEnum):
    """Where a refund stands at the provider."""

    SUCCEEDED = "succeeded"
    PENDING = "pending"
    FAILED = "failed"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class RefundResult:
    """The state of a refund; `failure_code` is the provider's word when `FAILED`."""

    state: RefundState
    reference: str = ""
    amount: Money | None = None
    failure_code: str = ""
    trouble: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class GatewayEvent:
    """One verified webhook. Ask the provider for the current object instead of trusting this old picture.

    `reference` is the object that the event speaks of; `charge_reference` the payment, when there is one;
    `means_reference` the means. `metadata` holds what `Origin.as_metadata` sent, so the attempt is found by
    `metadata["attempt"]` and its own stored reference is then given to `retrieve`.
    """

    id: str
    kind: EventKind
    type: str
    created: datetime
    reference: str
    api_version: str
    charge_reference: str = ""
    means_reference: str = ""
    metadata: Mapping[str, str] = field(default_factory=dict)
    amount: Money | None = None
    state: ChargeState | None = None


class DisputeState(StrEnum):
    """Where a dispute stands at the provider."""

    OPEN = "open"
    REVIEW = "review"
    WON = "won"
    LOST = "lost"


@dataclass(frozen=True, slots=True, kw_only=True)
class DisputeResult:
    """A dispute of a charge as it is now; `fee` is what the provider takes for it.

    `is_withdrawn` tells that the provider has taken the money from us; a mere inquiry has not. The ids are
    what the charge says of itself, 0 where it says nothing.
    """

    state: DisputeState
    reference: str
    charge_reference: str
    amount: Money
    fee: Money
    reason: str
    opened_at: datetime
    evidence_due_at: datetime | None = None
    is_withdrawn: bool = False
    organization_id: int = 0
    attempt_id: int = 0
