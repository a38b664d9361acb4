"""What can be done to end an organization."""

from organizations.deletion.services.delete import delete_organization

__all__ = ["delete_organization"]
