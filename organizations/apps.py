"""The Django app `organizations`."""

from django.apps import AppConfig


class OrganizationsConfig(AppConfig):
    """Configuration of `organizations`."""

    name = "organizations"

    def ready(self) -> None:
        """Register this floor's condition of deleting an organization, and its rights that end."""
        from organizations.access.models import Grant
        from organizations.access.periodic import register_time_boxed
        from organizations.deletion.conditions import register_condition
        from organizations.deletion.members import no_other_member
        from organizations.grants.services.end import write_expired

        register_condition(no_other_member)
        register_time_boxed(Grant, write_expired)
