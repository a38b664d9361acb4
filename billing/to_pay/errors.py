"""Refusals of a selection."""

from django.utils.translation import gettext_lazy as _

from manager.kit.errors import DomainError


class NothingSelected(DomainError):
    """Nothing was selected."""

    code = "nothing_selected"
    status = 422
    message = _("Select at least one product or invoice to pay.")


class TooMuchSelected(DomainError):
    """More than fits on one invoice."""

    code = "too_much_selected"
    status = 422
    message = _("Please select at most 200 products and invoices at once.")


class NumberedPaidAlone(DomainError):
    """An issued invoice never changes, so it cannot become part of another one (BIL-5)."""

    code = "numbered_paid_alone"
    status = 422
    message = _("An issued invoice is paid on its own. Select it alone, or leave it out.")


class PaidAlone(DomainError):
    """The invoice gives more than days of products, such as a change or a restore: it is paid as it is."""

    code = "paid_alone"
    status = 422
    message = _("This invoice is paid on its own. Select it alone, or leave it out.")
