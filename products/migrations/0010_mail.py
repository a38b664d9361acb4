"""The mail service: domains, mailboxes, aliases and redirections (MAIL-1, MAIL-2)."""

from typing import ClassVar

import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.text
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

from manager.kit.rowsecurity import ProtectTenant


class Migration(migrations.Migration):
    dependencies: ClassVar = [("organizations", "0001_initial"), ("products", "0009_domain")]

    operations: ClassVar = [
        migrations.CreateModel(
            name='Mailbox',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('address', models.EmailField(max_length=254)),
                ('status', models.CharField(choices=[('pending', 'Being set up'), ('active', 'Active'), ('failed', 'Failed'), ('leaving', 'Being deleted')], default='pending', max_length=8)),
                ('due_at', models.DateTimeField(null=True)),
                ('attempts', models.PositiveIntegerField(default=0)),
                ('fence', models.PositiveIntegerField(default=0)),
                ('serial', models.PositiveIntegerField(default=1)),
                ('last_error', models.TextField(blank=True)),
                ('created_at', models.DateTimeField()),
                ('password_hash', models.CharField(max_length=250)),
                ('quota_gb', models.PositiveSmallIntegerField()),
                ('is_suspended', models.BooleanField(default=False)),
                ('is_shared', models.BooleanField(default=False)),
                ('is_personal', models.BooleanField(default=True)),
                ('has_reply', models.BooleanField(default=False)),
                ('reply_from', models.DateField(null=True)),
                ('reply_until', models.DateField(null=True)),
                ('reply_subject', models.CharField(blank=True, max_length=200)),
                ('reply_text', models.TextField(blank=True)),
                ('organization', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organizations.organization')),
                ('product', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='products.product')),
            ],
        ),
        migrations.CreateModel(
            name='MailDomain',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=190)),
                ('organization', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organizations.organization')),
                ('product', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='products.product')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='MailRoute',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('address', models.EmailField(max_length=254)),
                ('status', models.CharField(choices=[('pending', 'Being set up'), ('active', 'Active'), ('failed', 'Failed'), ('leaving', 'Being deleted')], default='pending', max_length=8)),
                ('due_at', models.DateTimeField(null=True)),
                ('attempts', models.PositiveIntegerField(default=0)),
                ('fence', models.PositiveIntegerField(default=0)),
                ('serial', models.PositiveIntegerField(default=1)),
                ('last_error', models.TextField(blank=True)),
                ('created_at', models.DateTimeField()),
                ('kind', models.CharField(choices=[('alias', 'Alias'), ('redirection', 'Redirection')], max_length=11)),
                ('targets', django.contrib.postgres.fields.ArrayField(base_field=models.EmailField(max_length=254), blank=True, default=list, size=None)),
                ('keeps_copy', models.BooleanField(default=False)),
                ('mailbox', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='aliases', to='products.mailbox')),
                ('organization', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organizations.organization')),
                ('product', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='products.product')),
            ],
        ),
        migrations.AddIndex(
            model_name='mailbox',
            index=models.Index(fields=['organization', 'product', 'address', 'id'], name='mailbox_by_address'),
        ),
        migrations.AddIndex(
            model_name='mailbox',
            index=models.Index(condition=models.Q(('due_at__isnull', False)), fields=['due_at'], name='mailbox_due'),
        ),
        migrations.AddConstraint(
            model_name='mailbox',
            constraint=models.UniqueConstraint(fields=('address',), name='mailbox_address_once'),
        ),
        migrations.AddConstraint(
            model_name='mailbox',
            constraint=models.CheckConstraint(condition=models.Q(('address', django.db.models.functions.text.Lower('address'))), name='mailbox_normalized'),
        ),
        migrations.AddConstraint(
            model_name='mailbox',
            constraint=models.CheckConstraint(condition=models.Q(('quota_gb__gte', 1)), name='mailbox_has_room'),
        ),
        migrations.AddConstraint(
            model_name='mailbox',
            constraint=models.CheckConstraint(condition=models.Q(('reply_from', None), ('reply_until', None), ('reply_until__gte', models.F('reply_from')), _connector='OR'), name='mailbox_reply_in_order'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='mailbox',
            trigger=pgtrigger.compiler.Trigger(name='follows_the_table', sql=pgtrigger.compiler.UpsertTriggerSql(declare='DECLARE _is_valid_transition BOOLEAN;', func='SELECT CONCAT(OLD."status", \':\', NEW."status") = ANY(\'{pending:active,pending:failed,pending:leaving,active:leaving,active:pending,failed:leaving,failed:pending}\'::text[]) INTO _is_valid_transition; IF (_is_valid_transition IS FALSE AND OLD."status" IS DISTINCT FROM NEW."status") THEN RAISE EXCEPTION \'pgtrigger: Invalid transition of field "status" from "%" to "%" on table %\', OLD."status", NEW."status", TG_TABLE_NAME; ELSE RETURN NEW; END IF;', hash='8385cade63aeb88c1ba54de5c5cdb5d7ad96a7bf', operation='UPDATE', pgid='pgtrigger_follows_the_table_b252e', table='products_mailbox', when='BEFORE')),
        ),
        migrations.AddIndex(
            model_name='mailroute',
            index=models.Index(fields=['organization', 'product', 'address', 'id'], name='mail_route_by_address'),
        ),
        migrations.AddIndex(
            model_name='mailroute',
            index=models.Index(condition=models.Q(('due_at__isnull', False)), fields=['due_at'], name='mail_route_due'),
        ),
        migrations.AddConstraint(
            model_name='mailroute',
            constraint=models.UniqueConstraint(fields=('address',), name='mail_route_address_once'),
        ),
        migrations.AddConstraint(
            model_name='mailroute',
            constraint=models.CheckConstraint(condition=models.Q(('address', django.db.models.functions.text.Lower('address'))), name='mail_route_normalized'),
        ),
        migrations.AddConstraint(
            model_name='mailroute',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('keeps_copy', False), ('kind', 'alias'), ('mailbox__isnull', False), ('targets', [])), models.Q(('kind', 'redirection'), ('mailbox', None), models.Q(('targets', []), _negated=True)), _connector='OR'), name='mail_route_leads_somewhere'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='mailroute',
            trigger=pgtrigger.compiler.Trigger(name='follows_the_table', sql=pgtrigger.compiler.UpsertTriggerSql(declare='DECLARE _is_valid_transition BOOLEAN;', func='SELECT CONCAT(OLD."status", \':\', NEW."status") = ANY(\'{pending:active,pending:failed,pending:leaving,active:leaving,active:pending,failed:leaving,failed:pending}\'::text[]) INTO _is_valid_transition; IF (_is_valid_transition IS FALSE AND OLD."status" IS DISTINCT FROM NEW."status") THEN RAISE EXCEPTION \'pgtrigger: Invalid transition of field "status" from "%" to "%" on table %\', OLD."status", NEW."status", TG_TABLE_NAME; ELSE RETURN NEW; END IF;', hash='8177870e219d458031c8e8a7f2c63e15789eca5e', operation='UPDATE', pgid='pgtrigger_follows_the_table_cc998', table='products_mailroute', when='BEFORE')),
        ),
        ProtectTenant("MailDomain"),
        ProtectTenant("Mailbox"),
        ProtectTenant("MailRoute"),
    ]
