"""The lock under which an organization, its members, teams and grants change."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import IntegrityError
from django.utils.translation import gettext_lazy as _

from manager.kit.errors import DomainError, constraint_of
from organizations.profile.models import Organization

# The trigger that keeps new rows out of a deleted organization names itself so.
NOT_DELETED = "organization_not_deleted"


class OrganizationDeleted(DomainError):
    """The organization was deleted while this was under way (ORG-14)."""

    code = "organization_deleted"
    status = 410
    message = _("This organization has just been deleted. Nothing was changed.")


def lock_organization(*, organization_id: int) -> Organization:
    """Return the organization's row as it is once every other change of it is over; in a transaction.

    :raises OrganizationDeleted: one of them deleted it.
    """
    row = Organization.objects.select_for_update(of=("self",)).get(pk=organization_id)
    if row.deleted_at is not None:
        raise OrganizationDeleted
    return row


def lock_members(*, organization_id: int) -> None:
    """Wait for every other change of members in this organization; in the caller's transaction.

    :raises OrganizationDeleted: it was deleted meanwhile.
    """
    lock_organization(organization_id=organization_id)


@contextmanager
def refusing_deleted() -> Iterator[None]:
    """Refuse in words what the database refuses because the organization was deleted at this moment.

    :raises OrganizationDeleted: a new row came too late.
    """
    try:
        yield
    except IntegrityError as error:
        if came_too_late(error):
            raise OrganizationDeleted from error
        raise


def came_too_late(error: Exception) -> bool:
    """Return whether the database has kept a new row out of a deleted organization."""
    return isinstance(error, IntegrityError) and constraint_of(error) == NOT_DELETED
