"""Link a phone: the panel offers, the phone takes the offer, the panel confirms (ACC-10)."""

import secrets
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from django.db import transaction

from accounts.authenticator.keys import read_public_key
from accounts.authenticator.kind import SLUG
from accounts.authenticator.models import LinkedPhone, PhoneOffer
from accounts.authenticator.offers import code_of, token_of
from accounts.authenticator.refusals import OfferNotOpen, PhoneNotWaiting
from accounts.authenticator.selectors import hash_offer_secret
from accounts.mfa.services import finish_adding_factor
from accounts.sessions.agents import name_system
from accounts.users.models import User
from manager.kit.actor import Actor
from manager.kit.encryption import encrypt

LIFE = timedelta(minutes=10)
SECRET_LENGTH = 32
LONGEST_NAME = 64


@transaction.atomic
def offer_phone_link(*, user: User, session_id: int | None, actor: Actor, at: datetime) -> PhoneOffer:
    """Make an offer to link a phone, open for ten minutes; earlier ones that led to nothing end."""
    User.objects.select_for_update().get(pk=user.pk)
    PhoneOffer.objects.filter(user=user).delete()
    LinkedPhone.objects.filter(user=user, confirmed=False).delete()
    reference = uuid4()
    return PhoneOffer.objects.create(
        user=user,
        reference=reference,
        token_hash=hash_offer_secret(token_of(reference)),
        code_hash=hash_offer_secret(code_of(reference)),
        session_id=session_id,
        created_at=at,
        expires_at=at + LIFE,
    )


@transaction.atomic
def link_phone(
    *, offer: PhoneOffer, name: str, public_key: Any, actor: Actor, at: datetime
) -> tuple[LinkedPhone, bytes]:
    """Take an offer with the phone's public key; return the phone and the secret of its offline codes.

    The phone counts only once the panel has confirmed it. The secret is told this once.

    :raises OfferNotOpen: used already, or older than ten minutes.
    :raises InvalidKey: what the phone sent is no public key.
    """
    locked = (
        PhoneOffer.objects.select_for_update(of=("self",)).select_related("user").filter(pk=offer.pk).first()
    )
    if locked is None or locked.used_at is not None or locked.expires_at <= at or not locked.user.is_active:
        raise OfferNotOpen
    reference, secret = uuid4(), secrets.token_bytes(SECRET_LENGTH)
    system = name_system(actor.agent)
    phone = LinkedPhone.objects.create(
        user=locked.user,
        name=name[:LONGEST_NAME],
        confirmed=False,
        reference=reference,
        system=system,
        public_key=read_public_key(public_key),
        encrypted_secret=encrypt(secret, purpose=f"authenticator.secret:{reference}"),
    )
    locked.used_at, locked.phone = at, phone
    locked.save(update_fields=["used_at", "phone"])
    return phone, secret


@transaction.atomic
def confirm_phone(
    *, user: User, session_id: int | None, actor: Actor, at: datetime
) -> tuple[LinkedPhone, list[str]]:
    """Let the phone count that took the offer of this session; see `finish_adding_factor` for the codes.

    :raises PhoneNotWaiting: none did, or it is confirmed already.
    :raises TooManyFactors: the person has ten phones.
    """
    User.objects.select_for_update().get(pk=user.pk)
    offers = PhoneOffer.objects.filter(user=user, session_id=session_id, phone__confirmed=False)
    offer = offers.select_related("phone").order_by("-pk").first()
    phone = offer.phone if offer else None
    if phone is None:
        raise PhoneNotWaiting
    phone.confirmed = True
    phone.save(update_fields=["confirmed"])
    codes = finish_adding_factor(
        user=user, kind=SLUG, name=phone.name, keep_session=session_id, actor=actor, at=at
    )
    return phone, codes
