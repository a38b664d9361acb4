"""VAT numbers of billing addresses, asked at their register over real HTTP (BIL-6, BIL-8)."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from accounts.users.models import User
from billing.profiles.party import NumberState
from billing.profiles.selectors import party_of
from billing.profiles.services import AddressData, add_address, edit_address, remove_address
from manager.demo.vies.server import Register
from manager.kit.scope import tenant_scope
from manager.outbox.models import OutgoingMail
from manager.outbox.relay import drain_outbox
from organizations.profile.models import Organization, VatCheck
from organizations.profile.periodic import drain_vat_checks
from organizations.profile.services import edit_organization
from organizations.profile.services.vat import RECHECK_AFTER
from organizations.profile.vat_numbers import printed_vat_number
from tests.factories.billing import ACTOR, AT
from tests.factories.cast import client_of, make_person, make_tenant

DATA = AddressData(
    kind="company",
    name="Example GmbH",
    street="Allee 1",
    postal_code="10115",
    city="Berlin",
    country="DE",
    vat_number="DE 136 695 976",
)
FRENCH, UNKNOWN = "FR83404833048", "FR40303265045"


@pytest.fixture
def owner() -> User:
    return make_person()


@pytest.fixture
def organization(owner: User) -> Iterator[Organization]:
    organization = make_tenant(owner, name="Dupont SARL", country="FR")
    with tenant_scope(organization.pk):
        yield organization


def test_each_number_of_an_organization_is_asked(
    register: Register, organization: Organization, owner: User
) -> None:
    """BIL-6: that of the sheet and those of the addresses, side by side, with the answer as evidence."""
    edit_organization(organization=organization, values={"vat_number": FRENCH}, actor=ACTOR, at=AT)
    address = add_address(organization=organization, data=DATA, actor=ACTOR, at=AT)
    assert party_of(address, organization=organization).vat_state == NumberState.WAITING
    assert drain_vat_checks(at=AT) == 2
    asked = party_of(address, organization=organization)
    assert (asked.vat_state, asked.vat_answered_at) == (NumberState.VALID, AT.isoformat())
    assert asked.vat_reference
    page = client_of(owner).get(f"/o/{organization.pk}/billing/addresses/").content.decode()
    assert page.count("Answer of the register") == 2
    assert drain_vat_checks(at=AT + RECHECK_AFTER) == 2
    # A change of the sheet leaves the question about the address alone.
    edit_organization(organization=organization, values={"vat_number": ""}, actor=ACTOR, at=AT)
    assert drain_vat_checks(at=AT + 2 * RECHECK_AFTER) == 1


def test_a_number_that_nobody_uses_is_asked_no_more(register: Register, organization: Organization) -> None:
    """BIL-6: its answers stay; one of another address with the same number goes on."""
    first, second = (add_address(organization=organization, data=DATA, actor=ACTOR, at=AT) for _ in range(2))
    drain_vat_checks(at=AT)
    without = replace(DATA, vat_number="")
    edit_address(address=first, data=without, actor=ACTOR, at=AT)
    assert VatCheck.objects.filter(recheck_at__isnull=False).count() == 1
    remove_address(address=second, actor=ACTOR, at=AT)
    assert drain_vat_checks(at=AT + RECHECK_AFTER) == 0
    assert VatCheck.objects.filter(answered_at__isnull=False).exists()


def test_a_refused_number_is_mailed_with_where_it_stands(
    register: Register, organization: Organization
) -> None:
    """BIL-6: to the billing contacts, once."""
    data = replace(DATA, country="FR", postal_code="69003", vat_number=UNKNOWN)
    add_address(organization=organization, data=data, actor=ACTOR, at=AT)
    drain_vat_checks(at=AT)
    drain_outbox(at=AT)
    mail = OutgoingMail.objects.using("system").get(template="vat_number_refused")
    assert UNKNOWN in mail.text
    assert f"/o/{organization.pk}/billing/addresses/" in mail.text


def test_numbers_are_printed_as_people_write_them() -> None:
    """BIL-8: Swiss ones with their hyphen and dots, others as their register knows them."""
    assert printed_vat_number("CHE107787577MWST") == "CHE-107.787.577 MWST"
    assert printed_vat_number("CHE107787577TVA") == "CHE-107.787.577 TVA"
    assert [printed_vat_number(number) for number in ("DE136695976", "")] == ["DE136695976", ""]
