"""Receivers of billing messages outside of the members."""

from typing import ClassVar

from django.db import migrations


class Migration(migrations.Migration):
    dependencies: ClassVar = [("billing", "0019_setup")]

    operations: ClassVar = []
