"""What the rehearsal of the coming days found."""

from typing import ClassVar

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Q

from manager.kit.rowsecurity import ProtectTenant

KEY = {"auto_created": True, "primary_key": True, "serialize": False, "verbose_name": "ID"}
REASONS = [
    ("no_means", "No means of payment"),
    ("card_expired", "Card has expired"),
    ("card_ends", "Card ends before the charge"),
    ("wrong_currency", "Means does not take the currency"),
    ("disputed", "A payment by this means was taken back"),
    ("balance_low", "Balance too low"),
    ("too_late", "Expires soon and does not renew by itself"),
    ("address", "Billing address not complete"),
    ("no_contact", "Nobody gets the billing messages"),
    ("no_vat", "VAT not known for the address"),
    ("no_price", "No price for the next period"),
    ("left_out", "In quarantine"),
]


def of(to: str, **more: bool) -> models.ForeignKey:
    return models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=to, **more)


class Migration(migrations.Migration):
    dependencies: ClassVar = [("billing", "0024_charging")]

    operations: ClassVar = [
        migrations.CreateModel(
            name="RehearsalRound",
            fields=[("id", models.BigAutoField(**KEY)), ("day", models.DateField())],
            options={
                "constraints": [models.CheckConstraint(condition=Q(pk=1), name="rehearsal_round_one")],
            },
        ),
        migrations.CreateModel(
            name="RehearsedOrganization",
            fields=[
                ("id", models.BigAutoField(**KEY)),
                ("on", models.DateField()),
                ("rehearsed_at", models.DateTimeField()),
                ("organization", of("organizations.organization")),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("organization",), name="rehearsed_organization_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Finding",
            fields=[
                ("id", models.BigAutoField(**KEY)),
                ("reason", models.CharField(choices=REASONS, max_length=20)),
                ("charge_on", models.DateField(null=True)),
                ("amount", models.BigIntegerField(null=True)),
                ("currency", models.CharField(max_length=3)),
                ("found_at", models.DateTimeField()),
                ("method", of("billing.paymentmethod", null=True)),
                ("organization", of("organizations.organization")),
                ("product", of("products.product", null=True)),
            ],
            options={
                "indexes": [models.Index(fields=["reason", "-id"], name="finding_of_reason")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("organization", "reason", "product"),
                        name="finding_once",
                        nulls_distinct=False,
                    ),
                    models.CheckConstraint(
                        condition=Q(reason__in=[reason for reason, _label in REASONS]),
                        name="finding_reason_known",
                    ),
                ],
            },
        ),
        ProtectTenant("RehearsedOrganization"),
        ProtectTenant("Finding"),
    ]
