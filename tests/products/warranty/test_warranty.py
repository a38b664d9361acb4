"""Renewal Warranty: the owner is reached, and the domain is never lost (PRD-12)."""

from datetime import date, timedelta
from typing import Any

import pytest

from billing.invoices.models import Invoice, InvoiceLine
from billing.to_pay.services import DueChoice, compose_selection
from manager.kit.errors import IllegalTransition
from manager.kit.scope import tenant_scope
from manager.outbox.models import OutgoingMail, OutgoingSms
from manager.outbox.relay import drain_outbox
from organizations.profile.models import Organization
from products.inventory.models import Product
from products.inventory.outlook import find_outlook
from products.inventory.services import extend_product, release_product
from products.inventory.timeline import StepKind, timeline
from products.warranty.models import ContactTask, WarrantyCase
from products.warranty.periodic import drain_warranty
from products.warranty.renewing import get_renewer, register_renewer
from products.warranty.services import close_case, note_contact, renew_at_risk, send_contact
from products.warranty.services.contact import ContactDone, NobodyToReach
from products.warranty.services.renew import CaseClosed
from tests.factories.billing import pay_invoice
from tests.factories.cast import make_person, make_tenant
from tests.factories.domains import GRACE, expire, make_domain
from tests.factories.members import actor_of, first_representative
from tests.factories.products import ACTOR, reread


@pytest.fixture
def organization() -> Organization:
    return make_tenant()


def again(product: Product) -> Any:
    return reread(product, product.organization)


def opened(organization: Organization, **details: Any) -> tuple[Product, WarrantyCase, Any]:
    """Return a domain on the day of its expiry with its case."""
    product = make_domain(organization, warranted=True, **details)
    at = expire(product)
    assert drain_warranty(at=at) == 1
    with tenant_scope(organization.pk):
        return product, WarrantyCase.objects.get(product=product), at


def task_of(case: WarrantyCase, means: str) -> ContactTask:
    with tenant_scope(case.organization_id):
        return ContactTask.objects.get(case=case, means=means)


class TestOpening:
    def test_asks_staff_for_a_contact_by_each_means(self, organization: Organization) -> None:
        """PRD-12: mail, SMS, phone and letter, all due before the operator renews."""
        product, case, at = opened(organization)
        with tenant_scope(organization.pk):
            tasks = list(ContactTask.objects.filter(case=case).order_by("due_on"))
        assert [task.means for task in tasks] == ["mail", "sms", "phone", "letter"]
        assert case.renew_on == product.expires_on + timedelta(days=GRACE - 1)
        assert all(at.date() <= task.due_on <= case.renew_on for task in tasks)

    def test_happens_once_an_expiry_and_for_warranted_ones_only(self, organization: Organization) -> None:
        """PRD-12."""
        make_domain(organization)
        _product, _case, at = opened(organization)
        assert drain_warranty(at=at) == 0


class TestContacts:
    def test_are_noted_with_what_came_of_them(self, organization: Organization) -> None:
        """PRD-12: by whom and when; a second note is refused."""
        _product, case, at = opened(organization)
        staff = make_person("Sam Staff")
        task = task_of(case, "phone")
        with tenant_scope(organization.pk):
            noted = note_contact(
                task=task, outcome="tried", note="No answer", user_id=staff.pk, actor=actor_of(staff), at=at
            )
            assert (noted.outcome, noted.note, noted.done_by_id) == ("tried", "No answer", staff.pk)
            with pytest.raises(ContactDone):
                note_contact(task=task, outcome="reached", user_id=staff.pk, actor=actor_of(staff), at=at)

    def test_by_mail_and_sms_are_sent_from_here(self, organization: Organization) -> None:
        """PRD-12: to the billing contacts, who have a number."""
        _product, case, at = opened(organization)
        owner = first_representative(organization).user
        with tenant_scope(organization.pk):
            send_contact(task=task_of(case, "mail"), user_id=owner.pk, actor=ACTOR, at=at)
            type(owner).objects.filter(pk=owner.pk).update(phone="")
            with pytest.raises(NobodyToReach):
                send_contact(task=task_of(case, "sms"), user_id=owner.pk, actor=ACTOR, at=at)
            type(owner).objects.filter(pk=owner.pk).update(phone="+41791234567")
            send_contact(task=task_of(case, "sms"), user_id=owner.pk, actor=ACTOR, at=at)
            with pytest.raises(NobodyToReach):
                send_contact(task=task_of(case, "letter"), user_id=owner.pk, actor=ACTOR, at=at)
        drain_outbox(at=at)
        mail = OutgoingMail.objects.using("system").get(template="warranty_contact")
        assert case.product_name in mail.subject
        assert case.product_name in OutgoingSms.objects.using("system").get(recipient="+41791234567").text


class TestRenewing:
    def test_happens_on_the_last_day_before_the_redemption(self, organization: Organization) -> None:
        """PRD-12: not a day before; the owner has 280 days to pay a year."""
        product, case, _at = opened(organization)
        assert drain_warranty(at=expire(product, days=GRACE - 2)) == 0
        at = expire(product, days=GRACE - 1)
        assert drain_warranty(at=at) == 1
        renewed = again(product)
        assert (renewed.status, renewed.expires_on) == ("active", date(2028, 1, 15))
        with tenant_scope(organization.pk):
            invoice = Invoice.objects.get(origin="warranty")
            assert WarrantyCase.objects.get(pk=case.pk).status == "renewed"
            assert not InvoiceLine.objects.filter(invoice=invoice, fulfilled_at=None).exists()
        assert (invoice.status, invoice.due_on) == ("open", at.date() + timedelta(days=280))
        assert invoice.net_amount == 12000 + 500
        drain_outbox(at=at)
        assert OutgoingMail.objects.using("system").filter(template="warranty_renewed").exists()

    def test_gives_nothing_more_once_its_invoice_is_paid(self, organization: Organization) -> None:
        """PRD-12, BIL-16: the days were given before."""
        product, _case, _at = opened(organization)
        at = expire(product, days=GRACE - 1)
        drain_warranty(at=at)
        with tenant_scope(organization.pk):
            pay_invoice(Invoice.objects.get(origin="warranty"), at=at)
        assert again(product).expires_on == date(2028, 1, 15)

    def test_saves_a_domain_that_is_in_redemption_already(self, organization: Organization) -> None:
        """PRD-12: where the work was late, the operator bears the fee."""
        product, _case, _at = opened(organization)
        at = expire(product, days=GRACE + 3)
        assert again(product).status == "redemption"
        assert drain_warranty(at=at) == 1
        assert again(product).status == "active"

    def test_takes_a_pro_forma_over_the_same_days_back(self, organization: Organization) -> None:
        """PRD-12, BIL-16."""
        product, _case, at = opened(organization)
        with tenant_scope(organization.pk):
            draft = compose_selection(
                organization=organization,
                choices=[DueChoice(product.pk, 12)],
                invoice_ids=[],
                actor=ACTOR,
                at=at,
            )
        assert drain_warranty(at=expire(product, days=GRACE - 1)) == 1
        with tenant_scope(organization.pk):
            assert Invoice.objects.get(pk=draft.pk).status == "cancelled"
        assert again(product).status == "active"

    def test_is_done_once(self, organization: Organization) -> None:
        """PRD-12: staff who press the button again are told."""
        product, case, at = opened(organization)
        with tenant_scope(organization.pk):
            renew_at_risk(case=case, actor=ACTOR, at=at)
            with pytest.raises(CaseClosed):
                renew_at_risk(case=case, actor=ACTOR, at=at)
            with pytest.raises(CaseClosed):
                renew_at_risk(case=WarrantyCase.objects.get(pk=case.pk), actor=ACTOR, at=at)
        assert again(product).expires_on == date(2028, 1, 15)

    def test_leaves_nothing_to_be_sent_that_is_not_true_any_more(self, organization: Organization) -> None:
        """PRD-12: the owner is still to know of it, but no more that the domain is about to be lost."""
        _product, case, at = opened(organization)
        owner = first_representative(organization).user
        with tenant_scope(organization.pk):
            renew_at_risk(case=case, actor=ACTOR, at=at)
            for means in ("mail", "sms"):
                with pytest.raises(NobodyToReach):
                    send_contact(task=task_of(case, means), user_id=owner.pk, actor=ACTOR, at=at)
            phoned = task_of(case, "phone")
            note_contact(task=phoned, outcome="reached", user_id=owner.pk, actor=ACTOR, at=at)
        drain_outbox(at=at)
        assert not OutgoingMail.objects.using("system").filter(template="warranty_contact").exists()

    def test_is_not_done_twice_while_the_last_one_is_unpaid(self, organization: Organization) -> None:
        """PRD-12: staff see why; the domain then goes its way, and its owner reads so."""
        product, _case, _at = opened(organization, months=1)
        drain_warranty(at=expire(product, days=GRACE - 1))
        second = again(product)
        at = expire(second)
        drain_warranty(at=at)
        with tenant_scope(organization.pk):
            told = timeline(second, at.date(), find_outlook(second, at=at))
        assert StepKind.WARRANTY not in {step.kind for step in told}
        assert StepKind.REDEMPTION in {step.kind for step in told}
        assert drain_warranty(at=expire(second, days=GRACE - 1)) == 0
        with tenant_scope(organization.pk):
            assert WarrantyCase.objects.get(status="open").last_error
        assert again(product).status == "suspended"

    def test_a_fault_is_seen_by_staff_and_tried_again(self, organization: Organization) -> None:
        """PRD-12: the domain is in danger, whatever failed."""
        product, case, _at = opened(organization)
        at = expire(product, days=GRACE - 1)

        def breaks(*_args: object) -> None:
            raise ConnectionError("The registry does not answer.")

        works = get_renewer()
        register_renewer(breaks)
        try:
            assert drain_warranty(at=at) == 0
        finally:
            register_renewer(works)
        with tenant_scope(organization.pk):
            assert "does not answer" in WarrantyCase.objects.get(pk=case.pk).last_error
        assert drain_warranty(at=at) == 1
        assert again(product).status == "active"


class TestClosing:
    def test_follows_the_owners_renewal(self, organization: Organization) -> None:
        """PRD-12: what was not done yet is not needed any more."""
        product, case, at = opened(organization)
        with tenant_scope(organization.pk):
            extend_product(product=product, until=date(2028, 1, 15), actor=ACTOR, at=at)
        assert drain_warranty(at=at) == 1
        with tenant_scope(organization.pk):
            assert WarrantyCase.objects.get(pk=case.pk).status == "settled"
            assert set(ContactTask.objects.values_list("outcome", flat=True)) == {"not_needed"}
            with pytest.raises(IllegalTransition):
                close_case(case=case, status="ended", actor=ACTOR, at=at)

    def test_follows_the_end_of_the_domain(self, organization: Organization) -> None:
        """PRD-9, PRD-12: its owner may let it go."""
        product, case, _at = opened(organization)
        at = expire(product, days=GRACE)
        with tenant_scope(organization.pk):
            release_product(product=product, actor=ACTOR, at=at)
        assert drain_warranty(at=at) == 1
        with tenant_scope(organization.pk):
            assert WarrantyCase.objects.get(pk=case.pk).status == "ended"
