"""Refusals of a restore."""

from django.utils.translation import gettext_lazy as _

from manager.kit.errors import DomainError


class RestoreRefused(DomainError):
    """The domain is not in redemption, or cannot be restored for this period."""

    code = "restore_refused"
    message = _("This domain cannot be restored here.")


class FeeUnknown(DomainError):
    """The catalogue has no fee for restoring domains of this kind in this currency."""

    code = "restore_fee_unknown"
    message = _("The fee for restoring this domain is not known yet. Please write to us.")
