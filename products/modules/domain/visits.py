"""The domain that a request names, and what its pages have in common."""

from dataclasses import dataclass
from typing import Any

from accounts.sessions.guards import SAFE
from organizations.access.api import OrganizationAPIRequest
from organizations.access.guard import OrganizationRequest
from organizations.access.roles import Permission
from products.inventory.errors import ProductReadOnly
from products.inventory.models import Product
from products.inventory.selectors import get_product
from products.inventory.status import ProductStatus
from products.modules.domain.models import Domain
from products.modules.domain.selectors import Wish, find_domain_seen, find_wishes, get_domain


@dataclass(frozen=True, slots=True)
class DomainVisit:
    """A domain that the member sees, and whether he or she may change it."""

    product: Product
    domain: Domain
    may_manage: bool

    @property
    def is_active(self) -> bool:
        """Whether something can be changed now."""
        return bool(self.product.status == ProductStatus.ACTIVE)

    def context(self, *, tab: str, **more: Any) -> dict[str, Any]:
        """Return what every page of the domain shows, and more."""
        return {
            "product": self.product,
            "domain": self.domain,
            "tab": tab,
            "may_manage": self.may_manage,
            "is_active": self.is_active,
            **more,
        }

    def wish(self, slug: str) -> Wish | None:
        """Return what is asked for and not in force yet."""
        return find_wishes(domain=self.domain).get(slug)


def visit_domain(request: OrganizationRequest | OrganizationAPIRequest, product_id: int) -> DomainVisit:
    """Return the domain of a product.

    :raises NotFound: there is none, or not for this member.
    :raises ProductReadOnly: the request would change it, and the member may only view it.
    """
    seen: dict[str, Any] = {
        "organization": request.organization,
        "scope": request.product_scope,
        "product_id": product_id,
    }
    domain = find_domain_seen(**seen) or get_domain(product=get_product(**seen))
    product = domain.product
    may_manage = Permission.PRODUCTS_MANAGE in request.can and request.product_scope.may_manage(
        product.pk, product.family
    )
    if request.method not in SAFE and not may_manage:
        raise ProductReadOnly
    return DomainVisit(product, domain, may_manage)
