"""Forms of identity checks."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.identity.status import (
    REASONS_OF_PEOPLE,
    REASONS_OF_STAFF,
    REASONS_OF_VISITORS,
    CaseStatus,
    Document,
    Reason,
    Refusal,
)
from accounts.users.addresses import normalize_phone
from accounts.users.forms import EmailField, PhoneField
from manager.kit.fields import refuse_control_characters


class ContactField(forms.CharField):
    """An e-mail address or a phone number, in its one stored form."""

    def __init__(self, **options: Any) -> None:
        widget = forms.TextInput(attrs={"autocomplete": "username", "spellcheck": "false"})
        super().__init__(max_length=254, widget=widget, validators=[refuse_control_characters], **options)

    def clean(self, value: Any) -> str:
        """Return the address or the number, normalized."""
        text = super().clean(value)
        if "@" in text:
            return str(EmailField().clean(text))
        if any(character.isalpha() for character in text):
            raise ValidationError(_("Enter your e-mail address or your mobile number."))
        return normalize_phone(text)


def _choices(reasons: tuple[Reason, ...]) -> list[tuple[str, Any]]:
    return [(reason.value, reason.label) for reason in reasons]


class StartForm(forms.Form):
    """What a visitor has lost, and of which account."""

    reason = forms.ChoiceField(
        label=_("What do you miss?"), choices=_choices(REASONS_OF_VISITORS), widget=forms.RadioSelect
    )
    contact = ContactField(label=_("E-mail or mobile number of your account"))


class OwnStartForm(forms.Form):
    """Why a signed-in person asks for a check."""

    reason = forms.ChoiceField(label=_("Why?"), choices=_choices(REASONS_OF_PEOPLE), widget=forms.RadioSelect)


class RequestForm(forms.Form):
    """Whom staff ask for a check, and why."""

    email = EmailField(label=_("Login of the person"))
    reason = forms.ChoiceField(label=_("Reason"), choices=_choices(REASONS_OF_STAFF))


class NumberForm(forms.Form):
    """The number that a code is sent to."""

    phone = PhoneField()


class DocumentForm(forms.Form):
    """The kind of document."""

    document = forms.ChoiceField(
        label=_("Which document do you have at hand?"), choices=Document.choices, widget=forms.RadioSelect
    )


class PhotographForm(forms.Form):
    """One photograph; what it is, is found out by reading its pixels."""

    file = forms.FileField(
        label=_("Photograph"),
        error_messages={"required": _("Take a photograph, or choose a file of at most 12 MB.")},
    )

    def __init__(self, *args: Any, camera: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["file"].widget.attrs.update({"accept": "image/*", "capture": camera})


class RefusalForm(forms.Form):
    """Why staff refuse; both are told to the person."""

    refusal = forms.ChoiceField(label=_("Reason"), choices=Refusal.choices, widget=forms.RadioSelect)
    note = forms.CharField(
        label=_("Note to the person"),
        required=False,
        max_length=500,
        validators=[refuse_control_characters],
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class ApprovalForm(forms.Form):
    """Whose account it is, where nobody knew before."""

    user = forms.IntegerField(required=False, min_value=1, max_value=2**63 - 1)


class CaseFilterForm(forms.Form):
    """What the staff want to see; a value that is not understood is left out."""

    q = forms.CharField(required=False, max_length=100, validators=[refuse_control_characters])
    status = forms.ChoiceField(required=False, choices=[("", ""), ("all", ""), *CaseStatus.choices])
    reason = forms.ChoiceField(required=False, choices=[("", ""), *Reason.choices])

    def wanted(self) -> dict[str, str]:
        """Return the filter as the selector takes it; without a choice, what waits for review."""
        self.is_valid()
        data = self.cleaned_data
        status = data.get("status", "")
        return {
            "search": data.get("q", ""),
            "status": "" if status == "all" else status or CaseStatus.SUBMITTED.value,
            "reason": data.get("reason", ""),
        }
