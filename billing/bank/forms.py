"""Forms of the back office's pages of the bank."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from billing.bank.camt.errors import FileTooLarge
from billing.bank.camt.read import MOST_BYTES
from billing.bank.selectors import OPEN_FILTER
from billing.bank.status import EntryStatus
from billing.invoices.models import Invoice
from manager.kit.fields import refuse_control_characters
from manager.kit.ids import parse_id
from organizations.profile.models import Organization

MOST_FILES = 10


class EntryFilter(forms.Form):
    """Search, the state of an entry, and the file that brought it; what it does not know it leaves out."""

    q = forms.CharField(required=False, max_length=100, validators=[refuse_control_characters])
    status = forms.ChoiceField(required=False, choices=[("", ""), (OPEN_FILTER, ""), *EntryStatus.choices])
    statement = forms.IntegerField(required=False, min_value=1, max_value=2**63 - 1)


class ManyFiles(forms.ClearableFileInput):
    """A field of a page in which several files are chosen at once."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several files."""

    widget = ManyFiles

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:
        """Return the files, each within the size of a statement."""
        given = data if isinstance(data, (list, tuple)) else [data] if data else []
        if not given:
            super().clean(None, initial)
        if len(given) > MOST_FILES:
            raise forms.ValidationError(_("Please choose at most ten files at once."))
        files = [super(FilesField, self).clean(one, initial) for one in given]
        if any(one.size > MOST_BYTES for one in files):
            raise forms.ValidationError(FileTooLarge.message)
        return files


class UploadForm(forms.Form):
    """Statements to read."""

    files = FilesField(  # type: ignore[assignment]  # the name of the field, not of the files sent
        label=_("Files of the bank"),
        help_text=_("camt.053 or camt.054 in the versions 02, 04 or 08, up to 10 MB each."),
        max_length=200,
        allow_empty_file=True,
    )


class AssignForm(forms.Form):
    """Whose a payment is: an invoice's, or an organization's prepaid account."""

    invoice = forms.CharField(
        label=_("Invoice"),
        required=False,
        max_length=40,
        validators=[refuse_control_characters],
        help_text=_("The number of an invoice, or of a pro forma."),
    )
    organization = forms.CharField(
        label=_("Or the prepaid account of an organization"),
        required=False,
        max_length=20,
        validators=[refuse_control_characters],
        help_text=_("The number of the organization, as in the address of its pages."),
    )

    def clean_invoice(self) -> Invoice | None:
        """Return the invoice that is meant."""
        said = self.cleaned_data["invoice"].strip()
        if not said:
            return None
        invoices = Invoice.objects.using("system").select_related("organization")
        found = (
            invoices.filter(number__iexact=said).first() or invoices.filter(pk=parse_id(said) or 0).first()
        )
        if found is None:
            raise forms.ValidationError(_("There is no such invoice."))
        return found

    def clean_organization(self) -> Organization | None:
        """Return the organization that is meant."""
        said = self.cleaned_data["organization"].strip()
        if not said:
            return None
        organizations = Organization.objects.using("system").filter(deleted_at=None)
        found = organizations.filter(pk=parse_id(said) or 0).first()
        if found is None:
            raise forms.ValidationError(_("There is no such organization."))
        return found

    def clean(self) -> dict[str, Any]:
        """Take one of the two."""
        given = super().clean() or {}
        if not self.errors and bool(given.get("invoice")) == bool(given.get("organization")):
            raise forms.ValidationError(_("Please give an invoice or an organization."))
        return given


class ReasonForm(forms.Form):
    """Why a payment is none of ours."""

    reason = forms.CharField(label=_("Reason"), max_length=300, validators=[refuse_control_characters])
