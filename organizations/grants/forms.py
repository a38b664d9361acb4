"""The form of a grant: who, what, how far, until when (ORG-13)."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from manager.kit.fields import refuse_control_characters, refuse_implausible_day
from manager.kit.ids import MAX_ID, parse_id
from organizations.access.models import Level
from organizations.grants.rules import Target

MOST_TARGETS = 50
MEMBER, TEAM, FAMILY, PRODUCT = "member", "team", "family", "product"


class _Texts(forms.MultipleChoiceField):
    """Several texts; what they name is looked up afterwards, among more than a page can offer."""

    def valid_value(self, value: str) -> bool:
        """Take every text."""
        return True


def _parse(text: str, kinds: tuple[str, ...]) -> tuple[str, str]:
    kind, _colon, value = text.partition(":")
    is_id = parse_id(value) is not None
    if kind not in kinds or not (is_id or (kind == FAMILY and value and len(value) <= 50)):
        raise ValidationError(_("Please choose from the list."))
    return kind, value


class GrantForm(forms.Form):
    """Let a member or a team see or manage products and families."""

    who = forms.CharField(
        label=_("Who"), max_length=40, error_messages={"required": _("Please choose a member or a team.")}
    )
    what = _Texts(
        label=_("What"), error_messages={"required": _("Please choose at least one family or product.")}
    )
    level = forms.ChoiceField(label=_("Access"), choices=Level.choices, initial=Level.VIEW)
    until = forms.DateField(
        label=_("Until"),
        required=False,
        validators=[refuse_implausible_day],
        help_text=_("The last day, in the time zone of the organization. Leave it empty for no end."),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def clean_who(self) -> dict[str, int]:
        """Return whom the grant is for, as the verb takes it."""
        kind, value = _parse(self.cleaned_data["who"], (MEMBER, TEAM))
        return {"membership_id" if kind == MEMBER else "team_id": int(value)}

    def clean_what(self) -> list[Target]:
        """Return what is granted."""
        if len(self.cleaned_data["what"]) > MOST_TARGETS:
            raise ValidationError(_("Please choose at most %(count)d at once.") % {"count": MOST_TARGETS})
        targets = []
        for text in self.cleaned_data["what"]:
            kind, value = _parse(text, (FAMILY, PRODUCT))
            targets.append(Target(family=value) if kind == FAMILY else Target(product_id=int(value)))
        return targets


class SearchesForm(forms.Form):
    """What the form of a grant looks for; nonsense is left out."""

    find_who = forms.CharField(required=False, max_length=100, validators=[refuse_control_characters])
    find_what = forms.CharField(required=False, max_length=100, validators=[refuse_control_characters])

    def wanted(self) -> dict[str, Any]:
        """Return both searches."""
        self.is_valid()
        return {name: self.cleaned_data.get(name, "") for name in ("find_who", "find_what")}


class WhyForm(forms.Form):
    """Whose access to what is asked about; what is no id is left out."""

    member = forms.IntegerField(required=False, min_value=1, max_value=MAX_ID)
    product = forms.IntegerField(required=False, min_value=1, max_value=MAX_ID)
    q = forms.CharField(required=False, max_length=100, validators=[refuse_control_characters])
    who = forms.CharField(required=False, max_length=100, validators=[refuse_control_characters])

    def wanted(self) -> dict[str, Any]:
        """Return what is asked."""
        self.is_valid()
        return {name: self.cleaned_data.get(name) for name in ("member", "product", "q", "who")}
