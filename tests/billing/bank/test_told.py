"""Why a file of the bank was refused is told in the language of who reads it (BIL-17, UI-4)."""

import ast
from html import unescape
from pathlib import Path

import pytest
from django.urls import reverse
from django.utils import translation

from accounts.users.models import User
from billing.bank.models import RefusedFile
from billing.bank.rights import LOOK_AFTER_BANK
from billing.bank.services import import_statement
from billing.bank.status import Source
from billing.bank.told import REASONS
from manager.demo.bank.writer import write_camt
from manager.kit.errors import DomainError
from tests.factories.bank import line, make_bank
from tests.factories.billing import ACTOR, AT
from tests.factories.identity import make_staff, staff_client

ROOM = Path(__file__).parents[3] / "billing" / "bank"
RAISED = ("StatementInvalid", "FileEmpty", "FileTooLarge", "VersionUnknown", "AccountUnknown")


def said(tree: ast.AST) -> set[str]:
    """Return the messages that a module gives to the refusals of a file."""
    found: set[str] = set()
    for node in ast.walk(tree):
        names = isinstance(node, ast.ClassDef) and node.name in RAISED
        raises = isinstance(node, ast.Raise)
        assigns = isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "message"
        if names or raises or assigns:
            calls = (one for one in ast.walk(node) if isinstance(one, ast.Call))
            found |= {
                str(call.args[0].value)
                for call in calls
                if getattr(call.func, "id", "") == "_" and isinstance(call.args[0], ast.Constant)
            }
    return found


def test_all_that_refuses_a_file_is_known() -> None:
    """UI-4: a new reason has to be told to readers of other languages as well."""
    modules = [*(ROOM / "camt").glob("*.py"), ROOM / "services" / "keep.py"]
    found = set().union(*(said(ast.parse(path.read_text())) for path in modules))
    assert len(found) > 10
    assert found == set(REASONS)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "Le fichier est vide."),
        (write_camt([line(500)], iban="DE89370400440532013000"), "DE89370400440532013000 n"),
    ],
)
def test_another_reader_reads_it_in_his_own_language(content: bytes, told: str) -> None:
    """UI-4: given by somebody who reads German, read in French."""
    make_bank()
    with translation.override("de"), pytest.raises(DomainError):
        import_statement(content=content, name="a.xml", source=Source.UPLOAD, actor=ACTOR, at=AT)
    in_german = str(RefusedFile.objects.get().reason)
    staff = make_staff(LOOK_AFTER_BANK)
    User.objects.filter(pk=staff.pk).update(language="fr")
    client = staff_client(staff)
    html = unescape(client.get(reverse("billing:staff_bank_statements")).content.decode())
    assert in_german not in html
    assert told in html
    with translation.override("de"):
        assert RefusedFile.objects.get().told_reason == in_german
