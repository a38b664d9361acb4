"""What an address of a domain may look like, and whose domain it is."""

import re
from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext_lazy as _

from accounts.users.addresses import normalize_email
from manager.kit.errors import DomainError
from products.inventory.models import Product
from products.inventory.status import ENDED, LIVING
from products.modules.mail.models import MailDomain

DOMAIN_KIND = "domain"
# Products that end within a day have ended together.
TOGETHER = timedelta(days=1)
LOCAL_PART = re.compile(r"[a-z0-9]([a-z0-9._+-]{0,62}[a-z0-9])?", re.ASCII)
DOMAIN = re.compile(r"([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]", re.ASCII)


class DomainMissing(DomainError):
    """The mail service is not called as a domain, so no address can be made of it."""

    code = "mail_domain_missing"
    message = _("This mail service has no domain yet. Rename the product to the domain of its addresses.")


class DomainElsewhere(DomainError):
    """The domain is registered here by another organization."""

    code = "mail_domain_elsewhere"
    message = _("This domain belongs to another organization. Its mail can be set up only there.")


class AddressInvalid(DomainError):
    """The part before the @ cannot be one, or the target is no address."""

    code = "address_invalid"
    status = 422
    field = "name"
    message = _(
        "Use letters, digits, dots, hyphens and underscores, and begin and end with a letter or digit."
    )


def domain_of(product: Product) -> str:
    """Return the domain of a mail service, "" where its name is none: as kept since the first use."""
    kept = MailDomain.objects.filter(organization_id=product.organization_id, product_id=product.pk)
    return kept.values_list("name", flat=True).first() or as_domain(product.name)


def as_domain(name: str) -> str:
    """Return a name as a domain in ASCII, or "" where it is none."""
    domain = normalize_email(f"x@{name}").rpartition("@")[2]
    return domain if DOMAIN.fullmatch(domain) and len(domain) <= 190 else ""


def build_address(local_part: str, domain: str) -> str:
    """Return the address of `local_part` at `domain`.

    :raises AddressInvalid: there can be no such address.
    """
    local_part = local_part.strip().lower()
    if not LOCAL_PART.fullmatch(local_part) or ".." in local_part:
        raise AddressInvalid
    return f"{local_part}@{domain}"


def clean_target(address: str, *, field: str = "targets") -> str:
    """Return a target of a redirection in its stored form.

    :raises AddressInvalid: it is no address.
    """
    try:
        validate_email(address.strip())
    except ValidationError as error:
        raise AddressInvalid(
            _("%(address)s is no e-mail address.") % {"address": address[:100]}, field=field
        ) from error
    return normalize_email(address)


def is_proved(*, organization_id: int, domain: str, ended_at: datetime | None = None) -> bool:
    """Return whether the organization has this domain registered here: only then its mail is really its own.

    A mail service can be ordered for any domain; what follows for people who sign in with an address of it
    (ACC-13, MAIL-2) may not depend on a mere name. Of a mail service that ended at `ended_at` the domain may
    have ended with it, or since, unless somebody else has it by now.
    """
    domains = Product.objects.filter(
        organization_id=organization_id, plan__kind=DOMAIN_KIND, name=domain
    ).exclude(name="")
    if domains.filter(status__in=LIVING).exists():
        return True
    if ended_at is None or not domains.filter(ended_at__gte=ended_at - TOGETHER, status__in=ENDED).exists():
        return False
    return not _is_elsewhere(organization_id, domain)


def refuse_foreign(*, organization_id: int, domain: str) -> None:
    """Refuse a domain that another organization has registered here.

    :raises DomainElsewhere: one has.
    """
    if _is_elsewhere(organization_id, domain):
        raise DomainElsewhere


def _is_elsewhere(organization_id: int, domain: str) -> bool:
    registered = Product.objects.using("system").filter(
        plan__kind=DOMAIN_KIND, name=domain, status__in=LIVING
    )
    return registered.exclude(organization_id=organization_id).exists()
