from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("billing", "0004_ends_and_transfers"), ("products", "0007_offers")]

    operations: list[object] = []
