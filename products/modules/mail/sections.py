"""The section of a mail service's page that leads to its mailboxes (MAIL-1)."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from products.inventory.sections import Section, Visit, register_section
from products.modules.mail.addresses import domain_of
from products.modules.mail.operations import KIND
from products.modules.mail.selectors import count_mailboxes, find_limit


def build_mail(visit: Visit) -> dict[str, Any]:
    """Return how many mailboxes there are, of how many."""
    product = visit.product
    return {"domain": domain_of(product), "count": count_mailboxes(product), "limit": find_limit(product)}


register_section(
    Section("products/mail/section.html", build_mail, position=10, anchor="mail", title=_("Mailboxes")),
    kind=KIND,
)
