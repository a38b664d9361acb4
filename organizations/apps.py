"""The Django app `organizations`."""

from importlib import import_module

from django.apps import AppConfig


class OrganizationsConfig(AppConfig):
    """Configuration of `organizations`."""

    name = "organizations"

    def ready(self) -> None:
        """Register this floor's condition of deleting an organization, and its rights that end."""
        from accounts.closing.departures import register_departure
        from organizations.access.guests import register_visits
        from organizations.access.models import Grant
        from organizations.access.periodic import register_time_boxed
        from organizations.deletion.conditions import register_condition
        from organizations.deletion.members import no_other_member
        from organizations.grants.services import expire_grant
        from organizations.members.departure import DEPARTURE
        from organizations.support.models import SupportGrant
        from organizations.support.services import expire_support
        from organizations.support.visits import find_support_visit

        import_module("organizations.profile.progress")
        for room in ("members", "policies", "support", "teams"):
            import_module(f"organizations.{room}.subjects")
        register_condition(no_other_member)
        register_departure(DEPARTURE)
        register_time_boxed(Grant, expire_grant)
        register_time_boxed(SupportGrant, expire_support)
        register_visits(find_support_visit)
