"""Make, change and delete a tag of an organization."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from manager.kit.actor import Actor
from manager.kit.errors import DomainError
from manager.kit.names import is_named
from organizations.access.locks import lock_organization
from organizations.audit.services import record_audit
from products.lists.models import Tag

MOST_TAGS = 200


class TagNameInvalid(DomainError):
    """The tag has no name, or another one has it already."""

    code = "tag_name_invalid"
    status = 422
    field = "name"
    message = _("Another tag has this name.")


class TagsTooMany(DomainError):
    """The organization has as many tags as it can have."""

    code = "tags_too_many"
    status = 422
    field = "name"
    message = _("An organization can have at most 200 tags. Please delete one first.")


@transaction.atomic
def create_tag(*, organization_id: int, name: str, color: str, actor: Actor, at: datetime) -> Tag:
    """Make a tag.

    :raises TagNameInvalid: another one has this name, in whatever case, or there is none.
    :raises TagsTooMany: there are 200.
    """
    lock_organization(organization_id=organization_id)
    name = _check_name(organization_id, name)
    if Tag.objects.filter(organization_id=organization_id).count() >= MOST_TAGS:
        raise TagsTooMany
    tag = Tag.objects.create(organization_id=organization_id, name=name, color=color, created_at=at)
    record_audit(organization_id=organization_id, name="tag.created", actor=actor, at=at, subject=tag)
    return tag


@transaction.atomic
def edit_tag(*, tag: Tag, name: str, color: str, actor: Actor, at: datetime) -> Tag:
    """Give a tag another name or colour.

    :raises TagNameInvalid: see `create_tag`.
    """
    lock_organization(organization_id=tag.organization_id)
    name = _check_name(tag.organization_id, name, but=tag.pk)
    if (tag.name, tag.color) == (name, color):
        return tag
    before, tag.name, tag.color = tag.name, name, color
    tag.save(update_fields=["name", "color"])
    record_audit(
        organization_id=tag.organization_id,
        name="tag.edited",
        actor=actor,
        at=at,
        subject=tag,
        before=before,
        color=color,
    )
    return tag


@transaction.atomic
def delete_tag(*, tag: Tag, actor: Actor, at: datetime) -> None:
    """Take a tag off all products, and away."""
    lock_organization(organization_id=tag.organization_id)
    record_audit(organization_id=tag.organization_id, name="tag.deleted", actor=actor, at=at, subject=tag)
    Tag.objects.filter(organization_id=tag.organization_id, pk=tag.pk).delete()


def _check_name(organization_id: int, name: str, but: int = 0) -> str:
    name = " ".join(name.split())
    same = Tag.objects.filter(is_named(name), organization_id=organization_id).exclude(pk=but)
    if not name:
        raise TagNameInvalid(_("Please give the tag a name."))
    if same.exists():
        raise TagNameInvalid
    return name
