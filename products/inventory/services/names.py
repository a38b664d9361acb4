"""What a product may be called."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from manager.kit.errors import DomainError
from manager.kit.fields import refuse_control_characters

MAX_NAME = 190
MAX_REFERENCE = 100


class NameInvalid(DomainError):
    """The name is empty, too long or holds control characters."""

    code = "name_invalid"
    status = 422
    field = "name"


def clean_name(name: str) -> str:
    """Return `name` without blanks around it.

    :raises NameInvalid: nothing is left, it is longer than 190 characters, or holds control characters.
    """
    name = name.strip()
    if not name:
        raise NameInvalid(_("Please give the product a name."))
    if len(name) > MAX_NAME:
        raise NameInvalid(_("Please use at most %(count)s characters.") % {"count": MAX_NAME})
    try:
        refuse_control_characters(name)
    except ValidationError as error:
        raise NameInvalid(error.messages[0]) from error
    if "\n" in name or "\r" in name or "\t" in name:
        raise NameInvalid(_("Please write the name on one line."))
    return name


def clean_words(text: str, *, field: str, most: int) -> str:
    """Return `text` without blanks around it; it may be empty.

    :raises NameInvalid: it is longer than `most` or holds control characters; `field` names it.
    """
    text = text.strip()
    if not text:
        return ""
    if len(text) > most:
        raise NameInvalid(_("Please use at most %(count)s characters.") % {"count": most}, field=field)
    try:
        return clean_name(text)
    except NameInvalid as error:
        raise NameInvalid(str(error), field=field) from error
