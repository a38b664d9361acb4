"""Options as people and programs choose them: fields of a form, and an object of the API."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from products.catalog.models import Option, OptionKind
from products.catalog.pricing import BookedOption, OptionRefused

PREFIX = "option-"
MOST_OPTIONS = 50
MOST_UNITS = 10**9


class OptionsField(serializers.DictField):
    """An object of the plan's options by slug, each with a whole number of units; 1 switches one on."""

    child = serializers.IntegerField(min_value=0, max_value=MOST_UNITS)

    def to_internal_value(self, data: Any) -> dict[str, int]:
        """Return the units by slug; a number has to be written as one, and 0.5 or true is none."""
        if isinstance(data, dict) and len(data) > MOST_OPTIONS:
            self.fail("not_a_dict", input_type="object")
        if isinstance(data, dict) and any(type(units) is not int for units in data.values()):
            raise serializers.ValidationError(self.child.error_messages["invalid"])
        return dict(super().to_internal_value(data))


class OptionsForm(forms.Form):
    """A form with a field for each option of a plan; one that the plan does not have is refused."""

    def __init__(
        self, *args: Any, options: Sequence[BookedOption], had: Mapping[str, int] | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.booked = {f"{PREFIX}{row.option.slug}": row for row in options}
        for name, row in self.booked.items():
            self.fields[name] = _field_of(row.option, (had or {}).get(row.option.slug))

    @property
    def option_fields(self) -> list[tuple[BoundField, BookedOption]]:
        """The fields of the options, each with its option and prices."""
        return [(self[name], row) for name, row in self.booked.items()]

    def clean(self) -> dict[str, Any]:
        """Refuse options that the plan does not have."""
        cleaned = super().clean() or self.cleaned_data
        if any(name.startswith(PREFIX) and name not in self.booked for name in self.data):
            raise forms.ValidationError(str(OptionRefused.message))
        return cleaned

    def chosen_options(self) -> dict[str, int]:
        """Return the units by slug that were chosen; valid forms only."""
        chosen: dict[str, int] = {}
        for name, row in self.booked.items():
            value = self.cleaned_data.get(name)
            chosen[row.option.slug] = row.option.default_quantity if value is None else int(value)
        return chosen


def _field_of(option: Option, had: int | None) -> forms.Field:
    if option.kind == OptionKind.SWITCH:
        return forms.BooleanField(label=option.name, required=False, initial=bool(had))
    field = forms.IntegerField(
        label=option.name,
        required=False,
        min_value=option.minimum,
        max_value=option.maximum,
        initial=option.default_quantity if had is None else had,
        error_messages={"invalid": _("Please enter a whole number.")},
    )
    if (option.minimum - option.included) % option.step == 0:
        field.widget.attrs["step"] = option.step
    return field
