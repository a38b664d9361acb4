"""Remind of what expires and will not renew by itself (BIL-12): one mail per organization and day.

What is found is set-based: across tenants only to learn which organizations to go to, then again in the
organization's own scope to say what stands in the mail.
"""

from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import DateField, Exists, F, Func, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Cast

from billing.invoices.models import InvoiceLine
from billing.invoices.status import InvoiceStatus
from billing.payment_methods.models import PaymentMethod
from billing.payments.models import Initiator, PaymentAttempt
from billing.renewals.emails import mail_reminder
from billing.renewals.models import Reminder, Renewal, RenewalPreference
from billing.renewals.status import RenewalStatus
from manager.kit.clock import day_in, start_of_day
from manager.outbox.publish import publish
from organizations.profile.models import Organization
from products.catalog.models import OptionPrice, Price, Purpose
from products.inventory.models import Product, ProductOption
from products.inventory.outlook import Outlook
from products.inventory.rules import REMINDER_DAYS
from products.inventory.status import ProductStatus
from products.inventory.timeline import StepKind, timeline

WITHIN = timedelta(days=max(REMINDER_DAYS) + 1)
YESTERDAY = timedelta(days=1)


def find_to_remind(*, at: datetime) -> list[int]:
    """Return the organizations that have something to be reminded of today and were not told today."""
    told = Reminder.objects.using("system").filter(
        organization=OuterRef("organization"), on=OuterRef("today")
    )
    due = _expiring(at, "system").filter(~Exists(told), _stops_by_itself("system"))
    return sorted(set(due.values_list("organization_id", flat=True).distinct()))


def remind_organization(*, organization_id: int, at: datetime) -> bool:
    """Mail the billing contacts what expires; return whether it was done here. Publishes `renewal.reminded`.

    The reminder's row is the claim: whoever inserts it first for this day queues the mails, in the same
    transaction, so that any number of workers send one.
    """
    with transaction.atomic():
        organization = Organization.objects.get(pk=organization_id)
        today = day_in(organization.time_zone, at)
        products = _list_products(organization, today, at)
        if not products:
            return False
        reminder, is_new = Reminder.objects.get_or_create(
            organization_id=organization_id,
            on=today,
            defaults={"products": [product.pk for product in products], "created_at": at},
        )
        if not is_new:
            return False
        mail_reminder(organization=organization, reminder=reminder, products=products, today=today, at=at)
        publish(
            "renewal.reminded",
            organization_id=organization_id,
            payload={"reminder": reminder.pk, "products": reminder.products},
            at=at,
        )
    return True


def _list_products(organization: Organization, today: date, at: datetime) -> list[Product]:
    """Return what to remind of; not what was refused today, as the refusal has its own mail."""
    refused_today = PaymentAttempt.objects.filter(
        organization_id=organization.pk,
        initiator=Initiator.RENEWAL,
        created_at__gte=start_of_day(today, organization.time_zone),
        invoice__lines__product=OuterRef("pk"),
    )
    found = _expiring(at, "default").filter(
        ~Exists(refused_today), _stops_by_itself("default"), organization_id=organization.pk
    )
    rows = found.select_related("plan").order_by("expires_on", "pk")
    return [product for product in rows if _is_reminded(product, today)]


def _is_reminded(product: Product, today: date) -> bool:
    """Return whether the timeline has a reminder today, for a product that stops by itself."""
    steps = timeline(product, today, Outlook(is_charged=False))
    return any(step.kind == StepKind.REMINDER and step.on == today for step in steps)


def _expiring(at: datetime, alias: str) -> QuerySet[Product]:
    """Return what runs out in as many days, by each organization's calendar, as a reminder is sent on."""
    local = Func(F("organization__time_zone"), Value(at), function="timezone")
    days = Q()
    for count in REMINDER_DAYS:
        days |= Q(today=F("expires_on") - Value(count))
    near = Product.objects.using(alias).filter(
        status=ProductStatus.ACTIVE,
        expires_on__gte=at.date() - YESTERDAY,
        expires_on__lte=at.date() + WITHIN,
    )
    return near.annotate(today=Cast(local, DateField())).filter(days)


def _stops_by_itself(alias: str) -> Q:
    """Return the condition that nothing will renew the product: switched off, or it cannot be charged."""
    ahead = Renewal.objects.using(alias).filter(
        product=OuterRef("pk"), period__endswith__gt=OuterRef("expires_on")
    )
    going_on = ahead.filter(
        Q(status__in=[RenewalStatus.PLANNED, RenewalStatus.SETTLED])
        | Q(status=RenewalStatus.FAILED, next_attempt_on__isnull=False)
    )
    refused = ahead.filter(status=RenewalStatus.FAILED, next_attempt_on=None)
    billed = InvoiceLine.objects.using(alias).filter(
        product=OuterRef("pk"),
        counts=True,
        period__endswith__gt=OuterRef("expires_on"),
        invoice__status__in=[InvoiceStatus.OPEN, InvoiceStatus.PAID],
    )
    is_charged = _has_means(alias) & _has_price(alias) & ~Q(Exists(refused))
    return ~Q(Exists(going_on)) & ~Q(Exists(billed)) & (Q(auto_renew=False) | ~is_charged)


def _has_means(alias: str) -> Q:
    default = PaymentMethod.objects.using(alias).filter(
        organization=OuterRef("organization"), is_default=True, removed_at=None
    )
    own = RenewalPreference.objects.using(alias).filter(
        product=OuterRef("pk"), method__isnull=False, method__removed_at=None
    )
    return Q(Exists(default)) | Q(Exists(own))


def _has_price(alias: str) -> Q:
    on = OuterRef("today")
    price = Price.objects.using(alias).filter(
        Q(valid_until=None) | Q(valid_until__gte=on),
        plan=OuterRef("plan"),
        purpose=Purpose.RENEW,
        currency=OuterRef("organization__currency"),
        months=OuterRef("months"),
        valid_from__lte=on,
    )
    unpriced = ProductOption.objects.using(alias).filter(
        ~Exists(_option_price(alias)), product=OuterRef("pk")
    )
    return Q(Exists(price)) & ~Q(Exists(unpriced))


def _option_price(alias: str) -> QuerySet[OptionPrice]:
    """Return what an option of a product costs today for the product's period, in its currency."""
    on = OuterRef(OuterRef("today"))
    return OptionPrice.objects.using(alias).filter(
        Q(valid_until=None) | Q(valid_until__gte=on),
        option__plan=OuterRef("product__plan"),
        option__slug=OuterRef("slug"),
        currency=OuterRef("organization__currency"),
        months=OuterRef("product__months"),
        valid_from__lte=on,
    )
