"""What documents keep in one language is told in the reader's (UI-4)."""

import pytest
from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext

from billing.invoices.api import InvoiceOutput
from billing.invoices.models import CreditNote, Invoice
from billing.invoices.told import REASONS

LANGUAGES = [code for code, _name in settings.LANGUAGES]
NAMES = {"names": "a.ch, b.ch", "product": "Hafen + Co / 50% off", "number": "12"}


def said(message, language):
    with translation.override(language):
        return gettext(message)


@pytest.mark.parametrize("kept", LANGUAGES)
@pytest.mark.parametrize("read", LANGUAGES)
def test_means_are_named_in_the_readers_language(kept, read):
    """BIL-3: `Prepaid-Konto` stood on an English page; cards and what nobody of us wrote stay as they are."""
    balance, transfer = "Prepaid account", "Bank transfer"
    invoice = Invoice(paid_with=f"{said(balance, kept)} + Visa •••• 4242 / {said(transfer, kept)}")
    with translation.override(read):
        assert invoice.means == f"{said(balance, read)} + Visa •••• 4242 / {said(transfer, read)}"
        assert Invoice(paid_with="").means == ""


@pytest.mark.parametrize("kept", LANGUAGES)
@pytest.mark.parametrize("message", REASONS)
def test_our_reasons_are_told_in_the_readers_language(kept, message):
    """BIL-5: with the names that stand in them; a reason that a person wrote is quoted."""
    note = CreditNote(reason=said(message, kept) % NAMES)
    for read in LANGUAGES:
        with translation.override(read):
            assert note.told_reason == gettext(message) % NAMES
            assert CreditNote(reason="Kulanz wegen Ausfall").told_reason == "Kulanz wegen Ausfall"


def test_programs_read_the_same_as_people():
    """API-1: one invoice and a list name the means alike."""
    invoice = Invoice(paid_with=said("Prepaid account", "de"))
    with translation.override("en"):
        assert InvoiceOutput().fields["paid_with"].get_attribute(invoice) == "Prepaid account"
