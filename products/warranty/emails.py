"""The mails of Renewal Warranty: renew now, and that it was renewed (PRD-12)."""

from datetime import datetime

from django.urls import reverse

from manager.outbox.mails import queue_mail
from organizations.members.selectors import list_billing_contacts
from products.warranty.models import WarrantyCase


def mail_contact(*, case: WarrantyCase, at: datetime) -> int:
    """Write to the billing contacts that the domain is about to be lost; return to how many."""
    return _mail("warranty_contact", case, reverse("billing:to_pay", args=[case.organization_id]), at)


def mail_renewed(*, case: WarrantyCase, at: datetime) -> int:
    """Tell the billing contacts that the operator renewed it at its own risk; return how many."""
    return _mail("warranty_renewed", case, reverse("billing:to_pay", args=[case.organization_id]), at)


def _mail(template: str, case: WarrantyCase, path: str, at: datetime) -> int:
    contacts = list_billing_contacts(organization_id=case.organization_id)
    for contact in contacts:
        queue_mail(
            template=template,
            recipient=contact.email,
            language=contact.language,
            context={
                "organization": case.organization,
                "contact": contact,
                "case": case,
                "product": case.product,
                "path": path,
            },
            dedupe_key=f"{template}:{case.pk}:{contact.user_id}",
            organization_id=case.organization_id,
            at=at,
        )
    return sum(bool(contact.email) for contact in contacts)
