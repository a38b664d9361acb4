"""What codes and free credits take off the lines of an order: the one function of cart, order and invoice."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from billing.promotions.compute import CodeTerms, CreditTerms, Part, Share, share_out
from billing.promotions.errors import (
    CodeFirstOrderOnly,
    CodeNotForThese,
    CodeOtherCurrency,
    CodeRefused,
    CodeUnknown,
    CodeUsedBefore,
    CodeUsedUp,
    MinimumMissed,
    NothingLeft,
)
from billing.promotions.models import FreeCredit, PromoCode
from billing.promotions.selectors import (
    count_own_uses,
    has_ordered,
    is_open,
    list_usable_credits,
)
from manager.kit.money import Money
from organizations.profile.models import Organization


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A line before discounts, as `lower_prices` takes it; `credit_id` is the free credit chosen on it."""

    plan: str
    family: str
    plan_id: int
    months: int
    unit: Money
    price: Money
    credit_id: int | None = None


@dataclass(frozen=True, slots=True)
class AppliedCode:
    """A code with what it takes off, without VAT, or why it takes nothing off."""

    code: PromoCode
    amount: Money
    refused: CodeRefused | None

    @property
    def minus(self) -> Money:
        """The amount as a summary shows it, below zero."""
        return -self.amount


@dataclass(frozen=True, slots=True)
class Lowered:
    """What is taken off each line, in their order, and what each code takes off all of them."""

    shares: tuple[tuple[Share, ...], ...]
    codes: tuple[AppliedCode, ...]
    currency: str

    @property
    def total(self) -> Money:
        """All that is taken off, without VAT."""
        return Money.total((share.amount for row in self.shares for share in row), self.currency)

    @property
    def by_credits(self) -> Money:
        """What the free credits take off together, below zero, as a summary shows it."""
        return -Money.total(self.used_credits.values(), self.currency)

    @property
    def used_credits(self) -> dict[int, Money]:
        """What each free credit takes off, by its id."""
        found: dict[int, Money] = {}
        for share in (share for row in self.shares for share in row if share.credit_id):
            found[share.credit_id or 0] = share.amount
        return found


def lower_prices(
    *, organization: Organization, lines: Sequence[Line], codes: Sequence[PromoCode], on: date
) -> Lowered:
    """Return what `codes` and the free credits on `lines` take off on the day `on` (BIL-13).

    A code or a credit that cannot be used takes nothing off; for codes the answer says why. The caller who
    places an order holds the locks of both, see `lock_codes`.
    """
    currency = organization.currency
    parts = _parts(organization, lines, on)
    own = count_own_uses(organization_id=organization.pk, codes=codes) if codes else {}
    first = not has_ordered(organization_id=organization.pk) if _asks_for_first(codes) else True
    refused = {
        code.pk: _why_not(code, organization, parts, on=on, own=own.get(code.pk, 0), is_first=first)
        for code in codes
    }
    taken = [_terms(code) for code in codes if refused[code.pk] is None]
    shares = share_out(parts, taken)
    sums = dict.fromkeys((code.pk for code in codes), Money.zero(currency))
    for share in (share for row in shares for share in row if share.code_id):
        sums[share.code_id or 0] += share.amount
    return Lowered(
        shares=tuple(tuple(row) for row in shares),
        codes=tuple(
            AppliedCode(code, sums[code.pk], refused[code.pk] or (None if sums[code.pk] else NothingLeft()))
            for code in codes
        ),
        currency=currency,
    )


def _asks_for_first(codes: Sequence[PromoCode]) -> bool:
    return any(code.first_order_only for code in codes)


def _parts(organization: Organization, lines: Sequence[Line], on: date) -> list[Part]:
    chosen = {line.credit_id for line in lines if line.credit_id}
    usable: dict[int, FreeCredit] = {}
    if chosen:
        found = list_usable_credits(organization_id=organization.pk, on=on).filter(pk__in=chosen)
        usable = {credit.pk: credit for credit in found}
    return [
        Part(
            plan=line.plan,
            family=line.family,
            months=line.months,
            unit=line.unit,
            price=line.price,
            # Each once: two lines that name the same one do not both get it.
            credit=_credit(usable.pop(line.credit_id, None), line, organization) if line.credit_id else None,
        )
        for line in lines
    ]


def _credit(credit: FreeCredit | None, line: Line, organization: Organization) -> CreditTerms | None:
    if credit is None or credit.plan_id != line.plan_id:
        return None
    if credit.currency not in ("", organization.currency):
        return None
    return CreditTerms(credit.pk, _("Free credit"), credit.money, credit.months)


def _terms(code: PromoCode) -> CodeTerms:
    return CodeTerms(
        id=code.pk,
        code=code.code,
        basis_points=code.percent,
        amount=code.money,
        plans=frozenset(code.plans),
        families=frozenset(code.families),
        months=frozenset(code.months),
    )


def _why_not(
    code: PromoCode, organization: Organization, parts: Sequence[Part], *, on: date, own: int, is_first: bool
) -> CodeRefused | None:
    """Return the first reason for which the code takes nothing off, in the order of this list."""
    terms = _terms(code)
    mine = [part.price for part in parts if terms.fits(part)]
    in_currency = code.currency in ("", organization.currency)
    missed = code.minimum is not None and in_currency and _sum(mine, organization) < code.minimum
    reasons: list[tuple[bool, type[CodeRefused]]] = [
        (not is_open(code, organization_id=organization.pk, on=on), CodeUnknown),
        (code.limit_total is not None and code.used >= code.limit_total, CodeUsedUp),
        (code.limit_per_organization is not None and own >= code.limit_per_organization, CodeUsedBefore),
        (not in_currency, CodeOtherCurrency),
        (code.first_order_only and not is_first, CodeFirstOrderOnly),
        (not mine, CodeNotForThese),
        (missed, MinimumMissed),
    ]
    return next((reason() for holds, reason in reasons if holds), None)


def _sum(prices: Sequence[Money], organization: Organization) -> Money:
    return Money.total(prices, organization.currency)
