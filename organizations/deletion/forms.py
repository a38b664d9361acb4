"""The last step of deleting an organization."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from organizations.profile.forms import text_field


class DeletionForm(forms.Form):
    """The typed name, and whether all paid invoices are to be mailed."""

    name = text_field(_("Name of the organization"), 120)
    mail_invoices = forms.BooleanField(
        label=_("Mail me all paid invoices"),
        required=False,
        initial=True,
        help_text=_("As PDF files, in several mails where there are many."),
    )

    def __init__(self, *args: Any, may_mail: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].widget.attrs["autocomplete"] = "off"
        if not may_mail:
            del self.fields["mail_invoices"]
