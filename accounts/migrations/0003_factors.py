"""Second factors beside the authenticator app."""

from typing import ClassVar

from django.db import migrations


class Migration(migrations.Migration):
    dependencies: ClassVar = [("accounts", "0002_people")]

    operations: ClassVar = []
