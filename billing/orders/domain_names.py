"""Domain names as people type them, brought into the form that registries know."""

import re

from django.utils.translation import gettext_lazy as _

from manager.kit.errors import DomainError

LONGEST = 253
LABEL = re.compile(r"(?!-)[a-z0-9-]{1,63}(?<!-)")


class DomainNameInvalid(DomainError):
    """What was typed is not a domain name."""

    code = "domain_name_invalid"
    status = 422
    field = "name"
    message = _("Please enter a domain name such as example.ch, without www and without a path.")


def clean_domain_name(text: str) -> str:
    """Return the domain name in lower case, with accents as they are read by people (IDNA 2003).

    :raises DomainNameInvalid: it has no dot, an empty or too long part, or characters no name has.
    """
    typed = text.strip().rstrip(".").lower()
    try:
        ascii_name = typed.encode("idna").decode().lower()
        name = ascii_name.encode().decode("idna")
    except UnicodeError as error:
        raise DomainNameInvalid from error
    labels = ascii_name.split(".")
    if len(labels) < 2 or len(ascii_name) > LONGEST or not all(LABEL.fullmatch(label) for label in labels):
        raise DomainNameInvalid
    if labels[-1].isdigit():
        raise DomainNameInvalid
    return name


def require_extension(text: str, extension: str) -> str:
    """Return the domain name directly below `extension`, such as `.ch`, which may be left out.

    :raises DomainNameInvalid: it is none, it has another extension, or more than one part before it.
    """
    typed = text.strip().rstrip(".").lower()
    name = clean_domain_name(typed if "." in typed else f"{typed}{extension}")
    label = name.removesuffix(extension)
    if not name.endswith(extension) or not label or "." in label:
        example = _("Please enter a name directly below %(extension)s, such as example%(extension)s.")
        raise DomainNameInvalid(example % {"extension": extension})
    return name
