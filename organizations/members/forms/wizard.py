"""The steps of the wizard of invitations (ORG-7)."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext_lazy as _

from accounts.users.addresses import normalize_email
from manager.kit.fields import refuse_control_characters
from organizations.access.choices import ProductChoices
from organizations.access.models import Level
from organizations.members.services.invite import MOST_AT_ONCE
from organizations.members.topics import NEEDS_BILLING, TOPIC_HINTS, Topic

# "Anna Keller <anna@example.com>, bob@example.com; …", as people paste it from their mail.
NAMED = re.compile(r"[^,;\n<>]*<([^<>]*)>")
SEPARATORS = re.compile(r"[\s,;]+")
LONGEST_LIST = 400 * MOST_AT_ONCE
MOST_PRODUCTS = 200


class AddressesForm(forms.Form):
    """One or several addresses, also as a pasted list."""

    emails = forms.CharField(
        label=_("E-mail addresses"),
        max_length=LONGEST_LIST,
        validators=[refuse_control_characters],
        help_text=_("One or several, separated by commas or lines. Names as in “Anna <anna@…>” are fine."),
        widget=forms.Textarea(attrs={"rows": 5, "autocomplete": "off", "spellcheck": "false"}),
    )
    repeated: list[str]

    def clean_emails(self) -> list[str]:
        """Return the addresses, each checked and once; `repeated` are those that stood there twice."""
        text = NAMED.sub(r" \1 ", self.cleaned_data["emails"])
        parts = [part for part in SEPARATORS.split(text) if part]
        if text != self.cleaned_data["emails"]:
            # Of a name with a comma in it a part is left over.
            parts = [part for part in parts if "@" in part]
        for address in parts[: MOST_AT_ONCE * 2]:
            check_address(address)
        addresses = [normalize_email(part) for part in parts]
        unique = list(dict.fromkeys(addresses))
        self.repeated = sorted({address for address in unique if addresses.count(address) > 1})
        if not unique:
            raise ValidationError(_("Please give at least one address."))
        if len(unique) > MOST_AT_ONCE:
            raise ValidationError(
                _("Please give at most %(count)d addresses at once.") % {"count": MOST_AT_ONCE}
            )
        return unique


def check_address(address: str) -> None:
    """Refuse what is no e-mail address, by name.

    :raises ValidationError: it is none, or too long.
    """
    try:
        validate_email(address)
    except ValidationError:
        raise ValidationError(
            _("This is not an e-mail address: %(address)s") % {"address": address[:80]}
        ) from None
    if len(address) > 254:
        raise ValidationError(_("This address is too long: %(address)s") % {"address": address[:80]})


class AccessForm(forms.Form):
    """Families, products and teams that come with the membership."""

    grants = forms.MultipleChoiceField(required=False, label=_("Products"))
    level = forms.ChoiceField(label=_("Access"), choices=Level.choices, initial=Level.MANAGE, required=False)
    teams = forms.TypedMultipleChoiceField(required=False, label=_("Teams"), coerce=int)

    def offer(self, choices: ProductChoices, teams: list[tuple[int, str]]) -> None:
        """Offer what the organization can give."""
        self.families = [(f"family:{slug}", name) for slug, name in choices.families]
        self.products = [(f"product:{pk}", name) for pk, name, _family in choices.products[:MOST_PRODUCTS]]
        self.has_more = len(choices.products) > MOST_PRODUCTS
        fields: Any = self.fields
        fields["grants"].choices = [*self.families, *self.products]
        fields["teams"].choices = teams

    def chosen_grants(self) -> list[dict[str, Any]]:
        """Return the grants as they are stored with an invitation."""
        level = self.cleaned_data.get("level") or Level.MANAGE
        grants = []
        for choice in self.cleaned_data["grants"]:
            kind, _colon, value = choice.partition(":")
            is_family = kind == "family"
            grants.append(
                {
                    "family": value if is_family else "",
                    "product_id": None if is_family else int(value),
                    "level": str(level),
                }
            )
        return grants


class TopicsForm(forms.Form):
    """Which administrative mails somebody gets (ORG-11)."""

    topics = forms.MultipleChoiceField(required=False, label=_("Mails"), choices=Topic.choices)

    def options(self, *, has_billing: bool) -> list[dict[str, Any]]:
        """Return the kinds of mail with hint, whether each is chosen, and why it cannot be."""
        chosen = set(self["topics"].value() or [])
        needs = _("Needs billing rights, as it tells amounts.")
        return [
            {
                "value": topic.value,
                "label": topic.label,
                "hint": TOPIC_HINTS[topic],
                "checked": topic.value in chosen and (has_billing or topic not in NEEDS_BILLING),
                "reason": "" if has_billing or topic not in NEEDS_BILLING else needs,
            }
            for topic in Topic
        ]
