"""Read VAT rates, and under which scheme a seller is."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from billing.profiles.models import LegalEntity
from billing.tax.models import Scheme, SellerScheme, TaxChange, TaxRate
from manager.kit.errors import DomainError
from manager.kit.prepared import Prepared


class RateMissing(DomainError):
    """No rate is known for a country that levies VAT: better no sale than a wrong invoice."""

    code = "tax_rate_missing"
    status = 409
    message = _("The VAT rate of this country is not known. Please contact us.")


@dataclass(frozen=True, slots=True)
class PlaceRates:
    """All rates of one place, in basis points, read once for the lines of a quote."""

    place: str
    spans: tuple[tuple[date, date | None, int], ...]

    def on(self, day: date) -> int:
        """Return the rate of `day`.

        :raises RateMissing: there is none.
        """
        for first, last, rate in self.spans:
            if first <= day and (last is None or day <= last):
                return rate
        raise RateMissing(country=self.place)


def read_rates_of(place: str) -> PlaceRates:
    """Return the rates of `place`, a country or a region with its own."""
    return PlaceRates(place, tuple(_RATES.fetch(place=place)))


def _build_rates(*, place: str) -> QuerySet[TaxRate, tuple[date, date | None, int]]:
    rows = TaxRate.objects.filter(country=place).order_by("valid_from")
    return rows.values_list("valid_from", "valid_until", "rate")


_RATES: Prepared[tuple[date, date | None, int]] = Prepared(_build_rates, planned_once=True)


class TaxTables(Protocol):
    """Where a decision about VAT finds the rates of a place and the scheme of a seller."""

    def rates_of(self, place: str) -> PlaceRates:
        """Return the rates of `place`."""

    def scheme_of(self, seller: LegalEntity, on: date) -> str:
        """Return how `seller` taxes consumers abroad on the day `on`."""


class StoredTables:
    """The tables as the database has them at the moment of the question."""

    def rates_of(self, place: str) -> PlaceRates:
        """Return the rates of `place`."""
        return read_rates_of(place)

    def scheme_of(self, seller: LegalEntity, on: date) -> str:
        """Return how `seller` taxes consumers abroad on the day `on`."""
        return scheme_of(seller=seller, on=on)


class RememberedTables:
    """The tables as they were when first asked, however many decisions are made by them."""

    def __init__(self) -> None:
        self._rates: dict[str, list[tuple[date, date | None, int]]] | None = None
        self._schemes: dict[tuple[int, date], str] = {}

    def rates_of(self, place: str) -> PlaceRates:
        """Return the rates of `place`."""
        if self._rates is None:
            self._rates = {}
            rows = TaxRate.objects.order_by("valid_from")
            for place_of, first, last, rate in rows.values_list(
                "country", "valid_from", "valid_until", "rate"
            ):
                self._rates.setdefault(place_of, []).append((first, last, rate))
        return PlaceRates(place, tuple(self._rates.get(place, ())))

    def scheme_of(self, seller: LegalEntity, on: date) -> str:
        """Return how `seller` taxes consumers abroad on the day `on`."""
        key = (seller.pk, on)
        if key not in self._schemes:
            self._schemes[key] = scheme_of(seller=seller, on=on)
        return self._schemes[key]


def get_rate(*, country: str, on: date) -> int:
    """Return the standard rate of `country` (or region) on the day `on`, in basis points.

    :raises RateMissing: there is none.
    """
    return read_rates_of(country).on(on)


def scheme_of(*, seller: LegalEntity, on: date) -> str:
    """Return how `seller` taxes consumers in other countries of the European Union on the day `on`."""
    rows = SellerScheme.objects.filter(_in_force(on), legal_entity_id=seller.pk)
    return rows.values_list("scheme", flat=True).first() or Scheme.ONE_STOP_SHOP


def list_rates(*, places: Iterable[str] | None = None) -> QuerySet[TaxRate]:
    """Return the rates of `places`, all when None, by place, the newest first."""
    rates = TaxRate.objects.order_by("country", "-valid_from")
    return rates if places is None else rates.filter(country__in=places)


def list_schemes() -> QuerySet[SellerScheme]:
    """Return the schemes of all sellers, the newest first."""
    return SellerScheme.objects.select_related("legal_entity").order_by(
        "legal_entity__name", "legal_entity_id", "-valid_from"
    )


def list_tax_changes(*, subject: str = "") -> QuerySet[TaxChange]:
    """Return what was changed, the newest first; of one `subject` or of all."""
    changes = TaxChange.objects.order_by("-id")
    return changes.filter(subject=subject) if subject else changes


def _in_force(on: date) -> Q:
    return (Q(valid_until=None) | Q(valid_until__gte=on)) & Q(valid_from__lte=on)
