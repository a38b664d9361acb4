"""Forms of domains: a record, a zone file, name servers, a contact."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from manager.kit.fields import refuse_control_characters
from manager.kit.forms import ListFilter
from organizations.profile.forms import country_choices, text_field
from products.modules.domain.contacts import LENGTHS
from products.modules.domain.names import APEX
from products.modules.domain.records import (
    HINTS,
    LONGEST_TTL,
    MAX_NUMBER,
    MAX_VALUE,
    SHORTEST_TTL,
    TYPES,
    USUAL_TTL,
    WITH_PRIORITY,
    Record,
    make_record,
)
from products.modules.domain.servers import MOST
from products.modules.domain.zonefile import MAX_FILE

TYPE_CHOICES = [(name, name) for name in TYPES]


class ZoneFilter(ListFilter):
    """The line above the records."""

    q = forms.CharField(required=False, max_length=100, validators=[refuse_control_characters])
    type = forms.ChoiceField(required=False, choices=[("", _("All types")), *TYPE_CHOICES])


class VersionForm(forms.Form):
    """At which version of the zone the page was opened."""

    version = forms.IntegerField(
        required=False, min_value=0, max_value=2_147_483_647, widget=forms.HiddenInput
    )


class RecordForm(VersionForm):
    """One record; its type decides what its value must look like."""

    type = forms.ChoiceField(label=_("Type"), choices=TYPE_CHOICES)
    name = forms.CharField(
        label=_("Name"),
        max_length=300,
        required=False,
        validators=[refuse_control_characters],
        help_text=_("Such as www or *.shop; empty or @ for the domain itself."),
    )
    priority = forms.IntegerField(
        label=_("Priority"),
        required=False,
        min_value=0,
        max_value=MAX_NUMBER,
        help_text=_("The lowest number is tried first."),
    )
    value = forms.CharField(
        label=_("Value"),
        max_length=MAX_VALUE,
        validators=[refuse_control_characters],
        widget=forms.Textarea(attrs={"rows": 2, "spellcheck": "false", "autocapitalize": "none"}),
    )
    ttl = forms.IntegerField(
        label=_("TTL"),
        min_value=SHORTEST_TTL,
        max_value=LONGEST_TTL,
        initial=USUAL_TTL,
        help_text=_("For how many seconds others may remember it; 3600 is one hour."),
    )

    @property
    def hints(self) -> list[tuple[str, Any, str]]:
        """What the value looks like, by type, and whether it has a priority."""
        return [(name, HINTS[name], "1" if name in WITH_PRIORITY else "") for name in TYPES]

    def record(self, *, origin: str, number: int = 0) -> Record:
        """Return the record that the valid form describes.

        :raises RecordInvalid: it cannot be one; says the field.
        """
        given = self.cleaned_data
        return make_record(
            origin=origin,
            name=given["name"],
            kind=given["type"],
            ttl=given["ttl"],
            value=given["value"],
            priority=given["priority"] if given["type"] in WITH_PRIORITY else None,
            number=number,
        )


def initial_of(record: Record) -> dict[str, Any]:
    """Return what the form shows of a record."""
    return {
        "type": record.type,
        "name": "" if record.name == APEX else record.name,
        "priority": record.priority,
        "value": record.value,
        "ttl": record.ttl,
    }


class SelectionForm(VersionForm):
    """The records that were selected in the list."""

    selected = forms.TypedMultipleChoiceField(coerce=int)
    confirmed = forms.BooleanField(required=False)

    def __init__(self, *args: Any, ids: list[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["selected"]
        field.choices = [(str(number), str(number)) for number in ids]


class ImportForm(VersionForm):
    """A zone file, pasted or sent as a file."""

    text = forms.CharField(
        label=_("Zone file"),
        required=False,
        max_length=MAX_FILE,
        widget=forms.Textarea(attrs={"rows": 14, "spellcheck": "false", "class": "mono"}),
        help_text=_("In the form of BIND. Its records take the place of all present ones."),
    )
    file = forms.FileField(label=_("Or choose a file"), required=False, max_length=255)
    confirmed = forms.BooleanField(required=False)

    def clean(self) -> dict[str, Any]:
        """Take the text of the file where one was sent."""
        data = super().clean() or self.cleaned_data
        if data.get("file"):
            raw = data["file"].read(MAX_FILE + 1)
            try:
                data["text"] = raw.decode("utf-8-sig")
            except UnicodeDecodeError:
                self.add_error("file", _("This file is no text."))
            if len(raw) > MAX_FILE:
                self.add_error("file", _("The file is too large: at most 256 kB."))
        if not self.errors and not data.get("text", "").strip():
            self.add_error("text", _("Please paste a zone file, or choose one."))
        return data


class ServersForm(forms.Form):
    """Ours, or two to thirteen of one's own."""

    OURS, OWN = "ours", "own"
    choice = forms.ChoiceField(
        label=_("Name servers"),
        choices=[(OURS, _("Ours")), (OWN, _("My own"))],
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for number in range(1, MOST + 1):
            self.fields[f"host_{number}"] = text_field(_("Name server"), 253, required=False)
            self.fields[f"addresses_{number}"] = text_field(_("IP addresses"), 400, required=False)

    def rows(self) -> list[tuple[Any, Any]]:
        """Return the pairs of fields, for the page."""
        return [(self[f"host_{number}"], self[f"addresses_{number}"]) for number in range(1, MOST + 1)]

    def servers(self) -> list[dict[str, Any]]:
        """Return the chosen name servers as they were typed, up to the last one; none for ours."""
        if self.cleaned_data["choice"] == self.OURS:
            return []
        typed = [
            {
                "host": self.cleaned_data[f"host_{number}"],
                "addresses": [
                    part
                    for part in self.cleaned_data[f"addresses_{number}"].replace(",", " ").split()
                    if part
                ],
            }
            for number in range(1, MOST + 1)
        ]
        while len(typed) > 2 and not typed[-1]["host"] and not typed[-1]["addresses"]:
            typed.pop()
        return typed


class ContactForm(forms.Form):
    """One contact; empty fields are refused by the verb, which knows the country's rules."""

    OURS, OWN = "organization", "own"
    choice = forms.ChoiceField(
        label=_("Whose data?"),
        choices=[(OURS, _("The organization's data")), (OWN, _("Other data"))],
        widget=forms.RadioSelect,
    )
    name = text_field(_("Name"), LENGTHS["name"], required=False, autocomplete="name")
    street = text_field(
        _("Street and number"), LENGTHS["street"], required=False, autocomplete="street-address"
    )
    postal_code = text_field(
        _("Postal code"), LENGTHS["postal_code"], required=False, autocomplete="postal-code"
    )
    city = text_field(_("City"), LENGTHS["city"], required=False, autocomplete="address-level2")
    country = forms.ChoiceField(label=_("Country"), choices=country_choices, required=False)
    email = text_field(_("Mail address"), LENGTHS["email"], required=False, autocomplete="email")
    phone = text_field(_("Phone"), LENGTHS["phone"], required=False, autocomplete="tel")


class LockForm(forms.Form):
    """The switch of the transfer lock."""

    locked = forms.ChoiceField(choices=[("on", "on"), ("off", "off")])
