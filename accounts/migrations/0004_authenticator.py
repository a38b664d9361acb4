"""The operator's authenticator: linked phones and requests."""

from typing import ClassVar

from django.db import migrations


class Migration(migrations.Migration):
    dependencies: ClassVar = [("accounts", "0003_factors")]

    operations: ClassVar = []
