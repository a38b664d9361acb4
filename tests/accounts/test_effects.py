"""The table (event x effect): what each event around a person's access does (ACC-4, ACC-5, ACC-11).

A row is an event that somebody causes on the real pages; its cells are the effects on the person whom it
concerns. The person has two browsers: `here`, which causes the event where it is the person's own, and
`there`. A new key, ended sessions, mails and entries are asserted in every row: also that there are none.
"""

from dataclasses import dataclass

import pytest
from django.test import Client

from accounts.users.models import SecurityEvent
from manager.kit.scope import tenant_scope
from manager.outbox.models import OutgoingMail
from organizations.access.roles import Role
from organizations.audit.models import AuditEvent
from organizations.members.models import Membership
from tests.accounts.causes import (
    LOGIN,
    NEW_LOGIN,
    RECOVERY,
    Scene,
    Step,
    application,
    application_step,
    factor_off,
    factor_on,
    login_change,
    login_wish,
    nothing,
    password_change,
    recovery_change,
    recovery_wish,
    removal,
    reset,
    reset_wish,
    role_change,
    sign_in,
    token,
    with_factor,
)
from tests.factories.cast import AT, client_of, make_person, make_tenant
from tests.factories.people import browser, mails, register, signed_in

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
    "application registered": Row(
        application, KEEPS, KEEPS, {("application_registered", LOGIN)},
        {"user.application_registered"}, set(),
    ),
    "application changed": Row(
        application_step("change", 302, redirect_addresses="https://new.example/"), KEEPS, KEEPS,
        {("application_changed", LOGIN)}, {"user.application_changed"}, set(), application,
    ),
    "application renamed": Row(
        application_step("change", 302, name="Renamed"), KEEPS, KEEPS, set(),
        {"user.application_changed"}, set(), application,
    ),
    "application changed in nothing": Row(
        application_step("change", 302), KEEPS, KEEPS, set(), set(), set(), application
    ),
    "application with a new secret": Row(
        application_step("secret", 200), KEEPS, KEEPS, {("application_secret_rotated", LOGIN)},
        {"user.application_secret_rotated"}, set(), application,
    ),
    "application deleted": Row(
        application_step("delete", 302), KEEPS, KEEPS, {("application_deleted", LOGIN)},
        {"user.application_deleted"}, set(), application,
    ),
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
