"""An order uses codes and free credits, and gives them back when it is cancelled (BIL-13)."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import F

from billing.invoices.models import Invoice
from billing.promotions.lowering import Lowered
from billing.promotions.models import CartCode, CodeUse, FreeCredit, PromoCode
from manager.kit.actor import Actor


def lock_codes(codes: Sequence[PromoCode]) -> list[PromoCode]:
    """Return codes as they stand, locked until the end of the transaction: orders with them take turns.

    Locked in the order of their ids. The caller holds the lock of the organization's cart before.
    """
    if not codes:
        return []
    rows = PromoCode.objects.select_for_update(no_key=True).filter(pk__in=[code.pk for code in codes])
    return list(rows.order_by("pk"))


@transaction.atomic
def use_promotions(*, invoice: Invoice, lowered: Lowered, actor: Actor, at: datetime) -> None:
    """Note what an order uses. Codes that took nothing off are not used.

    `lowered` was computed under the locks of the cart and of the codes. The database refuses one use
    more than the limit.
    """
    taken = [row for row in lowered.codes if row.amount]
    for row in taken:
        PromoCode.objects.filter(pk=row.code.pk).update(used=F("used") + 1)
    CodeUse.objects.bulk_create(
        CodeUse(
            organization_id=invoice.organization_id,
            code=row.code,
            invoice=invoice,
            amount=row.amount.amount,
            currency=row.amount.currency,
            used_by=actor.user_id,
            used_at=at,
        )
        for row in taken
    )
    for credit_id, amount in lowered.used_credits.items():
        credit = FreeCredit.objects.filter(
            organization_id=invoice.organization_id, pk=credit_id, invoice=None, withdrawn_at=None
        )
        credit.update(invoice=invoice, used_amount=amount.amount, used_at=at)


def empty_cart_codes(*, organization_id: int) -> None:
    """Take all codes out of the cart, once it is ordered."""
    CartCode.objects.filter(organization_id=organization_id).delete()


@transaction.atomic
def give_back_uses(*, organization_id: int, invoice_id: int, at: datetime) -> int:
    """Give back what a cancelled order used, named by its first invoice; return how many codes and credits.

    Called again it does nothing.
    """
    uses = CodeUse.objects.select_for_update().filter(
        organization_id=organization_id, invoice_id=invoice_id, given_back_at=None
    )
    given = list(uses.order_by("code_id"))
    for use in given:
        PromoCode.objects.filter(pk=use.code_id, used__gt=0).update(used=F("used") - 1)
        use.given_back_at = at
        use.save(update_fields=["given_back_at"])
    used = FreeCredit.objects.filter(organization_id=organization_id, invoice_id=invoice_id)
    return len(given) + used.update(invoice=None, used_amount=None, used_at=None)
