"""What somebody does on the real pages, for the table of effects: each is an event, or how one begins."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.test import Client
from django_otp.plugins.otp_totp.models import TOTPDevice

from accounts.applications.models import OAuthApplication
from accounts.mfa.services import start_totp
from accounts.users.models import User
from organizations.access.roles import Role
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


Step = Callable[[Scene], None]


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


APPLICATION = {"name": "Robot", "redirect_addresses": "https://client.example/", "scopes": ["products:read"]}


def application(scene: Scene) -> None:
    fields = {**APPLICATION, "kind": "web", "organization": ""}
    answer = scene.here.post("/profile/developer/new/", fields)
    assert answer.status_code == 200, answer.content


def application_step(part: str, status: int, **fields: str) -> Step:
    def post(scene: Scene) -> None:
        path = f"/profile/developer/{OAuthApplication.objects.get().pk}/{part}/"
        assert scene.here.post(path, {**APPLICATION, **fields}).status_code == status

    return post


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
