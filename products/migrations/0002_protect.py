"""Row-level security on products and their services; the catalogue is the same for all tenants."""

from typing import ClassVar

from django.db import migrations

from manager.kit.rowsecurity import ProtectTenant


class Migration(migrations.Migration):
    dependencies: ClassVar = [("products", "0001_initial")]

    operations: ClassVar = [ProtectTenant("Product"), ProtectTenant("Service")]
