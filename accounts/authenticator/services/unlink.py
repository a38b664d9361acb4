"""Unlink a phone on the phone itself; the panel's page uses what all factors have in common."""

from datetime import datetime

from django.db import transaction

from accounts.authenticator.kind import SLUG
from accounts.authenticator.models import LinkedPhone
from accounts.authenticator.refusals import LastFactor
from accounts.mfa.services import WrongPassword, finish_removing_factor
from accounts.users.models import User
from manager.kit.actor import Actor


@transaction.atomic
def unlink_phone(*, phone: LinkedPhone, actor: Actor, at: datetime) -> None:
    """Forget a phone, on its own wish; done where it is gone already. A mail goes out.

    :raises LastFactor: without it the password alone would open the account; that asks the password.
    """
    user = User.objects.select_for_update().get(pk=phone.user_id)
    deleted, _counts = LinkedPhone.objects.filter(pk=phone.pk).delete()
    if not deleted or not phone.confirmed:
        return
    try:
        finish_removing_factor(
            user=user, kind=SLUG, name=phone.name, password="", keep_session=None, actor=actor, at=at
        )
    except WrongPassword as refused:
        raise LastFactor from refused
