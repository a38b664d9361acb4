"""QR codes that banking applications read: the Swiss payment code and the European one (BIL-17)."""

import re
from typing import Any

import segno
from qrbill import QRBill

from billing.profiles.party import Party
from billing.transfer.models import SellerAccount
from billing.transfer.references import QRR, Reference
from manager.kit.errors import DomainError
from manager.kit.money import Money

# What both standards let stand in a code: Latin letters with the signs of Western and Central Europe.
WRITABLE = re.compile(r"[\u0020-\u007e\u00a0-\u017f\u0218-\u021b\u20ac]+")
HOUSE_NUMBER = re.compile(r"(?P<street>.*\D)\s+(?P<number>\d{1,5}\s?[a-zA-Z]?)")
# In millimetres, as the standard says: the code and the cross in its middle.
# The width of the code and of the cross in it, in tenths of a millimetre.
CODE_SIZE, CROSS_SIZE = 460, 70
EPC_MOST = 999_999_999_99


class NotPayable(DomainError):
    """The payment cannot be written as a code, as an amount, a name or an account does not fit in."""

    code = "not_payable_by_code"


def qr_bill_payload(
    *,
    account: SellerAccount,
    reference: Reference,
    amount: Money | None,
    debtor: Party | None = None,
    message: str = "",
) -> str:
    """Return the text of the Swiss QR code: structured addresses, never combined ones.

    `amount` None lets the payer choose. A debtor whose name or address cannot stand in a code is left out.

    :raises NotPayable: the rest cannot stand in one either.
    """
    try:
        bill = QRBill(
            account=account.qr_iban if reference.kind == QRR else account.iban,
            creditor=_address(_creditor(account)),
            debtor=_address(debtor) if debtor and _is_writable(debtor) else None,
            amount=str(amount.as_decimal()) if amount else None,
            currency=account.currency,
            reference_number=reference.text,
            additional_information=message[:140],
        )
    except ValueError as error:
        raise NotPayable(str(error)) from error
    _refuse_combined(bill)
    return str(bill.qr_data())


def qr_bill_svg(
    *,
    account: SellerAccount,
    reference: Reference,
    amount: Money | None,
    debtor: Party | None = None,
    message: str = "",
) -> str:
    """Return the Swiss QR code with its cross as SVG, without margin; it is to be 46 mm wide in print.

    :raises NotPayable: see `qr_bill_payload`.
    """
    payload = qr_bill_payload(
        account=account, reference=reference, amount=amount, debtor=debtor, message=message
    )
    return _svg(payload, cross=True)


def epc_payload(*, account: SellerAccount, reference: Reference, amount: Money) -> str:
    """Return the text of the European payment code (EPC069-12, version 2), for euros.

    :raises NotPayable: the amount is none of euros from 0.01 to 999,999,999.99, or the kind is wrong.
    """
    if amount.currency != "EUR" or reference.kind == QRR or not 0 < amount.amount <= EPC_MOST:
        raise NotPayable("An amount in euros with a creditor reference is needed.")
    if not WRITABLE.fullmatch(account.holder):
        raise NotPayable("The holder's name cannot stand in a code.")
    lines = ["BCD", "002", "1", "SCT", account.bic, account.holder[:70], account.iban]
    return "\n".join([*lines, f"EUR{amount.as_decimal()}", "", reference.text])


def epc_qr_svg(*, account: SellerAccount, reference: Reference, amount: Money) -> str:
    """Return the European payment code as SVG, without margin.

    :raises NotPayable: see `epc_payload`.
    """
    return _svg(epc_payload(account=account, reference=reference, amount=amount), cross=False)


def _creditor(account: SellerAccount) -> Party:
    entity = Party.of_entity(account.legal_entity)
    return Party.from_json({**entity.as_json(), "name": account.holder})


def _address(party: Party) -> dict[str, str]:
    """Return the structured address; a house number at the end of the street stands in its own field."""
    found = HOUSE_NUMBER.fullmatch(party.street.strip())
    street, number = (found["street"], found["number"]) if found else (party.street, "")
    return {
        "name": party.name[:70],
        "street": street.strip()[:70],
        "house_num": number,
        "pcode": party.postal_code[:16],
        "city": party.city[:35],
        "country": party.country,
    }


def _is_writable(party: Party) -> bool:
    texts = (party.name, party.street or "-", party.postal_code, party.city, party.country)
    return all(WRITABLE.fullmatch(text) for text in texts)


def _refuse_combined(bill: QRBill) -> None:
    parties: list[Any] = [bill.creditor, *([bill.debtor] if bill.debtor else [])]
    if any(party.data_list()[0] != "S" for party in parties):
        raise NotPayable("Banks refuse combined addresses since 2025.")


def _svg(payload: str, *, cross: bool) -> str:
    rows = list(segno.make_qr(payload, error="m", encoding="utf-8", boost_error=False).matrix)
    side = len(rows)
    path = "".join(
        f"M{found.start()} {y}h{len(found[0])}v1h-{len(found[0])}z"
        for y, row in enumerate(rows)
        for found in re.finditer("1+", "".join(str(dot) for dot in row))
    )
    full = CODE_SIZE * side
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {full} {full}" shape-rendering="crispEdges">'
        f'<path fill="#fff" d="M0 0h{full}v{full}h-{full}z"/>'
        f'<path fill="#000" transform="scale({CODE_SIZE})" d="{path}"/>'
        f"{_cross(side) if cross else ''}</svg>"
    )


def _cross(side: int) -> str:
    """Return the Swiss cross of 7 mm for a code of `side` dots: black with a white frame.

    The picture is drawn in whole units: a dot is CODE_SIZE of them, a tenth of a millimetre is `side`.
    """
    middle = CODE_SIZE * side // 2

    def box(width: int, height: int, fill: str) -> str:
        x, y = middle - width * side // 2, middle - height * side // 2
        return f'<rect x="{x}" y="{y}" width="{width * side}" height="{height * side}" fill="{fill}"/>'

    frame = box(CROSS_SIZE, CROSS_SIZE, "#fff") + box(62, 62, "#000")
    return frame + box(12, 40, "#fff") + box(40, 12, "#fff")
