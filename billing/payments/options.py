"""The means that a person can choose from on the page to pay (BIL-3)."""

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from billing.gateway.vocabulary import MeansKind
from billing.invoices.models import Invoice
from billing.ledger.models import AccountKind
from billing.ledger.selectors import get_balance
from billing.payment_methods.kinds import ICONS, new_kinds
from billing.payment_methods.models import PaymentMethod
from billing.payment_methods.selectors import list_methods
from billing.payment_methods.setups import KindNotOffered
from billing.payments.errors import MethodExpired
from billing.payments.next_means import takes
from billing.profiles.models import LegalEntity
from billing.reservations.selectors import due_of
from billing.transfer.selectors import takes_transfers
from manager.kit.money import Money
from organizations.profile.models import Organization

METHOD, NEW, PREPAID, TRANSFER = "method", "new", "prepaid", "transfer"


@dataclass(frozen=True, slots=True)
class PayOption:
    """One card of the choice; `reason` says why it cannot be chosen."""

    value: str
    title: str
    icon: str
    description: str = ""
    badge: str = ""
    aside: str = ""
    reason: str = ""
    method: PaymentMethod | None = None
    kind: MeansKind | None = None


def pay_options(*, invoice: Invoice, today: date) -> list[PayOption]:
    """Return the means that the invoice can be paid with, as `list_means` orders them."""
    return list_means(
        organization=invoice.organization,
        legal_entity=invoice.legal_entity,
        total=due_of(invoice=invoice),
        today=today,
    )


def list_means(
    *, organization: Organization, legal_entity: LegalEntity, total: Money, today: date
) -> list[PayOption]:
    """Return the means for `total`, which `legal_entity` is to get.

    Saved means come first, then the prepaid account, then what can be entered anew.
    """
    saved = [
        _saved(method, total.currency, today)
        for method in list_methods(organization=organization)
        if not method.is_prepaid
    ]
    fresh = [
        PayOption(f"{NEW}-{kind.value}", kind.title, kind.icon, kind.description, kind=MeansKind(kind.value))
        for kind in new_kinds(currency=total.currency)
    ]
    prepaid = _prepaid(organization, total)
    return [*saved, prepaid, *fresh, *_transfer(legal_entity, total.currency)]


def _saved(method: PaymentMethod, currency: str, today: date) -> PayOption:
    expiry = (
        f"{method.expiry_month:02d}/{method.expiry_year}"
        if method.expiry_month and method.expiry_year
        else ""
    )
    return PayOption(
        value=f"{METHOD}-{method.pk}",
        title=str(method),
        icon=ICONS[method.kind],
        description=_("Valid until %(expiry)s") % {"expiry": expiry} if expiry else "",
        badge=_("Default") if method.is_default else "",
        reason=_why_not(method, currency, today),
        method=method,
    )


def _why_not(method: PaymentMethod, currency: str, today: date) -> str:
    """Return why a saved means cannot be chosen, as a charge of it would be refused; "" where it can."""
    if method.has_expired(today):
        return str(MethodExpired.message)
    return "" if takes(method, currency) else str(KindNotOffered.message)


def _prepaid(organization: Organization, total: Money) -> PayOption:
    balance = get_balance(organization=organization, kind=AccountKind.PREPAID, currency=total.currency)
    return PayOption(
        value=PREPAID,
        title=_("Prepaid account"),
        icon=ICONS["prepaid"],
        description=_("The invoice is paid at once from your balance."),
        aside=balance.format(),
        reason="" if balance >= total else _("The balance is not enough for all of it."),
    )


def _transfer(legal_entity: LegalEntity, currency: str) -> list[PayOption]:
    if not takes_transfers(legal_entity=legal_entity, currency=currency):
        return []
    text = _("You get the account and a reference. The invoice is paid when the money has arrived.")
    return [PayOption(TRANSFER, str(_("Bank transfer")), ICONS["transfer"], text)]


def first_choice(options: list[PayOption], wanted: str = "") -> str:
    """Return the option to preselect: the one wanted before, else the first that can be chosen."""
    possible = [option.value for option in options if not option.reason]
    return wanted if wanted in possible else next(iter(possible), "")
