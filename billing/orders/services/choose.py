"""Check what somebody chose of a plan, in an organization or as a visitor (PRD-3, INC-27)."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from billing.orders.domain_check import require_free
from billing.orders.domain_names import clean_domain_name, require_extension
from billing.orders.models import CartLine
from billing.orders.trials import TrialRefused
from manager.kit.errors import DomainError
from products.catalog.models import Plan, Purpose
from products.catalog.price_book import read_price_book
from products.catalog.pricing import clean_options, price_parts
from products.catalog.selectors import PriceNotFound
from products.catalog.setup import clean_setup
from products.inventory.services import clean_name

MOST_UNITS = 100


class QuantityRefused(DomainError):
    """The quantity is not a whole number between 1 and 100."""

    code = "quantity_invalid"
    status = 422
    field = "quantity"
    message = _("Please choose a quantity between 1 and 100.")


def choose_plan(
    *,
    plan: Plan,
    months: int,
    quantity: int,
    name: str,
    options: Mapping[str, int],
    is_trial: bool,
    currency: str,
    on: date,
    setup: Mapping[str, Any] | None = None,
) -> CartLine:
    """Return the choice as a line of nobody's cart, checked against what is sold on the day `on`.

    `setup` is what was chosen for the setting up, such as the system of a server.

    :raises PriceNotFound: the plan or an option is not sold for `months` in `currency`.
    :raises OptionRefused: the plan has no such option, or not so many units.
    :raises QuantityRefused: not between 1 and 100.
    :raises DomainNameInvalid: the plan needs a domain name and `name` is none, or of another extension.
    :raises DomainNameTaken: the plan registers domain names, and this one is taken.
    :raises NameInvalid: `name` cannot be a product's name.
    :raises TrialRefused: the plan has no trial, or not several at once, or not with options.
    :raises SetupRefused: the plan does not offer what was chosen for its setting up.
    """
    require_quantity(quantity)
    if not plan.is_orderable:
        raise PriceNotFound
    chosen = require_sold(plan=plan, months=months, options=options, currency=currency, on=on)
    if is_trial:
        _require_trial(plan, quantity, chosen)
    if plan.needs_domain_name:
        name, quantity = _domain_name(plan, name), 1
    elif name.strip():
        name = clean_name(name)
    return CartLine(
        plan=plan,
        months=months,
        quantity=quantity,
        options=chosen,
        name=name.strip(),
        is_trial=is_trial,
        setup=clean_setup(plan=plan, chosen=setup or {}),
    )


def require_quantity(quantity: int) -> None:
    """Refuse what is no whole number between 1 and 100.

    :raises QuantityRefused: so it is.
    """
    if type(quantity) is not int or not 1 <= quantity <= MOST_UNITS:
        raise QuantityRefused


def require_sold(
    *, plan: Plan, months: int, options: Mapping[str, int], currency: str, on: date
) -> dict[str, int]:
    """Return the options as a line keeps them, if the plan is sold with them for this period.

    :raises PriceNotFound: it is not.
    :raises OptionRefused: the plan has no such option, or not so many units.
    """
    book = read_price_book(plans=[plan], currency=currency, on=on)
    chosen = clean_options(book, plan=plan, chosen=options)
    price_parts(book, plan=plan, months=months, quantity=1, options=chosen, purpose=Purpose.REGISTER)
    return chosen


def _domain_name(plan: Plan, text: str) -> str:
    """Return the domain name; one that the plan registers has its extension and is still free."""
    if not plan.extension:
        return clean_domain_name(text)
    name = require_extension(text, plan.extension)
    require_free([name])
    return name


def _require_trial(plan: Plan, quantity: int, options: Mapping[str, int]) -> None:
    if not plan.trial_months:
        raise TrialRefused(_("This offer cannot be tried for free."))
    if quantity != 1:
        raise TrialRefused(_("You can try one of it at a time."))
    if options:
        raise TrialRefused(_("A trial comes without options. You can add them once it runs."))
