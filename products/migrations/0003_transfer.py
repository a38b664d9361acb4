"""Offers to transfer a product; no new product in a deleted organization."""

from typing import ClassVar

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from manager.kit.rowsecurity import ProtectTenant


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("organizations", "0005_sheet"),
        ("products", "0002_protect"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations: ClassVar = [
        migrations.CreateModel(
            name="Transfer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("product_name", models.CharField(max_length=190)),
                ("status", models.CharField(choices=[("offered", "Offered"), ("accepted", "Accepted"), ("refused", "Refused"), ("withdrawn", "Withdrawn"), ("expired", "Expired")], default="offered", max_length=10)),
                ("recipient_id", models.BigIntegerField(null=True)),
                ("recipient_name", models.CharField(blank=True, max_length=120)),
                ("token_hash", models.CharField(max_length=64, unique=True)),
                ("created_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("answered_at", models.DateTimeField(null=True)),
                ("offered_by", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
                ("organization", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="organizations.organization")),
                ("product", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="products.product")),
            ],
            options={
                "indexes": [models.Index(fields=["organization", "-id"], name="transfer_newest_first"), models.Index(condition=models.Q(("status", "offered")), fields=["expires_at"], name="transfer_to_expire")],
                "constraints": [models.UniqueConstraint(condition=models.Q(("status", "offered")), fields=("product",), name="transfer_one_open")],
            },
        ),
        ProtectTenant("Transfer"),
        migrations.RunSQL(
            "CREATE TRIGGER not_in_deleted BEFORE INSERT ON products_product "
            "FOR EACH ROW EXECUTE FUNCTION refuse_deleted_organization();",
            "DROP TRIGGER not_in_deleted ON products_product;",
        ),
    ]
