"""Endpoints of organizations that are told what happens, and what they answered."""

from typing import ClassVar

from django.db import migrations


class Migration(migrations.Migration):
    dependencies: ClassVar = [("organizations", "0008_vat_numbers")]

    operations: ClassVar = []
