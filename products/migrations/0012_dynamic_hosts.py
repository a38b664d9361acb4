"""DynDNS: names of a domain whose address a device tells."""

from typing import ClassVar

import django.db.models.deletion
from django.db import migrations, models

from manager.kit.rowsecurity import ProtectTenant


class Migration(migrations.Migration):
    dependencies: ClassVar = [("products", "0011_setup")]

    operations: ClassVar = [
        migrations.CreateModel(
            name="DynamicHost",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=253)),
                ("key_hash", models.CharField(max_length=64)),
                ("told_at", models.DateTimeField(null=True)),
                ("told_by", models.CharField(blank=True, max_length=300)),
                ("created_at", models.DateTimeField()),
                ("organization", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="organizations.organization")),
                ("product", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="products.product")),
            ],
        ),
        migrations.AddConstraint(
            model_name="dynamichost",
            constraint=models.UniqueConstraint(fields=("product", "name"), name="dynamic_host_once"),
        ),
        migrations.AlterField(
            model_name="zoneversion",
            name="change",
            field=models.CharField(choices=[("begun", "Zone set up"), ("added", "Record added"), ("edited", "Record changed"), ("deleted", "Records deleted"), ("imported", "Zone file imported"), ("restored", "Earlier version restored"), ("device", "Address told by a device")], max_length=10),
        ),
        ProtectTenant("DynamicHost"),
    ]
