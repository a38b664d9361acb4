"""The verbs of a termination: asked, confirmed, withdrawn, expired; cooling off (PRD-9)."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from manager.kit.errors import IllegalTransition, NotFound
from manager.kit.scope import tenant_scope
from manager.outbox.relay import drain_outbox
from organizations.audit.models import AuditEvent
from products.inventory.models import Product
from products.inventory.periodic import drain_life
from products.inventory.services import purge_product, restore_product, terminate_product
from products.inventory.services.restore import NotRestorable
from products.provisioning.models import Service
from products.termination.errors import AskedAlready, NothingToTerminate, NotTerminable, TerminationExpired
from products.termination.models import TerminatedProduct
from products.termination.periodic import drain_terminations
from products.termination.selectors import list_endings
from products.termination.services import withdraw_termination
from products.transfer.errors import NotTransferable
from tests.factories.cast import make_tenant
from tests.factories.products import ACTOR, make_plan, make_product, reread
from tests.factories.terminations import ask, confirm
from tests.factories.transfers import offer

AT = datetime(2026, 2, 1, 12, 0, tzinfo=UTC)


def status_of(product: Product) -> Any:
    row: Any = reread(product, product.organization)
    return row.status


class TestAsking:
    def test_ends_nothing_by_itself(self) -> None:
        """PRD-9: confirmed by a link in a mail, otherwise nothing is deleted."""
        product = make_product(make_tenant())
        wish = ask(product, at=AT)
        assert wish.status == "asked"
        drain_terminations(at=AT + timedelta(days=2))
        assert status_of(product) == "active"

    def test_stores_no_secret(self) -> None:
        """PRD-9: who reads the table cannot confirm."""
        organization = make_tenant()
        wish = ask(make_product(organization), at=AT)
        with pytest.raises(NotFound):
            confirm(wish, organization, at=AT, key=wish.token_hash)

    def test_refuses_a_product_that_stands_in_an_open_wish(self) -> None:
        """PRD-9."""
        product = make_product(make_tenant())
        ask(product, at=AT)
        with pytest.raises(AskedAlready):
            ask(product, at=AT)

    @pytest.mark.parametrize("ids", [[], list(range(1, 102))], ids=["none", "too many"])
    def test_refuses_none_and_too_many(self, ids: list[int]) -> None:
        """PRD-9."""
        product = make_product(make_tenant())
        with pytest.raises(NothingToTerminate):
            ask(product, at=AT, product_ids=ids)

    def test_refuses_what_is_not_the_organizations_or_has_not_begun(self) -> None:
        """PRD-9, ORG-17."""
        organization = make_tenant()
        mine = make_product(organization)
        others = make_product(make_tenant())
        pending = make_product(organization, activated=False)
        for wrong in (others.pk, pending.pk):
            with pytest.raises(NotTerminable):
                ask(mine, at=AT, product_ids=[mine.pk, wrong])

    def test_stands_in_the_way_of_a_transfer(self) -> None:
        """PRD-9: nobody gives away what is about to end."""
        product = make_product(make_tenant())
        ask(product, at=AT)
        with pytest.raises(NotTransferable):
            offer(product, at=AT)


class TestConfirming:
    def test_ends_all_products_of_the_wish(self) -> None:
        """PRD-9: in bulk, with one link."""
        organization = make_tenant()
        products = [make_product(organization) for _ in range(3)]
        wish = confirm(ask(*products, at=AT), organization, at=AT)
        assert wish.status == "confirmed"
        assert {status_of(product) for product in products} == {"terminated"}
        with tenant_scope(organization.pk):
            assert TerminatedProduct.objects.filter(ended=True, is_open=False).count() == 3
            event = AuditEvent.objects.get(name="termination.confirmed")
        assert event.data["products"] == sorted(product.name for product in products)

    def test_works_once(self) -> None:
        """PRD-9."""
        organization = make_tenant()
        wish = ask(make_product(organization), at=AT)
        confirm(wish, organization, at=AT)
        with pytest.raises(IllegalTransition):
            confirm(wish, organization, at=AT)

    @pytest.mark.parametrize("swept", [True, False], ids=["after the sweep", "before the sweep"])
    def test_is_refused_after_three_days(self, swept: bool) -> None:
        """PRD-9: also where the sweep has not been there yet."""
        organization = make_tenant()
        product = make_product(organization)
        wish = ask(product, at=AT)
        late = AT + timedelta(days=3)
        if swept:
            assert drain_terminations(at=late) == 1
        with pytest.raises(TerminationExpired):
            confirm(wish, organization, at=late)
        assert status_of(product) == "active"

    def test_is_refused_once_withdrawn(self) -> None:
        """PRD-9; the product can then be asked for again."""
        organization = make_tenant()
        product = make_product(organization)
        wish = ask(product, at=AT)
        with tenant_scope(organization.pk):
            withdraw_termination(termination=wish, actor=ACTOR, at=AT)
        with pytest.raises(IllegalTransition):
            confirm(wish, organization, at=AT)
        assert ask(product, at=AT + timedelta(hours=1)).status == "asked"

    def test_leaves_alone_what_ended_by_itself_since(self) -> None:
        """PRD-9: the others of the wish end all the same."""
        organization = make_tenant()
        gone, other = make_product(organization), make_product(organization)
        wish = ask(gone, other, at=AT)
        with tenant_scope(organization.pk):
            terminate_product(product=gone, actor=ACTOR, at=AT)
        confirm(wish, organization, at=AT)
        assert status_of(other) == "terminated"
        with tenant_scope(organization.pk):
            assert list(
                TerminatedProduct.objects.filter(ended=True).values_list("product_id", flat=True)
            ) == [other.pk]

    def test_lets_a_domain_in_redemption_go(self) -> None:
        """PRD-9, PRD-11."""
        organization = make_tenant()
        plan = make_plan(kind="domain", grace_days=0, redemption_days=40)
        product = make_product(organization, plan=plan, months=1)
        while drain_life(at=AT + timedelta(days=20)):
            pass
        assert status_of(product) == "redemption"
        confirm(ask(product, at=AT + timedelta(days=20)), organization, at=AT + timedelta(days=20))
        assert status_of(product) == "released"


class TestCoolingOff:
    def make(self, days: int = 14, **details: Any) -> tuple[Product, Any]:
        organization = make_tenant()
        product = make_product(organization, plan=make_plan(cooling_off_days=days), **details)
        confirm(ask(product, at=AT), organization, at=AT)
        drain_outbox(at=AT)
        return product, organization

    def wanted(self, organization: Any) -> str:
        with tenant_scope(organization.pk):
            return Service.objects.get().wanted

    def test_keeps_the_service_stopped_until_it_is_over(self) -> None:
        """PRD-9: nothing is removed while it can still be restored."""
        _product, organization = self.make()
        assert self.wanted(organization) == "suspended"
        assert drain_terminations(at=AT + timedelta(days=13)) == 0
        over = AT + timedelta(days=14)
        assert drain_terminations(at=over) == 1
        drain_outbox(at=over)
        assert self.wanted(organization) == "gone"

    def test_restores_the_product_as_it_was(self) -> None:
        """PRD-9."""
        product, organization = self.make()
        later = AT + timedelta(days=13)
        with tenant_scope(organization.pk):
            restored = restore_product(product=product, actor=ACTOR, at=later)
        assert (restored.status, restored.expires_on, restored.ended_at) == (
            "active",
            product.expires_on,
            None,
        )
        drain_outbox(at=later)
        assert self.wanted(organization) == "running"
        assert drain_terminations(at=AT + timedelta(days=20)) == 0

    def test_restores_what_expired_meanwhile_as_suspended(self) -> None:
        """PRD-8, PRD-9: it runs again once it is renewed."""
        product, organization = self.make(months=1)  # expires on 15 February
        with tenant_scope(organization.pk):
            restored = restore_product(product=product, actor=ACTOR, at=AT + timedelta(days=13))
        assert restored.status == "active"
        other, organization = self.make(days=20, months=1)
        with tenant_scope(organization.pk):
            restored = restore_product(product=other, actor=ACTOR, at=AT + timedelta(days=15))
        assert (restored.status, restored.told_of) == ("suspended", "")

    @pytest.mark.parametrize("days", [14, 0], ids=["over", "none in the plan"])
    def test_refuses_once_it_is_over(self, days: int) -> None:
        """PRD-9."""
        product, organization = self.make(days)
        with tenant_scope(organization.pk), pytest.raises(NotRestorable):
            restore_product(product=product, actor=ACTOR, at=AT + timedelta(days=14))

    def test_begins_only_with_a_wish(self) -> None:
        """PRD-8: what was not paid had its days of grace."""
        organization = make_tenant()
        product = make_product(organization, plan=make_plan(cooling_off_days=14))
        with tenant_scope(organization.pk):
            ended = terminate_product(product=product, actor=ACTOR, at=AT)
        assert ended.restorable_until is None

    def test_is_purged_once(self) -> None:
        """PRD-9: a second worker, or one that comes too early, changes nothing."""
        product, organization = self.make()
        with tenant_scope(organization.pk):
            assert purge_product(product=product, actor=ACTOR, at=AT).restorable_until is not None
            over = AT + timedelta(days=14)
            assert purge_product(product=product, actor=ACTOR, at=over).restorable_until is None
            purge_product(product=product, actor=ACTOR, at=over)
            assert AuditEvent.objects.filter(name="product.purged").count() == 1


class TestTakingAlong:
    def test_a_domain_takes_its_mail_and_site_along(self) -> None:
        """PRD-9: what bears its name or one below it, in the same organization."""
        organization = make_tenant()
        domain = make_product(organization, plan=make_plan(kind="domain"), name="shop.example")
        mail = make_product(organization, plan=make_plan(kind="mail"), name="Shop.example")
        site = make_product(organization, plan=make_plan(kind="hosting"), name="www.shop.example")
        make_product(organization, plan=make_plan(kind="mail"), name="workshop.example")
        make_product(organization, plan=make_plan(kind="domain"), name="a.shop.example")
        make_product(make_tenant(), plan=make_plan(kind="mail"), name="shop.example")
        with tenant_scope(organization.pk):
            first, second = list_endings(organization=organization, products=[domain, mail])
        assert {product.pk for product in first.takes_along} == {mail.pk, site.pk}
        assert second.takes_along == ()
