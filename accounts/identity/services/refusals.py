"""Why a step of an identity check is refused."""

from django.utils.translation import gettext_lazy as _

from manager.kit.errors import DomainError


class CaseNotOpen(DomainError):
    """The case is closed, was sent already, or its 72 hours are over."""

    code = "identity_case_not_open"
    message = _("This identity check can no longer be changed.")


class CodeRefused(DomainError):
    """The code of six digits is wrong, used, or too old."""

    code = "wrong_code"
    status = 422
    field = "code"
    message = _("This code is not right, or it is too old. Please ask for a new one.")


class OtherPhone(DomainError):
    """A number was proved in this case already, and this is another one."""

    code = "other_phone"
    status = 422
    field = "phone"
    message = _("Please use the number that you gave at first.")


class ImageTooSmall(DomainError):
    """Nobody could read a document in a picture of this size."""

    code = "image_too_small"
    status = 422
    field = "file"
    message = _("This picture is too small to read. Please take it with the camera of your phone.")


class PhotographsMissing(DomainError):
    """The case cannot be sent before every photograph is there."""

    code = "photographs_missing"
    message = _("Some photographs are still missing.")


class PersonUnknown(DomainError):
    """Nobody knows whose account the case is about."""

    code = "person_unknown"
    status = 422
    field = "user"
    message = _("Choose whose account this is, or refuse.")


class OwnCase(DomainError):
    """Nobody decides about himself or herself."""

    code = "own_case"
    status = 403
    message = _("You cannot decide your own identity check.")


class TooLateToStop(DomainError):
    """What was approved has been done."""

    code = "too_late_to_stop"
    message = _("This identity check is closed; nothing is left to stop.")
