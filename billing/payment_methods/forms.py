"""Forms about saved means."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from billing.payment_methods.models import PaymentMethod
from billing.payment_methods.services import NAME_LENGTH
from manager.kit.fields import refuse_control_characters


class RenameForm(forms.Form):
    """A name of one's own for a means; empty brings back what it is."""

    name = forms.CharField(
        label=_("Name"),
        max_length=NAME_LENGTH,
        required=False,
        validators=[refuse_control_characters],
        help_text=_("For example: card of the accounts department."),
    )


class MoveForm(forms.Form):
    """One place up or down in the order in which means are tried."""

    direction = forms.ChoiceField(choices=[("up", _("Up")), ("down", _("Down"))])


class ReplacementForm(forms.Form):
    """What is charged from now on in place of a means that is removed; not asked where there is no other."""

    def __init__(self, *args: Any, others: Sequence[PaymentMethod], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.others = {str(method.pk): method for method in others}
        if others:
            self.fields["replacement"] = forms.ChoiceField(
                label=_("Use instead"),
                choices=[(value, str(method)) for value, method in self.others.items()],
                required=False,
                help_text=_("Left as it is, the next in your order is used."),
            )

    def clean_replacement(self) -> PaymentMethod | None:
        """Return the chosen means."""
        return self.others.get(self.cleaned_data["replacement"])
