"""Money that waits for somebody in the demonstration: a held order, a dispute, a refund, the bank's file."""

import json
import urllib.request
from collections.abc import Mapping
from datetime import datetime, timedelta

from django.conf import settings

from accounts.users.models import User
from billing.bank.periodic import drain_bank
from billing.bank.services import import_statement
from billing.bank.status import Source
from billing.disputes.services import follow_dispute
from billing.holds.services import change_rule
from billing.holds.status import RuleKind
from billing.invoices.models import Invoice
from billing.payment_methods.models import PaymentMethod
from billing.payments.models import PaymentAttempt
from billing.payments.services import pay_with_method
from billing.profiles.purchase_orders import add_purchase_order
from billing.refunds.services import refund_invoice
from billing.refunds.services.refund import Destination, Wish
from billing.transfer.models import SellerAccount
from billing.transfer.references import reference_for_top_up
from billing.withdrawals.models import PayoutMeans
from billing.withdrawals.services import Destination as Account
from billing.withdrawals.services import request_withdrawal
from manager.demo.bank.writer import Line, Transfer, write_camt
from manager.demo.data.cards import save_card
from manager.demo.data.history import place
from manager.demo.data.organizations import acting
from manager.demo.data.payouts import leave_payout
from manager.demo.data.staff import STAFF
from manager.kit.actor import Actor, ActorKind
from manager.kit.money import Money
from manager.kit.scope import tenant_scope
from organizations.profile.models import Organization
from products.inventory.models import Product
from products.inventory.status import RUNNING
from products.lists.services import find_or_create_tag, tag_products

# (tag, plan, on how many of its products)
TAGS = (("Hotels", "domain-ch", 9), ("Intern", "vps-lite", 3), ("Relaunch 2027", "web-hosting", 4))
SUSPICIOUS = "login-banca-milano.com"
IBAN_MILAN, IBAN_THUN = "IT60X0542811101000000123456", "CH5604835012345678009"
DISPUTED_CARD = "pm_card_createDispute"


def leave_dealings(
    *, organizations: Mapping[str, Organization], users: Mapping[str, User], at: datetime
) -> None:
    """Leave what people look for in lists of money and products, some of it for the staff to decide."""
    alpina, anna, marco = organizations["alpina"], users["anna"], users["marco"]
    with tenant_scope(alpina.pk, anna.pk):
        _tag(alpina, acting(anna), at)
        add_purchase_order(
            organization=alpina,
            number=f"AW-{at.year}-117",
            address=None,
            valid_from=at.date() - timedelta(days=30),
            valid_until=None,
            actor=acting(anna),
            at=at,
        )
    with tenant_scope(organizations["bianchi"].pk, marco.pk):
        request_withdrawal(
            organization=organizations["bianchi"],
            money=Money(4_000, organizations["bianchi"].currency),
            destination=Account(PayoutMeans.IBAN, holder="Marco Bianchi", iban=IBAN_MILAN),
            actor=acting(marco),
            at=at,
        )
    _bring_statement(alpina, at)
    leave_payout(
        organization=alpina,
        user=anna,
        staff=users[STAFF],
        iban=IBAN_THUN,
        money=Money(3_000, alpina.currency),
        at=at,
    )
    if settings.STRIPE_API_BASE:
        _deal_by_card(organizations, users, at)


def _tag(organization: Organization, actor: Actor, at: datetime) -> None:
    for name, plan, count in TAGS:
        tag = find_or_create_tag(organization_id=organization.pk, name=name, actor=actor, at=at)
        products = Product.objects.filter(
            organization_id=organization.pk, plan__slug=plan, status__in=RUNNING
        ).order_by("pk")[:count]
        tag_products(
            organization_id=organization.pk, products=list(products), add=[tag], remove=[], actor=actor, at=at
        )


def _bring_statement(organization: Organization, at: datetime) -> None:
    """Let the bank tell of a top-up by its reference, and of a transfer that nobody can place (BIL-17)."""
    account = SellerAccount.objects.get(currency=organization.currency)
    known = Transfer(
        amount=25_000,
        reference=reference_for_top_up(organization, account=account).text,
        name=organization.name,
        iban=IBAN_THUN,
        bank_reference="DEMO-1",
    )
    strange = Transfer(amount=8_420, text="Rechnung Oktober", name="Familie Zbinden", bank_reference="DEMO-2")
    lines = [
        Line(amount=one.amount, on=at.date(), transfers=[one], bank_reference=f"{one.bank_reference}-E")
        for one in (known, strange)
    ]
    import_statement(
        content=write_camt(lines, iban=account.iban, currency=account.currency, message_id="DEMO"),
        name=f"camt054-{at:%Y%m%d}.xml",
        source=Source.UPLOAD,
        actor=Actor.system("demonstration"),
        at=at,
    )
    drain_bank(at=at)


def _deal_by_card(organizations: Mapping[str, Organization], users: Mapping[str, User], at: datetime) -> None:
    person = users[STAFF]
    staff = Actor(ActorKind.STAFF, person.pk, person.name)
    change_rule(
        kind=RuleKind.DOMAIN_NAME, is_on=True, parameters={"words": ["login", "paypal"]}, actor=staff, at=at
    )
    _order_and_pay(organizations["bianchi"], users["marco"], "domain-com", SUSPICIOUS, at)
    paid = _order_and_pay(organizations["alpina"], users["anna"], "newsletter", "Newsletter Herbst", at)
    with tenant_scope(organizations["alpina"].pk):
        refund_invoice(
            invoice=Invoice.objects.get(organization_id=paid.organization_id, attempts=paid),
            wish=Wish({}, 500, Destination.MEANS, reason="Set up a day later than promised"),
            key="demonstration",
            actor=staff,
            at=at,
        )
    dupont = organizations["dupont"]
    with tenant_scope(dupont.pk):
        card = save_card(dupont, DISPUTED_CARD, at)
    disputed = _order_and_pay(dupont, users["claire"], "newsletter", "Lettre du fournil", at, card)
    follow_dispute(
        gateway=disputed.gateway,
        reference=_dispute_of(disputed),
        charge_reference=disputed.charge_reference,
        actor=Actor.system("demonstration"),
        at=at,
    )


def _order_and_pay(  # noqa: PLR0917  (who orders what, when, and pays with what)
    organization: Organization,
    user: User,
    plan: str,
    name: str,
    at: datetime,
    card: PaymentMethod | None = None,
) -> PaymentAttempt:
    with tenant_scope(organization.pk, user.pk):
        invoice = place(organization, plan, name, acting(user), at).invoice
        means = card or PaymentMethod.objects.get(organization_id=organization.pk, is_default=True)
        return pay_with_method(invoice=invoice, method=means, actor=acting(user), at=at)


def _dispute_of(attempt: PaymentAttempt) -> str:
    request = urllib.request.Request(
        f"{settings.STRIPE_API_BASE}/v1/disputes?payment_intent={attempt.reference}",
        headers={"Authorization": f"Bearer {settings.STRIPE_API_KEY}"},
    )
    with urllib.request.urlopen(request, timeout=10) as answer:
        return str(json.load(answer)["data"][0]["id"])
