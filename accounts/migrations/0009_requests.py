"""Requests of the API that may be sent again, and their answers."""

from typing import ClassVar

from django.db import migrations


class Migration(migrations.Migration):
    dependencies: ClassVar = [("accounts", "0008_remember")]

    operations: ClassVar = []
