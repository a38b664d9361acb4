"""Forms of members: change and filter."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from manager.kit.fields import refuse_control_characters
from organizations.access.roles import GIVES, Role

STATES: list[tuple[str, Any]] = [
    ("", _("All states")),
    ("member", _("Member")),
    ("invited", _("Invited")),
    ("expired", _("Invitation expired")),
]

ROLE_HINTS = {
    Role.LEGAL_REPRESENTATIVE: _("May do everything, and stands for the organization."),
    Role.ADMINISTRATOR: _("Manages members and all products."),
    Role.COLLABORATOR: _("Works with the products that you grant."),
    Role.EXTERNAL: _("A person from outside, limited to the products that you grant."),
}


def givable_roles(giver_role: str) -> list[tuple[str, Any]]:
    """Return the roles that a member with `giver_role` may give, as choices."""
    return [(role.value, role.label) for role in Role if role in GIVES[giver_role]]


class RoleForm(forms.Form):
    """A role with or without the billing right (ORG-6)."""

    role = forms.ChoiceField(label=_("Role"), widget=forms.RadioSelect)
    has_billing = forms.BooleanField(
        label=_("Billing rights"),
        required=False,
        help_text=_("Sees invoices, orders products and pays."),
    )

    def __init__(self, *args: Any, giver_role: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        role: Any = self.fields["role"]
        role.choices = givable_roles(giver_role)

    def options(self) -> list[dict[str, Any]]:
        """Return the roles as cards: value, label, hint, and which one is chosen."""
        chosen = self["role"].value()
        role: Any = self.fields["role"]
        return [
            {"value": value, "label": label, "hint": ROLE_HINTS[Role(value)], "checked": value == chosen}
            for value, label in role.choices
        ]


class FilterForm(forms.Form):
    """The filter of the members' table; what it does not know it leaves out."""

    q = forms.CharField(required=False, max_length=100, validators=[refuse_control_characters])
    role = forms.ChoiceField(required=False, choices=[("", _("All roles")), *Role.choices])
    state = forms.ChoiceField(required=False, choices=STATES)
    billing = forms.ChoiceField(required=False, choices=[("", ""), ("yes", _("With billing rights"))])
    factor = forms.ChoiceField(required=False, choices=[("", ""), ("none", _("Without second factor"))])
    sort = forms.CharField(required=False, max_length=20, validators=[refuse_control_characters])

    def role_choices(self) -> list[tuple[str, Any]]:
        """Return the roles for the dropdown."""
        return [("", _("All roles")), *Role.choices]

    def state_choices(self) -> list[tuple[str, Any]]:
        """Return the states for the dropdown."""
        return STATES

    def wanted(self) -> dict[str, Any]:
        """Return the filter as the selectors take it."""
        data = self.cleaned_data
        return {
            "search": data.get("q", ""),
            "role": data.get("role", ""),
            "has_billing": True if data.get("billing") else None,
        }
