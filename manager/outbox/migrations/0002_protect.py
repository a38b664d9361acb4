"""Row-level security on events, deliveries and mails; facts about a person alone have organization 0."""

from typing import ClassVar

from django.db import migrations

from manager.kit.rowsecurity import ProtectTenant


class Migration(migrations.Migration):
    dependencies: ClassVar = [("outbox", "0001_initial")]

    operations: ClassVar = [
        ProtectTenant("OutboxEvent"),
        ProtectTenant("Delivery"),
        ProtectTenant("OutgoingMail"),
    ]
