from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("billing", "0010_holds")]

    operations = [
        migrations.CreateModel(
            name="LedgerProof",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("day", models.DateField(null=True, unique=True)),
                ("asked_by", models.BigIntegerField(null=True)),
                ("asked_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
                ("duration_ms", models.PositiveIntegerField(null=True)),
                ("figures", models.JSONField(default=dict)),
                ("findings", models.JSONField(default=list)),
                ("found", models.PositiveIntegerField(default=0)),
            ],
            options={
                "permissions": [("prove_ledger", "See and prove the ledger")],
                "indexes": [models.Index(condition=Q(ended_at=None), fields=["-id"], name="proof_waiting")],
                "constraints": [
                    models.CheckConstraint(
                        condition=Q(ended_at=None) | Q(duration_ms__isnull=False),
                        name="proof_ended_is_measured",
                    )
                ],
            },
        ),
    ]
