"""Taking one's data along (ACC-15)."""

import io
import json
import zipfile

from accounts.applications.models import OAuthApplication
from accounts.identity.models import IdentityCase, IdentityImage
from accounts.tokens.models import ApiToken
from tests.factories.cast import make_member, make_tenant
from tests.factories.identity import NUMBER, submitted
from tests.factories.oauth import BACK, make_application
from tests.factories.people import register, signed_in
from tests.factories.tokens import token_client


def export_of(user):
    archive = zipfile.ZipFile(io.BytesIO(signed_in(user).post("/profile/export/").content))
    return archive, json.loads(archive.read("account.json"))


def test_holds_what_the_panel_keeps():
    """ACC-15"""
    person = register()
    organization = make_tenant(person, name="Example AG")
    make_member(organization)
    token_client(person, "profile:read")
    _archive, content = export_of(person)
    assert content["profile"]["email"] == person.email
    assert [one["organization"] for one in content["memberships"]] == ["Example AG"]
    assert content["history"]


def test_holds_ones_own_applications_and_checks():
    """ACC-12, ACC-15, ACC-16: only one's own."""
    person = register()
    for one in (person, register()):
        make_application(one)
    submitted(person)
    _archive, content = export_of(person)
    [application] = content["own_applications"]
    assert (application["name"], application["redirect_uris"]) == ("Invoice robot", BACK)
    [check] = content["identity_checks"]
    assert (check["status"], check["document"], check["phone"]) == ("submitted", "passport", NUMBER)


def test_holds_no_secret_and_no_photograph():
    """ACC-15: and the file says what is left out, and why."""
    person = register()
    token_client(person, "profile:read")
    make_application(person)
    submitted(person)
    archive, content = export_of(person)
    text = archive.read("account.json").decode()
    case = IdentityCase.objects.get()
    secrets = (
        person.password,
        ApiToken.objects.get(user=person).secret_hash,
        OAuthApplication.objects.get(user=person).client_secret,
        case.token_hash,
        str(case.nonce),
    )
    for secret in secrets:
        assert secret
        assert secret not in text
    assert IdentityImage.objects.exists()
    assert archive.namelist() == ["account.json"]
    assert {"secrets", "identity_photographs"} <= content["left_out"].keys()
    assert all(content["left_out"].values())
