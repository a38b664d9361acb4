"""Bring differences into the database, with their history. Every verb of the catalogue ends here."""

from collections.abc import Iterable
from typing import Any

from django.db import connection
from django.utils.translation import gettext_lazy as _

from products.catalog.catalog_file import CatalogInvalid
from products.catalog.differences import FAMILY, ORDER, Difference
from products.catalog.entries import PriceKey
from products.catalog.journal import Stamp, record_of
from products.catalog.models import CatalogChange, Family, Option, OptionPrice, Plan, Price
from products.catalog.timeline import Span

# Two changes at once would close each other's prices.
LOCK = 7_204_113


def lock_catalog() -> None:
    """Wait until nobody else changes the catalogue; held to the end of the transaction."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(%s)", [LOCK])


def refuse_other_kinds(differences: Iterable[Difference]) -> None:
    """Refuse another kind for a plan or an option that exists: its products were set up as what it was.

    :raises CatalogInvalid: there is such a difference.
    """
    for one in differences:
        if one.key is None and one.before is not None and "kind" in one.after:
            raise CatalogInvalid(
                _("The kind of %(name)s cannot change. Add another one instead.")
                % {"name": " ".join(filter(None, (one.plan, one.option)))}
            )


def store_differences(differences: Iterable[Difference], stamp: Stamp) -> None:
    """Make the catalogue as the differences say, in their order, under the lock of `lock_catalog`.

    :raises CatalogInvalid: the kind of a plan or an option would change; nothing is stored.
    """
    ordered = list(differences)
    refuse_other_kinds(ordered)
    store = _Store()
    for one in ordered:
        store.bring(one)
    store.finish()
    CatalogChange.objects.bulk_create([record_of(one, stamp) for one in ordered])


class _Store:
    """The rows by their slugs, read once; new prices are inserted together at the end."""

    def __init__(self) -> None:
        self.families = {family.slug: family for family in Family.objects.all()}
        self.plans = {plan.slug: plan for plan in Plan.objects.all()}
        self.options = {(row.plan.slug, row.slug): row for row in Option.objects.select_related("plan")}
        self.new: list[Price | OptionPrice] = []

    def bring(self, one: Difference) -> None:
        """Make one difference true."""
        if one.key is not None:
            self._price(one)
        elif one.after.keys() == {ORDER}:
            self._order(one)
        elif one.before is None:
            self._add(one)
        else:
            self._change(one)

    def finish(self) -> None:
        """Insert the new prices, after those that they follow were closed."""
        Price.objects.bulk_create(row for row in self.new if isinstance(row, Price))
        OptionPrice.objects.bulk_create(row for row in self.new if isinstance(row, OptionPrice))

    def _add(self, one: Difference) -> None:
        if one.option:
            plan = self.plans[one.plan]
            place = sum(row.plan_id == plan.pk for row in self.options.values())
            row = Option.objects.create(plan=plan, slug=one.option, position=place, **one.after)
            self.options[one.plan, one.option] = row
        elif one.plan:
            family = self.families[one.family]
            self.plans[one.plan] = Plan.objects.create(
                family=family, slug=one.plan, position=self._last_place(family), **one.after
            )
        else:
            place = max((row.position + 1 for row in self.families.values()), default=0)
            self.families[one.family] = Family.objects.create(slug=one.family, position=place, **one.after)

    def _last_place(self, family: Family) -> int:
        return max((row.position + 1 for row in self.plans.values() if row.family_id == family.pk), default=0)

    def _change(self, one: Difference) -> None:
        row = self._row(one)
        values = dict(one.after)
        home = values.pop(FAMILY, None)
        if home is not None and isinstance(row, Plan):
            row.position = self._last_place(self.families[home])
            row.family = self.families[home]
            row.save(update_fields=["family", "position"])
        for name, value in values.items():
            setattr(row, name, value)
        row.save(update_fields=list(values))

    def _row(self, one: Difference) -> Family | Plan | Option:
        if one.option:
            return self.options[one.plan, one.option]
        return self.plans[one.plan] if one.plan else self.families[one.family]

    def _order(self, one: Difference) -> None:
        rows: dict[str, Family | Plan | Option]
        if one.plan:
            rows = {slug: row for (plan, slug), row in self.options.items() if plan == one.plan}
        elif one.family:
            home = self.families[one.family]
            rows = {slug: row for slug, row in self.plans.items() if row.family_id == home.pk}
        else:
            rows = dict(self.families)
        named = [slug for slug in one.after[ORDER] if slug in rows]
        for place, slug in enumerate(named + [slug for slug in rows if slug not in named]):
            if rows[slug].position != place:
                rows[slug].position = place
                rows[slug].save(update_fields=["position"])

    def _price(self, one: Difference) -> None:
        """Bring one price from one timeline to another; what stays is not touched."""
        owner = self.options[one.plan, one.option] if one.option else self.plans[one.plan]
        wanted = {span.since: span for span in one.after}
        kept: list[Price] | list[OptionPrice] = []
        for row in rows_of(owner, one.key) if one.before else []:
            span = wanted.get(row.valid_from)
            if span is not None and span.amount == row.amount:
                kept.append(row)
                del wanted[row.valid_from]
            else:
                row.delete()
        ends = {span.since: span.until for span in one.after}
        for row in kept:
            if row.valid_until != ends[row.valid_from]:
                row.valid_until = ends[row.valid_from]
                row.save(update_fields=["valid_until"])
        self.new += [new_row(owner, one.key, span) for span in wanted.values()]


def rows_of(owner: Plan | Option, key: PriceKey | None) -> list[Any]:
    """Return the rows of one price of a plan or an option, in the order of their days."""
    purpose, currency, months = key or ("", "", 0)
    if isinstance(owner, Option):
        return list(owner.prices.filter(currency=currency, months=months).order_by("valid_from"))
    rows = owner.prices.filter(purpose=purpose, currency=currency, months=months)
    return list(rows.order_by("valid_from"))


def new_row(owner: Plan | Option, key: PriceKey | None, span: Span) -> Price | OptionPrice:
    """Return a price that is not stored yet."""
    purpose, currency, months = key or ("", "", 0)
    values = {
        "currency": currency,
        "months": months,
        "amount": span.amount,
        "valid_from": span.since,
        "valid_until": span.until,
    }
    if isinstance(owner, Plan):
        return Price(plan=owner, purpose=purpose, **values)
    return OptionPrice(option=owner, **values)
