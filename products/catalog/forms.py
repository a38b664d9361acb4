"""Forms of the catalogue in the back office: what may be entered is what a file may hold."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from lucide import IconDoesNotExist
from lucide.templatetags.lucide import lucide as draw_icon

from manager.kit.fields import refuse_control_characters
from products.catalog.entries import LANGUAGES, MAX_DAYS, MAX_UNITS, Texts
from products.catalog.file_values import MAX_TEXT, MAX_WORD, is_one_line
from products.catalog.labels import name_of_language
from products.catalog.models import Family, Option, Plan

MAX_FEATURES = 20


def refuse_other_than_word(value: str) -> None:
    """Refuse what is no slug of the plain alphabet.

    :raises ValidationError: it is not.
    """
    if not (value.isascii() and value.replace("-", "").isalnum()):
        raise ValidationError(_("Use letters, digits and hyphens only."), code="not_a_word")


def refuse_unknown_icon(value: str) -> None:
    """Refuse the name of an icon that does not exist.

    :raises ValidationError: there is none.
    """
    try:
        draw_icon(value, size=None)
    except (IconDoesNotExist, ValueError, OSError) as error:
        raise ValidationError(_("There is no icon of this name."), code="no_icon") from error


def refuse_several_lines(value: str) -> None:
    """Refuse text that is not one line of plain characters.

    :raises ValidationError: it is not.
    """
    if not is_one_line(value):
        raise ValidationError(_("Write it on one line, without control characters."), code="several_lines")


class WordField(forms.CharField):
    """A slug: it stands in addresses and files and never changes."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("max_length", MAX_WORD)
        widget = forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"})
        super().__init__(validators=[refuse_other_than_word], widget=widget, **options)


class IconField(WordField):
    """The name of an icon that exists."""

    def __init__(self) -> None:
        super().__init__(label=_("Icon"), help_text=_("A name of the icon set Lucide."))
        self.validators.append(refuse_unknown_icon)


class LineField(forms.CharField):
    """One line of text."""

    def __init__(self, **options: Any) -> None:
        super().__init__(max_length=MAX_TEXT, validators=[refuse_several_lines], **options)


class MultilingualForm(forms.Form):
    """A form with some texts in each of the five languages: a field `<name>_<language>` for each."""

    # Name of the texts on the model -> (prefix of the fields, label); those of a list have one per line.
    texts: dict[str, tuple[str, Any]] = {}
    lists: dict[str, tuple[str, Any]] = {}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for prefix, label in self.texts.values():
            for language in LANGUAGES:
                self.fields[f"{prefix}_{language}"] = LineField(label=label)
        for prefix, label in self.lists.values():
            for language in LANGUAGES:
                widget = forms.Textarea(attrs={"rows": 5})
                self.fields[f"{prefix}_{language}"] = forms.CharField(
                    label=label,
                    required=False,
                    widget=widget,
                    max_length=MAX_FEATURES * (MAX_TEXT + 2),
                    validators=[refuse_control_characters],
                    help_text=_("One on each line, as many as in the other languages."),
                )

    def language_blocks(self) -> list[tuple[str, list[forms.BoundField]]]:
        """Return the fields of each language with what the language is called."""
        prefixes = [prefix for prefix, _label in (*self.texts.values(), *self.lists.values())]
        return [
            (name_of_language(code), [self[f"{prefix}_{code}"] for prefix in prefixes]) for code in LANGUAGES
        ]

    def other_fields(self) -> list[forms.BoundField]:
        """Return the fields that are the same in all languages."""
        in_blocks = {field.name for _name, fields in self.language_blocks() for field in fields}
        return [field for field in self.visible_fields() if field.name not in in_blocks]

    def clean(self) -> dict[str, Any]:
        """Ask for the same number of lines in each language."""
        cleaned = super().clean() or {}
        for prefix, _label in self.lists.values():
            self._clean_list(prefix, cleaned)
        return cleaned

    def _clean_list(self, prefix: str, cleaned: dict[str, Any]) -> None:
        lines = {code: _lines(cleaned.get(f"{prefix}_{code}", "")) for code in LANGUAGES}
        wanted = len(lines[LANGUAGES[0]])
        for code, found in lines.items():
            name = f"{prefix}_{code}"
            if len(found) != wanted:
                self.add_error(name, _("There are %(count)d lines in English.") % {"count": wanted})
            elif len(found) > MAX_FEATURES or any(len(line) > MAX_TEXT for line in found):
                self.add_error(name, _("This is too long."))
            elif not all(is_one_line(line) for line in found):
                self.add_error(name, _("Write it on one line, without control characters."))

    def values(self) -> dict[str, Any]:
        """Return what was entered as the catalogue keeps it; only after `is_valid`."""
        cleaned = dict(self.cleaned_data)
        found: dict[str, Any] = {}
        for name, (prefix, _label) in self.texts.items():
            found[name] = {code: cleaned.pop(f"{prefix}_{code}") for code in LANGUAGES}
        for name, (prefix, _label) in self.lists.items():
            columns = {code: _lines(cleaned.pop(f"{prefix}_{code}")) for code in LANGUAGES}
            found[name] = [
                {code: columns[code][row] for code in LANGUAGES} for row in range(len(columns[LANGUAGES[0]]))
            ]
        return {**cleaned, **found}

    @classmethod
    def initial_of(cls, row: Family | Plan | Option) -> dict[str, Any]:
        """Return what the form shows of a row."""
        found: dict[str, Any] = {}
        for name, (prefix, _label) in cls.texts.items():
            texts: Texts = getattr(row, name) or {}
            found |= {f"{prefix}_{code}": texts.get(code, "") for code in LANGUAGES}
        for name, (prefix, _label) in cls.lists.items():
            rows: list[Texts] = getattr(row, name)
            for code in LANGUAGES:
                found[f"{prefix}_{code}"] = "\n".join(texts.get(code, "") for texts in rows)
        return {**found, **{name: getattr(row, name) for name in cls.base_fields if hasattr(row, name)}}


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


class FamilyField(forms.ModelChoiceField):
    """A family, shown by its name."""

    def label_from_instance(self, obj: Family) -> str:
        """Return the name in the language of the page."""
        return obj.name


class FamilyForm(MultilingualForm):
    """A family: its names and its icon."""

    texts = {"names": ("name", _("Name"))}
    icon = IconField()


class NewFamilyForm(FamilyForm):
    """A new family, with the name that stands in addresses."""

    slug = WordField(label=_("Short name"), help_text=_("It stands in addresses and files, and stays."))
    field_order = ("slug", "icon")


class PlanForm(MultilingualForm):
    """A plan: texts and terms. Its kind is chosen once."""

    texts = {"names": ("name", _("Name")), "descriptions": ("description", _("Description"))}
    lists = {"features": ("features", _("What it offers"))}
    family = FamilyField(
        label=_("Family"),
        queryset=Family.objects.order_by("position", "id"),
        to_field_name="slug",
        empty_label=None,
    )
    icon = IconField()
    needs_domain_name = forms.BooleanField(label=_("Asks for a domain name"), required=False)
    extension = forms.CharField(
        label=_("Domain extension"),
        required=False,
        max_length=63,
        help_text=_("What names of a domain plan end in, such as .ch."),
    )
    grace_days = forms.IntegerField(
        label=_("Days of grace"),
        min_value=0,
        max_value=MAX_DAYS,
        help_text=_("From expiry, when it is suspended, to the end."),
    )
    redemption_days = forms.IntegerField(
        label=_("Days of redemption"),
        min_value=0,
        max_value=MAX_DAYS,
        help_text=_("How long a domain can be restored for a fee after the days of grace."),
    )
    trial_months = forms.IntegerField(
        label=_("Months of trial"), min_value=0, max_value=60, help_text=_("Once per customer; 0 for none.")
    )
    cooling_off_days = forms.IntegerField(
        label=_("Days of cooling-off"),
        min_value=0,
        max_value=MAX_DAYS,
        help_text=_("How long a product that was terminated on request can be brought back."),
    )

    def clean_extension(self) -> str:
        """Return the extension with its dot, or nothing."""
        text = str(self.cleaned_data["extension"]).strip().lower()
        labels = text.removeprefix(".").split(".")
        plain = all(part.replace("-", "").isalnum() for part in labels)
        if text and not (text.startswith(".") and plain):
            raise ValidationError(_("An extension looks like .ch or .co.uk."), code="no_extension")
        return text


class NewPlanForm(PlanForm):
    """A new plan, with what stays: its short name and its kind."""

    slug = WordField(label=_("Short name"), help_text=_("It stands in addresses and files, and stays."))
    kind = WordField(label=_("Kind"), help_text=_("The module that sets it up, such as hosting."))
    field_order = ("family", "slug", "kind", "icon")


class OptionForm(MultilingualForm):
    """A switch of a plan."""

    texts = {"names": ("name", _("Name")), "descriptions": ("description", _("Description"))}
    is_orderable = forms.BooleanField(label=_("In the shop"), required=False)


class NumberForm(OptionForm):
    """An option of which one chooses a number of units."""

    texts = {**OptionForm.texts, "unit_names": ("unit", _("Unit"))}
    included = forms.IntegerField(
        label=_("Included"), min_value=0, max_value=MAX_UNITS, help_text=_("Units that cost nothing.")
    )
    minimum = forms.IntegerField(label=_("Minimum"), min_value=0, max_value=MAX_UNITS)
    maximum = forms.IntegerField(label=_("Maximum"), min_value=1, max_value=MAX_UNITS)
    step = forms.IntegerField(
        label=_("Step"), min_value=1, max_value=MAX_UNITS, help_text=_("Units that one price is for.")
    )
    field_order: tuple[str, ...] = ("included", "minimum", "maximum", "step", "is_orderable")


class NewSwitchForm(OptionForm):
    """A new switch."""

    slug = WordField(label=_("Short name"), help_text=_("It stands in addresses and files, and stays."))
    field_order = ("slug", "is_orderable")


class NewNumberForm(NumberForm):
    """A new number of units."""

    slug = WordField(label=_("Short name"), help_text=_("It stands in addresses and files, and stays."))
    field_order: tuple[str, ...] = ("slug", *NumberForm.field_order)
