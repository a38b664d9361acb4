"""The audit log as a chain of seals, and what an actor acted with."""

from typing import ClassVar

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

from manager.kit.rowsecurity import ProtectTenant

# The owner itself is held by row-level security; for the moment of this statement it is not.
SEALS_OF_OLD_EVENTS = """
ALTER TABLE organizations_auditevent NO FORCE ROW LEVEL SECURITY;
INSERT INTO organizations_auditseal (organization_id, event_id)
    SELECT organization_id, id FROM organizations_auditevent;
ALTER TABLE organizations_auditevent FORCE ROW LEVEL SECURITY;
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [("organizations", "0005_sheet")]

    operations: ClassVar = [
        migrations.CreateModel(
            name="AuditSeal",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("position", models.BigIntegerField(null=True)),
                ("digest", models.CharField(blank=True, db_default="", max_length=64)),
                ("sealed_at", models.DateTimeField(null=True)),
                (
                    "event",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="seal",
                        to="organizations.auditevent",
                    ),
                ),
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
        migrations.AddField("auditevent", "agent", models.CharField(blank=True, db_default="", max_length=300)),
        migrations.AddField(
            "auditevent", "on_behalf_of", models.CharField(blank=True, db_default="", max_length=200)
        ),
        migrations.AddField("auditevent", "through", models.CharField(blank=True, db_default="", max_length=120)),
        migrations.RunSQL(SEALS_OF_OLD_EVENTS, migrations.RunSQL.noop),
        pgtrigger.migrations.AddTrigger(
            model_name="auditevent",
            trigger=pgtrigger.compiler.Trigger(name='asks_for_seal', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO organizations_auditseal (organization_id, event_id) VALUES (NEW.organization_id, NEW.id); RETURN NULL;', hash='6a10a458909154db89e8e3a0ff8043350cd0a094', operation='INSERT', pgid='pgtrigger_asks_for_seal_d4046', table='organizations_auditevent', when='AFTER')),
        ),
        migrations.AddIndex(
            model_name='auditseal',
            index=models.Index(condition=models.Q(('position', None)), fields=['organization', 'event'], name='audit_seal_missing'),
        ),
        migrations.AddConstraint(
            model_name='auditseal',
            constraint=models.UniqueConstraint(fields=('organization', 'position'), name='audit_seal_position_unique'),
        ),
        migrations.AddConstraint(
            model_name='auditseal',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('digest', ''), ('position', None)), models.Q(('position__gte', 1), models.Q(('digest', ''), _negated=True)), _connector='OR'), name='audit_seal_whole'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='auditseal',
            trigger=pgtrigger.compiler.Trigger(name='seal_stays', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='273ffa93cfdbc635c5b8ce9dd1590756839e7fd3', operation='DELETE', pgid='pgtrigger_seal_stays_2fbaf', table='organizations_auditseal', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='auditseal',
            trigger=pgtrigger.compiler.Trigger(name='sealed_once', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."position" IS NOT NULL)', func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='be559416d3a28127a1e02aa87d6bffffb1a45db0', operation='UPDATE', pgid='pgtrigger_sealed_once_35496', table='organizations_auditseal', when='BEFORE')),
        ),
        ProtectTenant("AuditSeal"),
    ]
