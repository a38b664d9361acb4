"""What people and staff do with money, as a state machine: which order of events would break the books?

Each sequence has two organizations of its own, one in francs and one in euros. Each step goes through the
verbs, the database and the payment provider's sandbox, and may be refused; then the books are proved by SQL.
"""

from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from django.db import IntegrityError
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from billing.changes.services import accept_change, quote_change
from billing.disputes.models import Dispute
from billing.disputes.services.follow import follow_dispute
from billing.gateway.vocabulary import MeansKind
from billing.invoices.models import Invoice
from billing.invoices.services import finalize_invoice, void_invoice
from billing.invoices.status import InvoiceStatus
from billing.orders.models import Order
from billing.orders.services import cancel_order
from billing.orders.status import OrderStatus
from billing.payments.models import PaymentAttempt
from billing.payments.services import pay_from_prepaid, pay_with_method, refresh_attempt
from billing.payments.status import AttemptStatus
from billing.prepaid.services import top_up
from billing.refunds.selectors import get_refundable
from billing.refunds.services import make_refund, refund_invoice
from billing.refunds.services.refund import Destination as RefundTo
from billing.refunds.services.refund import Wish
from billing.to_pay.services import DueChoice, compose_selection
from billing.withdrawals.models import PayoutMeans, Withdrawal
from billing.withdrawals.services import (
    Destination,
    approve_withdrawal,
    cancel_withdrawal,
    make_batch,
    pay_withdrawal,
    refuse_withdrawal,
    request_withdrawal,
    return_withdrawal,
)
from manager.kit.actor import Actor, ActorKind
from manager.kit.errors import DomainError
from manager.kit.money import Money
from manager.kit.scope import tenant_scope
from manager.kit.tokens import make_secret
from products.catalog.models import Plan
from products.inventory.models import Product
from products.inventory.status import ProductStatus
from tests.factories.billing import make_legal_entity
from tests.factories.cast import make_person, make_tenant
from tests.factories.orders import confirm_cart, fill_cart
from tests.factories.payments import ACTOR, fill_prepaid, make_method, now, provider
from tests.factories.products import make_plan, make_storage
from tests.factories.promotions import make_code, put_in_cart
from tests.scenarios.money_books import what_is_wrong

STAFF = Actor(ActorKind.STAFF, None, "Nora Keller")
BANK = Destination(PayoutMeans.IBAN, "Alice Meier", iban="CH93 0076 2011 6238 5295 7")
PAYABLE = (InvoiceStatus.DRAFT, InvoiceStatus.OPEN)
WHO = st.integers(0, 1)
WHICH = st.integers(0, 3)


def _send(wish: Withdrawal) -> object:
    return make_batch(means=PayoutMeans.IBAN, currency=wish.currency, actor=STAFF, at=now())


PAYOUT_VERBS = (
    lambda wish: approve_withdrawal(withdrawal=wish, actor=STAFF, at=now()),
    _send,
    lambda wish: pay_withdrawal(withdrawal=wish, actor=STAFF, at=now()),
    lambda wish: refuse_withdrawal(withdrawal=wish, reason="Not now", actor=STAFF, at=now()),
    lambda wish: return_withdrawal(withdrawal=wish, reason="Closed account", actor=STAFF, at=now()),
    lambda wish: cancel_withdrawal(withdrawal=wish, actor=STAFF, at=now()),
)


class Shop:
    """What all sequences share: the plans, and a code for a tenth off. `done` counts what came about."""

    def __init__(self) -> None:
        make_legal_entity()
        self.small, self.large = make_plan(), make_plan(prices=_prices(dearer=3))
        make_storage(self.small)
        self.code = make_code()
        self.done: Counter[str] = Counter()


def _prices(*, dearer: int) -> dict[tuple[str, int], int]:
    return {(money, months): 997 * dearer * months for money in ("CHF", "EUR") for months in (1, 12, 24)}


class MoneyMachine(RuleBasedStateMachine):
    """Two organizations and their money."""

    shop: Shop

    @initialize()
    def begin(self) -> None:
        """Each sequence has two new customers, with a card and balance; one has a product that runs."""
        self.owner = make_person()
        self.organizations = [make_tenant(self.owner), make_tenant(self.owner, country="DE")]
        self.cards = [make_method(organization) for organization in self.organizations]
        self.person = Actor(ActorKind.PERSON, self.owner.pk, self.owner.name)
        for organization in self.organizations:
            fill_prepaid(organization, 40_000)
        self.order(who=0, units=1, gigabytes=110, coded=True)
        self.pay_by_card(who=0, which=0, uses_balance=False)

    def _do(self, what: str, who: int, act: Callable[[], object]) -> None:
        """Act in the organization's scope; a refusal is as good as anything."""
        with tenant_scope(self.organizations[who].pk), suppress(DomainError, IntegrityError):
            self.shop.done[what] += act() is not None

    def _pick(self, who: int, which: int, rows: Any) -> Any:
        found = list(rows.filter(organization_id=self.organizations[who].pk).order_by("-pk")[:4])
        return found[which % len(found)] if found else None

    def _payable(self, who: int, which: int) -> Invoice | None:
        waiting = Invoice.objects.select_related("organization").filter(status__in=PAYABLE)
        invoice: Invoice | None = self._pick(who, which, waiting)
        return invoice

    @rule(who=WHO, amount=st.integers(10, 60_000))
    def top_up(self, who: int, amount: int) -> None:
        """Money comes onto the prepaid account by the provider's page."""
        organization = self.organizations[who]

        def act() -> object:
            attempt = top_up(
                organization=organization,
                money=Money(amount, organization.currency),
                kind=MeansKind.CARD,
                language="en",
                actor=self.person,
                at=now(),
            )
            provider().pay_checkout(attempt.redirect_url)
            return refresh_attempt(attempt=attempt, actor=ACTOR, at=now())

        self._do("top_up", who, act)

    @rule(who=WHO, units=st.integers(1, 3), gigabytes=st.sampled_from([10, 110, 310]), coded=st.booleans())
    def order(self, who: int, units: int, gigabytes: int, coded: bool) -> None:
        """Somebody orders, perhaps with a promotional code."""
        organization = self.organizations[who]
        fill_cart(organization, self.shop.small, quantity=units, options={"storage": gigabytes})
        if coded:
            put_in_cart(organization, self.shop.code)
        self._do("order", who, lambda: confirm_cart(organization))

    @rule(who=WHO, which=WHICH, uses_balance=st.booleans())
    def pay_by_card(self, who: int, which: int, uses_balance: bool) -> None:
        """An invoice is paid by the card, or a part of it by the balance."""

        def act() -> object:
            invoice, card = self._payable(who, which), self.cards[who]
            return invoice and pay_with_method(
                invoice=invoice, method=card, actor=self.person, at=now(), uses_balance=uses_balance
            )

        self._do("pay_by_card", who, act)

    @rule(who=WHO, which=WHICH)
    def pay_by_balance(self, who: int, which: int) -> None:
        """An invoice is paid from the prepaid account, if that is enough."""

        def act() -> object:
            invoice = self._payable(who, which)
            return invoice and pay_from_prepaid(invoice=invoice, actor=self.person, at=now())

        self._do("pay_by_balance", who, act)

    @rule(who=WHO, which=WHICH)
    def cancel(self, who: int, which: int) -> None:
        """An order is cancelled before it is paid."""

        def act() -> object:
            waiting = Order.objects.filter(status=OrderStatus.PENDING).select_related("invoice__replaced_by")
            order = self._pick(who, which, waiting)
            return order and cancel_order(order=order, actor=self.person, at=now())

        self._do("cancel", who, act)

    @rule(who=WHO, which=WHICH, voided=st.booleans())
    def issue(self, who: int, which: int, voided: bool) -> None:
        """Staff issue an invoice before it is paid, and perhaps void it."""

        def act() -> object:
            invoice = self._payable(who, which)
            issued = invoice and finalize_invoice(invoice=invoice, actor=STAFF, at=now())
            if issued and voided:
                void_invoice(invoice=issued, reason="A mistake", actor=STAFF, at=now())
            return issued

        self._do("issue", who, act)

    @rule(who=WHO, which=WHICH, share=st.integers(1, 100), means=st.booleans(), ends=st.booleans())
    def refund(self, who: int, which: int, share: int, means: bool, ends: bool) -> None:
        """Staff give a part of a paid invoice back, by so many per cent of what is left."""

        def act() -> object:
            paid = Invoice.objects.filter(status=InvoiceStatus.PAID).select_related("organization")
            invoice = self._pick(who, which, paid)
            if invoice is None:
                return None
            wish = Wish(
                parts={},
                amount=-(-get_refundable(invoice=invoice).left.amount * share // 100),
                destination=RefundTo.MEANS if means else RefundTo.PREPAID,
                reason="As a courtesy",
                ends_products=ends,
            )
            refund = refund_invoice(invoice=invoice, wish=wish, key=make_secret(), actor=STAFF, at=now())
            return make_refund(refund=refund, actor=STAFF, at=now())

        self._do("refund", who, act)

    @rule(who=WHO, which=WHICH, larger=st.booleans(), units=st.integers(1, 3))
    def change_offer(self, who: int, which: int, larger: bool, units: int) -> None:
        """The offer of a product is changed; what is due waits, what is left becomes balance."""

        def act() -> object:
            plan: Plan = self.shop.large if larger else self.shop.small
            running = Product.objects.filter(status=ProductStatus.ACTIVE).select_related("plan__family")
            product = self._pick(who, which, running.select_related("organization"))
            if product is None:
                return None
            change = quote_change(product=product, plan=plan, quantity=units, at=now())
            return accept_change(change=change, actor=self.person, at=now())

        self._do("change_offer", who, act)

    @rule(who=WHO, which=WHICH, months=st.sampled_from([1, 12, 24]))
    def renew(self, who: int, which: int, months: int) -> None:
        """A product is renewed ahead of time; the invoice waits for its payment."""

        def act() -> object:
            product = self._pick(who, which, Product.objects.filter(status=ProductStatus.ACTIVE))
            return product and compose_selection(
                organization=self.organizations[who],
                choices=[DueChoice(product.pk, months)],
                invoice_ids=[],
                actor=self.person,
                at=now(),
            )

        self._do("renew", who, act)

    @rule(who=WHO, amount=st.integers(100, 30_000))
    def withdraw(self, who: int, amount: int) -> None:
        """Somebody asks for a part of the balance."""
        organization = self.organizations[who]
        wish = {"organization": organization, "money": Money(amount, organization.currency)}
        self._do(
            "withdraw", who, lambda: request_withdrawal(**wish, destination=BANK, actor=self.person, at=now())
        )

    @rule(who=WHO, which=WHICH, verb=st.sampled_from(PAYOUT_VERBS))
    def decide_withdrawal(self, who: int, which: int, verb: Callable[..., object]) -> None:
        """Staff approve, send, pay, refuse or get it back, in whatever order they try."""

        def act() -> object:
            wish = self._pick(who, which, Withdrawal.objects.select_related("organization"))
            return wish and verb(wish)

        self._do("decide_withdrawal", who, act)

    @rule(who=WHO, which=WHICH, won=st.none() | st.booleans())
    def dispute(self, who: int, which: int, won: bool | None) -> None:
        """Somebody's bank takes a charge back, and decides, or decides later."""

        def act() -> object:
            charged = PaymentAttempt.objects.filter(gateway="stripe", status=AttemptStatus.SUCCEEDED)
            attempt = self._pick(who, which, charged.exclude(charge_reference=""))
            if attempt is None:
                return None
            known = Dispute.objects.filter(organization_id=attempt.organization_id, attempt=attempt).first()
            charge = attempt.charge_reference
            reference = known.reference if known else provider().dispute(charge)
            told = {"gateway": "stripe", "reference": reference, "charge_reference": charge, "actor": ACTOR}
            follow_dispute(**told, at=now())
            if won is not None and (known is None or known.closed_at is None):
                provider().dispute(reference, won=won)
            return follow_dispute(**told, at=now())

        self._do("dispute", who, act)

    @invariant()
    def the_books_are_right(self) -> None:
        """Prove the books of both."""
        if hasattr(self, "organizations"):
            assert what_is_wrong([organization.pk for organization in self.organizations]) == []
