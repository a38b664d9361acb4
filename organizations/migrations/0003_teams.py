"""Teams, their grants, grants with an end, requests for access."""

from typing import ClassVar

import django.db.models.deletion
import django.db.models.functions.datetime
import django.db.models.functions.text
from django.conf import settings
from django.db import migrations, models

import manager.kit.fields
from manager.kit.rowsecurity import ProtectTenant


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("organizations", "0002_protect"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations: ClassVar = [
        migrations.CreateModel(
            name='AccessRequest',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('permission', models.CharField(blank=True, max_length=40)),
                ('family', models.SlugField(blank=True)),
                ('product_id', models.BigIntegerField(blank=True, null=True)),
                ('level', models.CharField(blank=True, choices=[('view', 'View'), ('manage', 'Manage')], max_length=6)),
                ('message', models.CharField(blank=True, max_length=500, validators=[manager.kit.fields.refuse_control_characters])),
                ('status', models.CharField(choices=[('open', 'Not answered yet'), ('approved', 'Approved'), ('refused', 'Refused'), ('withdrawn', 'Withdrawn')], default='open', max_length=10)),
                ('created_at', models.DateTimeField()),
                ('decided_at', models.DateTimeField(blank=True, null=True)),
                ('answer', models.CharField(blank=True, max_length=500, validators=[manager.kit.fields.refuse_control_characters])),
            ],
        ),
        migrations.CreateModel(
            name='InvitationTeam',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
            ],
        ),
        migrations.CreateModel(
            name='Team',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=60, validators=[manager.kit.fields.refuse_control_characters])),
                ('color', models.CharField(choices=[('indigo', 'Indigo'), ('violet', 'Violet'), ('pink', 'Pink'), ('red', 'Red'), ('amber', 'Amber'), ('green', 'Green'), ('teal', 'Teal'), ('blue', 'Blue')], default='indigo', max_length=8)),
                ('created_at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='TeamMembership',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('created_at', models.DateTimeField()),
            ],
        ),
        migrations.RemoveConstraint(
            model_name='grant',
            name='grant_unique',
        ),
        migrations.AddField(
            model_name='grant',
            name='ended_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='grant',
            name='ended_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='grant',
            name='ends_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='grant',
            name='starts_at',
            field=models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
        ),
        migrations.AlterField(
            model_name='grant',
            name='membership',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='grants', to='organizations.membership'),
        ),
        migrations.AddField(
            model_name='accessrequest',
            name='decided_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='accessrequest',
            name='membership',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='access_requests', to='organizations.membership'),
        ),
        migrations.AddField(
            model_name='accessrequest',
            name='organization',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organizations.organization'),
        ),
        migrations.AddField(
            model_name='accessrequest',
            name='user',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='invitationteam',
            name='invitation',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='team_places', to='organizations.invitation'),
        ),
        migrations.AddField(
            model_name='invitationteam',
            name='organization',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organizations.organization'),
        ),
        migrations.AddField(
            model_name='team',
            name='leader',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='led_teams', to='organizations.membership'),
        ),
        migrations.AddField(
            model_name='team',
            name='organization',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organizations.organization'),
        ),
        migrations.AddField(
            model_name='invitationteam',
            name='team',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='invited_places', to='organizations.team'),
        ),
        migrations.AddField(
            model_name='grant',
            name='team',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='grants', to='organizations.team'),
        ),
        migrations.AddField(
            model_name='invitation',
            name='teams',
            field=models.ManyToManyField(related_name='invitations', through='organizations.InvitationTeam', to='organizations.team'),
        ),
        migrations.AddIndex(
            model_name='grant',
            index=models.Index(condition=models.Q(('ended_at', None)), fields=['ends_at'], name='grant_due'),
        ),
        migrations.AddConstraint(
            model_name='grant',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('membership', None), ('team__isnull', False)), models.Q(('membership__isnull', False), ('team', None)), _connector='OR'), name='grant_is_to_a_member_or_a_team'),
        ),
        migrations.AddField(
            model_name='teammembership',
            name='membership',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='team_places', to='organizations.membership'),
        ),
        migrations.AddField(
            model_name='teammembership',
            name='organization',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organizations.organization'),
        ),
        migrations.AddField(
            model_name='teammembership',
            name='team',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='places', to='organizations.team'),
        ),
        migrations.AddIndex(
            model_name='accessrequest',
            index=models.Index(fields=['organization', 'status', '-id'], name='access_request_newest'),
        ),
        migrations.AddConstraint(
            model_name='accessrequest',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('level__in', ['view', 'manage']), ('permission', ''), models.Q(models.Q(('family', ''), ('product_id__isnull', False)), models.Q(models.Q(('family', ''), _negated=True), ('product_id', None)), _connector='OR')), models.Q(models.Q(('permission', ''), _negated=True), ('family', ''), ('level', ''), ('product_id', None)), _connector='OR'), name='access_request_names_one_thing'),
        ),
        migrations.AddConstraint(
            model_name='accessrequest',
            constraint=models.UniqueConstraint(condition=models.Q(('status', 'open')), fields=('organization', 'user', 'permission', 'family', 'product_id'), name='access_request_open_once', nulls_distinct=False),
        ),
        migrations.AddConstraint(
            model_name='team',
            constraint=models.UniqueConstraint(models.F('organization'), django.db.models.functions.text.Lower('name'), name='team_name_unique'),
        ),
        migrations.AddConstraint(
            model_name='invitationteam',
            constraint=models.UniqueConstraint(fields=('invitation', 'team'), name='invitation_team_unique'),
        ),
        migrations.AddConstraint(
            model_name='teammembership',
            constraint=models.UniqueConstraint(fields=('team', 'membership'), name='team_membership_unique'),
        ),
        # Looser than the constraint of this name that it replaces, so that no row can offend it; the table of
        # grants is small, and the lock short.
        migrations.AddConstraint(
            model_name='grant',
            constraint=models.UniqueConstraint(condition=models.Q(('ended_at', None)), fields=('membership', 'team', 'family', 'product_id'), name='grant_unique', nulls_distinct=False),
        ),
        ProtectTenant("Team"),
        ProtectTenant("TeamMembership"),
        ProtectTenant("InvitationTeam"),
        ProtectTenant("AccessRequest"),
    ]
