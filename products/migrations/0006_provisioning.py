"""Actions on services, operations that end by a call-back, changes of the offer, the health of drivers."""

from typing import ClassVar

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

from manager.kit.rowsecurity import ProtectTenant


class Migration(migrations.Migration):
    dependencies: ClassVar = [("organizations", "0001_initial"), ("products", "0005_life")]

    operations: ClassVar = [
        migrations.CreateModel(
            name='DriverHealth',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('driver', models.SlugField(unique=True)),
                ('is_well', models.BooleanField()),
                ('details', models.CharField(blank=True, max_length=300)),
                ('checked_at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='ServiceAction',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('slug', models.SlugField()),
                ('parameters', models.JSONField(default=dict)),
                ('status', models.CharField(choices=[('waiting', 'Pending'), ('running', 'Under way'), ('done', 'Done'), ('failed', 'Failed'), ('cancelled', 'Cancelled')], default='waiting', max_length=10)),
                ('asked_at', models.DateTimeField()),
                ('asked_by', models.CharField(blank=True, max_length=200)),
                ('due_at', models.DateTimeField(null=True)),
                ('started_at', models.DateTimeField(null=True)),
                ('accepted_at', models.DateTimeField(null=True)),
                ('closed_at', models.DateTimeField(null=True)),
                ('attempts', models.PositiveIntegerField(default=0)),
                ('fence', models.PositiveIntegerField(default=0)),
                ('serial', models.PositiveIntegerField(default=1)),
                ('last_error', models.TextField(blank=True)),
                ('organization', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organizations.organization')),
                ('product', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='products.product')),
                ('service', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='actions', to='products.service')),
            ],
        ),
        migrations.AlterModelOptions(
            name='service',
            options={'permissions': [('mend_services', 'Mend what could not be set up')]},
        ),
        migrations.AddField(
            model_name='service',
            name='accepted_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='service',
            name='has_changed',
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddField(
            model_name='service',
            name='is_unsure',
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddField(
            model_name='service',
            name='serial',
            field=models.PositiveIntegerField(db_default=1, default=1),
        ),
        migrations.AddIndex(
            model_name='service',
            index=models.Index(condition=models.Q(('last_error', ''), _negated=True), fields=['updated_at', 'id'], name='service_failing'),
        ),
        migrations.AddIndex(
            model_name='serviceaction',
            index=models.Index(condition=models.Q(('due_at__isnull', False)), fields=['due_at'], name='action_to_perform'),
        ),
        migrations.AddIndex(
            model_name='serviceaction',
            index=models.Index(fields=['organization', 'product', '-id'], name='action_of_product'),
        ),
        migrations.AddIndex(
            model_name='serviceaction',
            index=models.Index(condition=models.Q(('status', 'failed')), fields=['closed_at', 'id'], name='action_failed'),
        ),
        migrations.AddConstraint(
            model_name='serviceaction',
            constraint=models.UniqueConstraint(condition=models.Q(('status__in', ['running', 'waiting'])), fields=('service', 'slug'), name='action_asked_once'),
        ),
        migrations.AddConstraint(
            model_name='serviceaction',
            constraint=models.UniqueConstraint(condition=models.Q(('status', 'running')), fields=('service',), name='action_one_at_a_time'),
        ),
        migrations.AddConstraint(
            model_name='serviceaction',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('closed_at', None), ('due_at__isnull', False), ('status__in', ['running', 'waiting'])), models.Q(models.Q(('status__in', ['running', 'waiting']), _negated=True), ('closed_at__isnull', False), ('due_at', None)), _connector='OR'), name='action_open_or_closed'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='serviceaction',
            trigger=pgtrigger.compiler.Trigger(name='follows_the_table', sql=pgtrigger.compiler.UpsertTriggerSql(declare='DECLARE _is_valid_transition BOOLEAN;', func='SELECT CONCAT(OLD."status", \':\', NEW."status") = ANY(\'{waiting:cancelled,waiting:running,running:done,running:failed,running:waiting,failed:cancelled,failed:waiting}\'::text[]) INTO _is_valid_transition; IF (_is_valid_transition IS FALSE AND OLD."status" IS DISTINCT FROM NEW."status") THEN RAISE EXCEPTION \'pgtrigger: Invalid transition of field "status" from "%" to "%" on table %\', OLD."status", NEW."status", TG_TABLE_NAME; ELSE RETURN NEW; END IF;', hash='21ded46c10d0e1ae3be35ace8265468cf0cbb12d', operation='UPDATE', pgid='pgtrigger_follows_the_table_2cfd1', table='products_serviceaction', when='BEFORE')),
        ),
        migrations.AlterField("plannedfault", "operation", models.CharField(blank=True, max_length=50)),
        ProtectTenant("ServiceAction"),
    ]
