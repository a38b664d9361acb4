"""Forms of members and invitations."""

from organizations.members.forms.people import FilterForm, GrantForm, RoleForm
from organizations.members.forms.wizard import AccessForm, AddressesForm, TopicsForm

__all__ = ["AccessForm", "AddressesForm", "FilterForm", "GrantForm", "RoleForm", "TopicsForm"]
