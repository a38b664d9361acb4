"""The use of applications is counted as that of tokens."""

from typing import ClassVar

import django.db.models.deletion
from django.db import migrations, models

ONE_OF = models.Q(
    models.Q(token__isnull=False, consent__isnull=True, application__isnull=True),
    models.Q(token__isnull=True, consent__isnull=False, application__isnull=True),
    models.Q(token__isnull=True, consent__isnull=True, application__isnull=False),
    _connector="OR",
)


def also_of_applications(model: str, when: str, name: str) -> list[migrations.operations.base.Operation]:
    """Return what lets rows of `model` belong to a consent or to a service beside a token."""
    return [
        migrations.AlterField(
            model,
            "token",
            models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name=f"{when}s",
                to="accounts.apitoken",
            ),
        ),
        migrations.AddField(
            model,
            "consent",
            models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name=f"{when}s",
                to="accounts.oauthconsent",
            ),
        ),
        migrations.AddField(
            model,
            "application",
            models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name=f"{when}s",
                to="accounts.oauthapplication",
            ),
        ),
        migrations.RemoveConstraint(model, f"token_{when}_once"),
        migrations.AddConstraint(
            model,
            models.UniqueConstraint(
                fields=["token", "consent", "application", when], nulls_distinct=False, name=name
            ),
        ),
        migrations.AddConstraint(
            model, models.CheckConstraint(condition=ONE_OF, name=f"token_{when}_of_one")
        ),
    ]


class Migration(migrations.Migration):
    """Rows are few: a day of minutes, and thirty days."""

    dependencies: ClassVar = [("accounts", "0010_request_written")]

    operations: ClassVar = [
        *also_of_applications("tokenminute", "minute", "program_minute_once"),
        *also_of_applications("tokenday", "day", "program_day_once"),
        # On the way back each row has to have a token again: what was counted for others is given up.
        migrations.RunSQL(
            migrations.RunSQL.noop,
            "DELETE FROM accounts_tokenminute WHERE token_id IS NULL;"
            "DELETE FROM accounts_tokenday WHERE token_id IS NULL;",
        ),
    ]
