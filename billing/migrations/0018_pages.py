"""Files with all documents of a period, made by a worker."""

from typing import ClassVar

import django.db.models.deletion
from django.db import migrations, models

from manager.kit.rowsecurity import ProtectTenant


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("billing", "0017_tax"),
        ("organizations", "0007_support"),
    ]

    operations: ClassVar = [
        migrations.CreateModel(
            name="PeriodArchive",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("first", models.DateField()),
                ("last", models.DateField()),
                ("language", models.CharField(max_length=5)),
                ("asked_by", models.BigIntegerField(null=True)),
                ("asked_at", models.DateTimeField()),
                ("total", models.PositiveIntegerField()),
                ("done", models.PositiveIntegerField(default=0)),
                ("size", models.PositiveBigIntegerField(default=0)),
                ("lease_until", models.DateTimeField(null=True)),
                ("fence", models.PositiveIntegerField(default=0)),
                ("ready_at", models.DateTimeField(null=True)),
                ("expires_at", models.DateTimeField()),
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
        migrations.CreateModel(
            name="ArchivePart",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("position", models.PositiveIntegerField()),
                ("content", models.BinaryField()),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organizations.organization",
                    ),
                ),
                (
                    "archive",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="parts",
                        to="billing.periodarchive",
                    ),
                ),
            ],
        ),
        migrations.AddIndex(
            model_name="periodarchive",
            index=models.Index(fields=["organization", "-id"], name="archive_newest_first"),
        ),
        migrations.AddIndex(
            model_name="periodarchive",
            index=models.Index(
                condition=models.Q(("ready_at", None)), fields=["lease_until"], name="archive_to_make"
            ),
        ),
        migrations.AddIndex(
            model_name="periodarchive",
            index=models.Index(fields=["expires_at"], name="archive_to_drop"),
        ),
        migrations.AddConstraint(
            model_name="periodarchive",
            constraint=models.CheckConstraint(
                condition=models.Q(("ready_at", None), ("lease_until", None), _connector="OR"),
                name="archive_ready_is_done",
            ),
        ),
        migrations.AddConstraint(
            model_name="archivepart",
            constraint=models.UniqueConstraint(fields=("archive", "position"), name="archive_part_position"),
        ),
        ProtectTenant("PeriodArchive"),
        ProtectTenant("ArchivePart"),
    ]
