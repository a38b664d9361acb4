"""Why a code is not taken (BIL-13). The field is that of the checkout's form."""

from django.utils.translation import gettext_lazy as _

from manager.kit.errors import DomainError


class CodeRefused(DomainError):
    """A code takes nothing off this order."""

    code = "promo_code_refused"
    status = 422
    field = "code"


class CodeUnknown(CodeRefused):
    """There is no such code, it has begun yet or is over, or it is another customer's: one answer for all."""

    code = "promo_code_unknown"
    message = _("We don't know this code, or it is not valid any more.")


class CodeUsedUp(CodeRefused):
    """It was used as often as it can be."""

    code = "promo_code_used_up"
    message = _("This code was used as often as it can be.")


class CodeUsedBefore(CodeRefused):
    """This organization has used it as often as each may."""

    code = "promo_code_used_before"
    message = _("You have used this code already.")


class CodeOtherCurrency(CodeRefused):
    """It is for another currency than the organization's."""

    code = "promo_code_other_currency"
    message = _("This code is for orders in another currency.")


class CodeFirstOrderOnly(CodeRefused):
    """The organization has ordered before."""

    code = "promo_code_first_order_only"
    message = _("This code is for a first order only.")


class CodeNotForThese(CodeRefused):
    """Nothing in the order is of its plans and periods."""

    code = "promo_code_not_for_these"
    message = _("This code is not for these products and periods.")


class MinimumMissed(CodeRefused):
    """What it is for costs less than its minimum."""

    code = "promo_code_minimum"
    message = _("The products that this code is for cost less than its minimum.")


class NothingLeft(CodeRefused):
    """What it is for costs nothing by then."""

    code = "promo_code_nothing_left"
    message = _("There is nothing left from which this code could be taken.")


class TooManyCodes(CodeRefused):
    """The order has as many codes as it can have."""

    code = "promo_code_too_many"
    message = _("An order takes at most ten codes.")


class TooManyGuesses(DomainError):
    """Too many codes that do not exist were tried."""

    code = "promo_code_guesses"
    status = 429
    field = "code"
    message = _("Too many codes were tried. Please try again in an hour.")


class CreditRefused(DomainError):
    """The free credit is not there any more, or is for another product."""

    code = "free_credit_refused"
    status = 422
    field = "free_credit"
    message = _("This free credit cannot be used for this product.")
