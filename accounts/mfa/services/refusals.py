"""Why a proof is refused; the same for every kind of factor, so that pages answer alike."""

from django.utils.translation import gettext_lazy as _

from manager.kit.errors import DomainError


class WrongCode(DomainError):
    """The code is wrong, has expired, or was used already."""

    code = "wrong_code"
    status = 422
    field = "code"
    message = _("This code is not right. Wait for the next one and try again.")


class WrongPassword(DomainError):
    """The password is not the account's."""

    code = "wrong_password"
    status = 422
    field = "password"
    message = _("This is not your password.")


class SecondFactorIsOff(DomainError):
    """There is no second factor to use or to turn off."""

    code = "second_factor_is_off"
    message = _("Two-step sign-in is not on.")


class TooManyFactors(DomainError):
    """The person has as many of a kind as anybody needs."""

    code = "too_many_factors"
    message = _("You have many of this kind already. Remove one that you no longer use first.")
