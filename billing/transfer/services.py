"""Say where a company of the operator takes transfers; the operator's role alone may."""

from django.utils.translation import gettext_lazy as _
from stdnum import bic as bics
from stdnum import iban as ibans

from billing.profiles.models import LegalEntity
from billing.transfer.models import SellerAccount
from manager.kit.errors import DomainError

# The bank's number in a Swiss IBAN that makes it a QR-IBAN.
QR_BANKS = range(30_000, 32_000)


class BadAccount(DomainError):
    """The account cannot be one: a number is wrong, or of the other kind."""

    code = "bad_account"
    status = 422
    message = _("This is not a valid IBAN.")


def set_seller_account(
    *,
    legal_entity: LegalEntity,
    currency: str,
    iban: str,
    bank_name: str,
    qr_iban: str = "",
    bic: str = "",
    account_holder: str = "",
) -> SellerAccount:
    """Write the account on which `legal_entity` takes transfers in `currency`, in place of an older one.

    :raises BadAccount: an IBAN, a QR-IBAN or a BIC is none, or a QR-IBAN stands where an IBAN belongs.
    """
    account, _created = SellerAccount.objects.using("system").update_or_create(
        legal_entity_id=legal_entity.pk,
        currency=currency,
        defaults={
            "iban": _check(iban, is_qr=False),
            "qr_iban": _check(qr_iban, is_qr=True) if qr_iban else "",
            "bic": _check_bic(bic),
            "bank_name": bank_name,
            "account_holder": account_holder,
        },
    )
    return account


def remove_seller_account(*, legal_entity: LegalEntity, currency: str) -> bool:
    """Take transfers in `currency` no longer; say whether there was an account."""
    accounts = SellerAccount.objects.using("system")
    gone, _by_model = accounts.filter(legal_entity_id=legal_entity.pk, currency=currency).delete()
    return bool(gone)


def _check(text: str, *, is_qr: bool) -> str:
    if not ibans.is_valid(text):
        raise BadAccount(_("%(number)s is not a valid IBAN.") % {"number": text})
    number = str(ibans.compact(text))
    swiss = number[:2] in {"CH", "LI"}
    if (swiss and int(number[4:9]) in QR_BANKS) != is_qr:
        told = _("%(number)s is not a QR-IBAN.") if is_qr else _("%(number)s is a QR-IBAN, not an IBAN.")
        raise BadAccount(told % {"number": text})
    return number


def _check_bic(text: str) -> str:
    if text and not bics.is_valid(text):
        raise BadAccount(_("%(number)s is not a valid BIC.") % {"number": text})
    return str(bics.compact(text)) if text else ""
