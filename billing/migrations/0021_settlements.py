"""What refunds, withdrawals and bank files still lacked."""

from typing import ClassVar

from django.db import migrations


class Migration(migrations.Migration):
    dependencies: ClassVar = [("billing", "0020_receivers")]

    operations: ClassVar = []
