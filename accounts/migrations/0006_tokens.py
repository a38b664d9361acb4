"""Tokens with a checksum and a reminder; OAuth 2 applications."""

from typing import ClassVar

from django.db import migrations


class Migration(migrations.Migration):
    dependencies: ClassVar = [("accounts", "0005_identity")]

    operations: ClassVar = []
