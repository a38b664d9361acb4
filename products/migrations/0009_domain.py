"""Domains: their zones with earlier versions, name servers, contacts."""

from typing import ClassVar

import django.db.models.deletion
from django.db import migrations, models

from manager.kit.rowsecurity import ProtectTenant


class Migration(migrations.Migration):
    dependencies: ClassVar = [("organizations", "0001_initial"), ("products", "0008_lists")]

    operations: ClassVar = [
        migrations.CreateModel(
            name="Domain",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=253)),
                ("records", models.JSONField(default=list)),
                ("version", models.PositiveIntegerField(default=0)),
                ("serial", models.PositiveBigIntegerField(default=0)),
                ("last_record_id", models.PositiveIntegerField(default=0)),
                ("offered_version", models.PositiveIntegerField(default=0)),
                ("published_version", models.PositiveIntegerField(default=0)),
                ("name_servers", models.JSONField(default=list)),
                ("contacts", models.JSONField(default=dict)),
                ("is_locked", models.BooleanField(default=True)),
                ("changed_at", models.DateTimeField()),
                ("changed_by", models.CharField(blank=True, max_length=200)),
                ("organization", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="organizations.organization")),
                ("product", models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="products.product")),
            ],
        ),
        migrations.CreateModel(
            name="ZoneVersion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveIntegerField()),
                ("serial", models.PositiveBigIntegerField()),
                ("records", models.JSONField()),
                ("change", models.CharField(choices=[("begun", "Zone set up"), ("added", "Record added"), ("edited", "Record changed"), ("deleted", "Records deleted"), ("imported", "Zone file imported"), ("restored", "Earlier version restored")], max_length=10)),
                ("added", models.PositiveIntegerField(default=0)),
                ("removed", models.PositiveIntegerField(default=0)),
                ("made_at", models.DateTimeField()),
                ("made_by", models.CharField(blank=True, max_length=200)),
                ("organization", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="organizations.organization")),
                ("product", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="products.product")),
            ],
        ),
        migrations.AddIndex(
            model_name="domain",
            index=models.Index(condition=models.Q(("version", models.F("offered_version")), _negated=True), fields=["changed_at"], name="domain_to_publish"),
        ),
        migrations.AddConstraint(
            model_name="zoneversion",
            constraint=models.UniqueConstraint(fields=("product", "number"), name="zone_version_once"),
        ),
        ProtectTenant("Domain"),
        ProtectTenant("ZoneVersion"),
    ]
