"""What goes with an account and what stays, read off the models: a new table cannot be forgotten (ACC-15)."""

from datetime import timedelta

import psycopg
import pytest
from django.apps import apps
from django.contrib.auth.models import Group
from django.db import models
from django_otp_webauthn.models import WebAuthnUserHandle
from psycopg import sql

from accounts.authenticator.models import ApprovalRequest
from accounts.authenticator.services import offer_phone_link
from accounts.closing.services import close_account
from accounts.identity.models import IdentityCase, IdentityImage
from accounts.identity.status import CaseStatus
from accounts.passkeys.models import PasskeyChallenge
from accounts.profile.services import set_avatar
from accounts.recovery.models import AddressKind
from accounts.recovery.services.changes import open_change
from accounts.requests.models import SentRequest
from accounts.sms.models import SmsFactor
from accounts.staff.services import grant_staff
from accounts.users.models import User
from manager.kit.scope import tenant_scope
from organizations.access.roles import Role
from organizations.members.models import Membership
from tests.factories.cast import client_of, make_tenant
from tests.factories.identity import NUMBER, REVIEW, picture, submitted
from tests.factories.members import actor_of
from tests.factories.oauth import READ, code_for, make_application, take_tokens
from tests.factories.passkeys import add_key
from tests.factories.people import mails, present, register, signed_in, turn_on_totp
from tests.factories.phones import linked_phone
from tests.factories.tokens import make_api_token

# The person's row stays without a name; what points to it from here stays, too.
STAYS = {
    ("accounts_rightchange", "user_id"): "who was staff, and since when: a journal that nobody changes",
    ("accounts_identitycase", "decided_by_id"): "which of the staff decided about another person",
    ("organizations_grant", "ended_by_id"): "who ended another member's access",
    ("organizations_invitation", "invited_by_id"): "who invited another person",
    ("organizations_secondfactorpolicy", "set_by_id"): "who decided for the organization",
    ("organizations_accessrequest", "user_id"): "who asked the organization, which keeps its requests",
    ("organizations_accessrequest", "decided_by_id"): "who decided for the organization",
    ("organizations_supportgrant", "ended_by_id"): "who decided for the organization",
    ("organizations_supportgrant", "given_by_id"): "who decided for the organization",
    ("products_termination", "asked_by_id"): "who gave notice for the organization",
    ("products_transfer", "offered_by_id"): "who gave a product away for the organization",
    ("products_contacttask", "done_by_id"): "who of the staff spoke with a customer",
}
# Tables of the library in which nothing here ever writes.
UNUSED = {("oauth2_provider_idtoken", "user_id"), ("oauth2_provider_devicegrant", "user_id")}


def columns() -> set[tuple[str, str]]:
    """Return every column that names a person, by its table."""
    return {
        (model._meta.db_table, field.column)
        for model in apps.get_models(include_auto_created=True)
        for field in model._meta.get_fields()
        if isinstance(field, models.ForeignKey) and field.related_model is User
    }


def held(user: User, database: psycopg.Connection) -> set[tuple[str, str]]:
    """Return the columns in which the person stands, whichever organization the row is of."""
    query = sql.SQL("SELECT EXISTS (SELECT FROM {} WHERE {} = %s)")
    return {
        (table, column)
        for table, column in columns()
        if database.execute(
            query.format(sql.Identifier(table), sql.Identifier(column)), [user.pk]
        ).fetchone()[0]
    }


@pytest.fixture
def person() -> User:
    """Return a person with a row in every table."""
    user = register()
    actor, at = actor_of(user), present()
    soon = at + timedelta(minutes=5)
    client = signed_in(user)
    application, secret = make_application(user)
    take_tokens(application, secret, code_for(client, application, scope=READ))
    code_for(client, application, scope=READ)
    make_api_token(user)
    SentRequest.objects.create(user=user, bound_organization_id=0, key="k", created_at=at, lease_until=soon)
    set_avatar(user=user, data=picture(), actor=actor, at=at)
    submitted(user)
    organization = make_tenant(register())
    with tenant_scope(organization.pk):
        role = Role.COLLABORATOR
        Membership.objects.create(organization=organization, user=user, role=role, created_at=at)
    add_key(client)
    WebAuthnUserHandle.get_handle_for_user(user)
    turn_on_totp(user)
    linked_phone(user)
    offer_phone_link(user=user, session_id=None, actor=actor, at=at)
    ApprovalRequest.objects.create(user=user, number=7, choices=[7, 8, 9], created_at=at, expires_at=soon)
    SmsFactor.objects.create(user=user, name="SMS", phone=NUMBER)
    PasskeyChallenge.objects.create(user=user, challenge_hash="x", purpose="add", expires_at=soon)
    open_change(user=user, kind=AddressKind.LOGIN, address="new@example.com", actor=actor, at=at)
    grant_staff(user=user, rights=[REVIEW], actor=actor, at=at)
    user.groups.add(Group.objects.create(name="Friends"))
    client_of(user)
    user.refresh_from_db()
    return user


def test_nothing_of_a_person_stays_but_what_is_said(person, superuser_connection):
    """ACC-15: each column that names a person is emptied, or stands in a list with its reason."""
    assert STAYS.keys() | UNUSED <= columns(), "lists name what no longer exists"
    expected = columns() - STAYS.keys() - UNUSED
    assert expected - held(person, superuser_connection) == set(), "the fixture has no row to lose"
    close_account(user=person, actor=actor_of(person), at=present())
    assert held(person, superuser_connection) - STAYS.keys() == set()


def test_nothing_names_the_person(person):
    """ACC-15: not even the row that stays."""
    before = {person.email, person.first_name, person.last_name}
    close_account(user=person, actor=actor_of(person), at=present())
    row = User.objects.values().get(pk=person.pk)
    assert not before & {str(value) for value in row.values()}
    assert (row["is_staff"], row["is_active"], row["phone"], row["avatar_digest"]) == (False, False, "", "")


def test_an_identity_check_ends_with_its_photographs(person):
    """ACC-12, ACC-15: its number and contact go, and the staff find nothing to decide."""
    assert IdentityImage.objects.exists()
    close_account(user=person, actor=actor_of(person), at=present())
    case = IdentityCase.objects.get()
    assert (case.status, case.user, case.phone, case.contact) == (CaseStatus.WITHDRAWN, None, "", "")
    assert not IdentityImage.objects.exists()


def test_writes_to_the_old_address_alone(person):
    """ACC-15: what ends on the way is told by the one last mail."""
    address, sent = person.email, len(mails())
    close_account(user=person, actor=actor_of(person), at=present())
    assert [(one.template, one.recipient) for one in mails()[sent:]] == [("account_closed", address)]
