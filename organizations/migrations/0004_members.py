"""Contact preferences, required second factor, invitations into teams, what the switcher tells."""

from typing import ClassVar

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from manager.kit.rowsecurity import USER, ProtectTenant

OWN_SUMMARIES = (
    "FOR SELECT USING (EXISTS (SELECT FROM organizations_membership membership "
    "WHERE membership.organization_id = organizations_organizationsummary.organization_id "
    f"AND membership.user_id = {USER}))"
)


def topics() -> django.contrib.postgres.fields.ArrayField:
    """Return the column of contact preferences."""
    return django.contrib.postgres.fields.ArrayField(
        base_field=models.CharField(max_length=12), blank=True, null=True, size=None
    )


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("organizations", "0003_teams"),
    ]

    operations: ClassVar = [
        migrations.AddField("membership", "last_seen_at", models.DateTimeField(blank=True, null=True)),
        migrations.AddField("membership", "topics", topics()),
        migrations.AddField("invitation", "topics", topics()),
        migrations.AddField("invitation", "grants", models.JSONField(blank=True, null=True)),
        migrations.CreateModel(
            name="OrganizationSummary",
            fields=[
                (
                    "organization",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="summary",
                        serialize=False,
                        to="organizations.organization",
                    ),
                ),
                ("unpaid", models.PositiveIntegerField(default=0)),
                ("held", models.PositiveIntegerField(default=0)),
                ("expiring", models.PositiveIntegerField(default=0)),
                ("representatives", models.PositiveIntegerField(null=True)),
                ("counted_on", models.DateField(null=True)),
            ],
            options={"indexes": [models.Index(fields=["counted_on"], name="summary_by_day")]},
        ),
        migrations.CreateModel(
            name="SecondFactorPolicy",
            fields=[
                (
                    "organization",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="second_factor_policy",
                        serialize=False,
                        to="organizations.organization",
                    ),
                ),
                (
                    "roles",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=20), size=None
                    ),
                ),
                ("required_on", models.DateField()),
                ("reminded_days", models.PositiveSmallIntegerField(null=True)),
                ("set_at", models.DateTimeField()),
                (
                    "set_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={"indexes": [models.Index(fields=["required_on"], name="second_factor_by_day")]},
        ),
        ProtectTenant("OrganizationSummary", extra=(("person", OWN_SUMMARIES),)),
        ProtectTenant("SecondFactorPolicy"),
    ]
