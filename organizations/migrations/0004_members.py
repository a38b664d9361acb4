"""Contact preferences, required second factor, invitations into teams."""

from typing import ClassVar

from django.db import migrations


class Migration(migrations.Migration):
    dependencies: ClassVar = [("organizations", "0003_teams")]

    operations: ClassVar = []
