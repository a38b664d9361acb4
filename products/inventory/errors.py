"""Refusals that pages and API of products share."""

from django.utils.translation import gettext_lazy as _

from manager.kit.errors import DomainError


class ProductReadOnly(DomainError):
    """The member sees this product and may not change it (ORG-13)."""

    code = "product_read_only"
    status = 403
    message = _("You may only view this product. An administrator can give you more rights.")
