"""In which currency a visitor sees prices: the chosen one, else that of the browser's country (PRD-1)."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from manager.kit.fields import CURRENCIES
from organizations.profile.currency import currency_of

COOKIE = "currency"
A_YEAR = 60 * 60 * 24 * 365
CODES = tuple(code for code, _label in CURRENCIES)


def currency_for(request: HttpRequest) -> str:
    """Return the visitor's currency; without any sign of a country, the first one of the panel."""
    chosen = request.COOKIES.get(COOKIE, "")
    return chosen if chosen in CODES else _currency_of_browser(request.headers.get("Accept-Language", ""))


def remember_currency(response: HttpResponse, currency: str) -> None:
    """Keep the visitor's choice."""
    response.set_cookie(
        COOKIE, currency, max_age=A_YEAR, httponly=True, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE
    )


def _currency_of_browser(languages: str) -> str:
    """Return the currency of the first country that the browser's languages name, as `de-AT` names one."""
    for part in languages[:200].split(","):
        _language, _dash, country = part.split(";")[0].strip().partition("-")
        if len(country) == 2 and country.isalpha():
            return currency_of(country.upper())
    return CODES[0]
