"""Forms of members and invitations."""

from organizations.members.forms.people import FilterForm, RoleForm
from organizations.members.forms.wizard import AccessForm, AddressesForm, TopicsForm

__all__ = ["AccessForm", "AddressesForm", "FilterForm", "RoleForm", "TopicsForm"]
