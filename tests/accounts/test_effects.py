"""The table (event x effect): what each event around a person's access does (ACC-4, ACC-5, ACC-11).

A row is an event that somebody causes on the real pages; its cells are the effects on the person whom it
concerns. The person has two browsers: `here`, which causes the event where it is the person's own, and
`there`. A new key, ended sessions, mails and entries are asserted in every row: also that there are none.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from django.test import Client
from django_otp.plugins.otp_totp.models import TOTPDevice

from accounts.mfa.services import start_totp
from accounts.users.models import SecurityEvent, User
from manager.kit.scope import tenant_scope
from manager.outbox.models import OutgoingMail
from organizations.access.roles import Role
from organizations.audit.models import AuditEvent
from organizations.members.models import Membership
from tests.factories.cast import AT, client_of, make_person, make_tenant
from tests.factories.members import membership_of
from tests.factories.people import (
    NEW_PASSWORD,
    PASSWORD,
    browser,
    code_of,
    give_password,
    link_in,
    mails,
    present,
    register,
    signed_in,
    turn_on_totp,
    visitor,
)

LOGIN, NEW_LOGIN, RECOVERY = "carla@example.org", "carla@new.example", "carla@recovery.example"


@dataclass
class Scene:
    """The person, the two browsers, and the organization with its representative."""

    user: User
    here: Client
    there: Client
    organization: Any
    leader: Client


def sign_in(scene: Scene) -> None:
    scene.here = browser()
    scene.here.cookies["sessionid"] = "planted"
    assert give_password(scene.here, scene.user).status_code == 302


def factor_on(scene: Scene) -> None:
    start_totp(user=scene.user, actor=visitor(), at=present())
    fields = {"code": code_of(scene.user)}
    assert scene.here.post("/profile/security/authenticator/", fields).status_code == 200


def factor_off(scene: Scene) -> None:
    device = TOTPDevice.objects.get(user=scene.user)
    path = f"/profile/security/factors/totp/{device.pk}/remove/"
    assert scene.here.post(path, {"password": PASSWORD}).status_code == 302


def password_change(scene: Scene) -> None:
    fields = {"current": PASSWORD, "password": NEW_PASSWORD}
    assert scene.here.post("/profile/security/password/", fields).status_code == 302


def login_wish(scene: Scene) -> None:
    fields = {"address": NEW_LOGIN, "password": PASSWORD}
    assert scene.here.post("/profile/security/login/", fields).status_code == 302


def login_change(scene: Scene) -> None:
    [mail] = mails(template="login_confirmation")
    assert scene.here.post(link_in(mail, "/login/confirm/")).status_code == 302


def recovery_wish(scene: Scene) -> None:
    fields = {"address": RECOVERY}
    assert scene.here.post("/profile/security/recovery-email/", fields).status_code == 302


def recovery_change(scene: Scene) -> None:
    [mail] = mails(template="recovery_email_confirmation")
    assert scene.here.post(link_in(mail, "/recovery-email/confirm/")).status_code == 302


def role_change(scene: Scene) -> None:
    membership = membership_of(scene.organization, scene.user)
    path = f"/o/{scene.organization.pk}/members/{membership.pk}/"
    assert scene.leader.post(path, {"role": Role.ADMINISTRATOR}).status_code == 302


def removal(scene: Scene) -> None:
    fields = {"selected": membership_of(scene.organization, scene.user).pk, "confirmed": "1"}
    assert scene.leader.post(f"/o/{scene.organization.pk}/members/remove/", fields).status_code == 302
    assert membership_of(scene.organization, scene.user) is None


def reset_wish(scene: Scene) -> None:
    assert browser().post("/password-forgotten/", {"email": LOGIN}).status_code == 302


def reset(scene: Scene) -> None:
    [mail] = mails(template="password_reset")
    path = link_in(mail, "/password-reset/")
    assert scene.here.post(path, {"password": NEW_PASSWORD}).status_code == 302


def token(scene: Scene) -> None:
    fields = {"name": "Backup", "organization": "all", "scopes": ["products:read"], "days": "90"}
    answer = scene.here.post("/profile/tokens/new/", fields)
    assert answer.status_code == 200, answer.content


def with_factor(scene: Scene) -> None:
    """Begin with a second factor on, given in both browsers."""
    turn_on_totp(scene.user)
    for name in ("here", "there"):
        client = browser()
        give_password(client, scene.user)
        TOTPDevice.objects.update(last_t=-1)
        assert client.post("/sign-in/code/", {"code": code_of(scene.user)}).status_code == 302
        setattr(scene, name, client)


def nothing(scene: Scene) -> None:
    """Begin as everybody does."""


Step = Callable[[Scene], None]
KEEPS, NEW, ENDS = "keeps its key", "gets a new key", "ends"


@dataclass(frozen=True)
class Row:
    """An event and its effects: on the session here and those elsewhere; mails and entries by name."""

    event: Step
    here: str
    there: str
    mails: set[tuple[str, str]]
    history: set[str]
    audit: set[str]
    before: Step = nothing


TABLE = {
    # event: (verb, session here, sessions elsewhere, mails (template, to), person's history, audit)
    "sign-in": Row(
        sign_in, NEW, KEEPS, {("signed_in_from_new_device", LOGIN)},
        {"user.signed_in", "user.signed_in_from_new_device"}, set(),
    ),
    "second factor on": Row(factor_on, NEW, ENDS, {("factor_added", LOGIN)}, {"user.factor_added"}, set()),
    "second factor off": Row(
        factor_off, NEW, ENDS, {("factor_removed", LOGIN)}, {"user.factor_removed"}, set(), with_factor
    ),
    "password change": Row(
        password_change, NEW, ENDS, {("password_changed", LOGIN)}, {"user.password_changed"}, set()
    ),
    "login asked for": Row(
        login_wish, KEEPS, KEEPS, {("login_confirmation", NEW_LOGIN), ("login_change_requested", LOGIN)},
        {"user.login_change_requested"}, set(),
    ),
    "login change": Row(
        login_change, NEW, ENDS, {("login_changed", LOGIN), ("login_changed", NEW_LOGIN)},
        {"user.login_changed"}, set(), login_wish,
    ),
    "recovery e-mail asked for": Row(
        recovery_wish, KEEPS, KEEPS, {("recovery_email_confirmation", RECOVERY)},
        {"user.recovery_email_change_requested"}, set(),
    ),
    "recovery e-mail change": Row(
        recovery_change, NEW, ENDS,
        {("recovery_email_changed", LOGIN)},
        {"user.recovery_email_changed"}, set(), recovery_wish,
    ),
    "role change": Row(
        role_change, KEEPS, KEEPS, {("membership_role_changed", LOGIN)}, set(), {"membership.role_changed"}
    ),
    "removal from an organization": Row(
        removal, KEEPS, KEEPS, {("membership_removed", LOGIN)}, set(), {"membership.removed"}
    ),
    "password reset asked for": Row(reset_wish, KEEPS, KEEPS, {("password_reset", LOGIN)}, set(), set()),
    "password reset": Row(
        reset, ENDS, ENDS, {("password_changed", LOGIN)}, {"user.password_reset"}, set(), reset_wish
    ),
    "token made": Row(token, KEEPS, KEEPS, {("api_token_created", LOGIN)}, {"user.api_token_created"}, set()),
}  # fmt: skip


def key_of(client: Client) -> str:
    return client.cookies["sessionid"].value if "sessionid" in client.cookies else ""


def is_open(client: Client) -> bool:
    return client.get("/profile/").status_code == 200


def opens_with(key: str) -> bool:
    client = browser()
    client.cookies["sessionid"] = key
    return is_open(client)


def written() -> list[OutgoingMail]:
    """Return all mails of people and of organizations, after the worker's turn."""
    mails()
    return list(OutgoingMail.objects.using("system").order_by("pk"))


@pytest.fixture
def scene() -> Scene:
    user = register(email=LOGIN)
    leader = make_person("Lena Leader")
    organization = make_tenant(leader)
    with tenant_scope(organization.pk):
        Membership.objects.create(
            organization=organization, user=user, role=Role.COLLABORATOR, has_billing=False, created_at=AT
        )
    return Scene(user, signed_in(user), signed_in(user), organization, client_of(leader))


@dataclass
class Seen:
    """What the event of a row has done."""

    here: str
    there: str
    mails: list[tuple[str, str]]
    history: set[str]
    audit: set[str]


def state_of(client: Client, key: str) -> str:
    if not is_open(client):
        assert not opens_with(key)
        return ENDS
    if key_of(client) == key:
        return KEEPS
    assert not opens_with(key)
    return NEW


def cause(scene: Scene, row: Row) -> Seen:
    row.before(scene)
    sent = len(written())
    latest = SecurityEvent.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    with tenant_scope(scene.organization.pk):
        audited = AuditEvent.objects.count()
    keys = "planted" if row.event is sign_in else key_of(scene.here), key_of(scene.there)
    row.event(scene)
    new = written()[sent:]
    happened = SecurityEvent.objects.filter(user=scene.user, pk__gt=latest)
    with tenant_scope(scene.organization.pk):
        audit = AuditEvent.objects.order_by("pk")[audited:]
        names = {event.name for event in audit}
    return Seen(
        state_of(scene.here, keys[0]),
        state_of(scene.there, keys[1]),
        [(mail.template, mail.recipient) for mail in new],
        set(happened.values_list("name", flat=True)),
        names,
    )


@pytest.mark.parametrize("event", TABLE)
def test_an_event_has_the_effects_of_its_row(scene: Scene, event: str) -> None:
    """ACC-4, ACC-5, ACC-11, ORG-16: cell by cell; each mail exactly once, and no other."""
    row = TABLE[event]
    seen = cause(scene, row)
    assert seen.here == row.here, "the session that it is done in"
    assert seen.there == row.there, "the other sessions"
    assert sorted(seen.mails) == sorted(row.mails), "mails"
    assert seen.history == row.history, "the person's history"
    assert seen.audit == row.audit, "the organization's activity"
