"""Identity checks."""

from typing import ClassVar

from django.db import migrations


class Migration(migrations.Migration):
    dependencies: ClassVar = [("accounts", "0004_authenticator")]

    operations: ClassVar = []
