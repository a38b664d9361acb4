"""Logo and checked VAT numbers; organizations that are deleted take no new rows."""

from typing import ClassVar

import django.db.models.deletion
from django.db import migrations, models

from manager.kit.rowsecurity import ProtectTenant

# Taken before the row is written, so that whoever deletes the organization under its lock either sees the
# new row or keeps it out (ORG-14). It runs with the rights of who writes.
REFUSE = """
CREATE FUNCTION refuse_deleted_organization() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM FROM public.organizations_organization
        WHERE id = NEW.organization_id AND deleted_at IS NULL FOR KEY SHARE;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'The organization % is deleted.', NEW.organization_id
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'organization_not_deleted';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER not_in_deleted BEFORE INSERT ON organizations_membership
    FOR EACH ROW EXECUTE FUNCTION refuse_deleted_organization();
CREATE TRIGGER not_in_deleted BEFORE INSERT ON organizations_invitation
    FOR EACH ROW EXECUTE FUNCTION refuse_deleted_organization();
"""
ALLOW = """
DROP TRIGGER not_in_deleted ON organizations_invitation;
DROP TRIGGER not_in_deleted ON organizations_membership;
DROP FUNCTION refuse_deleted_organization();
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [("organizations", "0004_members")]

    operations: ClassVar = [
        migrations.AddField(
            model_name='organization',
            name='deleted_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='organization',
            name='logo_digest',
            field=models.CharField(blank=True, db_default='', max_length=64),
        ),
        migrations.CreateModel(
            name='Logo',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('data', models.BinaryField()),
                ('mime_type', models.CharField(max_length=20)),
                ('width', models.PositiveSmallIntegerField()),
                ('height', models.PositiveSmallIntegerField()),
                ('digest', models.CharField(max_length=64)),
                ('created_at', models.DateTimeField()),
                ('organization', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organizations.organization')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('organization',), name='logo_once')],
            },
        ),
        migrations.CreateModel(
            name='VatCheck',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.CharField(max_length=20)),
                ('state', models.CharField(choices=[('waiting', 'Waiting for the answer'), ('valid', 'Valid'), ('not_valid', 'Not valid'), ('unavailable', 'Register not available'), ('not_checked', 'No register to ask')], default='waiting', max_length=12)),
                ('asked_at', models.DateTimeField()),
                ('answered_at', models.DateTimeField(null=True)),
                ('name', models.CharField(blank=True, max_length=250)),
                ('address', models.CharField(blank=True, max_length=500)),
                ('reference', models.CharField(blank=True, max_length=60)),
                ('attempts', models.PositiveIntegerField(default=0)),
                ('fence', models.PositiveIntegerField(default=0)),
                ('due_at', models.DateTimeField(null=True)),
                ('recheck_at', models.DateTimeField(null=True)),
                ('last_error', models.CharField(blank=True, max_length=250)),
                ('organization', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organizations.organization')),
            ],
            options={
                'indexes': [models.Index(fields=['organization', '-id'], name='vat_check_newest_first'), models.Index(condition=models.Q(('due_at__isnull', False)), fields=['due_at'], name='vat_check_to_ask'), models.Index(condition=models.Q(('recheck_at__isnull', False)), fields=['recheck_at'], name='vat_check_to_repeat')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('due_at__isnull', False)), fields=('organization',), name='vat_check_one_open')],
            },
        ),
        ProtectTenant("Logo"),
        ProtectTenant("VatCheck"),
        migrations.RunSQL(REFUSE, ALLOW),
    ]
