"""The bank accounts that customers transfer to."""

from django.db import models

from billing.profiles.models import LegalEntity
from manager.kit.fields import CURRENCIES


class SellerAccount(models.Model):
    """Where a company of the operator takes transfers in one currency (BIL-17).

    `qr_iban` is the account of Swiss payment parts with a QR reference; without it they carry a creditor
    reference and `iban`. `account_holder` is empty where the account stands in the company's own name.
    """

    legal_entity = models.ForeignKey(LegalEntity, on_delete=models.PROTECT, related_name="accounts")
    currency = models.CharField(max_length=3, choices=CURRENCIES)
    iban = models.CharField(max_length=34)
    qr_iban = models.CharField(max_length=21, blank=True)
    bic = models.CharField(max_length=11, blank=True)
    bank_name = models.CharField(max_length=70)
    account_holder = models.CharField(max_length=70, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["legal_entity", "currency"], name="seller_account_one_per_currency"
            )
        ]

    def __str__(self) -> str:
        return f"{self.iban} ({self.currency})"

    @property
    def holder(self) -> str:
        """In whose name the account stands."""
        return self.account_holder or self.legal_entity.name
