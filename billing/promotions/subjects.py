"""How the log of what was done names free credits: by their offers (ORG-16)."""

from collections.abc import Collection

from django.utils.translation import gettext_lazy as _

from billing.promotions.models import FreeCredit
from organizations.access.guard import OrganizationRequest
from organizations.access.roles import Permission
from organizations.audit.subjects import Found, SubjectKind, register_subject


def find_offers(request: OrganizationRequest, ids: Collection[int]) -> dict[int, Found]:
    """Return the offers that these credits pay for, in the reader's language."""
    given = FreeCredit.objects.filter(organization_id=request.organization.pk, pk__in=ids)
    return {credit.pk: Found(credit.plan.name) for credit in given.select_related("plan")}


register_subject(
    "freecredit",
    SubjectKind(
        words=_("Free credit"),
        route="billing:promotions",
        permission=Permission.BILLING_VIEW,
        has_page=False,
        find=find_offers,
    ),
)
