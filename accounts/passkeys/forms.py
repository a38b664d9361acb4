"""Forms of passkeys: the browser's answer, as JSON."""

import json
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.mfa.forms import FactorNameField


class AnswerForm(forms.Form):
    """What the browser answered to a challenge."""

    answer = forms.CharField(max_length=20_000, widget=forms.HiddenInput, label=_("Passkey"))

    def clean_answer(self) -> dict[str, Any]:
        """Return the answer as an object."""
        try:
            answer = json.loads(self.cleaned_data["answer"])
        except (ValueError, RecursionError):
            answer = None
        if not isinstance(answer, dict) or not isinstance(answer.get("response"), dict):
            raise ValidationError(_("This is no answer of a passkey."))
        return answer


class PasskeyForm(AnswerForm):
    """A new passkey, and how the person calls it."""

    name = FactorNameField(required=False)
