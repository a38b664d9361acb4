"""Forms of lists: tags, kept filters, columns."""

from typing import Any
from urllib.parse import urlencode

from django import forms
from django.utils.encoding import uri_to_iri
from django.utils.translation import gettext_lazy as _

from manager.kit.fields import refuse_control_characters
from organizations.teams.models import Color
from products.lists.columns import COLUMNS

# What a kept filter holds of an address; never a place in the list.
KEPT = ("q", "kind", "status", "expires", "renewal", "actions", "tag", "sort")


def query_of(values: dict[str, Any]) -> str:
    """Return checked filters as the query of an address, the same for the same filters.

    Letters stand as they are: as bytes the longest search would not fit where it is kept.
    """
    return uri_to_iri(urlencode([(name, values[name]) for name in KEPT if values.get(name)]))


class TagForm(forms.Form):
    """What a tag is called, and its colour."""

    name = forms.CharField(label=_("Name"), max_length=40, validators=[refuse_control_characters])
    color = forms.ChoiceField(label=_("Colour"), choices=Color.choices, initial=Color.INDIGO)

    def colors(self) -> list[dict[str, Any]]:
        """Return the colours as cards: value, label, tint, and which one is chosen."""
        chosen = self["color"].value()
        return [
            {"value": color.value, "label": color.label, "hue": color.hue, "checked": color.value == chosen}
            for color in Color
        ]


class TaggingForm(forms.Form):
    """A new tag for the selected products; the known ones are ticked beside it."""

    name = forms.CharField(
        label=_("New tag"), max_length=40, required=False, validators=[refuse_control_characters]
    )


class FilterForm(forms.Form):
    """The name of a kept filter."""

    name = forms.CharField(label=_("Name"), max_length=60, validators=[refuse_control_characters])


class SaveFilterForm(FilterForm):
    """A filter to keep: its name, and whether the list opens with it."""

    is_default = forms.BooleanField(
        label=_("Open this list with it"),
        required=False,
        help_text=_("It applies whenever you open this list from the menu."),
    )


class ColumnsForm(forms.Form):
    """The columns beside the name."""

    columns = forms.MultipleChoiceField(
        label=_("Columns"),
        choices=list(COLUMNS.items()),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
