"""The options that a product has."""

from typing import ClassVar

import django.db.models.deletion
from django.db import migrations, models

from manager.kit.rowsecurity import ProtectTenant


class Migration(migrations.Migration):
    dependencies: ClassVar = [("products", "0006_provisioning")]

    operations: ClassVar = [
        migrations.CreateModel(
            name="ProductOption",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("slug", models.SlugField()),
                ("quantity", models.PositiveIntegerField()),
                ("organization", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="organizations.organization")),
                ("product", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="options", to="products.product")),
            ],
            options={
                "indexes": [models.Index(fields=["slug", "product"], name="product_option_by_slug")],
                "constraints": [
                    models.UniqueConstraint(fields=("product", "slug"), name="product_option_once"),
                    models.CheckConstraint(condition=models.Q(("quantity__gte", 1)), name="product_option_positive"),
                ],
            },
        ),
        ProtectTenant("ProductOption"),
    ]
