"""Terminations with their confirmation, cooling off, and the cases of Renewal Warranty."""

from typing import ClassVar

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

from manager.kit.rowsecurity import ProtectTenant


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("organizations", "0007_support"),
        ("products", "0004_catalog"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations: ClassVar = [
        pgtrigger.migrations.RemoveTrigger(model_name="product", name="life_follows_the_table"),
        migrations.AddField(model_name="product", name="restorable_until", field=models.DateTimeField(blank=True, null=True)),
        migrations.AddIndex(
            model_name="product",
            index=models.Index(condition=models.Q(("restorable_until__isnull", False)), fields=["restorable_until"], name="product_to_purge"),
        ),
        migrations.AddConstraint(
            model_name="product",
            constraint=models.CheckConstraint(condition=models.Q(("restorable_until", None), ("status", "terminated"), _connector="OR"), name="product_restorable_if_ended"),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='product',
            trigger=pgtrigger.compiler.Trigger(name='life_follows_the_table', sql=pgtrigger.compiler.UpsertTriggerSql(declare='DECLARE _is_valid_transition BOOLEAN;', func='SELECT CONCAT(OLD."status", \':\', NEW."status") = ANY(\'{pending:active,pending:terminated,active:redemption,active:suspended,active:terminated,suspended:active,suspended:redemption,suspended:terminated,redemption:active,redemption:released,terminated:active}\'::text[]) INTO _is_valid_transition; IF (_is_valid_transition IS FALSE AND OLD."status" IS DISTINCT FROM NEW."status") THEN RAISE EXCEPTION \'pgtrigger: Invalid transition of field "status" from "%" to "%" on table %\', OLD."status", NEW."status", TG_TABLE_NAME; ELSE RETURN NEW; END IF;', hash='e6d87ab1607cd0498e6968e3ebc992cd5efda414', operation='UPDATE', pgid='pgtrigger_life_follows_the_table_9b9d8', table='products_product', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='product',
            trigger=pgtrigger.compiler.Trigger(name='ended_for_good', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."restorable_until" IS NULL AND OLD."status" = \'terminated\' AND NOT (NEW."status" = \'terminated\'))', func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='ee1b6576a0714222f85f6ffae12827e3995382ec', operation='UPDATE', pgid='pgtrigger_ended_for_good_c2ad9', table='products_product', when='BEFORE')),
        ),
        migrations.CreateModel(
            name="Termination",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ('status', models.CharField(choices=[('asked', 'Waits for the confirmation'), ('confirmed', 'Confirmed'), ('withdrawn', 'Withdrawn'), ('expired', 'Not confirmed in time')], default='asked', max_length=10)),
                ('reason', models.CharField(choices=[('not_needed', 'I do not need it any more'), ('replaced', 'I replace it by another product here'), ('moved', 'I move to another provider'), ('price', 'It is too expensive'), ('quality', 'It does not do what I expected'), ('other', 'Another reason')], max_length=12)),
                ('comment', models.CharField(blank=True, max_length=500)),
                ('token_hash', models.CharField(max_length=64, unique=True)),
                ('created_at', models.DateTimeField()),
                ('expires_at', models.DateTimeField()),
                ('answered_at', models.DateTimeField(null=True)),
                ("asked_by", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
                ("organization", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="organizations.organization")),
            ],
            options={"indexes": [models.Index(fields=['organization', '-id'], name='termination_newest_first'), models.Index(condition=models.Q(('status', 'asked')), fields=['expires_at'], name='termination_to_expire')]},
        ),
        migrations.CreateModel(
            name="TerminatedProduct",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ('product_name', models.CharField(max_length=190)),
                ('is_open', models.BooleanField(default=True)),
                ('ended', models.BooleanField(default=False)),
                ("organization", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="organizations.organization")),
                ("product", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="products.product")),
                ("termination", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="products", to="products.termination")),
            ],
            options={"constraints": [models.UniqueConstraint(condition=models.Q(('is_open', True)), fields=('product',), name='termination_one_open'), models.UniqueConstraint(fields=('termination', 'product'), name='termination_product_once')]},
        ),
        migrations.CreateModel(
            name="WarrantyCase",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ('product_name', models.CharField(max_length=190)),
                ('expired_on', models.DateField()),
                ('renew_on', models.DateField()),
                ('status', models.CharField(choices=[('open', 'Owner to be reached'), ('renewed', 'Renewed at our risk'), ('settled', 'Renewed by the owner'), ('ended', 'Ended')], default='open', max_length=8)),
                ('last_error', models.CharField(blank=True, max_length=250)),
                ('opened_at', models.DateTimeField()),
                ('closed_at', models.DateTimeField(null=True)),
                ("organization", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="organizations.organization")),
                ("product", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="products.product")),
            ],
            options={"indexes": [models.Index(fields=['status', 'renew_on', 'id'], name='warranty_by_day'), models.Index(condition=models.Q(('status', 'open')), fields=['renew_on'], name='warranty_to_renew')], "constraints": [models.UniqueConstraint(fields=('product', 'expired_on'), name='warranty_once_per_expiry')]},
        ),
        migrations.CreateModel(
            name="ContactTask",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ('means', models.CharField(choices=[('mail', 'Mail'), ('sms', 'SMS'), ('phone', 'Phone'), ('letter', 'Letter')], max_length=6)),
                ('due_on', models.DateField()),
                ('outcome', models.CharField(blank=True, choices=[('reached', 'Reached'), ('tried', 'Tried, not reached'), ('sent', 'Sent'), ('not_needed', 'Not needed any more')], max_length=10)),
                ('note', models.CharField(blank=True, max_length=500)),
                ('done_at', models.DateTimeField(null=True)),
                ("case", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="contacts", to="products.warrantycase")),
                ("done_by", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL, null=True)),
                ("organization", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="organizations.organization")),
            ],
            options={"permissions": [("renewal_warranty", "Look after domains under Renewal Warranty")], "constraints": [models.UniqueConstraint(fields=('case', 'means'), name='contact_once_per_means'), models.CheckConstraint(condition=models.Q(models.Q(('done_at', None), ('outcome', '')), models.Q(('done_at__isnull', False), models.Q(('outcome', ''), _negated=True)), _connector='OR'), name='contact_done_with_outcome')]},
        ),
        ProtectTenant("Termination"),
        ProtectTenant("TerminatedProduct"),
        ProtectTenant("WarrantyCase"),
        ProtectTenant("ContactTask"),
    ]
