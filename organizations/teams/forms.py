"""Forms of teams."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from manager.kit.fields import refuse_control_characters
from organizations.teams.models import Color


class TeamForm(forms.Form):
    """What a team is called, and its colour (ORG-12)."""

    name = forms.CharField(label=_("Name"), max_length=60, validators=[refuse_control_characters])
    color = forms.ChoiceField(label=_("Colour"), choices=Color.choices, initial=Color.INDIGO)

    def colors(self) -> list[dict[str, Any]]:
        """Return the colours as cards: value, label, tint, and which one is chosen."""
        chosen = self["color"].value()
        return [
            {"value": color.value, "label": color.label, "hue": color.hue, "checked": color.value == chosen}
            for color in Color
        ]


class SearchForm(forms.Form):
    """A search; what it does not understand it leaves out."""

    q = forms.CharField(required=False, max_length=100, validators=[refuse_control_characters])

    def wanted(self) -> str:
        """Return what to look for; nothing where it is no text."""
        self.is_valid()
        return str(self.cleaned_data.get("q", ""))
