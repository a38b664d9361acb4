"""The bank accounts of the companies that sell, and the logos of their documents."""

from typing import ClassVar

import django.db.models.deletion
from django.db import migrations, models

READ_ONLY = """
REVOKE INSERT, UPDATE, DELETE ON billing_selleraccount, billing_sellerlogo FROM manager_web, manager_worker;
"""
READ_ONLY_DOWN = """
GRANT INSERT, UPDATE, DELETE ON billing_selleraccount, billing_sellerlogo TO manager_web, manager_worker;
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [("billing", "0011_proof")]

    operations: ClassVar = [
        migrations.CreateModel(
            name="SellerAccount",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("currency", models.CharField(choices=[("CHF", "CHF"), ("EUR", "EUR")], max_length=3)),
                ("iban", models.CharField(max_length=34)),
                ("qr_iban", models.CharField(blank=True, max_length=21)),
                ("bic", models.CharField(blank=True, max_length=11)),
                ("bank_name", models.CharField(max_length=70)),
                ("account_holder", models.CharField(blank=True, max_length=70)),
                (
                    "legal_entity",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="accounts",
                        to="billing.legalentity",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=["legal_entity", "currency"], name="seller_account_one_per_currency"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="SellerLogo",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("picture", models.BinaryField()),
                (
                    "legal_entity",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="logo",
                        to="billing.legalentity",
                    ),
                ),
            ],
        ),
        migrations.RunSQL(READ_ONLY, READ_ONLY_DOWN),
    ]
