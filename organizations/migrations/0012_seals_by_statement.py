"""Events that one statement writes ask for their seals together; a batch of renewals has many (ORG-16)."""

from typing import ClassVar

import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations


class Migration(migrations.Migration):
    dependencies: ClassVar = [("organizations", "0011_task_order")]

    operations: ClassVar = [
        pgtrigger.migrations.RemoveTrigger(model_name='auditevent', name='asks_for_seal'),
        pgtrigger.migrations.AddTrigger(
            model_name='auditevent',
            trigger=pgtrigger.compiler.Trigger(name='asks_for_seal', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO organizations_auditseal (organization_id, event_id) SELECT organization_id, id FROM added ORDER BY id; RETURN NULL;', hash='18fd4a5d4f70baa72b0947801afbf001e02d4b83', level='STATEMENT', operation='INSERT', pgid='pgtrigger_asks_for_seal_d4046', referencing='REFERENCING NEW TABLE AS added ', table='organizations_auditevent', when='AFTER')),
        ),
    ]
