"""The organization as the payment provider knows it: made once, before the first payment."""

import hashlib

from django.db import transaction
from django.db.models import QuerySet

from billing.gateway.protocol import Gateway
from billing.payment_methods.models import ProviderCustomer
from manager.kit.prepared import Prepared
from organizations.members.selectors import list_billing_contacts
from organizations.profile.models import Organization


def ensure_customer(*, organization: Organization, gateway: Gateway) -> str:
    """Return the provider's reference of the organization, asking the provider to make it when there is none.

    Runs outside of any transaction. Two at once get the same customer, as the key of the call is the same.

    :raises GatewayUnavailable: no answer; nothing was made that would not be found again.
    """
    known = _KNOWN.first(organization_id=organization.pk, gateway=gateway.name)
    if known is not None:
        return known.reference
    email = _contact_of(organization)
    facts = f"{organization.pk}\n{organization.name}\n{email}\n{organization.language}"
    reference = gateway.create_customer(
        organization_id=organization.pk,
        name=organization.name,
        email=email,
        language=organization.language,
        # A key belongs to one content: after a change of name it has to be another one.
        idempotency_key=f"customer-{organization.pk}-{hashlib.sha256(facts.encode()).hexdigest()[:24]}",
    )
    with transaction.atomic(durable=True):
        customer, _created = ProviderCustomer.objects.get_or_create(
            organization_id=organization.pk, gateway=gateway.name, defaults={"reference": reference}
        )
    return customer.reference


def _build_known(*, organization_id: int, gateway: str) -> QuerySet[ProviderCustomer]:
    return ProviderCustomer.objects.filter(organization_id=organization_id, gateway=gateway)


_KNOWN: Prepared[ProviderCustomer] = Prepared(_build_known, planned_once=True)


def _contact_of(organization: Organization) -> str:
    """Return the address that receipts of the provider would go to: the first billing contact."""
    contacts = list_billing_contacts(organization_id=organization.pk)
    return contacts[0].email if contacts else ""
