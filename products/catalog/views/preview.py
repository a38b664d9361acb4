"""The back office's preview of a plan: as the shop shows it, in a language and currency, on a day."""

from datetime import date
from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import translation
from django.views.decorators.http import require_safe

from accounts.sessions.staff import StaffRequest, staff_view
from manager.kit.fields import CURRENCIES
from manager.kit.money import Money
from products.catalog.labels import describe_period
from products.catalog.models import OptionPrice, Plan, Price, Purpose
from products.catalog.price_forms import PreviewForm
from products.catalog.rights import EDIT_CATALOG
from products.catalog.selectors import find_price, list_offered_options, list_prices
from products.catalog.staff_selectors import find_plan
from products.catalog.views.pages import today_of


@require_safe
@staff_view(EDIT_CATALOG)
def preview(request: StaffRequest, slug: str) -> HttpResponse:
    """Show a plan as customers see it, also before it is published or a planned price holds."""
    plan = find_plan(slug=slug)
    form = PreviewForm(request.GET)
    form.is_valid()
    language = form.cleaned_data.get("language") or translation.get_language() or "en"
    currency = form.cleaned_data.get("currency") or CURRENCIES[0][0]
    on = form.cleaned_data.get("on") or today_of(request)
    context = {
        "plan": plan,
        "shown": show_plan(request, plan, language=language, currency=currency, on=on),
        "chosen": {"language": language, "currency": currency, "on": on.isoformat()},
        "languages": settings.LANGUAGES,
        "currencies": CURRENCIES,
    }
    return render(request, "products/catalog/preview.html", context)


def show_plan(request: StaffRequest, plan: Plan, *, language: str, currency: str, on: date) -> str:
    """Return the plan as the shop shows it on the day `on`; it may hold texts that are not saved."""
    with translation.override(language):
        return render_to_string("products/catalog/preview_shop.html", _offer(plan, currency, on), request)


def show_draft(
    request: StaffRequest, plan: Plan, values: dict[str, Any], *, on: date
) -> list[tuple[str, str, str]]:
    """Return code, name and page of each language as the plan would be with `values`; nothing is kept."""
    for name, value in values.items():
        setattr(plan, name, value)
    currency = CURRENCIES[0][0]
    return [
        (code, str(label), show_plan(request, plan, language=code, currency=currency, on=on))
        for code, label in settings.LANGUAGES
    ]


def _offer(plan: Plan, currency: str, on: date) -> dict[str, object]:
    first = list_prices(plans=[plan], currency=currency, on=on, purpose=Purpose.REGISTER).get(plan.pk, {})
    later = list_prices(plans=[plan], currency=currency, on=on).get(plan.pk, {})
    options = list_offered_options(plans=[plan], currency=currency, on=on).get(plan.pk, [])
    return {
        "plan": plan,
        "fee": find_price(plan=plan, months=0, currency=currency, on=on, purpose=Purpose.RESTORE),
        "cheapest": next(((describe_period(months), price.money) for months, price in first.items()), None),
        "periods": [_period(price, later.get(months)) for months, price in first.items()],
        "options": [(offered.option, _prices(offered.prices)) for offered in options],
    }


def _period(price: Price, later: Price | None) -> dict[str, object]:
    """Return a period as the shop shows it; `later` is what each further one costs where that differs."""
    differs = later is not None and later.amount != price.amount
    return {
        "months": price.months,
        "label": describe_period(price.months),
        "price": price.money,
        "monthly": price.money.share(1, price.months) if price.months > 1 else None,
        "later": later.money if later is not None and differs else None,
    }


def _prices(prices: dict[int, OptionPrice]) -> list[tuple[str, Money]]:
    return [(describe_period(months), price.money) for months, price in prices.items()]
