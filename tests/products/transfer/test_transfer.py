"""A product goes to another organization: offered, accepted, and what stays (issue of transfers, ORG-17)."""

from datetime import timedelta

import pytest

from manager.kit.errors import IllegalTransition, NotFound
from manager.kit.scope import tenant_scope
from manager.kit.tokens import hash_secret
from manager.outbox.models import OutboxEvent
from organizations.access.models import Grant
from organizations.audit.models import AuditEvent
from organizations.profile.models import Organization
from products.catalog.models import Price
from products.inventory.models import Product
from products.inventory.services import set_auto_renew, suspend_product, terminate_product
from products.inventory.tasks import update_service
from products.provisioning.models import Service
from products.provisioning.periodic import drain_provisioning
from products.transfer.errors import NotTransferable, OfferedAlready, RecipientUnfit, TransferExpired
from products.transfer.models import Transfer
from products.transfer.periodic import drain_expired_transfers
from products.transfer.secrets import transfer_key
from products.transfer.services import refuse_transfer, withdraw_transfer
from tests.factories.cast import grant, make_member, make_tenant
from tests.factories.products import ACTOR, BEGIN, make_plan, make_product
from tests.factories.transfers import accept, offer

WEEK = timedelta(days=7)


def ids_in(organization: Organization) -> list[int]:
    with tenant_scope(organization.pk, 0):
        return list(Product.objects.values_list("pk", flat=True))


def events_called(name: str, organization: Organization) -> list[OutboxEvent]:
    return list(OutboxEvent.objects.using("system").filter(name=name, organization_id=organization.pk))


def events_of(organization: Organization, name: str) -> list[AuditEvent]:
    with tenant_scope(organization.pk, 0):
        return list(AuditEvent.objects.filter(name=name))


class TestAnAcceptedOffer:
    def test_moves_the_product_with_its_paid_time(
        self, giver: Organization, taker: Organization, product: Product
    ) -> None:
        """The same product, in one organization at a time."""
        got = accept(offer(product), taker)
        assert (got.pk, got.organization_id, got.expires_on) == (product.pk, taker.pk, product.expires_on)
        assert (ids_in(giver), ids_in(taker)) == ([], [product.pk])

    def test_moves_its_service_which_goes_on_working(
        self, giver: Organization, taker: Organization, product: Product
    ) -> None:
        """The driver's side stays as it is; later changes come from the new organization."""
        (activated,) = events_called("product.activated", giver)
        with tenant_scope(giver.pk):
            update_service(activated)
        drain_provisioning(at=BEGIN)
        accept(offer(product), taker)
        with tenant_scope(giver.pk, 0):
            assert not Service.objects.exists()
            update_service(activated)  # told late: nothing happens, and nothing breaks
        with tenant_scope(taker.pk, 0):
            assert Service.objects.get().state == "running"
            suspend_product(product=Product.objects.get(), actor=ACTOR, at=BEGIN)
            (suspended,) = events_called("product.suspended", taker)
            update_service(suspended)
        assert drain_provisioning(at=BEGIN) == 1
        with tenant_scope(taker.pk, 0):
            assert Service.objects.get().state == "suspended"

    def test_is_in_both_audit_logs(self, giver: Organization, taker: Organization, product: Product) -> None:
        """ORG-16: the giver keeps the history up to then, the recipient begins with the receipt."""
        accept(offer(product), taker)
        (gone,), (come,) = events_of(giver, "product.transferred"), events_of(taker, "product.received")
        assert (gone.data["other"], come.data["other"]) == ("Taker AG", "Giver AG")
        assert events_of(giver, "product.activated")
        assert not events_of(taker, "product.activated")

    def test_ends_what_was_granted_to_it(
        self, giver: Organization, taker: Organization, product: Product
    ) -> None:
        """ORG-13: the grant stays as a record, ended."""
        grant(giver, make_member(giver), product_id=product.pk)
        accept(offer(product), taker)
        with tenant_scope(giver.pk, 0):
            assert Grant.objects.get().ended_at == BEGIN

    def test_leaves_automatic_renewal_off(
        self, giver: Organization, taker: Organization, product: Product
    ) -> None:
        """BIL-10: off from the offer on, also where somebody switched it on again."""
        with tenant_scope(giver.pk):
            set_auto_renew(product=product, on=True, actor=ACTOR, at=BEGIN)
        transfer = offer(product)
        with tenant_scope(giver.pk):
            assert not Product.objects.get().auto_renew
            set_auto_renew(product=product, on=True, actor=ACTOR, at=BEGIN)
        assert not accept(transfer, taker).auto_renew

    def test_cannot_be_answered_again(
        self, giver: Organization, taker: Organization, product: Product
    ) -> None:
        """By nobody: not by a third one, and the giver cannot take it back."""
        transfer = offer(product)
        accept(transfer, taker)
        with pytest.raises(NotFound):
            accept(transfer, make_tenant(name="Third AG"))
        with pytest.raises(IllegalTransition):
            accept(transfer, taker)
        for verb in (withdraw_transfer, refuse_transfer):
            with pytest.raises(IllegalTransition):
                verb(transfer=transfer, actor=ACTOR, at=BEGIN)
        assert ids_in(taker) == [product.pk]

    def test_can_be_offered_on_and_come_back(
        self, giver: Organization, taker: Organization, product: Product
    ) -> None:
        """It is the new organization's in every respect."""
        got = accept(offer(product), taker)
        accept(offer(got), giver)
        assert (ids_in(giver), ids_in(taker)) == ([product.pk], [])


class TestAnOffer:
    def test_is_found_by_its_secret_only(self, giver: Organization, product: Product) -> None:
        """INC-6: hashed in the database, another one at each offer."""
        first = offer(product)
        key = transfer_key(first)
        assert first.token_hash == hash_secret(key.partition("-")[2])
        assert key not in first.token_hash
        withdraw_transfer(transfer=first, actor=ACTOR, at=BEGIN)
        second = offer(product, at=BEGIN + timedelta(seconds=1))
        assert transfer_key(second) != key

    def test_is_one_at_a_time(self, product: Product) -> None:
        """A product cannot be promised twice."""
        offer(product)
        with pytest.raises(OfferedAlready):
            offer(product)

    def test_ends_after_seven_days(self, giver: Organization, taker: Organization, product: Product) -> None:
        """To the second, whether the periodic work has run or not."""
        transfer = offer(product)
        assert drain_expired_transfers(at=BEGIN + WEEK - timedelta(seconds=1)) == 0
        with pytest.raises(TransferExpired):
            accept(transfer, taker, at=BEGIN + WEEK)
        assert drain_expired_transfers(at=BEGIN + WEEK) == 1
        assert drain_expired_transfers(at=BEGIN + WEEK) == 0
        with pytest.raises(IllegalTransition):
            accept(transfer, taker, at=BEGIN)
        with tenant_scope(giver.pk):
            assert Transfer.objects.get().status == "expired"
        assert events_of(giver, "product.transfer_expired")

    def test_to_a_chosen_organization_is_taken_by_no_other(
        self, giver: Organization, taker: Organization, product: Product
    ) -> None:
        """Whoever else has the link finds nothing."""
        transfer = offer(product, recipient=taker)
        with pytest.raises(NotFound):
            accept(transfer, make_tenant(name="Third AG"))
        assert accept(transfer, taker).organization_id == taker.pk

    @pytest.mark.parametrize("verb", [withdraw_transfer, refuse_transfer])
    def test_that_is_over_moves_nothing(
        self, verb, giver: Organization, taker: Organization, product: Product
    ) -> None:
        """Withdrawn by the giver, or refused."""
        transfer = offer(product)
        verb(transfer=transfer, actor=ACTOR, at=BEGIN)
        with pytest.raises(IllegalTransition):
            accept(transfer, taker)
        assert (ids_in(giver), ids_in(taker)) == ([product.pk], [])

    @pytest.mark.parametrize("key", ["", "x", "1-", "999999999999999999999-x", "1-made-up", "-"])
    def test_with_a_made_up_key_is_none(self, key: str) -> None:
        """INC-6"""
        from products.transfer.selectors import get_transfer_by_key

        with pytest.raises(NotFound):
            get_transfer_by_key(key=key)


class TestRefusals:
    def test_a_product_that_does_not_run(self, giver: Organization, taker: Organization) -> None:
        """Neither one that waits for its payment nor one that has ended, then or meanwhile."""
        with pytest.raises(NotTransferable):
            offer(make_product(giver, activated=False))
        product = make_product(giver)
        transfer = offer(product)
        with tenant_scope(giver.pk):
            terminate_product(product=product, actor=ACTOR, at=BEGIN)
        with pytest.raises(NotTransferable):
            accept(transfer, taker)

    def test_the_giver_itself(self, giver: Organization, product: Product) -> None:
        """Nothing would move."""
        with pytest.raises(RecipientUnfit):
            accept(offer(product), giver)

    def test_a_currency_in_which_the_plan_is_not_sold(self, giver: Organization) -> None:
        """It could not be renewed there."""
        product = make_product(giver, plan=make_plan(prices={("CHF", 12): 1000}))
        paris = make_tenant(name="Paris SARL", country="FR")
        transfer = offer(product)
        with pytest.raises(RecipientUnfit):
            accept(transfer, paris)
        Price.objects.using("system").create(
            plan=product.plan, currency="EUR", months=12, amount=1000, valid_from=BEGIN.date()
        )
        assert accept(transfer, paris).organization_id == paris.pk
