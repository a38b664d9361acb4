"""Identity checks; the journal of the staff's rights."""

import uuid
from typing import ClassVar

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [("accounts", "0004_authenticator")]

    operations: ClassVar = [
        migrations.CreateModel(
            name='IdentityCase',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reason', models.CharField(choices=[('lost_password', 'Password lost, and no access to the mailbox'), ('lost_factor', 'Second factor lost, and no backup code left'), ('lost_login', 'Login forgotten'), ('held_order', 'Order held'), ('asked', 'Asked for by our staff')], max_length=20)),
                ('status', models.CharField(choices=[('open', 'Waiting for the person'), ('submitted', 'To review'), ('approved', 'Approved'), ('refused', 'Refused'), ('expired', 'Expired'), ('withdrawn', 'Withdrawn')], default='open', max_length=10)),
                ('contact', models.CharField(blank=True, max_length=254)),
                ('subject', models.JSONField(default=dict)),
                ('nonce', models.UUIDField(default=uuid.uuid4)),
                ('token_hash', models.CharField(max_length=64, unique=True)),
                ('opened_at', models.DateTimeField()),
                ('expires_at', models.DateTimeField()),
                ('phone', models.CharField(blank=True, max_length=32)),
                ('phone_proved_at', models.DateTimeField(null=True)),
                ('code_hash', models.CharField(blank=True, max_length=64)),
                ('code_expires_at', models.DateTimeField(null=True)),
                ('code_failures', models.PositiveSmallIntegerField(default=0)),
                ('document', models.CharField(blank=True, choices=[('identity_card', 'Identity card'), ('passport', 'Passport')], max_length=20)),
                ('submitted_at', models.DateTimeField(null=True)),
                ('refusal', models.CharField(blank=True, choices=[('unreadable', 'The photographs cannot be read.'), ('expired_document', 'The document has expired.'), ('other_person', 'Selfie and document do not show the same person.'), ('no_match', 'The document does not match the data that we have.'), ('altered', 'The document or a photograph looks altered.'), ('other', 'We could not confirm your identity with what we received.')], max_length=20)),
                ('note', models.CharField(blank=True, max_length=500)),
                ('closed_at', models.DateTimeField(null=True)),
                ('effective_at', models.DateTimeField(null=True)),
                ('done_at', models.DateTimeField(null=True)),
                ('result_hash', models.CharField(blank=True, max_length=64)),
                ('result_expires_at', models.DateTimeField(null=True)),
                ('decided_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='identity_decisions', to=settings.AUTH_USER_MODEL)),
                ('user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='identity_cases', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'permissions': [('review_identity', 'Review identity checks')],
            },
        ),
        migrations.CreateModel(
            name='IdentityEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('what', models.CharField(max_length=30)),
                ('detail', models.CharField(blank=True, max_length=200)),
                ('actor_kind', models.CharField(max_length=10)),
                ('actor_id', models.BigIntegerField(null=True)),
                ('actor_name', models.CharField(blank=True, max_length=200)),
                ('address', models.GenericIPAddressField(null=True)),
                ('at', models.DateTimeField()),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='entries', to='accounts.identitycase')),
            ],
        ),
        migrations.CreateModel(
            name='IdentityImage',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('page', models.CharField(choices=[('front', 'Front of the identity card'), ('back', 'Back of the identity card'), ('passport', 'Page of the passport with your photograph'), ('selfie', 'Selfie')], max_length=10)),
                ('content', models.BinaryField()),
                ('mime_type', models.CharField(max_length=40)),
                ('width', models.PositiveIntegerField()),
                ('height', models.PositiveIntegerField()),
                ('uploaded_at', models.DateTimeField(db_index=True)),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='images', to='accounts.identitycase')),
            ],
        ),
        migrations.CreateModel(
            name='RightChange',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('right', models.CharField(max_length=100)),
                ('is_given', models.BooleanField()),
                ('actor_kind', models.CharField(max_length=10)),
                ('actor_id', models.BigIntegerField(null=True)),
                ('actor_name', models.CharField(blank=True, max_length=200)),
                ('at', models.DateTimeField()),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='right_changes', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'permissions': [('see_staff', 'See who is staff, and with which rights')],
            },
        ),
        migrations.AddIndex(
            model_name='identitycase',
            index=models.Index(fields=['status', '-opened_at', '-id'], name='identity_case_by_status'),
        ),
        migrations.AddIndex(
            model_name='identitycase',
            index=models.Index(condition=models.Q(('status__in', ['open', 'submitted'])), fields=['expires_at'], name='identity_case_to_expire'),
        ),
        migrations.AddIndex(
            model_name='identitycase',
            index=models.Index(condition=models.Q(('done_at', None), ('status', 'approved')), fields=['effective_at'], name='identity_case_to_carry_out'),
        ),
        migrations.AddConstraint(
            model_name='identitycase',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('closed_at', None), ('status__in', ['open', 'submitted'])), models.Q(models.Q(('status__in', ['open', 'submitted']), _negated=True), ('closed_at__isnull', False)), _connector='OR'), name='identity_case_closed_when_not_active'),
        ),
        migrations.AddConstraint(
            model_name='identitycase',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('status', 'approved'), _negated=True), ('effective_at__isnull', False), _connector='OR'), name='identity_case_approved_takes_effect'),
        ),
        migrations.AddIndex(
            model_name='identityentry',
            index=models.Index(fields=['case', 'id'], name='identity_entry_in_order'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='identityentry',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='d6df655e5a08220fc748440919c3c69ee25d2b7b', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_6ea48', table='accounts_identityentry', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='identityimage',
            constraint=models.UniqueConstraint(fields=('case', 'page'), name='identity_image_unique'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='rightchange',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='dc641c4376f3a0c80a3f942aabebe8e98a094981', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_f573a', table='accounts_rightchange', when='BEFORE')),
        ),
    ]
