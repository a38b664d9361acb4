"""A person's picture (ACC-14, INC-29)."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from accounts.profile.models import Avatar
from tests.factories.cast import client_of, make_person

PAGE = "/profile/picture/"


def photo(size=(400, 300), kind="JPEG"):
    out = io.BytesIO()
    Image.new("RGB", size, (120, 30, 60)).save(out, kind)
    return SimpleUploadedFile("me.jpg", out.getvalue(), content_type="image/jpeg")


@pytest.fixture
def person():
    return make_person()


@pytest.fixture
def client(person):
    return client_of(person)


class TestAnUpload:
    def test_becomes_a_square_of_our_own_making(self, person, client):
        """ACC-14, INC-29"""
        client.post(PAGE, {"file": photo()})
        person.refresh_from_db()
        shown = client.get(f"/pictures/{person.avatar_digest}/")
        picture = Image.open(io.BytesIO(shown.content))
        assert (picture.format, picture.size) == ("WEBP", (192, 192))
        assert shown["X-Content-Type-Options"] == "nosniff"
        assert "sandbox" in shown["Content-Security-Policy"]

    def test_is_shown_in_the_frame_of_every_page(self, person, client):
        """ACC-3"""
        client.post(PAGE, {"file": photo()})
        person.refresh_from_db()
        assert f"/pictures/{person.avatar_digest}/" in client.get("/profile/notifications/").content.decode()

    @pytest.mark.parametrize(
        "content",
        [b"", b"<svg onload='x()'/>", b"GIF89a<script>", b"%PDF-1.7", b"\x89PNG\r\n\x1a\n" + b"0" * 99],
    )
    def test_of_anything_else_is_refused_beside_the_field(self, client, content):
        """INC-29"""
        answer = client.post(PAGE, {"file": SimpleUploadedFile("me.png", content)})
        assert answer.status_code == 422
        assert answer.context["form"].errors["file"]
        assert not Avatar.objects.exists()

    def test_can_be_taken_back(self, person, client):
        """ACC-14"""
        client.post(PAGE, {"file": photo()})
        digest = Avatar.objects.get().digest
        client.post("/profile/picture/remove/")
        person.refresh_from_db()
        assert person.avatar_digest == ""
        assert client.get(f"/pictures/{digest}/").status_code == 404


def test_a_picture_is_for_signed_in_people_only(person, client):
    """ORG-17"""
    client.post(PAGE, {"file": photo()})
    digest = Avatar.objects.get().digest
    assert Client().get(f"/pictures/{digest}/").status_code == 302
