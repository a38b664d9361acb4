"""Transfers that were announced, the order of saved means, notices that cards end."""

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Q

from manager.kit.rowsecurity import ProtectTenant

ID = models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")
ORGANIZATION = models.ForeignKey(
    on_delete=django.db.models.deletion.PROTECT, related_name="+", to="organizations.organization"
)


class Migration(migrations.Migration):
    dependencies = [("billing", "0013_reservations")]

    operations = [
        migrations.AlterField(
            "paymentmethod",
            "kind",
            models.CharField(
                choices=[
                    ("card", "Card"),
                    ("twint", "TWINT"),
                    ("paypal", "PayPal"),
                    ("postfinance", "PostFinance"),
                    ("prepaid", "Prepaid account"),
                ],
                max_length=12,
            ),
        ),
        migrations.AddField(
            "paymentmethod", "position", models.PositiveSmallIntegerField(db_default=0, default=0)
        ),
        migrations.CreateModel(
            name="ExpiryNotice",
            fields=[
                ("id", ID),
                ("ends_on", models.DateField()),
                ("days", models.PositiveSmallIntegerField()),
                ("created_at", models.DateTimeField()),
                (
                    "method",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="billing.paymentmethod",
                    ),
                ),
                ("organization", ORGANIZATION),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=["method", "ends_on", "days"], name="expiry_notice_once")
                ]
            },
        ),
        migrations.CreateModel(
            name="AnnouncedTransfer",
            fields=[
                ("id", ID),
                ("chosen_by", models.BigIntegerField(null=True)),
                ("chosen_at", models.DateTimeField()),
                ("withdrawn_at", models.DateTimeField(null=True)),
                (
                    "invoice",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="announced_transfers",
                        to="billing.invoice",
                    ),
                ),
                ("organization", ORGANIZATION),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=Q(withdrawn_at=None),
                        fields=["invoice"],
                        name="announced_transfer_one_open",
                    )
                ]
            },
        ),
        ProtectTenant("ExpiryNotice"),
        ProtectTenant("AnnouncedTransfer"),
    ]
