"""The ways of a file into the panel besides the page: the drop folder and the command (BIL-17)."""

import pytest
from django.core.management import call_command
from django.urls import reverse

from billing.bank.models import Statement, StatementEntry
from billing.bank.status import EntryStatus, Source
from billing.payments.models import AnnouncedTransfer
from manager.demo.bank.writer import write_camt
from manager.kit.scope import tenant_scope
from manager.outbox.models import OutgoingMail
from manager.outbox.relay import drain_outbox
from tests.factories.bank import IBAN, bring, line, make_bank, reference_to
from tests.factories.billing import AT, make_invoice
from tests.factories.cast import client_of, make_person, make_tenant


@pytest.fixture
def bank():
    return make_bank()


def test_the_drop_folder_is_emptied(bank, settings, tmp_path):
    """BIL-17: what is kept goes to `done`, what is not to `refused` with its reason; parts wait."""
    from billing.bank.periodic import drain_bank

    settings.BANK_FOLDER = str(tmp_path)
    (tmp_path / "day.xml").write_bytes(write_camt([line(500, bank_reference="F1")], iban=IBAN))
    (tmp_path / "bad.xml").write_bytes(b"<no/>")
    (tmp_path / "still.xml.part").write_bytes(b"<Docum")
    foreign = write_camt([line(500, bank_reference="F2")], iban="DE89370400440532013000")
    (tmp_path / "foreign.xml").write_bytes(foreign)
    drain_bank(at=AT)
    assert [one.name for one in tmp_path.iterdir() if one.is_file()] == ["still.xml.part"]
    assert [one.name.partition("-")[0] for one in (tmp_path / "done").iterdir()] == ["day"]
    reasons = sorted(one.read_text() for one in (tmp_path / "refused").glob("*.reason.txt"))
    assert reasons == [
        "statement_account_unknown: DE89370400440532013000 is not one of our accounts.\n",
        "statement_version_unknown: Only camt.053 and camt.054 in the versions 02, 04 and 08 can be read.\n",
    ]
    kept = Statement.objects.get()
    assert (kept.file_name, kept.source) == ("day.xml", Source.FOLDER)
    assert list((tmp_path / "taken").iterdir()) == []
    # The bank's program lays the same file down again: it is moved, and nothing else.
    (tmp_path / "day.xml").write_bytes(write_camt([line(500, bank_reference="F1")], iban=IBAN))
    drain_bank(at=AT)
    assert len(list((tmp_path / "done").iterdir())) == 2
    assert StatementEntry.objects.count() == 1


def test_the_command_reads_what_the_demonstration_writes(bank, tmp_path, capsys):
    """BIL-17: an announced transfer is paid by the file, and the page says so."""
    owner = make_person()
    organization = make_tenant(owner)
    invoice = make_invoice(organization)
    with tenant_scope(organization.pk):
        AnnouncedTransfer.objects.create(organization=organization, invoice=invoice, chosen_at=AT)
    bring(line(6_000, reference_to("invoice", invoice.pk, entity=bank), bank_reference="P1"))
    client = client_of(owner)
    shown = client.get(reverse("billing:invoice", args=[organization.pk, invoice.pk])).content.decode()
    assert "CHF\xa060.00 of CHF\xa0108.10 by transfer on" in shown
    call_command("write_bank_file", str(tmp_path))
    (file,) = tmp_path.iterdir()
    call_command("import_statement", str(file))
    assert "1 new entries" in capsys.readouterr().out
    assert StatementEntry.objects.filter(status=EntryStatus.BOOKED).count() == 2
    invoice.refresh_from_db(using="system")
    assert invoice.status == "paid"
    call_command("import_statement", str(file))
    assert "known already" in capsys.readouterr().out


def test_mails_say_what_is_missing_and_what_is_too_much(bank):
    """BIL-17: to the billing contacts."""
    organization = make_tenant(make_person())
    invoice = make_invoice(organization)
    reference = reference_to("invoice", invoice.pk, entity=bank)
    bring(line(6_000, reference, bank_reference="P1"))
    drain_outbox(at=AT)
    bring(line(6_000, reference, bank_reference="P2"))
    drain_outbox(at=AT)
    subjects = set(OutgoingMail.objects.using("system").values_list("subject", flat=True))
    assert f"Pro forma {invoice.pk}: CHF 48.10 are missing still" in subjects
    assert "CHF 11.90 are on your prepaid account" in subjects
