"""Read who sells and who is billed."""

from collections.abc import Collection
from dataclasses import replace

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from billing.profiles.models import BillingAddress, LegalEntity
from billing.profiles.party import Party
from billing.renewals.models import RenewalPreference
from manager.kit.errors import DomainError, NotFound
from organizations.profile.models import Organization, VatCheck, VatCheckState


class NoSeller(DomainError):
    """The operator has not said yet which company sells."""

    code = "no_seller"
    status = 503
    message = _("Ordering is not possible at present. Please contact us.")


def default_entity() -> LegalEntity:
    """Return the company of the operator that sells unless another is chosen.

    :raises NoSeller: none is set up.
    """
    entity = LegalEntity.objects.filter(is_default=True).first()
    if entity is None:
        raise NoSeller
    return entity


def list_addresses(*, organization: Organization) -> QuerySet[BillingAddress]:
    """Return the organization's billing addresses, the default one first."""
    return BillingAddress.objects.filter(organization_id=organization.pk).order_by(
        "-is_default", "name", "id"
    )


def get_address(*, organization: Organization, address_id: int) -> BillingAddress:
    """Return one of the organization's billing addresses.

    :raises NotFound: it has none of that id.
    """
    address = BillingAddress.objects.filter(organization_id=organization.pk, pk=address_id).first()
    if address is None:
        raise NotFound(_("This billing address does not exist."))
    return address


def numbers_of_addresses(organization_id: int) -> set[str]:
    """Return the VAT numbers of the organization's billing addresses, to be asked at registers."""
    rows = BillingAddress.objects.filter(organization_id=organization_id).exclude(vat_number="")
    return set(rows.values_list("vat_number", flat=True))


def list_number_checks(*, organization: Organization) -> dict[str, VatCheck]:
    """Return the newest check of each of the organization's VAT numbers, answered or waiting."""
    rows = VatCheck.objects.filter(organization_id=organization.pk).order_by("number", "-id")
    return {check.number: check for check in rows.distinct("number")}


def list_dependants(*, address: BillingAddress) -> list[str]:
    """Return the names of the products that renew with `address` (BIL-8)."""
    rows = RenewalPreference.objects.filter(organization_id=address.organization_id, address=address)
    return list(rows.order_by("product__name").values_list("product__name", flat=True))


def common_address(
    *, organization: Organization, product_ids: Collection[int], drafts: Collection[int | None] = ()
) -> Party:
    """Return whom one invoice over these products, and over drafts to such addresses, is for (BIL-8).

    The address that is fixed for all of them; where they differ, the organization's default.
    """
    rows = RenewalPreference.objects.filter(organization_id=organization.pk, product__in=product_ids)
    fixed = dict(rows.exclude(address=None).values_list("product_id", "address_id"))
    wanted = {fixed.get(product_id) for product_id in product_ids} | set(drafts)
    chosen = wanted.pop() if len(wanted) == 1 else None
    if chosen is None:
        return default_address(organization=organization)
    address = BillingAddress.objects.filter(organization_id=organization.pk, pk=chosen).first()
    return (
        party_of(address, organization=organization)
        if address
        else default_address(organization=organization)
    )


def default_address(*, organization: Organization) -> Party:
    """Return the default billing address, else the organization itself by its own address (BIL-8)."""
    address = BillingAddress.objects.filter(organization_id=organization.pk, is_default=True).first()
    return party_of(address, organization=organization)


def party_of(address: BillingAddress | None, *, organization: Organization) -> Party:
    """Return the party of an address (None: the organization) with what its register says (BIL-6)."""
    party = Party.of_address(address) if address else Party.of_organization(organization)
    return with_number_state(party, organization=organization)


def with_number_state(party: Party, *, organization: Organization) -> Party:
    """Return `party` with the present state of its VAT number, as the register has answered by now."""
    if not party.vat_number:
        return party
    checks = VatCheck.objects.filter(organization_id=organization.pk, number=party.vat_number)
    answered = checks.filter(answered_at__isnull=False).order_by("-id").first()
    return with_answer(party, answered or checks.order_by("-id").first())


def with_answer(party: Party, latest: VatCheck | None) -> Party:
    """Return `party` with what a check of its VAT number has answered; None: none was made."""
    if latest is None:
        return replace(party, vat_state="", vat_answered_at="", vat_reference="")
    state = "" if latest.state == VatCheckState.NOT_CHECKED else str(latest.state)
    if latest.answered_at is None:
        return replace(party, vat_state=state, vat_answered_at="", vat_reference="")
    return replace(
        party,
        vat_state=state,
        vat_answered_at=latest.answered_at.isoformat(),
        vat_reference=latest.reference,
    )
