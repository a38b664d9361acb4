"""A means that a bank refused for good is foretold to be refused again, until it is mended (BIL-11)."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from accounts.users.models import User
from billing.gateway.vocabulary import MeansKind
from billing.payment_methods.models import MethodSetup, PaymentMethod
from billing.payment_methods.services import set_default, use_prepaid
from billing.payment_methods.setups import finish_setup, start_setup
from billing.payments.services import charge_top_up
from billing.prepaid.automatic import Wish, change_settings
from billing.rehearsal.models import Finding
from billing.rehearsal.reasons import Reason
from billing.rehearsal.services import rehearse
from billing.renewals.charging import drain_charges
from manager.kit.money import Money
from manager.kit.scope import tenant_scope
from manager.outbox.relay import drain_outbox
from organizations.profile.models import Organization
from products.inventory.models import Product
from tests.factories.cast import client_of, make_person, make_tenant
from tests.factories.payments import make_method, provider
from tests.factories.renewals import ACTOR, days_before, mails_called, make_renewing, plan, read
from tests.factories.tokens import token_client

pytestmark = pytest.mark.usefixtures("psp")
FIRST = days_before(14)
NEXT_DAY = FIRST + timedelta(days=1)


@pytest.fixture
def person() -> User:
    """Return who runs the organization."""
    return make_person("Anna Weber")


@pytest.fixture
def organization(person: User) -> Organization:
    """Return an organization with a complete address."""
    made = make_tenant(person, name="Weber AG")
    address = {"street": "Weg 1", "postal_code": "8000", "city": "Zürich"}
    read(lambda: Organization.objects.filter(pk=made.pk).update(**address), made)
    read(made.refresh_from_db, made)
    return made


@pytest.fixture
def later(organization: Organization) -> Product:
    """Return a product that is charged 20 days after the first one."""
    return make_renewing(organization, name="later.example", at=datetime(2026, 2, 4, 10, tzinfo=UTC))


def refuse(organization: Organization, code: str) -> PaymentMethod:
    """Let the charge of another product be refused so, on `FIRST`."""
    method = make_method(organization)
    make_renewing(organization, name="first.example")
    plan(organization, FIRST)
    provider().set_means(method.reference, behaviour=f"decline_charge:{code}")
    drain_charges(at=FIRST)
    drain_outbox(at=FIRST)
    return method


def look(organization: Organization, at: datetime = NEXT_DAY) -> list[tuple[str, Any, Any]]:
    """Rehearse and return what stands then: reason, product and means."""
    read(lambda: rehearse(organization=organization, at=at), organization)
    rows = Finding.objects.order_by("charge_on", "pk").values_list("reason", "product_id", "method_id")
    return read(lambda: list(rows), organization)


@pytest.mark.parametrize("code", ["stolen_card", "lost_card", "invalid_account", "pickup_card"])
def test_the_next_charge_to_it_will_fail_as_well(
    organization: Organization, later: Product, code: str
) -> None:
    """BIL-11: also that of another product; a means beside it that was not refused pays."""
    method = refuse(organization, code)
    assert look(organization) == [(Reason.REFUSED, later.pk, method.pk)]
    make_method(organization, "pm_card_mastercard")
    assert look(organization) == []


@pytest.mark.parametrize("code", ["insufficient_funds", "generic_decline"])
def test_a_soft_refusal_foretells_nothing(organization: Organization, later: Product, code: str) -> None:
    """BIL-11: it is tried again."""
    refuse(organization, code)
    assert look(organization) == []


def test_it_is_told_once_and_the_button_leads_to_the_means(
    person: User, organization: Organization, later: Product
) -> None:
    """The mail, the box above the renewals and the list for programs say the same."""
    method = refuse(organization, "stolen_card")
    for day in range(1, 3):
        look(organization, FIRST + timedelta(days=day))
        drain_outbox(at=FIRST + timedelta(days=day))
    [mail] = mails_called("rehearsal_found")
    assert "Refused for good by its bank" in mail.text
    assert ("later.example" in mail.text, "first.example" in mail.text) == (True, False)
    shown = client_of(person).get(f"/o/{organization.pk}/billing/renewals/").content.decode()
    assert f"{method}: Refused for good by its bank" in shown
    assert "Choose another means" in shown
    assert f'href="/o/{organization.pk}/billing/payment-methods/"' in shown
    program = token_client(person, "billing:read")
    answer = program.get(f"/api/1/organizations/{organization.pk}/renewals/findings").json()
    assert [(one["reason"], one["payment_method_id"]) for one in answer["data"]] == [("refused", method.pk)]


def test_it_goes_once_the_means_has_paid(organization: Organization, later: Product) -> None:
    """The bank takes it again: whatever it was paid for."""
    method = refuse(organization, "stolen_card")
    assert len(look(organization)) == 1
    provider().set_means(method.reference, behaviour="ok")
    with tenant_scope(organization.pk):
        charge_top_up(
            organization=organization,
            money=Money(2000, "CHF"),
            method=method,
            request_key="again",
            actor=ACTOR,
            at=NEXT_DAY,
        )
    assert look(organization) == []


def test_it_goes_once_the_same_card_was_saved_again(organization: Organization, later: Product) -> None:
    """BIL-9: the same card entered again is the same row."""
    method = refuse(organization, "stolen_card")
    assert len(look(organization)) == 1
    with tenant_scope(organization.pk):
        start = start_setup(
            organization=organization, kind=MeansKind.CARD, language="en", actor=ACTOR, at=NEXT_DAY
        )
    provider().pay_checkout(start.redirect_url)
    setup = read(MethodSetup.objects.get, organization)
    done = read(lambda: finish_setup(setup=setup, actor=ACTOR, at=NEXT_DAY), organization)
    assert done.method_id == method.pk
    assert look(organization) == []


def test_an_account_is_not_counted_on_to_be_topped_up_from_it(
    organization: Organization, later: Product
) -> None:
    """BIL-7: what would fill the account has to be chargeable itself."""
    method = refuse(organization, "stolen_card")
    prepaid = read(lambda: use_prepaid(organization=organization, actor=ACTOR, at=FIRST), organization)
    read(lambda: set_default(method=prepaid, actor=ACTOR, at=FIRST), organization)
    wish = Wish(auto_below=2000, auto_amount=50_000, auto_method=method)
    read(lambda: change_settings(organization=organization, wish=wish, actor=ACTOR, at=FIRST), organization)
    assert look(organization) == [(Reason.BALANCE_LOW, later.pk, prepaid.pk)]
    other = make_method(organization, "pm_card_mastercard")
    wish = Wish(auto_below=2000, auto_amount=50_000, auto_method=other)
    read(lambda: change_settings(organization=organization, wish=wish, actor=ACTOR, at=FIRST), organization)
    assert look(organization) == []
    ended = PaymentMethod.objects.filter(pk=other.pk)
    read(lambda: ended.update(expiry_year=2026, expiry_month=12), organization)
    assert look(organization) == [(Reason.BALANCE_LOW, later.pk, prepaid.pk)]
