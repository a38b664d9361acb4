"""Go on with what a phone has given: its approval, or the code that it shows offline (ACC-10)."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django_otp import verify_token

from accounts.authenticator.codes import find_step
from accounts.authenticator.models import ApprovalRequest, LinkedPhone
from accounts.authenticator.refusals import RequestNotOpen
from accounts.authenticator.status import TRANSITIONS, ApprovalStatus
from accounts.mfa.services import SecondFactorIsOff, WrongCode, is_typed_code
from accounts.users.models import User
from manager.kit.actor import Actor
from manager.kit.status import transition


@transaction.atomic
def use_approval(*, user: User, request_id: UUID, actor: Actor, at: datetime) -> LinkedPhone:
    """Use up an approval; return the phone that gave it. Of many at once, one succeeds (INC-13).

    :raises RequestNotOpen: not approved, used already, too old, or its phone was unlinked.
    """
    own = ApprovalRequest.objects.select_for_update(of=("self",)).filter(pk=request_id, user=user)
    request = own.select_related("phone").first()
    if request is None or request.status != ApprovalStatus.APPROVED or request.expires_at <= at:
        raise RequestNotOpen
    phone = request.phone
    if phone is None or not phone.confirmed:
        raise RequestNotOpen
    transition(request, ApprovalStatus.USED, TRANSITIONS)
    request.save(update_fields=["status"])
    LinkedPhone.objects.filter(pk=phone.pk).update(last_used_at=at)
    return phone


def use_phone_code(*, user: User, code: str, actor: Actor, at: datetime) -> LinkedPhone:
    """Check the six digits that one of the person's phones shows; return that phone.

    django-otp's `verify_token` locks the row: the same code sent many times succeeds once (INC-13).

    :raises WrongCode: no phone shows it, or it was used before.
    :raises SecondFactorIsOff: no phone is linked.
    """
    linked = LinkedPhone.objects.filter(user=user, confirmed=True)
    phones: list[LinkedPhone] = list(linked.order_by("pk"))
    if not phones:
        raise SecondFactorIsOff
    if not is_typed_code(code):
        raise WrongCode
    # The phone that shows the code is asked first, so that the others do not count a failure.
    phones.sort(key=lambda phone: find_step(phone.secret, code, at) is None)
    if verify_token(user, phones[0].persistent_id, code) is None:
        raise WrongCode
    return phones[0]
