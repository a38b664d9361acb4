"""The back office's import and export of the catalogue's file (PRD-1)."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from manager.kit.clock import now
from products.catalog.catalog_file import DEMONSTRATION
from products.catalog.models import CatalogChange, CatalogUpload
from products.catalog.services import load_catalog

TODAY = now().date()


def page(name: str, *args: object) -> str:
    return reverse(f"products:staff_catalog{name}", args=args)


class TestFiles:
    def upload(self, editor: Client, text: str) -> str:
        file = SimpleUploadedFile("spring.yaml", text.encode())
        answer = editor.post(page("_import"), {"file": file})
        assert answer.status_code == 302, answer.context["form"].errors
        return str(answer["Location"])

    def test_what_is_exported_is_imported_without_a_difference(self, editor: Client) -> None:
        """PRD-1: the file is the whole catalogue."""
        load_catalog(path=DEMONSTRATION, on=TODAY)
        answer = editor.get(page("_export"))
        assert "attachment" in answer["Content-Disposition"]
        preview = editor.get(self.upload(editor, answer.content.decode()))
        assert preview.context["count"] == 0
        assert b"No difference" in preview.content

    def test_shows_the_differences_and_makes_them_true_when_confirmed(self, editor: Client) -> None:
        """PRD-1: nothing changes before; then it is in the history with the file's name."""
        load_catalog(path=DEMONSTRATION, on=TODAY - timedelta(days=30))
        text = editor.get(page("_export")).content.decode().replace("12: 6900,", "12: 7900,", 1)
        address = self.upload(editor, text)
        preview = editor.get(address)
        assert preview.context["count"] == 1
        assert "CHF\xa079.00" in preview.content.decode()
        before = CatalogChange.objects.count()
        answer = editor.post(address, {"base": preview.context["base"]})
        assert answer.status_code == 302
        assert CatalogChange.objects.count() == before + 1
        last = CatalogChange.objects.latest("pk")
        assert (last.what, last.source, last.actor_name) == ("price_changed", "spring.yaml", "Nora Frei")
        again = editor.post(address, {"base": preview.context["base"]})
        assert again.status_code == 409

    def test_a_catalogue_that_changed_meanwhile_is_looked_at_again(self, editor: Client) -> None:
        """PRD-1: only what was seen is confirmed."""
        load_catalog(path=DEMONSTRATION, on=TODAY)
        text = editor.get(page("_export")).content.decode().replace("12: 6900,", "12: 7900,", 1)
        address = self.upload(editor, text)
        base = editor.get(address).context["base"]
        editor.post(page("_plan_withdraw", "chk"))
        answer = editor.post(address, {"base": base})
        assert answer.status_code == 409
        assert not CatalogUpload.objects.filter(applied_at__isnull=False).exists()
        assert editor.post(address, {"base": "x"}).status_code == 422

    @pytest.mark.parametrize(
        "data",
        [
            b"",
            b"families: [",
            b"\xff\xfe",
            b"a: &a [1]\nb: *a",
            b"families: []\nfamilies: []",
            b"x" * 2_000_001,
        ],
        ids=["empty", "no-yaml", "no-text", "alias", "twice", "large"],
    )
    def test_refuses_what_is_no_catalogue(self, editor: Client, data: bytes) -> None:
        """PRD-1: with the reason beside the field; nothing is kept."""
        answer = editor.post(page("_import"), {"file": SimpleUploadedFile("bad.yaml", data)})
        assert answer.status_code == 422
        assert "file" in answer.context["form"].errors
        assert not CatalogUpload.objects.exists()
