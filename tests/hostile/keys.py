"""Keys of mailed links and people at every step, for routes that open only to them."""

from io import BytesIO
from itertools import count
from typing import Any

from django_otp.plugins.otp_totp.models import TOTPDevice
from PIL import Image

from accounts.mfa.services import start_totp
from accounts.profile.services import set_avatar
from accounts.recovery.models import AddressKind
from accounts.recovery.secrets import Purpose, change_key
from accounts.recovery.services.changes import open_change
from accounts.sessions.models import Device, Session
from accounts.sessions.sudo import PROVED
from accounts.users.links import make_email_confirmation, make_password_reset
from accounts.users.models import User
from billing.payments.models import PaymentAttempt
from billing.payments.services import make_payment_link
from billing.receivers.secrets import stop_key
from manager.kit.scope import tenant_scope
from manager.kit.tokens import make_secret
from manager.outbox.models import OutgoingMail
from organizations.members.secrets import invitation_key
from organizations.profile.models import Organization
from tests.factories.cast import client_of
from tests.factories.members import actor_of, invite
from tests.factories.people import browser, give_password, mails, present, register, turn_on_totp, visitor
from tests.factories.phones import linked_phone
from tests.factories.products import make_plan
from tests.hostile import (
    bank_keys,
    catalog_keys,
    hold_keys,
    identity_keys,
    oauth_keys,
    promotion_keys,
    refund_keys,
    run_keys,
    tax_keys,
    warranty_keys,
    withdrawal_keys,
)
from tests.isolation.receiver_objects import make_receiver
from tests.isolation.world import MAKERS, World

_numbers = count(1)

# Who sends to a route that does not open to a member with every right.
STEPS = {
    **identity_keys.STEPS,
    "accounts:second_step": "waiting",
    "accounts:phone_step": "waiting",
    "accounts:totp_enable": "enabling",
    "accounts:factor_remove": "secured",
    "accounts:factor_rename": "secured",
    "accounts:backup_codes": "secured",
}


def _session(world: World, organization: Organization, made: dict[str, Any]) -> int:
    client_of(world.people["LR+"])
    return int(
        Session.objects.filter(user=world.people["LR+"]).order_by("pk").values_list("pk", flat=True)[0]
    )


def _device(world: World, organization: Organization, made: dict[str, Any]) -> int:
    at = present()
    values = {"secret_hash": make_secret(), "first_seen_at": at, "last_seen_at": at, "remembered_until": at}
    return int(Device.objects.create(user=world.people["LR+"], **values).pk)


def _factor(world: World, organization: Organization, made: dict[str, Any]) -> int:
    user = world.people["secured"]
    found = TOTPDevice.objects.filter(user=user).first()
    return int((found or TOTPDevice.objects.create(user=user, name="app", confirmed=True)).pk)


def _picture(world: World, organization: Organization, made: dict[str, Any]) -> str:
    out = BytesIO()
    Image.new("RGB", (9, 9), "#2a6f4e").save(out, "PNG")
    user = world.people["LR+"]
    return str(set_avatar(user=user, data=out.getvalue(), actor=actor_of(user), at=present()).avatar_digest)


def _payment_key(world: World, organization: Organization, made: dict[str, Any]) -> str:
    attempt_id = world.value(organization, "attempt_id", MAKERS["attempt_id"])
    with tenant_scope(organization.pk):
        attempt = PaymentAttempt.objects.get(pk=attempt_id)
        return make_payment_link(attempt=attempt, at=present()).rstrip("/").rpartition("/")[2]


def _receiver_key(world: World, organization: Organization, made: dict[str, Any]) -> str:
    with tenant_scope(organization.pk):
        return stop_key(make_receiver(world, organization, made))


def _message(world: World, organization: Organization, made: dict[str, Any]) -> int:
    invite(organization, "somebody@example.com")
    mails()
    return int(OutgoingMail.objects.order_by("pk").values_list("pk", flat=True)[0])


def _change_key(world: World, kind: AddressKind, purpose: Purpose = Purpose.CONFIRM) -> str:
    user, address = world.people["LR+"], f"{kind}-{next(_numbers)}@wanted.example"
    change = open_change(user=user, kind=kind, address=address, actor=visitor(), at=present())
    if purpose is Purpose.UNDO:
        change.confirmed_at = present()
        change.save(update_fields=["confirmed_at"])
    return change_key(change, purpose)


# By route, because different routes call different things `key` and `token`.
KEYS: dict[tuple[str, str], Any] = {
    **bank_keys.KEYS,
    **catalog_keys.KEYS,
    **hold_keys.KEYS,
    **refund_keys.KEYS,
    **run_keys.KEYS,
    **identity_keys.KEYS,
    **oauth_keys.KEYS,
    **promotion_keys.KEYS,
    **tax_keys.KEYS,
    **warranty_keys.KEYS,
    **withdrawal_keys.KEYS,
    ("accounts:session_revoke", "session_id"): _session,
    ("api:session", "session_id"): _session,
    ("accounts:avatar", "digest"): _picture,
    ("accounts:phone_app_link", "token"): lambda *_: "made-up",
    ("products:provisioning_callback", "driver"): lambda *_: "local",
    ("billing:storefront_family", "slug"): lambda *_: make_plan().family.slug,
    ("billing:storefront_plan", "slug"): lambda *_: make_plan().slug,
    ("billing:storefront_cart_change", "key"): lambda *_: "made-up",
    ("billing:storefront_cart_remove", "key"): lambda *_: "made-up",
    ("products:calendar_feed", "secret"): lambda *_: "made-up",
    ("products:transfer_offer", "key"): lambda *_: "made-up",
    ("organizations:staff_support_enter", "supported_id"): lambda world, *_: world.own.pk,
    **{
        (f"accounts:factor_{name}", part): made
        for name in ("remove", "rename")
        for part, made in (("kind", lambda *_: "totp"), ("factor_id", _factor))
    },
    ("accounts:device_forget", "device_id"): _device,
    ("accounts:password_reset", "token"): lambda *_: make_password_reset(register(), at=present()),
    ("accounts:confirm_email", "token"): lambda *_: make_email_confirmation(
        register(confirmed=False), at=present()
    ),
    ("accounts:login_change_confirm", "key"): lambda world, *_: _change_key(world, AddressKind.LOGIN),
    ("accounts:recovery_email_confirm", "key"): lambda world, *_: _change_key(world, AddressKind.RECOVERY),
    ("accounts:login_change_stop", "key"): lambda world, *_: _change_key(
        world, AddressKind.LOGIN, Purpose.CANCEL
    ),
    ("accounts:login_change_undo", "key"): lambda world, *_: _change_key(
        world, AddressKind.LOGIN, Purpose.UNDO
    ),
    ("organizations:accept_invitation", "key"): lambda world, organization, made: invitation_key(
        invite(organization, world.people["stranger"].email)
    ),
    ("billing:payment_link", "key"): _payment_key,
    ("billing:answer_receiver", "key"): _receiver_key,
    ("billing:webhook", "gateway"): lambda *_: "stripe",
    ("demo:message", "message_id"): _message,
    ("demo:message_html", "message_id"): _message,
    ("demo:attachment", "message_id"): _message,
    ("demo:attachment", "attachment_id"): lambda *_: 1,
    ("styleguide:layout", "page"): lambda *_: "panel",
}


def bring_people(world: World) -> None:
    """Add to the cast: with a second factor, on the way to one, between password and code; all proved."""
    for who in ("secured", "enabling", "waiting"):
        world.people[who] = register()
    turn_on_totp(world.people["secured"])
    turn_on_totp(world.people["waiting"])
    linked_phone(world.people["waiting"])
    start_totp(user=world.people["enabling"], actor=actor_of(world.people["enabling"]), at=present())
    for who in ("LR+", "secured", "enabling"):
        sign_in_again(world, who)
    wait_for_code(world)
    identity_keys.bring_staff(world)


def wait_for_code(world: World) -> None:
    """Give the password of who has a second factor, in a fresh browser."""
    client = world.clients["waiting"] = browser()
    client.raise_request_exception = False
    give_password(client, world.people["waiting"])


def sign_in_again(world: World, who: str) -> User:
    """Give one of the cast a fresh browser with a fresh proof."""
    world.clients.pop(who, None)
    session = world.client(who).session
    session[PROVED] = present().timestamp()
    session.save()
    return world.people[who]
