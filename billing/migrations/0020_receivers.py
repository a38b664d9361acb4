"""Receivers of billing messages outside of the members."""

from typing import ClassVar

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

import manager.kit.fields
from manager.kit.rowsecurity import ProtectTenant

MESSAGES = [
    ("invoices", "Invoices, receipts and credit notes"),
    ("reminders", "Reminders and failed payments"),
    ("balance", "Transfers and the prepaid account"),
]
STATUSES = [
    ("waiting", "Waits for the confirmation"),
    ("active", "Active"),
    ("refused", "Wants no messages"),
]


class Migration(migrations.Migration):
    dependencies: ClassVar = [("billing", "0019_setup"), ("organizations", "0007_support")]

    operations: ClassVar = [
        migrations.CreateModel(
            name="BillingReceiver",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "name",
                    models.CharField(
                        max_length=120, validators=[manager.kit.fields.refuse_control_characters]
                    ),
                ),
                ("email", models.EmailField(max_length=254)),
                ("language", models.CharField(max_length=5)),
                (
                    "messages",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(choices=MESSAGES, max_length=12), size=None
                    ),
                ),
                ("status", models.CharField(choices=STATUSES, default="waiting", max_length=10)),
                ("token_hash", models.CharField(max_length=64, unique=True)),
                ("stop_hash", models.CharField(max_length=64, unique=True)),
                ("asked_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("confirmed_at", models.DateTimeField(null=True)),
                ("removed_at", models.DateTimeField(null=True)),
                ("created_at", models.DateTimeField()),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organizations.organization",
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="billingreceiver",
            constraint=models.UniqueConstraint(
                fields=("organization", "email"), name="billing_receiver_once"
            ),
        ),
        ProtectTenant("BillingReceiver"),
    ]
