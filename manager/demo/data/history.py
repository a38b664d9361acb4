"""The past of the demonstration: each product was ordered, paid and invoiced on its day."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from hashlib import md5

from django.utils import translation

from accounts.users.models import User
from billing.invoices.lines import part_lines
from billing.invoices.services import draft_invoice, finalize_invoice, settle_invoice
from billing.ledger.models import AccountKind
from billing.ledger.services import post_journal
from billing.orders.models import Order
from billing.orders.selectors import price_cart
from billing.orders.services import add_to_cart, place_order
from billing.payments.services import announce_transfer
from billing.profiles.party import Party
from billing.tax.proofs import ACCOUNT
from billing.tax.quote import LineInput
from manager.demo.data.organizations import TENANTS, acting
from manager.demo.data.stock import Item, Stage
from manager.kit.actor import Actor
from manager.kit.clock import add_months, day_in
from manager.kit.scope import tenant_scope
from organizations.profile.models import Organization
from products.catalog.price_book import read_price_book
from products.catalog.pricing import price_parts
from products.catalog.selectors import get_plan
from products.inventory.models import Product
from products.inventory.services import (
    create_product,
    enter_redemption,
    release_product,
    set_auto_renew,
    suspend_product,
    terminate_product,
)
from products.inventory.services.options import set_options

SYSTEM = Actor.system("demonstration")
# What is loaded last: where it is missing, the loading was interrupted.
LAST_STEP = "demonstration:issued"
PREPAID = {"bianchi": 12_550, "alpina": 40_000}


def noon(day: date) -> datetime:
    """Return noon of `day` in UTC."""
    return datetime.combine(day, time(12), tzinfo=UTC)


def write_history(
    *, items: Iterable[Item], organizations: dict[str, Organization], users: dict[str, User], at: datetime
) -> None:
    """Order, pay and let expire what `items` say, day by day as it would have happened."""
    owners = {tenant.key: users[tenant.owner] for tenant in TENANTS}
    by_day: dict[tuple[date, str], list[Item]] = defaultdict(list)
    for item in items:
        by_day[add_months(item.expires_on, -item.months), item.tenant].append(item)
    for (day, tenant), bought in sorted(by_day.items(), key=lambda pair: (pair[0][0], pair[0][1])):
        organization = organizations[tenant]
        with tenant_scope(organization.pk):
            _buy(organization, bought, acting(owners[tenant]), noon(day))
            for product, item in _made(organization, bought):
                _live(product, item)
    for tenant, amount in PREPAID.items():
        _top_up(organizations[tenant], amount, at)


def _buy(organization: Organization, items: list[Item], actor: Actor, at: datetime) -> None:
    today = day_in(organization.time_zone, at)
    lines: list[LineInput] = []
    for item in items:
        plan = get_plan(slug=item.plan)
        product = create_product(
            organization=organization,
            plan=plan,
            name=item.name,
            months=item.months,
            quantity=1,
            actor=actor,
            at=at,
        )
        set_options(product=product, options=item.options)
        lines += _lines(organization, product, item.options, today)
    ids = "-".join(str(line.product.pk) for line in lines if line.product)
    invoice = draft_invoice(
        organization=organization,
        lines=lines,
        address=Party.of_organization(organization),
        origin="order",
        origin_key=f"demonstration:{ids}"[:120],
        due_on=today,
        actor=actor,
        at=at,
    )
    # No provider knows of the past, and the proof of the ledger compares its account with what it told.
    with translation.override(organization.language):
        paid_with = translation.gettext("Bank transfer")
    settle_invoice(
        invoice=invoice,
        source=AccountKind.BANK,
        reference=f"demonstration:{invoice.pk}",
        paid_with=paid_with,
        paid_from={ACCOUNT: str(organization.country)},
        actor=actor,
        at=at,
    )


def _lines(
    organization: Organization, product: Product, options: Mapping[str, int], on: date
) -> list[LineInput]:
    book = read_price_book(plans=[product.plan], currency=organization.currency, on=on)
    with translation.override(organization.language):
        parts = price_parts(
            book, plan=product.plan, months=product.months, quantity=product.quantity, options=options
        )
        return part_lines(parts=parts, name=product.name, months=product.months, product=product)


def _made(organization: Organization, items: list[Item]) -> list[tuple[Product, Item]]:
    products = {
        (product.name, product.plan.slug): product
        for product in Product.objects.filter(organization_id=organization.pk).select_related(
            "plan", "organization"
        )
    }
    return [(products[item.name, item.plan], item) for item in items]


def _live(product: Product, item: Item) -> None:
    """Take the product through what happened after its expiry."""
    expired, ended = noon(item.expires_on), noon(item.expires_on + timedelta(days=product.plan.grace_days))
    if item.stage == Stage.DUE_AUTOMATIC:
        set_auto_renew(product=product, on=True, actor=SYSTEM, at=product.activated_at or expired)
    if item.stage in {Stage.SUSPENDED, Stage.REDEMPTION, Stage.RELEASED, Stage.TERMINATED}:
        suspend_product(product=product, actor=SYSTEM, at=expired)
    if item.stage in {Stage.REDEMPTION, Stage.RELEASED}:
        enter_redemption(product=product, actor=SYSTEM, at=ended)
    if item.stage == Stage.RELEASED:
        released = ended + timedelta(days=product.plan.redemption_days)
        release_product(product=product, actor=SYSTEM, at=released)
    if item.stage == Stage.TERMINATED:
        terminate_product(product=product, actor=SYSTEM, at=ended)


def _top_up(organization: Organization, amount: int, at: datetime) -> None:
    with tenant_scope(organization.pk):
        post_journal(
            organization=organization,
            reference="demonstration:top-up",
            kind="top_up",
            currency=organization.currency,
            entries=[(AccountKind.BANK, -amount), (AccountKind.PREPAID, amount)],
            description="Bank transfer",
            at=at,
        )


def leave_open_business(
    *, organizations: dict[str, Organization], users: dict[str, User], at: datetime
) -> None:
    """Leave a pending order in each company, and an issued invoice that waits for a bank transfer."""
    owners = {tenant.key: users[tenant.owner] for tenant in TENANTS}
    for key, plan, name in (
        ("alpina", "vps-cloud-linux", "Build server"),
        ("dupont", "ticketing", "Soirée du pain"),
    ):
        organization, actor = organizations[key], acting(owners[key])
        with tenant_scope(organization.pk, owners[key].pk):
            place(organization, plan, name, actor, at)
    with tenant_scope(organizations["seeclub"].pk):
        _issue(organizations["seeclub"], acting(owners["seeclub"]), at)


def place(organization: Organization, plan: str, name: str, actor: Actor, at: datetime) -> Order:
    """Order `plan` for its shortest period, in the scope of the organization; nothing is paid yet."""
    today = day_in(organization.time_zone, at)
    chosen = get_plan(slug=plan)
    months = min(
        price.months for price in chosen.prices.filter(currency=organization.currency, purpose="renew")
    )
    add_to_cart(organization=organization, plan=chosen, months=months, quantity=1, name=name, at=at)
    buyer = Party.of_organization(organization)
    cart = price_cart(organization=organization, buyer=buyer, on=today)
    if cart.quote is None:
        raise LookupError(f"The plan {plan} has no price.")
    return place_order(
        organization=organization,
        address=buyer,
        confirmation_key=md5(name.encode(), usedforsecurity=False).hexdigest(),
        confirmed_total=cart.quote.total.amount,
        actor=actor,
        at=at,
    )


def _issue(organization: Organization, actor: Actor, at: datetime) -> None:
    plan = get_plan(slug="ksuite-standard")
    product = create_product(
        organization=organization, plan=plan, name="Vorstand", months=12, quantity=5, actor=actor, at=at
    )
    today = day_in(organization.time_zone, at)
    invoice = draft_invoice(
        organization=organization,
        lines=_lines(organization, product, {}, today),
        address=Party.of_organization(organization),
        origin="order",
        origin_key=LAST_STEP,
        due_on=today + timedelta(days=30),
        actor=actor,
        at=at,
    )
    finalize_invoice(invoice=invoice, actor=actor, at=at)
    announce_transfer(invoice=invoice, actor=actor, at=at)
