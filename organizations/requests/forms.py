"""Forms of requests for access (UI-6)."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from manager.kit.fields import refuse_control_characters, refuse_implausible_day
from manager.kit.ids import MAX_ID
from organizations.access.models import Level
from organizations.grants.rules import Target
from organizations.requests.status import RequestStatus

WORDS = forms.Textarea(attrs={"rows": 3})


class AskForm(forms.Form):
    """What to ask for, and a word to those who decide."""

    permission = forms.CharField(required=False, max_length=40, validators=[refuse_control_characters])
    family = forms.SlugField(required=False, max_length=50)
    product = forms.IntegerField(required=False, min_value=1, max_value=MAX_ID)
    level = forms.ChoiceField(required=False, choices=[("", ""), *Level.choices])
    message = forms.CharField(
        label=_("Why you need it"),
        required=False,
        max_length=500,
        validators=[refuse_control_characters],
        widget=WORDS,
    )

    def asked(self) -> dict[str, Any]:
        """Return what is asked for, as the verb takes it; what makes no sense is left out."""
        data = self.cleaned_data
        target = Target(family=data.get("family") or "", product_id=data.get("product"))
        is_product = target != Target()
        return {
            "permission": data.get("permission") or "",
            "target": target,
            "level": (data.get("level") or Level.MANAGE) if is_product else "",
        }


class ApproveForm(forms.Form):
    """How far, and until when."""

    level = forms.ChoiceField(label=_("Access"), required=False, choices=Level.choices)
    until = forms.DateField(
        label=_("Until"),
        required=False,
        validators=[refuse_implausible_day],
        help_text=_("The last day, in the time zone of the organization. Leave it empty for no end."),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )


class RefuseForm(forms.Form):
    """Why not; the person reads it."""

    answer = forms.CharField(
        label=_("Reason"), max_length=500, validators=[refuse_control_characters], widget=WORDS
    )


class RequestFilterForm(forms.Form):
    """The filter of the requests; what it does not know it leaves out."""

    q = forms.CharField(required=False, max_length=100, validators=[refuse_control_characters])
    status = forms.ChoiceField(required=False, choices=[("", ""), ("all", ""), *RequestStatus.choices])

    def wanted(self) -> dict[str, str]:
        """Return the filter as the selector takes it; open ones unless others are asked for."""
        self.is_valid()
        status = self.cleaned_data.get("status") or RequestStatus.OPEN.value
        return {
            "search": self.cleaned_data.get("q", ""),
            "status": "" if status == "all" else status,
        }
