"""Questions about linked phones, offers and requests."""

from datetime import datetime
from uuid import UUID

from accounts.authenticator.models import ApprovalRequest, LinkedPhone, PhoneOffer
from accounts.authenticator.refusals import OfferNotOpen
from accounts.authenticator.status import ApprovalStatus
from accounts.users.models import User
from manager.kit.tokens import hash_secret

LONGEST_SECRET = 100


def hash_offer_secret(secret: str) -> str:
    """Return what is stored of an offer's token or code, however it was typed."""
    return hash_secret(f"phone-offer:{secret}")


def get_open_offer(*, token: str = "", code: str = "", at: datetime) -> PhoneOffer:
    """Return the offer that a phone names by the QR code's token or by the typed code.

    :raises OfferNotOpen: there is none, it was taken, or its ten minutes are over.
    """
    typed = "".join(character for character in code.lower() if character.isalnum())
    offers = PhoneOffer.objects.filter(used_at=None, expires_at__gt=at, user__is_active=True)
    if token:
        offers = offers.filter(token_hash=hash_offer_secret(token[:LONGEST_SECRET]))
    else:
        offers = offers.filter(code_hash=hash_offer_secret(typed[:LONGEST_SECRET]))
    offer = offers.select_related("user").first()
    if offer is None:
        raise OfferNotOpen
    return offer


def find_offer_of_session(*, user: User, session_id: int | None) -> PhoneOffer | None:
    """Return the last offer that this session made, with the phone that took it, or None."""
    own = PhoneOffer.objects.filter(user=user, session_id=session_id)
    return own.select_related("phone").order_by("-pk").first()


def find_request(*, user: User, request_id: UUID) -> ApprovalRequest | None:
    """Return one of the person's requests, or None."""
    return ApprovalRequest.objects.filter(pk=request_id, user=user).first()


def status_of_request(request_id: UUID, *, at: datetime) -> str:
    """Return where a request stands at `at`, also where nobody has noted its end yet."""
    found = ApprovalRequest.objects.filter(pk=request_id).values_list("status", "expires_at").first()
    if found is None:
        return ApprovalStatus.EXPIRED.value
    status, expires_at = found
    is_open = status in {ApprovalStatus.PENDING, ApprovalStatus.APPROVED}
    return ApprovalStatus.EXPIRED.value if is_open and expires_at <= at else str(status)


def list_open_requests(*, phone: LinkedPhone, at: datetime) -> list[ApprovalRequest]:
    """Return what waits for an answer of this phone; at most one."""
    pending = ApprovalRequest.objects.filter(
        user_id=phone.user_id, status=ApprovalStatus.PENDING, expires_at__gt=at
    )
    return list(pending.order_by("created_at")[:1]) if phone.confirmed else []


def list_phones_to_push(*, user_id: int) -> list[LinkedPhone]:
    """Return the person's phones that can be woken."""
    phones = LinkedPhone.objects.filter(user_id=user_id, confirmed=True, push_subscription__isnull=False)
    return list(phones.select_related("user").order_by("pk"))
