"""The organization's logo (ORG-5, INC-29)."""

import base64
import io
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image
from pytest_django import Settings

from accounts.tokens.scopes import Scope
from manager.kit.scope import tenant_scope
from organizations.audit.models import AuditEvent
from organizations.profile.models import Logo, Organization
from organizations.profile.services.logo import MAX_BYTES
from tests.factories.cast import client_of, make_member, make_tenant
from tests.factories.members import first_representative
from tests.isolation.world import make_token


def png(colour: str = "#c03020", size: tuple[int, int] = (300, 60)) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, colour).save(out, "PNG")
    return out.getvalue()


def send(client: Client, organization: Organization, data: bytes, name: str = "logo.png") -> Any:
    return client.post(f"/o/{organization.pk}/settings/logo/", {"file": SimpleUploadedFile(name, data)})


@pytest.fixture
def organization() -> Organization:
    return make_tenant(name="Example AG")


@pytest.fixture
def client(organization: Organization) -> Client:
    return client_of(first_representative(organization).user)


def digest_of(organization: Organization) -> str:
    with tenant_scope(organization.pk):
        return Organization.objects.get().logo_digest


class TestTheLogo:
    def test_takes_the_place_of_the_name_for_all_members(
        self, organization: Organization, client: Client
    ) -> None:
        """ORG-5: top left, written anew as WebP."""
        assert send(client, organization, png()).status_code == 302
        address = f"/o/{organization.pk}/logo/{digest_of(organization)}/"
        colleague = client_of(make_member(organization))
        home = colleague.get(f"/o/{organization.pk}/").content.decode()
        assert f'src="{address}"' in home
        answer = colleague.get(address)
        assert Image.open(io.BytesIO(answer.content)).format == "WEBP"

    def test_is_given_as_nothing_but_a_picture(self, organization: Organization, client: Client) -> None:
        """INC-29: no sniffing, no script, no frame; opened by itself it is a download."""
        send(client, organization, png())
        answer = client.get(f"/o/{organization.pk}/logo/{digest_of(organization)}/")
        assert answer["Content-Type"] == "image/webp"
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert answer["Content-Security-Policy"] == "sandbox; default-src 'none'"
        assert answer["Content-Disposition"].startswith("attachment;")
        assert answer["Cross-Origin-Resource-Policy"] == "same-origin"

    def test_is_for_members_only(self, organization: Organization, client: Client) -> None:
        """ORG-17: not for strangers, not under another organization's address, not under another digest."""
        send(client, organization, png())
        digest = digest_of(organization)
        stranger = make_tenant(name="Other AG")
        other = client_of(first_representative(stranger).user)
        assert other.get(f"/o/{organization.pk}/logo/{digest}/").status_code == 404
        assert other.get(f"/o/{stranger.pk}/logo/{digest}/").status_code == 404
        assert client.get(f"/o/{organization.pk}/logo/{'0' * 64}/").status_code == 404
        assert Client().get(f"/o/{organization.pk}/logo/{digest}/").status_code == 302

    def test_is_replaced_and_removed(self, organization: Organization, client: Client) -> None:
        """ORG-5, ORG-16: one row, each step in the audit log."""
        for colour in ("red", "blue", "blue"):
            send(client, organization, png(colour))
        assert client.get(f"/o/{organization.pk}/settings/logo/remove/").status_code == 200
        for _ in range(2):
            assert client.post(f"/o/{organization.pk}/settings/logo/remove/").status_code == 302
        with tenant_scope(organization.pk):
            assert not Logo.objects.exists()
            events = AuditEvent.objects.filter(name__contains="logo").order_by("id")
            assert [event.name.split("_")[1] for event in events] == ["set", "set", "removed"]
        assert digest_of(organization) == ""

    def test_cannot_be_set_by_who_does_not_lead(self, organization: Organization) -> None:
        """ORG-6"""
        colleague = client_of(make_member(organization))
        assert send(colleague, organization, png()).status_code == 403


class TestAFileThatIsNone:
    @pytest.mark.parametrize(
        "data",
        [b"", b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"<script>", png()[:80], b"\x89PNG" * MAX_BYTES],
        ids=["empty", "svg", "html", "truncated", "large"],
    )
    def test_is_refused_beside_the_field(
        self, organization: Organization, client: Client, data: bytes
    ) -> None:
        """INC-29: 422 with the reason, and nothing is kept."""
        answer = send(client, organization, data)
        assert answer.status_code == 422
        assert answer.context["logo_form"].errors["file"]
        assert digest_of(organization) == ""

    def test_no_file_at_all(self, organization: Organization, client: Client) -> None:
        """ORG-5"""
        assert client.post(f"/o/{organization.pk}/settings/logo/").status_code == 422

    def test_that_is_beyond_all_measure_is_dropped_on_the_way(
        self, organization: Organization, client: Client, settings: Settings
    ) -> None:
        """INC-29: nobody fills the memory or the disk; the page says what is allowed."""
        settings.FILE_UPLOAD_MAX_MEMORY_SIZE = 100_000
        answer = send(client, organization, b"\x89PNG" * 100_000)
        assert answer.status_code == 422
        assert "at most 2 MB" in answer.content.decode()


class TestTheOperation:
    def test_sets_and_removes_it(self, organization: Organization, client: Client) -> None:
        """ORG-5, API-1"""
        secret = make_token(first_representative(organization).user, scopes=(Scope.ORGANIZATIONS_WRITE,))[1]
        path = f"/api/1/organizations/{organization.pk}/logo"
        more = {"content_type": "application/json", "headers": {"authorization": f"Bearer {secret}"}}
        answer = client.post(path, {"picture": base64.b64encode(png()).decode()}, **more)
        assert answer.json()["data"] == {"digest": digest_of(organization)} != {"digest": ""}
        for wrong in ("<svg/>", base64.b64encode(b"<svg/>").decode()):
            assert client.post(path, {"picture": wrong}, **more).status_code == 422
        assert client.delete(path, **more).json()["data"] == {"digest": ""}
