"""Remind of what expires and will not renew by itself (BIL-12): one mail per organization and day.

What is found is set-based: across tenants only to learn which organizations to go to, then again in the
organization's own scope to say what stands in the mail.
"""

from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import DateField, Exists, F, Func, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Cast

from billing.invoices.models import InvoiceLine
from billing.invoices.status import InvoiceStatus
from billing.payment_methods.models import PaymentMethod
from billing.payments.models import Initiator, PaymentAttempt
from billing.renewals.emails import mail_reminder
from billing.renewals.models import Reminder, ReminderRound, Renewal, RenewalPreference
from billing.renewals.status import RenewalStatus
from billing.runs.models import QuarantineKind
from billing.runs.selectors import find_quarantined
from manager.kit.clock import day_in, start_of_day
from manager.kit.prepared import Prepared
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
    """Return the organizations that have something to be reminded of today and were not told today.

    Without those in quarantine, as reminding them failed again and again.
    """
    return sorted(_TO_REMIND.fetch(**_moments(at, last_round())))


def _moments(at: datetime, before: datetime | None) -> dict[str, Any]:
    """Return what the queries of `_expiring` are asked with; without `before` where there is none."""
    days: dict[str, Any] = {"since": at.date() - 2 * YESTERDAY, "until": at.date() + WITHIN, "at": at}
    return days if before is None else {**days, "before": before}


def _build_to_remind(**moments: Any) -> QuerySet[Product, int]:
    told = Reminder.objects.using("system").filter(
        organization=OuterRef("organization"), on=OuterRef("today")
    )
    bad = find_quarantined(kind=QuarantineKind.REMIND).using("system")
    due = _expiring("system", **moments).filter(
        ~Exists(told), ~Exists(bad.filter(subject_id=OuterRef("organization"))), _stops_by_itself("system")
    )
    return due.values_list("organization_id", flat=True).distinct()


_TO_REMIND: Prepared[int] = Prepared(_build_to_remind)


def last_round() -> datetime | None:
    """Return when everybody was reminded last; None before the first time."""
    return ReminderRound.objects.values_list("reminded_at", flat=True).first()


@transaction.atomic
def note_round(*, at: datetime) -> None:
    """Keep that everybody who was to be reminded at `at` was; an earlier instant changes nothing."""
    row, _is_new = ReminderRound.objects.select_for_update().get_or_create(pk=1, defaults={"reminded_at": at})
    if row.reminded_at < at:
        row.reminded_at = at
        row.save(update_fields=["reminded_at"])


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
    """Return what to remind of; not what was refused since its day, as the refusal has its own mail."""
    before = last_round()
    rows = _OF_ORGANIZATION.fetch(
        organization_id=organization.pk,
        begun=_start_of_due(organization, today, before),
        **_moments(at, before),
    )
    days = {today, today - YESTERDAY}
    return [product for product in rows if _is_reminded(product, days)]


def _build_of_organization(
    *, organization_id: int, begun: datetime, **moments: Any
) -> QuerySet[Product, Product]:
    refused = PaymentAttempt.objects.filter(
        organization_id=organization_id,
        initiator=Initiator.RENEWAL,
        created_at__gte=begun,
        invoice__lines__product=OuterRef("pk"),
    )
    found = _expiring("default", **moments).filter(
        ~Exists(refused), _stops_by_itself("default"), organization_id=organization_id
    )
    return found.select_related("plan").order_by("expires_on", "pk")


_OF_ORGANIZATION: Prepared[Product] = Prepared(_build_of_organization)


def _start_of_due(organization: Organization, today: date, before: datetime | None) -> datetime:
    """Return when the days begin whose reminders are sent today: with the day before, if nobody was there."""
    was_away = before is not None and day_in(organization.time_zone, before) < today - YESTERDAY
    return start_of_day(today - YESTERDAY if was_away else today, organization.time_zone)


def _is_reminded(product: Product, days: set[date]) -> bool:
    """Return whether the timeline has a reminder on one of `days`, for a product that stops by itself."""
    steps = timeline(product, min(days), Outlook(is_charged=False))
    return any(step.kind == StepKind.REMINDER and step.on in days for step in steps)


def _expiring(
    alias: str, *, at: datetime, since: date, until: date, before: datetime | None = None
) -> QuerySet[Product]:
    """Return what runs out in as many days, by each organization's calendar, as a reminder is sent on.

    Looks at expiries from `since` to `until`. Where no round was finished on the day before (`before` is the
    last one), what was missed then is among them, unless it was told all the same.
    """
    days, yesterday = Q(), Q()
    for count in REMINDER_DAYS:
        days |= Q(today=F("expires_on") - Value(count))
        yesterday |= Q(today=F("expires_on") - Value(count - 1))
    near = Product.objects.using(alias).filter(
        status=ProductStatus.ACTIVE,
        expires_on__gte=since,
        expires_on__lte=until,
    )
    near = near.annotate(today=_local_day(at))
    if before is None:
        return near.filter(days)
    told = Reminder.objects.using(alias).filter(
        organization=OuterRef("organization"), on=OuterRef("today") - Value(1)
    )
    missed = yesterday & Q(seen__lt=F("today") - Value(1)) & ~Q(Exists(told))
    return near.annotate(seen=_local_day(before)).filter(days | missed)


def _local_day(at: datetime) -> Cast:
    """Return the date of an instant in the organization's time zone, in the database."""
    return Cast(Func(F("organization__time_zone"), Value(at), function="timezone"), DateField())


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
