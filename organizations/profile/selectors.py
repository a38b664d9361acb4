"""Read what belongs to an organization's sheet: its logo, and the answers about its VAT number."""

from organizations.profile.models import Logo, Organization, VatCheck


def latest_vat_check(*, organization: Organization) -> VatCheck | None:
    """Return the newest check of the organization's present VAT number, answered or waiting; None without."""
    checks = VatCheck.objects.filter(organization_id=organization.pk, number=organization.vat_number)
    return checks.order_by("-id").first() if organization.vat_number else None


def latest_vat_answer(*, organization: Organization) -> VatCheck | None:
    """Return the newest answer about the present VAT number, as evidence for billing; None without one."""
    checks = VatCheck.objects.filter(
        organization_id=organization.pk, number=organization.vat_number, answered_at__isnull=False
    )
    return checks.order_by("-id").first() if organization.vat_number else None


def find_logo(*, organization: Organization, digest: str) -> Logo | None:
    """Return the logo with this digest; None when the organization has no such one."""
    return Logo.objects.filter(organization_id=organization.pk, digest=digest).first()
